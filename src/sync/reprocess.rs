//! Events that were not applied, once more: after an upgrade that understands them, or a change of the
//! settings. They go the way of a delivery, under the same law, so that doing it twice does no more.

use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};

use crate::{
    clerk::decode::{Decoder, reprocessing::LoggedEvent},
    domain::{
        Millis,
        event::{Decision, Outcome},
    },
    ingest::{Queue, queue::Rejection},
    store::{PageRequest, Store, StoreError, events::StoredEvent, bounded_scan::ScanPage},
};

/// How many of them wait for the writer at a time.
const MAX_QUEUED: usize = 64;

/// What it takes to do so.
#[derive(Clone, Copy, Debug)]
pub struct Reprocessor<'a> {
    /// Where they are kept.
    pub store: &'a Store,
    /// How they are read.
    pub decoder: &'a Decoder,
    /// The way to the writer.
    pub queue: &'a Queue,
    /// The time.
    pub now: Millis,
}

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReprocessedEvent {
    /// Its place in the order of the commits.
    pub seq: i64,
    /// The `svix-id`.
    pub id: String,
    /// What had become of it.
    pub was: Decision,
    /// What has become of it now.
    pub decision: Decision,
    /// Why it is as it was, where that needs words.
    pub reason: Option<String>,
}

impl Reprocessor<'_> {
    /// One event; none where there is none of that id.
    ///
    /// # Errors
    /// When the database does not answer, or too many events wait for it.
    pub async fn one(&self, id: &str) -> Result<Option<ReprocessedEvent>, Rejection> {
        match self.store.event(id).await.map_err(unread)? {
            Some(event) => Ok(Some(self.again(event).await?)),
            None => Ok(None),
        }
    }

    /// A page of those of which one thing has become, the oldest first. Whoever goes on behind the last one comes by
    /// each of them.
    ///
    /// # Errors
    /// When the database does not answer, or too many events wait for it. What was done before is done.
    pub async fn page(
        &self,
        decision: Decision,
        page: &PageRequest<i64>,
    ) -> Result<ScanPage<ReprocessedEvent, i64>, Rejection> {
        let events = self.store.unresolved_events(decision, page).await.map_err(unread)?;
        let done = stream::iter(events).map(|event| self.again(event));
        let done = done.buffered(self.queue.background_limit(MAX_QUEUED));
        let done: Vec<_> = done.try_collect().await?;
        Ok(ScanPage::from_items(done, page.limit, |event| event.seq))
    }

    async fn again(&self, event: StoredEvent) -> Result<ReprocessedEvent, Rejection> {
        let kept = LoggedEvent {
            id: &event.id,
            payload: event.payload.as_deref(),
            decision: event.decision,
            secret: event.secret.as_deref(),
            occurred_at: event.occurred_at,
            received_at: event.received_at,
        };
        let (decision, reason) = match event.decision.is_final() {
            true => (event.decision, Some(format!("{} is final", event.decision))),
            false => match self.decoder.decode_logged(&kept, self.now) {
                Err(lost) => (event.decision, Some(lost.to_string())),
                Ok(again) => match self.queue.submit(again).await? {
                    Outcome::Recorded(decision) => (decision, None),
                    Outcome::Duplicate => (event.decision, event.reason),
                },
            },
        };
        Ok(ReprocessedEvent { seq: event.seq, id: event.id, was: event.decision, decision, reason })
    }
}

fn unread(error: StoreError) -> Rejection {
    Rejection::Store(Arc::new(error))
}
