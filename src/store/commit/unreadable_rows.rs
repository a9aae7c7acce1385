//! Finds the events whose stored rows cannot be read, and records them as failed.

use crate::{
    objects::{
        Kind,
        event::{Change, Event},
    },
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

/// Columns that decide whether an object is deleted, and which state is newer.
const LIFECYCLE: [&str; 7] = [
    "clerk_id",
    "id",
    "deleted_at",
    "search",
    "version_updated_at",
    "version_occurred_at",
    "version_event_id",
];

/// Returns whether a change needs the value that cannot be read. A state merges into all columns of
/// its object. Of a deleted object, and of the owners, only the lifecycle is needed.
pub(super) fn concerns(value: &UndecodableValue, change: &Change) -> bool {
    // The key of an item begins with the ID of its object.
    let id = value.row.split(' ').next().unwrap_or_default();
    let is_table_of = |kind: Kind| {
        let table = &kind.object_type().table;
        table.name == value.table || table.items.iter().any(|items| items.name == value.table)
    };
    let has_state = change.states().any(|state| is_table_of(state.kind()) && state.id() == id);
    let has_lifecycle = LIFECYCLE.contains(&value.column)
        && change
            .objects()
            .any(|(kind, object)| kind.object_type().table.name == value.table && object == id);
    has_state || has_lifecycle
}
