//! Entries of the waitlist.

mod clerk;
pub mod known_fields;
mod state;

use super::{
    api_access::{ApiAccess, List, Paging, PathPart, SingleRead, VersionSource},
    columns::Columns,
    decode::Labels,
    object_type::{ObjectTable, ObjectType, PersonalData, Request},
};

pub use self::state::{WaitlistEntry, WaitlistEntryData};
use crate::domain::clerk_object::DELETION_MESSAGE;

/// The type of entries of the waitlist.
pub static TYPE: ObjectType = ObjectType {
    name: "waitlist_entry",
    table: ObjectTable {
        name: "waitlist_entries",
        id: "id",
        columns: WaitlistEntryData::COLUMNS,
        indexed: &["email"],
        // Clerk sends no deletion. The drift check and `meetvo erase` can delete an entry.
        has_tombstones: true,
        versions_first: false,
        final_status: None,
        terms: None,
        items: &[],
        read: |row| row.into_state::<WaitlistEntryData>().into(),
    },
    owners: &[],
    events: &[("waitlistEntry.created", Request::Store), ("waitlistEntry.updated", Request::Store)],
    api: Some(ApiAccess {
        list: List::ordered(&["waitlist_entries"]),
        paging: Paging::Offset,
        // Clerk returns no single entry.
        single: SingleRead::List(
            &[PathPart::Text("waitlist_entries")],
            Some(("query", PathPart::Column("email"))),
        ),
        omitted: &[],
        version: VersionSource::UpdatedAt,
    }),
    fields: &known_fields::MESSAGE,
    deletion_fields: &DELETION_MESSAGE,
    personal_data: PersonalData::Addressed("email"),
    decode: clerk::decode,
    labels: |_| Labels::default(),
};
