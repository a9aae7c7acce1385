//! Database writers with group commit: the events that queue up during a commit are the next batch.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use futures_util::future::join_all;
use tokio::time::{Instant, timeout};
use tracing::{Instrument, Span};

use super::{
    IngestMetrics, Limits, Queue, answers,
    queue::{CommitResult, QueuedEvent, WriterQueue},
};
use crate::{
    domain::{Millis, decision::Outcome, local_event},
    objects::event::{Content, Event, Source},
    store::{Store, StoreError, commit::Batch},
};

/// Minimum time between two updates of a secret's last use, in milliseconds.
const SECRET_USE_INTERVAL: Millis = 60_000;

/// A batch waits for more events for at most the duration of the last commit, divided by this.
const BATCH_WAIT_DIVISOR: u32 = 4;

/// The size and duration of the last batch, from which the next one is estimated.
#[derive(Clone, Copy, Debug, Default)]
struct LastBatch {
    events: usize,
    duration: Duration,
}

/// A task that commits events. When the last [`Queue`] is dropped, it commits the queued events and
/// ends.
#[derive(Debug)]
pub struct Writer {
    store: Store,
    queue: WriterQueue,
    batch_size: usize,
    is_only_writer: bool,
    metrics: Option<IngestMetrics>,
    /// The last stored use of each secret, by its label.
    secret_uses: HashMap<Arc<str>, Millis>,
}

impl Writer {
    /// Creates a writer for each store, and the queue in front of all of them.
    #[must_use]
    pub fn new(
        stores: Vec<Store>,
        limits: Limits,
        metrics: Option<&IngestMetrics>,
    ) -> (Queue, Vec<Self>) {
        let (queue, ends) = Queue::new(limits, stores.len());
        let is_only_writer = stores.len() == 1;
        let writer = |(store, queue)| Self {
            store,
            queue,
            batch_size: limits.batch_size,
            is_only_writer,
            metrics: metrics.cloned(),
            secret_uses: HashMap::new(),
        };
        (queue, stores.into_iter().zip(ends).map(writer).collect())
    }

    /// Runs writers until the last queue is dropped.
    pub async fn run_all(writers: Vec<Self>) {
        join_all(writers.into_iter().map(Self::run)).await;
    }

    /// Commits events until the last queue is dropped. Opens its connection first, before requests
    /// for reads can take the last one that the server allows.
    pub async fn run(mut self) {
        if let Err(error) = self.store.open_writer().await {
            tracing::warn!(%error, "a writer has no connection to the database yet");
            if let Some(metrics) = &self.metrics {
                metrics.record_failure(&error);
            }
        }
        let mut batch = Vec::with_capacity(self.batch_size);
        let mut last = LastBatch::default();
        while self.collect_batch(&mut batch, last).await {
            let started = Instant::now();
            last.events = batch.len();
            self.commit_batch(&mut batch).await;
            last.duration = started.elapsed();
        }
        self.store.close_writer().await;
    }

    /// Collects the next batch. Returns `false` if the queue is closed and empty.
    ///
    /// The senders of the last batch have just been answered and are about to send again. If there
    /// is only one writer, it waits for as many events as the last batch had, so that batches do
    /// not split in half: a commit has a fixed cost. It waits for at most a fraction of the last
    /// commit's duration. A single sender never waits. Several writers do not wait, because one
    /// commits while the events for another arrive.
    async fn collect_batch(&mut self, batch: &mut Vec<QueuedEvent>, last: LastBatch) -> bool {
        let waiting = self.queue.waiting();
        self.queue.wait_for(1).await;
        if self.is_only_writer {
            let expected = (last.events + waiting).min(self.batch_size);
            // After the timeout, the batch is committed as it is.
            timeout(last.duration / BATCH_WAIT_DIVISOR, self.queue.wait_for(expected)).await.ok();
        }
        self.queue.take(batch, self.batch_size) > 0
    }

