//! Applies pages of the event log to the scratch tables.

use std::collections::{BTreeSet, HashSet};

use sqlx::AssertSqlSafe;

use super::{EventDecoder, EventEffect};
use crate::{
    domain::{
        event::{Change, Content},
        user::User,
    },
    store::{
        StoreError,
        commit::{apply, original_id, original_id_sql},
        driver::{DbError, Record, Row, Tx, record},
        events::StoredEvent,
        statement,
    },
};

/// Maximum number of events in memory.
const MAX_EVENTS: i64 = 512;

/// Maximum size of the payloads in memory in bytes, with those of reprocessed originals. A larger
/// single payload is read alone.
const MAX_BYTES: i64 = 4 * 1024 * 1024;

/// An applied page of events.
pub(super) struct EventPage {
    /// Sequence number of the last event.
    pub(super) through: i64,
    /// Whether more events may follow.
    pub(super) has_more: bool,
    pub(super) events: u64,
    /// Subjects of the events whose change can no longer be read, once per event.
    pub(super) lost: Vec<String>,
    /// Subjects of all changes.
    pub(super) subjects: Vec<String>,
}

/// Size of the payloads that an event needs.
struct EventSize {
    seq: i64,
    bytes: i64,
}

record!(EventSize { seq, bytes });

/// Applies the next events after a sequence number, up to [`MAX_EVENTS`] and [`MAX_BYTES`].
pub(super) async fn apply_page(
    tx: &mut Tx,
    stored: &str,
    after: i64,
    decode: EventDecoder,
) -> Result<EventPage, StoreError> {
    let (through, has_more) = page_end(tx, after).await?;
    let sql = "SELECT * FROM webhook_events WHERE seq > $1 AND seq <= $2 ORDER BY seq";
    let mut events: Vec<StoredEvent> = tx.query(sql).bind(after).bind(through).fetch_all().await?;
    let count = events.len() as u64;
    // An event that was reprocessed later may be on an earlier page, which was read before its
    // decision changed.
    let originals: Vec<&str> = events.iter().filter_map(|event| original_id(&event.id)).collect();
    let sql = "SELECT * FROM webhook_events WHERE id IN {}";
    let originals: Vec<StoredEvent> = statement::fetch_by_keys(tx, sql, &originals).await?;
    events.extend(originals);
    let mut contents = Vec::with_capacity(events.len());
    let (mut untimed, mut lost) = (Vec::new(), Vec::new());
    for event in events {
        match decode(&event) {
            EventEffect::Change(change) => {
                if let (Change::UserDeleted { user_id, .. }, None) = (&change, &event.payload) {
                    untimed.push(user_id.clone());
                }
                contents.push(Content::Change(change));
            }
            EventEffect::Lost => {
                lost.extend(event.subject.clone());
                contents.extend(event.subject.map(stub));
            }
            EventEffect::Nothing => {}
        }
    }
    restore_deletion_times(tx, stored, &untimed, &mut contents).await?;
    let subjects: BTreeSet<&str> =
        contents.iter().filter_map(Content::change).map(Change::subject).collect();
    apply(tx, &subjects, &contents.iter().collect::<Vec<_>>()).await?;
    let subjects = subjects.into_iter().map(str::to_owned).collect();
    Ok(EventPage { through, has_more, events: count, lost, subjects })
}

/// Returns the last sequence number of the page after an event, and whether more events may
/// follow.
async fn page_end(tx: &mut Tx, after: i64) -> Result<(i64, bool), StoreError> {
    let sql = format!(
        "SELECT seq, CAST(COALESCE(OCTET_LENGTH(payload), 0) + COALESCE((SELECT \
             OCTET_LENGTH(original.payload) FROM webhook_events AS original \
             WHERE original.id = original_id), 0) AS BIGINT) AS bytes \
         FROM (SELECT seq, payload, {} AS original_id FROM webhook_events WHERE seq > $1 \
               ORDER BY seq LIMIT $2) AS page ORDER BY seq",
        original_id_sql()
    );
    let query = tx.query(AssertSqlSafe(sql)).bind(after).bind(MAX_EVENTS);
    let sizes: Vec<EventSize> = query.fetch_all().await?;
    let (mut through, mut bytes, mut count) = (after, 0, 0);
    for size in &sizes {
        bytes += size.bytes;
        if count > 0 && bytes > MAX_BYTES {
            return Ok((through, true));
        }
        count += 1;
        through = size.seq;
    }
    Ok((through, count == MAX_EVENTS))
}

/// Returns the change that an event without a payload still implies: the user exists.
fn stub(id: String) -> Content {
    Content::Change(Change::User(Box::new(User { id, ..User::default() })))
}

/// Sets the time of deletions without a time of their own to 0. The event's row has the time of
/// the delivery instead, and the deletion has emptied the event's payload. Only the stored
/// tombstone still has the time 0.
async fn restore_deletion_times(
    tx: &mut Tx,
    stored: &str,
    deleted: &[String],
    contents: &mut [Content],
) -> Result<(), StoreError> {
    let deleted: BTreeSet<&str> = deleted.iter().map(String::as_str).collect();
    let sql =
        format!("SELECT clerk_id FROM {stored}.users WHERE deleted_at = 0 AND clerk_id IN {{}}");
    let untimed: Vec<Id> = statement::fetch_by_keys(tx, &sql, &Vec::from_iter(deleted)).await?;
    let untimed: HashSet<String> = untimed.into_iter().map(|Id(id)| id).collect();
    for content in contents {
        if let Content::Change(Change::UserDeleted { user_id, at }) = content
            && untimed.contains(user_id)
        {
            *at = 0;
        }
    }
    Ok(())
}

/// A user's id.
struct Id(String);

impl Record for Id {
    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self(row.get("clerk_id")?))
    }
}
