//! Applies pages of the event log to the scratch tables.

use std::collections::{BTreeSet, HashSet};

use sqlx::AssertSqlSafe;

use super::{EventDecoder, EventEffect};
use crate::{
    objects::{
        AnyState, EventType, Kind,
        event::{Change, Content},
    },
    store::{
        StoreError,
        commit::{apply, objects_of, original_id, original_id_sql},
        driver::{Tx, record},
        events::StoredEvent,
        keyed,
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
    /// Users, organizations or objects of the events whose change can no longer be read, one per
    /// event.
    pub(super) lost: Vec<String>,
    /// IDs of the objects of all changes.
    pub(super) objects: Vec<String>,
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
    let originals: Vec<StoredEvent> = keyed::fetch(tx, sql, &originals).await?;
    events.extend(originals);
    let mut contents = Vec::with_capacity(events.len());
    let (mut untimed, mut lost) = (BTreeSet::new(), Vec::new());
    for event in events {
        match decode(&event) {
            EventEffect::Change(change) => {
                if let (Change::Deletion(deletion), None) = (&change, &event.payload) {
                    untimed.insert((deletion.kind, deletion.id.clone()));
                }
                contents.push(Content::Change(change));
            }
            EventEffect::Lost => {
                contents.extend(existing(&event));
                let StoredEvent { subject, organization_id, object_id, .. } = event;
                lost.extend(subject.or(organization_id).or(object_id));
            }
            EventEffect::Nothing => {}
        }
    }
    restore_deletion_times(tx, stored, &untimed, &mut contents).await?;
    let contents: Vec<&Content> = contents.iter().collect();
    let objects = objects_of(&contents);
    apply(tx, &objects, &contents).await?;
    let objects = objects.into_iter().map(|(_, id)| id.to_owned()).collect();
    Ok(EventPage { through, has_more, events: count, lost, objects })
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

/// Returns the changes that an event without a payload still implies: the owners of its object exist,
/// or the object itself if others can belong to it. The user who accepted an invitation is no owner.
fn existing(event: &StoredEvent) -> impl Iterator<Item = Content> {
    let event_type = event.kind.as_deref().and_then(EventType::of);
    let exists = move |(kind, _): &(Kind, &String)| {
        event_type.is_none_or(|it| {
            let mut owners = it.kind.object_type().owners.iter();
            it.kind == *kind || owners.any(|(_, owner)| owner == kind)
        })
    };
    let labels = [(Kind::User, &event.subject), (Kind::Organization, &event.organization_id)];
    let labels = labels.into_iter().filter_map(|(kind, id)| Some((kind, id.as_ref()?)));
    labels.filter(exists).map(|(kind, id)| Content::Change(AnyState::stub(kind, id).into()))
}

/// Sets the time of deletions without a time of their own to 0. The event's row has the time of
/// the delivery instead, and the deletion has emptied the event's payload. Only the stored
/// tombstone still has the time 0.
async fn restore_deletion_times(
    tx: &mut Tx,
    stored: &str,
    deleted: &BTreeSet<(Kind, String)>,
    contents: &mut [Content],
) -> Result<(), StoreError> {
    let mut untimed: HashSet<(Kind, String)> = HashSet::new();
    for kind in Kind::ALL {
        let ids = deleted.iter().filter(|it| it.0 == kind).map(|it| &*it.1);
        let table = &kind.object_type().table;
        let (name, id) = (table.name, table.id);
        let sql = format!("SELECT {id} FROM {stored}.{name} WHERE deleted_at = 0 AND {id} IN {{}}");
        for row in keyed::rows(tx, &sql, &ids.collect::<Vec<_>>()).await? {
            untimed.insert((kind, row.get(id)?));
        }
    }
    for content in contents {
        if let Content::Change(Change::Deletion(deletion)) = content
            && untimed.contains(&(deletion.kind, deletion.id.clone()))
        {
            deletion.at = 0;
        }
    }
    Ok(())
}
