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

/// Returns whether a change merges into the row that cannot be read.
pub(super) fn concerns(value: &UndecodableValue, change: &Change) -> bool {
    match value.table {
        "users" => change.subject() == value.row,
        "sessions" => change.session_id() == Some(&value.row),
        _ => false,
    }
}
