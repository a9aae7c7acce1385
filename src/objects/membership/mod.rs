//! Memberships of users in organizations.

mod clerk;
pub mod known_fields;
mod state;

use super::{
    Kind,
    api_access::{ApiAccess, List, Paging, PathPart, SingleRead, VersionSource},
    columns::Columns,
    decode::Labels,
    object_type::{ObjectTable, ObjectType, PersonalData, Request},
};

pub use self::state::{Membership, MembershipData};

/// The type of memberships.
pub static TYPE: ObjectType = ObjectType {
    name: "membership",
    table: ObjectTable {
        name: "organization_memberships",
        id: "id",
        columns: MembershipData::COLUMNS,
        indexed: &["organization_id", "user_id"],
        has_tombstones: true,
        versions_first: false,
        final_status: None,
        terms: None,
        items: &[],
        read: |row| row.into_state::<MembershipData>().into(),
    },
    owners: &[("organization_id", Kind::Organization), ("user_id", Kind::User)],
    events: &[
        ("organizationMembership.created", Request::Store),
        ("organizationMembership.updated", Request::Store),
        ("organizationMembership.deleted", Request::Delete),
    ],
    api: Some(ApiAccess {
        list: List::ordered(&["organization_memberships"]),
        paging: Paging::Offset,
        // There is no request for one membership by its ID.
        single: SingleRead::List(
            &[
                PathPart::Text("organizations"),
                PathPart::Owner(Kind::Organization),
                PathPart::Text("memberships"),
            ],
            Some(("user_id", PathPart::Owner(Kind::User))),
        ),
        omitted: &[],
        version: VersionSource::UpdatedAt,
    }),
    fields: &known_fields::MESSAGE,
    // Clerk sends the whole membership.
    deletion_fields: &known_fields::MESSAGE,
    personal_data: PersonalData::Labeled,
    decode: clerk::decode,
    labels: |data| Labels {
        user_id: Labels::id(data, &["public_user_data", "user_id"])
            .or_else(|| Labels::id(data, &["user_id"])),
        organization_id: Labels::id(data, &["organization", "id"])
            .or_else(|| Labels::id(data, &["organization_id"])),
    },
};
