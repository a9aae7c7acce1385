//! Finds the events whose stored rows cannot be read, and records them as failed.

use crate::{
    domain::event::{Change, Event},
    store::driver::UndecodableValue,
};

/// Fails the events that change one of these rows. Returns the number of failed events.
pub(super) fn fail_events(events: &mut [Event], rows: &[UndecodableValue]) -> usize {
    let mut failed = 0;
    for event in events {
        let Some(change) = event.content.change() else { continue };
        if let Some(value) = rows.iter().find(|value| concerns(value, change)) {
            // Without the key, so that events with the same cause have the same reason. The event
            // itself names the user and the session.
            let UndecodableValue { table, column, row: _ } = value;
            event.fail(format!("the stored row cannot be read: {table}.{column}"));
            failed += 1;
        }
    }
    failed
}

/// Columns of a user that decide whether the user is deleted, and which state is newer.
const LIFECYCLE: [&str; 6] = [
    "clerk_id",
    "deleted_at",
    "search",
    "version_updated_at",
    "version_occurred_at",
    "version_event_id",
];

/// Returns whether a change needs the value that cannot be read. A state of a user merges into all
/// columns of the user. A deletion, and a session without a user, need only the lifecycle.
pub(super) fn concerns(value: &UndecodableValue, change: &Change) -> bool {
    let has_user = match change {
        Change::User(_) | Change::Session { user: Some(_), .. } => true,
        Change::UserDeleted { .. } | Change::Session { user: None, .. } => false,
    };
    match value.table {
        "users" if has_user || LIFECYCLE.contains(&value.column) => change.subject() == value.row,
        // The key begins with the ID of the user.
        "accounts" | "verifications" if has_user => {
            value.row.split(' ').next() == Some(change.subject())
        }
        "sessions" => change.session_id() == Some(&value.row),
        _ => false,
    }
}
