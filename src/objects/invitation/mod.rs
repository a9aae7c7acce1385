//! Invitations to organizations.

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

pub use self::state::{Invitation, InvitationData};
use crate::domain::clerk_object::DELETION_MESSAGE;

/// The type of invitations to organizations.
pub static TYPE: ObjectType = ObjectType {
    name: "invitation",
    table: ObjectTable {
        name: "organization_invitations",
        id: "id",
        columns: InvitationData::COLUMNS,
        indexed: &["organization_id", "email"],
        has_tombstones: true,
        versions_first: false,
        final_status: Some(("status", state::is_final)),
        terms: None,
        items: &[],
        read: |row| row.into_state::<InvitationData>().into(),
    },
    owners: &[("organization_id", Kind::Organization)],
    events: &[
        ("organizationInvitation.created", Request::Store),
        ("organizationInvitation.accepted", Request::Store),
        ("organizationInvitation.revoked", Request::Store),
    ],
    api: Some(ApiAccess {
        list: List::ordered(&["organization_invitations"]),
        paging: Paging::Offset,
        single: SingleRead::Object(&[
            PathPart::Text("organizations"),
            PathPart::Owner(Kind::Organization),
            PathPart::Text("invitations"),
            PathPart::Id,
        ]),
        omitted: &[],
        version: VersionSource::UpdatedAt,
    }),
    fields: &known_fields::MESSAGE,
    deletion_fields: &DELETION_MESSAGE,
    personal_data: PersonalData::Addressed("email"),
    decode: clerk::decode,
    labels: |data| Labels {
        user_id: Labels::id(data, &["user_id"]),
        organization_id: Labels::id(data, &["organization_id"])
            .or_else(|| Labels::id(data, &["public_organization_data", "id"])),
    },
};
