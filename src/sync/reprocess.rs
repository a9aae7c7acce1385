//! Reprocessing of events that were not applied.
//!
//! An upgrade or a changed setting can make such an event applicable. A reprocessed event follows
//! the same merge rules as a delivery, so reprocessing is idempotent.

use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};

use crate::{
    clerk::decode::{Decoder, reprocessing::LoggedEvent},
    domain::{
        Millis,
        event::{Decision, Outcome},
        stored_decision::StoredDecision,
    },
    ingest::{Queue, queue::Rejection},
    store::{PageRequest, Store, StoreError, bounded_scan::ScanPage, events::StoredEvent},
};

/// Maximum number of reprocessed events in the queue at a time.
const MAX_QUEUED: usize = 64;

/// Reprocessing of stored events.
#[derive(Clone, Copy, Debug)]
pub struct Reprocessor<'a> {
    /// Store with the event log.
    pub store: &'a Store,
    /// Decoder with the current settings.
    pub decoder: &'a Decoder,
    /// Queue that the decoded events are submitted to.
    pub queue: &'a Queue,
    /// Current time in Unix milliseconds.
    pub now: Millis,
}

/// Result of reprocessing an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReprocessedEvent {
    /// Sequence number of the event in the event log.
    pub seq: i64,
    /// Message ID of the event (`svix-id`).
    pub id: String,
    /// Decision before the reprocessing.
    pub previous: StoredDecision,
    /// Decision after the reprocessing.
    pub decision: StoredDecision,
    /// Reason for an unchanged decision, if there is one to report.
    pub reason: Option<String>,
}

impl Reprocessor<'_> {
    /// Reprocesses an event. Returns `None` if the event log has no event with this ID.
    ///
    /// # Errors
    /// Returns an error if a database query fails or the queue is full.
    pub async fn reprocess(&self, id: &str) -> Result<Option<ReprocessedEvent>, Rejection> {
        match self.store.event(id).await.map_err(store_rejection)? {
            Some(event) => Ok(Some(self.reprocess_event(event).await?)),
            None => Ok(None),
        }
    }

    /// Reprocesses a page of the events with this decision, the oldest first.
    ///
    /// To reprocess all of them, request the page after the last `seq` until no page follows.
    ///
    /// # Errors
    /// Returns an error if a database query fails or the queue is full. Events reprocessed before
    /// the error stay reprocessed.
    pub async fn reprocess_page(
        &self,
        decision: Decision,
        page: &PageRequest<i64>,
    ) -> Result<ScanPage<ReprocessedEvent, i64>, Rejection> {
        let events = self.store.unresolved_events(decision, page).await.map_err(store_rejection)?;
        let ScanPage { items, through } = events;
        let results = stream::iter(items).map(|event| self.reprocess_event(event));
        let results = results.buffered(self.queue.background_limit(MAX_QUEUED));
        Ok(ScanPage { items: results.try_collect().await?, through })
    }

    async fn reprocess_event(&self, event: StoredEvent) -> Result<ReprocessedEvent, Rejection> {
        let previous = event.decision;
        let changeable = previous.known().filter(|decision| !decision.is_final());
        let (decision, reason) = match changeable {
            None => (previous.clone(), Some(format!("{previous} is final"))),
            Some(decision) => {
                let stored = LoggedEvent {
                    id: &event.id,
                    payload: event.payload.as_deref(),
                    decision,
                    secret: event.secret.as_deref(),
                    occurred_at: event.occurred_at,
                    received_at: event.received_at,
                };
                match self.decoder.decode_logged(&stored, self.now) {
                    Err(error) => (previous.clone(), Some(error.to_string())),
                    Ok(decoded) => match self.queue.submit(decoded).await? {
                        Outcome::Recorded(decision) => (decision.into(), None),
                        Outcome::Duplicate => (previous.clone(), event.reason),
                    },
                }
            }
        };
        Ok(ReprocessedEvent { seq: event.seq, id: event.id, previous, decision, reason })
    }
}

fn store_rejection(error: StoreError) -> Rejection {
    Rejection::Store(Arc::new(error))
}
