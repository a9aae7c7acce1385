//! A page of events, applied to the draft.

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

/// How many events are in memory at once.
const MAX_EVENTS: i64 = 512;

/// How many bytes of payloads are, with those of events that were applied later, unless a single one is
/// larger.
const MAX_BYTES: i64 = 4 * 1024 * 1024;

/// What a page came to.
pub(super) struct PageRequest {
    /// The last event of it.
    pub(super) through: i64,
    /// There may be more.
    pub(super) has_more: bool,
    pub(super) events: u64,
    /// Whom those events are about whose change can no longer be read.
    pub(super) lost: Vec<String>,
    /// Whom all of it is about.
    pub(super) subjects: Vec<String>,
}

/// How much an event weighs.
struct EventSize {
    seq: i64,
    bytes: i64,
}

record!(EventSize { seq, bytes });

/// Applies the events behind one of them, as many as there is room for.
pub(super) async fn apply_page(
    tx: &mut Tx,
    stored: &str,
    after: i64,
    decode: EventDecoder,
) -> Result<PageRequest, StoreError> {
    let (through, has_more) = page_end(tx, after).await?;
    let sql = "SELECT * FROM webhook_events WHERE seq > $1 AND seq <= $2 ORDER BY seq";
    let mut events: Vec<StoredEvent> = tx.query(sql).bind(after).bind(through).fetch_all().await?;
    let count = events.len() as u64;
    // One that was applied late may have been passed before it was.
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
    Ok(PageRequest { through, has_more, events: count, lost, subjects })
}

/// Where a page ends that begins behind an event, and whether there may be more behind it.
async fn page_end(tx: &mut Tx, after: i64) -> Result<(i64, bool), StoreError> {
    let sql = format!(
        "SELECT seq, CAST(COALESCE(OCTET_LENGTH(payload), 0) + COALESCE((SELECT \
             OCTET_LENGTH(original.payload) FROM webhook_events AS original \
             WHERE original.id = asked), 0) AS BIGINT) AS bytes \
         FROM (SELECT seq, payload, {} AS asked FROM webhook_events WHERE seq > $1 \
               ORDER BY seq LIMIT $2) AS stretch ORDER BY seq",
        original_id_sql()
    );
    let query = tx.query(AssertSqlSafe(sql)).bind(after).bind(MAX_EVENTS);
    let sizes: Vec<EventSize> = query.fetch_all().await?;
    let (mut through, mut bytes, mut taken) = (after, 0, 0);
    for size in &sizes {
        bytes += size.bytes;
        if taken > 0 && bytes > MAX_BYTES {
            return Ok((through, true));
        }
        taken += 1;
        through = size.seq;
    }
    Ok((through, taken == MAX_EVENTS))
}

/// All that an event still tells whose payload is gone: that there was stub.
fn stub(id: String) -> Content {
    Content::Change(Change::User(Box::new(User { id, ..User::default() })))
}

/// A deletion that came without a time happened at 0. Its row has the time of the delivery, and its
/// payload is gone with the user's others: only what is stored of the user can tell.
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
