//! Bounded queue between the HTTP handlers and the database writers.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use tokio::sync::{Semaphore, mpsc, oneshot};

use super::Limits;
use crate::{
    domain::event::{Event, Outcome},
    store::StoreError,
};

/// The result of the commit of an event.
pub type CommitResult = Result<Outcome, Arc<StoreError>>;

/// An event in the queue.
#[derive(Debug)]
pub struct QueuedEvent {
    /// The event.
    pub event: Event,
    /// The channel for its result.
    pub reply: oneshot::Sender<CommitResult>,
}

/// The bounded queue in front of the writers. When its last clone is dropped, the writers commit
/// what is queued, and end.
#[derive(Clone, Debug)]
pub struct Queue {
    writers: Arc<[mpsc::UnboundedSender<QueuedEvent>]>,
    /// Free capacity, shared by all writer queues.
    permits: Arc<Semaphore>,
    capacity: usize,
    timeout: Duration,
}

/// The receiving end of the queue for one writer.
#[derive(Debug)]
pub struct WriterQueue {
    events: mpsc::UnboundedReceiver<QueuedEvent>,
    permits: Arc<Semaphore>,
}

/// Reasons for rejecting an event with 503. Svix retries the delivery.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Rejection {
    /// The queue has reached its capacity.
    #[error("the event queue is full")]
    Full,
    /// The commit took too long. The event may still be committed. If it is, the retry is a
    /// duplicate.
    #[error("the commit took longer than {0:?}")]
    Timeout(Duration),
    /// The database failed or rejected the event.
    #[error(transparent)]
    Store(Arc<StoreError>),
    /// The service is shutting down.
    #[error("the service is shutting down")]
    ShuttingDown,
}

/// Divisor of the capacity that background work may use. Most of the queue is for deliveries.
const BACKGROUND_DIVISOR: usize = 4;

impl Queue {
    /// Creates a queue, and its receiving end for each of `writers` writers.
    #[must_use]
    pub fn new(limits: Limits, writers: usize) -> (Self, Vec<WriterQueue>) {
        let Limits { queue_capacity: capacity, timeout, .. } = limits;
        let permits = Arc::new(Semaphore::new(capacity));
        let ends = (0..writers).map(|_| {
            let (sender, events) = mpsc::unbounded_channel();
            (sender, WriterQueue { events, permits: Arc::clone(&permits) })
        });
        let (senders, ends): (Vec<_>, _) = ends.unzip();
        (Self { writers: senders.into(), permits, capacity, timeout }, ends)
    }

    /// Returns the number of queued events.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.capacity.saturating_sub(self.permits.available_permits())
    }

    /// Returns the maximum number of queued events.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Returns the number of events that background work may have queued at a time, at most `max`.
    #[must_use]
    pub fn background_limit(&self, max: usize) -> usize {
        max.min(self.capacity / BACKGROUND_DIVISOR).max(1)
    }

    /// Queues an event and waits until it is committed.
    ///
    /// # Errors
    /// Returns an error if the event was not committed in time. The sender must retry.
    ///
    /// # Cancel safety
    /// If the future is dropped, a queued event is committed all the same.
    pub async fn submit(&self, event: Event) -> Result<Outcome, Rejection> {
        let (reply, result) = oneshot::channel();
        let permit = self.permits.try_acquire().map_err(|_| Rejection::Full)?;
        let writer = &self.writers[self.writer_of(&event)];
        writer.send(QueuedEvent { event, reply }).map_err(|_| Rejection::ShuttingDown)?;
        // The writer's end of the queue returns the permit.
        permit.forget();
        match tokio::time::timeout(self.timeout, result).await {
            Ok(Ok(result)) => result.map_err(Rejection::Store),
            Ok(Err(_)) => Err(Rejection::ShuttingDown),
            Err(_) => Err(Rejection::Timeout(self.timeout)),
        }
    }

    /// Returns the index of the writer for an event. All events of a user go to the same writer,
    /// because two writers on the same rows wait for each other's locks.
    fn writer_of(&self, event: &Event) -> usize {
        let mut hasher = DefaultHasher::new();
        event.subject.as_deref().unwrap_or(&event.id).hash(&mut hasher);
        usize::try_from(hasher.finish() % self.writers.len() as u64).unwrap_or_default()
    }
}

impl WriterQueue {
    /// Returns the number of events that are queued for this writer.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.events.len()
    }

    /// Waits for events and appends up to `max` of them to `batch`. Returns their number. Zero
    /// means that the queue is closed and empty.
    pub async fn receive(&mut self, batch: &mut Vec<QueuedEvent>, max: usize) -> usize {
        let received = self.events.recv_many(batch, max).await;
        self.permits.add_permits(received);
        received
    }
}
