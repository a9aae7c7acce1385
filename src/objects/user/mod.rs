//! Users, with their accounts and verifications.

mod clerk;
mod drift;
pub mod fields;
mod identities;
pub mod known_fields;
pub mod search;
pub mod state;

use super::{
    api_access::{ApiAccess, List, Paging, PathPart, SingleRead, VersionSource},
    columns::Columns,
    decode::Labels,
    object_type::{ItemTable, ObjectTable, ObjectType, PersonalData, Request},
};

pub use self::{
    clerk::embedded,
    state::{Account, Profile, User, UserData, Verification},
};
use crate::domain::clerk_object::DELETION_MESSAGE;

/// The type of users.
pub static TYPE: ObjectType = ObjectType {
    name: "user",
    table: ObjectTable {
        name: "users",
        id: "clerk_id",
        columns: UserData::COLUMNS,
        indexed: &["external_id", "username", "email", "phone_number", "banned", "created_at"],
        has_tombstones: true,
        versions_first: true,
        final_status: None,
        terms: Some(("user_terms", "user_id")),
        items: &[
            ItemTable { name: "accounts", owner: "user_id", columns: Account::COLUMNS },
            ItemTable { name: "verifications", owner: "user_id", columns: Verification::COLUMNS },
        ],
        read: |row| row.into_state::<UserData>().into(),
    },
    owners: &[],
    events: &[
        ("user.created", Request::Store),
        ("user.updated", Request::Store),
        ("user.deleted", Request::Delete),
    ],
    api: Some(ApiAccess {
        list: List::ordered(&["users"]),
        paging: Paging::Cursor,
        single: SingleRead::Object(&[PathPart::Text("users"), PathPart::Id]),
        omitted: &[],
        version: VersionSource::UpdatedAt,
    }),
    fields: &known_fields::MESSAGE,
    deletion_fields: &DELETION_MESSAGE,
    personal_data: PersonalData::Labeled,
    decode: clerk::decode,
    labels: |data| Labels { user_id: Labels::id(data, &["id"]), organization_id: None },
};
