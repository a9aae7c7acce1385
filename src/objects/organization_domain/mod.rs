//! Domains of organizations.

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

pub use self::state::{OrganizationDomain, OrganizationDomainData};
use crate::domain::clerk_object::DELETION_MESSAGE;

/// The type of domains of organizations.
pub static TYPE: ObjectType = ObjectType {
    name: "domain",
    table: ObjectTable {
        name: "organization_domains",
        id: "id",
        columns: OrganizationDomainData::COLUMNS,
        indexed: &["organization_id"],
        has_tombstones: true,
        versions_first: false,
        final_status: None,
        terms: None,
        items: &[],
        read: |row| row.into_state::<OrganizationDomainData>().into(),
    },
    owners: &[("organization_id", Kind::Organization)],
    events: &[
        ("organizationDomain.created", Request::Store),
        ("organizationDomain.updated", Request::Store),
        ("organizationDomain.deleted", Request::Delete),
    ],
    api: Some(ApiAccess {
        list: List::ordered(&["organization_domains"]),
        paging: Paging::Offset,
        single: SingleRead::List(
            &[PathPart::Text("organization_domains")],
            Some(("organization_id", PathPart::Owner(Kind::Organization))),
        ),
        omitted: &[],
        version: VersionSource::UpdatedAt,
    }),
    fields: &known_fields::MESSAGE,
    deletion_fields: &DELETION_MESSAGE,
    personal_data: PersonalData::Labeled,
    decode: clerk::decode,
    labels: |data| Labels {
        user_id: None,
        organization_id: Labels::id(data, &["organization_id"])
            .or_else(|| Labels::id(data, &["public_organization_data", "id"])),
    },
};
