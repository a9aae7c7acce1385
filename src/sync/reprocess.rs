//! Reprocessing of events that were not applied.
//!
//! An upgrade or a changed setting can make such an event applicable. A reprocessed event follows
//! the same merge rules as a delivery, so reprocessing is idempotent.

use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};

use crate::{
    domain::{
        Millis,
        decision::{Decision, Outcome},
        stored_decision::StoredDecision,
    },
    ingest::{Queue, queue::Rejection},
    objects::{
        decode::{Decoder, reprocessing::LoggedEvent},
        event::{Content, Event},
    },
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
    /// Action to take for an unchanged decision.
    pub remediation: Option<&'static str>,
}

/// Result of decoding and committing an event again.
struct Attempt {
    decision: StoredDecision,
    reason: Option<String>,
    remediation: Option<&'static str>,
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
        let changeable = event.decision.known().filter(|decision| !decision.is_final());
        let attempt = match changeable {
            None => Attempt {
                decision: event.decision.clone(),
                reason: Some(format!("{} is final", event.decision)),
                remediation: Some("the event needs no reprocessing"),
            },
            Some(decision) => self.decode_and_commit(&event, decision).await?,
        };
        let Attempt { decision, reason, remediation } = attempt;
        Ok(ReprocessedEvent {
            seq: event.seq,
            id: event.id,
            previous: event.decision,
            decision,
            reason,
            remediation,
        })
    }

    async fn decode_and_commit(
        &self,
        event: &StoredEvent,
        decision: Decision,
    ) -> Result<Attempt, Rejection> {
        let logged = LoggedEvent {
            id: &event.id,
            payload: event.payload.as_deref(),
            decision,
            secret: event.secret.as_deref(),
            occurred_at: event.occurred_at,
            received_at: event.received_at,
        };
        match self.decoder.decode_logged(&logged, self.now) {
            Err(error) => Ok(Attempt {
                decision: event.decision.clone(),
                reason: Some(error.to_string()),
                remediation: Some(NEVER_APPLICABLE),
            }),
            Ok(decoded) => self.commit(decoded, event).await,
        }
    }

    async fn commit(&self, decoded: Event, stored: &StoredEvent) -> Result<Attempt, Rejection> {
        // The stored payload of a failed event is redacted, so that its new reason can differ. That
        // of a quarantined event names the current setting.
        let reason = match &decoded.content {
            Content::NotApplied { decision: Decision::Quarantined, reason } => reason.clone(),
            _ => stored.reason.clone(),
        };
        let remediation = unchanged_remediation(&decoded.content);
        Ok(match self.queue.submit(decoded).await? {
            Outcome::Recorded(decision) => {
                Attempt { decision: decision.into(), reason: None, remediation: None }
            }
            Outcome::Duplicate => Attempt {
                decision: stored.decision.clone(),
                reason,
                remediation: Some(remediation),
            },
        })
    }
}

/// Action for an event whose payload is no longer complete.
const NEVER_APPLICABLE: &str = "the event can never be applied: dismiss it with `meetvo dismiss`, \
                                and get the current state with `meetvo drift --repair`";

/// Returns the action for an event that was decoded and got the same decision again.
fn unchanged_remediation(content: &Content) -> &'static str {
    match content {
        Content::NotApplied { decision: Decision::Quarantined, .. } => {
            "clerk.instance_id still excludes the instance of the event: correct it, or dismiss \
             the event with `meetvo dismiss`"
        }
        Content::NotApplied { decision: Decision::Ignored, .. } => {
            "this version does not sync the type of the event: upgrade, or leave it ignored"
        }
        Content::NotApplied { .. } => {
            "this version fails in the same way: upgrade, or dismiss the event with \
             `meetvo dismiss`"
        }
        Content::Change(_) => {
            "the database rejects the event in the same way: see its log, or dismiss the event \
             with `meetvo dismiss`"
        }
    }
}

fn store_rejection(error: StoreError) -> Rejection {
    Rejection::Store(Arc::new(error))
}
