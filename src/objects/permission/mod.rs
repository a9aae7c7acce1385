//! Permissions of roles.

mod clerk;
pub mod known_fields;
mod state;

use super::{
    api_access::{ApiAccess, List, Paging, PathPart, SingleRead, VersionSource},
    columns::Columns,
    decode::Labels,
    object_type::{ObjectTable, ObjectType, PersonalData, Request},
};

pub use self::state::{Permission, PermissionData};

/// The type of permissions of roles.
pub static TYPE: ObjectType = ObjectType {
    name: "permission",
    table: ObjectTable {
        name: "permissions",
        id: "id",
        columns: PermissionData::COLUMNS,
        indexed: &[],
        has_tombstones: true,
        versions_first: false,
        final_status: None,
        terms: None,
        items: &[],
        read: |row| row.into_state::<PermissionData>().into(),
    },
    owners: &[],
    events: &[
        ("permission.created", Request::Store),
        ("permission.updated", Request::Store),
        ("permission.deleted", Request::Delete),
    ],
    api: Some(ApiAccess {
        list: List::ordered(&["organization_permissions"]),
        paging: Paging::Offset,
        single: SingleRead::Object(&[PathPart::Text("organization_permissions"), PathPart::Id]),
        omitted: &[],
        version: VersionSource::UpdatedAt,
    }),
    fields: &known_fields::MESSAGE,
    deletion_fields: &known_fields::MESSAGE,
    personal_data: PersonalData::None,
    decode: clerk::decode,
    labels: |_| Labels::default(),
};