    async fn commit_batch(&mut self, batch: &mut Vec<QueuedEvent>) {
        let span = commit_span(batch);
        let (mut events, rest): (Vec<_>, Vec<_>) = batch
            .drain(..)
            .map(|QueuedEvent { event, sender, place, span: _ }| (event, (sender, place)))
            .unzip();
        let (senders, _places): (Vec<_>, Vec<_>) = rest.into_iter().unzip();
        match self.commit(&events).instrument(span).await {
            Ok(outcomes) => {
                tracing::debug!(events = events.len(), "committed a batch");
                answers::send(senders, outcomes.into_iter().map(Ok));
            }
            // One of the events is the cause. The others are committed without it.
            Err(StoreError::Rejected(_) | StoreError::UndecodableValue(_)) => {
                for (event, sender) in events.iter_mut().zip(senders) {
                    answers::send([sender], [self.commit_alone(event).await]);
                }
            }
            // No event is the cause, so a commit of each event alone would fail too.
            Err(failure) => {
                tracing::error!(events = events.len(), %failure, "a batch was not committed");
                let failure = Arc::new(failure);
                answers::send(senders, std::iter::repeat_with(|| Err(Arc::clone(&failure))));
            }
        }
    }

    /// Commits one event. If the database rejects it or has a row that cannot be read, commits it
    /// as `failed`. If that is impossible too, commits it without the payload.
    async fn commit_alone(&mut self, event: &mut Event) -> CommitResult {
        let mut is_last_attempt = false;
        loop {
            match self.commit(std::slice::from_ref(event)).await {
                Ok(outcomes) => return Ok(outcomes[0]),
                Err(failure @ (StoreError::Rejected(_) | StoreError::UndecodableValue(_)))
                    if !is_last_attempt =>
                {
                    let reason = failure.to_string();
                    tracing::warn!(event = event.id, reason, "the database refused an event");
                    is_last_attempt = matches!(event.content, Content::NotApplied { .. });
                    event.payload = event.payload.take().filter(|_| !is_last_attempt);
                    event.fail(reason);
                }
                Err(failure) => {
                    tracing::error!(event = event.id, %failure, "an event was not committed");
                    return Err(Arc::new(failure));
                }
            }
        }
    }

    async fn commit(&mut self, events: &[Event]) -> Result<Vec<Outcome>, StoreError> {
        let secrets_used = self.due_secret_uses(events);
        let started = Instant::now();
        let result = self.store.commit(Batch { events, secrets_used: &secrets_used }).await;
        if let Some(metrics) = &self.metrics {
            match &result {
                Ok(outcomes) => {
                    metrics.record_commit(events.len(), started.elapsed());
                    metrics.health().record_success(outcomes);
                    metrics.record_field_faults(events, outcomes);
                }
                Err(error) => metrics.record_failure(error),
            }
        }
        let outcomes = result?;
        self.secret_uses.extend(secrets_used);
        Ok(outcomes)
    }

    /// Returns the secrets in this batch whose last use must be stored again. They are in the order
    /// of their labels, because processes that write the same rows must do so in the same order.
    fn due_secret_uses(&self, events: &[Event]) -> Vec<(Arc<str>, Millis)> {
        let mut due: BTreeMap<&Arc<str>, Millis> = BTreeMap::new();
        for event in events.iter().filter(|event| is_from_clerk(event)) {
            let stored = self.secret_uses.get(&event.secret).copied().unwrap_or(Millis::MIN);
            if event.received_at.saturating_sub(stored) >= SECRET_USE_INTERVAL {
                due.insert(&event.secret, event.received_at);
            }
        }
        due.into_iter().map(|(label, at)| (Arc::clone(label), at)).collect()
    }
}

/// Returns the span of a commit. It belongs to the trace of its first event's request, and links to
/// the requests of the others.
fn commit_span(batch: &[QueuedEvent]) -> Span {
    let first = batch.first().and_then(|queued| queued.span.id());
    let span = tracing::debug_span!(parent: first, "commit", events = batch.len());
    for queued in batch.iter().skip(1) {
        span.follows_from(&queued.span);
    }
    span
}

/// Returns whether Clerk sent an event. The probe of `meetvo doctor` is signed too, but does not
/// show that Clerk's endpoint uses the secret.
fn is_from_clerk(event: &Event) -> bool {
    let is_local = event.kind.as_deref().is_some_and(local_event::is_local);
    event.source == Source::Delivery && !is_local
}
