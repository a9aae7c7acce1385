//! Roles of members of organizations.

mod clerk;
pub mod known_fields;
mod state;

use super::{
    api_access::{ApiAccess, List, Paging, PathPart, SingleRead, VersionSource},
    columns::Columns,
    decode::Labels,
    object_type::{ObjectTable, ObjectType, PersonalData, Request},
};

pub use self::state::{Role, RoleData};

/// The type of roles of members of organizations.
pub static TYPE: ObjectType = ObjectType {
    name: "role",
    table: ObjectTable {
        name: "roles",
        id: "id",
        columns: RoleData::COLUMNS,
        indexed: &["key"],
        has_tombstones: true,
        versions_first: false,
        final_status: None,
        terms: None,
        items: &[],
        read: |row| row.into_state::<RoleData>().into(),
    },
    owners: &[],
    events: &[
        ("role.created", Request::Store),
        ("role.updated", Request::Store),
        ("role.deleted", Request::Delete),
    ],
    api: Some(ApiAccess {
        list: List::ordered(&["organization_roles"]),
        paging: Paging::Offset,
        single: SingleRead::Object(&[PathPart::Text("organization_roles"), PathPart::Id]),
        omitted: &[],
        version: VersionSource::UpdatedAt,
    }),
    fields: &known_fields::MESSAGE,
    deletion_fields: &known_fields::MESSAGE,
    personal_data: PersonalData::None,
    decode: clerk::decode,
    labels: |_| Labels::default(),
};
