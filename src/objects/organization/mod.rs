//! Organizations.

mod clerk;
pub mod known_fields;
mod state;

use super::{
    api_access::{ApiAccess, List, Paging, PathPart, SingleRead, VersionSource},
    columns::Columns,
    decode::Labels,
    object_type::{ObjectTable, ObjectType, PersonalData, Request},
};

pub use self::{
    clerk::embedded,
    state::{Organization, OrganizationData},
};
use crate::domain::clerk_object::DELETION_MESSAGE;

/// The type of organizations.
pub static TYPE: ObjectType = ObjectType {
    name: "organization",
    table: ObjectTable {
        name: "organizations",
        id: "id",
        columns: OrganizationData::COLUMNS,
        indexed: &["slug", "created_at"],
        has_tombstones: true,
        versions_first: false,
        final_status: None,
        terms: Some(("organization_terms", "organization_id")),
        items: &[],
        read: |row| row.into_state::<OrganizationData>().into(),
    },
    owners: &[],
    events: &[
        ("organization.created", Request::Store),
        ("organization.updated", Request::Store),
        ("organization.deleted", Request::Delete),
    ],
    api: Some(ApiAccess {
        list: List::ordered(&["organizations"]),
        paging: Paging::Offset,
        single: SingleRead::Object(&[PathPart::Text("organizations"), PathPart::Id]),
        omitted: &[],
        version: VersionSource::UpdatedAt,
    }),
    fields: &known_fields::MESSAGE,
    deletion_fields: &DELETION_MESSAGE,
    personal_data: PersonalData::Labeled,
    decode: clerk::decode,
    labels: |data| Labels { user_id: None, organization_id: Labels::id(data, &["id"]) },
};
