//! Sessions.

mod clerk;
pub mod known_fields;
pub mod state;

use super::{
    Kind,
    columns::Columns,
    decode::Labels,
    object_type::{ObjectTable, ObjectType, PersonalData, Request},
};

pub use self::state::{Session, SessionData, SessionDetails, SignIn, is_terminal};
use crate::domain::clerk_object::DELETION_MESSAGE;

/// The type of sessions.
pub static TYPE: ObjectType = ObjectType {
    name: "session",
    table: ObjectTable {
        name: "sessions",
        id: "id",
        columns: SessionData::COLUMNS,
        indexed: &["user_id"],
        // Clerk keeps ended sessions and sends no deletion.
        has_tombstones: false,
        versions_first: false,
        final_status: Some(("status", is_terminal)),
        terms: None,
        items: &[],
        read: |row| row.into_state::<SessionData>().into(),
    },
    owners: &[("user_id", Kind::User)],
    events: &[
        ("session.created", Request::Store),
        ("session.pending", Request::Store),
        ("session.ended", Request::Store),
        ("session.removed", Request::Store),
        ("session.revoked", Request::Store),
    ],
    // Clerk lists the sessions of one user.
    api: None,
    fields: &known_fields::MESSAGE,
    deletion_fields: &DELETION_MESSAGE,
    personal_data: PersonalData::Labeled,
    decode: clerk::decode,
    // A session without an owner may still contain the user that it embeds.
    labels: |data| Labels {
        user_id: Labels::id(data, &["user_id"]).or_else(|| Labels::id(data, &["user", "id"])),
        organization_id: None,
    },
};
