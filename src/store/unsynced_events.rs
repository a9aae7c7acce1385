//! Finds events that were stored before their type was synced. They kept only IDs.

use std::collections::BTreeMap;

use super::{Store, StoreError, driver::record};
use crate::{
    domain::{Millis, decision::Decision},
    objects::EventType,
};

/// Number of events per database query.
const PAGE_SIZE: i64 = 2_048;

/// Maximum number of pages that are read, the newest events first.
const MAX_PAGES: usize = 32;

/// Events that were ignored although their type is synced now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnsyncedEvents {
    /// Number of events by event type.
    pub types: BTreeMap<String, u64>,
    /// Whether all events were read. Otherwise older ones exist, and the numbers are too low.
    pub is_complete: bool,
}

impl Store {
    /// Finds ignored events whose type is synced now, of those that were received since a time.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn unsynced_events(&self, since: Millis) -> Result<UnsyncedEvents, StoreError> {
        let sql = "SELECT seq, type AS kind, received_at FROM webhook_events \
                   WHERE (decision, seq) >= ($1, 0) AND (decision, seq) < ($1, $2) \
                   AND decision NOT IN ('applied', 'stale') \
                   ORDER BY decision DESC, seq DESC LIMIT $3";
        let (mut unsynced, mut before) = (UnsyncedEvents::default(), i64::MAX);
        for _ in 0..MAX_PAGES {
            let mut connection = self.pool.read().await?;
            let query = connection.query(sql).bind(Decision::Ignored.as_str());
            let events: Vec<IgnoredEvent> = query.bind(before).bind(PAGE_SIZE).fetch_all().await?;
            let Some(last) = events.last() else {
                unsynced.is_complete = true;
                return Ok(unsynced);
            };
            before = last.seq;
            unsynced.is_complete = last.received_at < since;
            for event in events.into_iter().filter(|event| event.received_at >= since) {
                if let Some(kind) = event.kind.filter(|kind| EventType::of(kind).is_some()) {
                    *unsynced.types.entry(kind).or_default() += 1;
                }
            }
            if unsynced.is_complete {
                return Ok(unsynced);
            }
        }
        Ok(unsynced)
    }
}

/// Event that was ignored.
struct IgnoredEvent {
    seq: i64,
    kind: Option<String>,
    received_at: Millis,
}

record!(IgnoredEvent { seq, kind, received_at });
