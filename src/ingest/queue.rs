//! Bounded queue between the HTTP handlers and the database writers.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tracing::Span;

use super::{
    ByteBudget, Limits, ThreadAnswers,
    answers::WaitingSender,
    batch_queue::{self, Receiver, Sender},
    byte_budget::{BudgetFull, EventReservation},
};
use crate::{domain::decision::Outcome, objects::event::Event, store::StoreError};

/// The result of the commit of an event.
pub type CommitResult = Result<Outcome, Arc<StoreError>>;

/// An event in the queue.
#[derive(Debug)]
pub struct QueuedEvent {
    /// The event.
    pub event: Event,
    /// Sender that waits for its result.
    pub sender: WaitingSender,
    /// Its place, which is kept until the commit.
    pub place: Place,
    /// The span of its request.
    pub span: Span,
}

/// Place of an event that is not committed yet: its bytes, and the count of such events.
#[derive(Debug)]
pub struct Place {
    _bytes: EventReservation,
    uncommitted: Arc<AtomicUsize>,
}

impl Place {
    fn new(bytes: EventReservation, uncommitted: &Arc<AtomicUsize>) -> Self {
        uncommitted.fetch_add(1, Ordering::Relaxed);
        Self { _bytes: bytes, uncommitted: Arc::clone(uncommitted) }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.uncommitted.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The bounded queue in front of the writers. When its last clone is dropped, or when it is closed,
/// the writers commit what is queued, and end.
#[derive(Clone, Debug)]
pub struct Queue {
    writers: Arc<[Sender<QueuedEvent>]>,
    /// Free capacity, shared by all writer queues.
    permits: Arc<Semaphore>,
    capacity: usize,
    timeout: Duration,
    budget: ByteBudget,
    shutdown: QueueShutdown,
}

/// The receiving end of the queue for one writer.
#[derive(Debug)]
pub struct WriterQueue {
    events: Receiver<QueuedEvent>,
    permits: Arc<Semaphore>,
    closed: CancellationToken,
}

/// Closes a queue and counts its events. Unlike a clone of the queue, it does not keep the writers
/// running.
#[derive(Clone, Debug, Default)]
pub struct QueueShutdown {
    closed: CancellationToken,
    uncommitted: Arc<AtomicUsize>,
}

impl QueueShutdown {
    /// Rejects further events. The writers commit what is queued, and end.
    pub fn close(&self) {
        self.closed.cancel();
    }

    /// Returns the number of events that are not committed yet.
    #[must_use]
    pub fn uncommitted(&self) -> usize {
        self.uncommitted.load(Ordering::Relaxed)
    }
}

/// Reasons for rejecting an event with 503. Svix retries the delivery.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Rejection {
    /// The queue has reached its capacity.
    #[error("the event queue is full")]
    Full,
    /// The bodies in memory have reached their maximum size.
    #[error("the bodies in memory have reached server.max_pending_bytes")]
    BytesFull,
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
        let Limits { queue_capacity: capacity, max_pending_bytes, timeout, .. } = limits;
        let permits = Arc::new(Semaphore::new(capacity));
        let shutdown = QueueShutdown::default();
        let ends = (0..writers).map(|_| {
            let (sender, events) = batch_queue::channel();
            let (permits, closed) = (Arc::clone(&permits), shutdown.closed.clone());
            (sender, WriterQueue { events, permits, closed })
        });
        let (senders, ends): (Vec<_>, _) = ends.unzip();
        let (writers, budget) = (senders.into(), ByteBudget::new(max_pending_bytes));
        (Self { writers, permits, capacity, timeout, budget, shutdown }, ends)
    }

    /// Returns the byte budget, which queued events share with the bodies that are being received.
    #[must_use]
    pub fn budget(&self) -> &ByteBudget {
        &self.budget
    }

    /// Returns a handle that closes the queue.
    #[must_use]
    pub fn shutdown(&self) -> QueueShutdown {
        self.shutdown.clone()
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

    /// Queues an event of the service itself and waits until it is committed. If the events in
    /// memory have reached their maximum size, waits for room first.
    ///
    /// # Errors
    /// Returns an error if the event was not committed in time. The sender must retry.
    ///
    /// # Cancel safety
    /// If the future is dropped, a queued event is committed all the same.
    pub async fn submit(&self, event: Event) -> Result<Outcome, Rejection> {
        let reserved = self.budget.reserve(payload_bytes(&event));
        let reserved = tokio::time::timeout(self.timeout, reserved).await;
        self.enqueue(event, reserved.map_err(|_| Rejection::BytesFull)?, None).await
    }

    /// Queues the event of a delivery and waits until it is committed. `body` is the reservation of
    /// the delivery's body, which is in memory beside the event. `thread` is the way back to the thread of
    /// the request.
    ///
    /// # Errors
    /// Returns an error if the event was not committed in time. The sender must retry.
    ///
    /// # Cancel safety
    /// If the future is dropped, a queued event is committed all the same.
    pub async fn submit_delivery(
        &self,
        event: Event,
        mut body: EventReservation,
        thread: &ThreadAnswers,
    ) -> Result<Outcome, Rejection> {
        let grown = body.grow(&self.budget, payload_bytes(&event));
        grown.map_err(|BudgetFull| Rejection::BytesFull)?;
        self.enqueue(event, body, Some(thread.clone())).await
    }

    async fn enqueue(
        &self,
        event: Event,
        bytes: EventReservation,
        thread: Option<ThreadAnswers>,
    ) -> Result<Outcome, Rejection> {
        let (sender, result) = WaitingSender::new(thread);
        let permit = self.permits.try_acquire().map_err(|_| Rejection::Full)?;
        let writer = &self.writers[self.writer_of(&event)];
        let place = Place::new(bytes, &self.shutdown.uncommitted);
        if !writer.send(QueuedEvent { event, sender, place, span: Span::current() }) {
            return Err(Rejection::ShuttingDown);
        }
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

/// Returns the size of an event's payload in bytes.
fn payload_bytes(event: &Event) -> usize {
    event.payload.as_ref().map_or(0, String::len)
}

impl WriterQueue {
    /// Returns the number of events that are queued for this writer.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.events.waiting()
    }

    /// Waits until this many events are queued, or the queue is closed.
    ///
    /// # Cancel safety
    /// Dropping the future loses no event.
    pub async fn wait_for(&mut self, count: usize) {
        tokio::select! {
            biased;
            () = self.events.wait_for(count) => {}
            () = self.closed.cancelled() => self.events.close(),
        }
    }

    /// Appends up to `max` of the queued events to `batch`, and returns their number. After
    /// [`wait_for`](Self::wait_for), zero means that the queue is closed and empty.
    pub fn take(&mut self, batch: &mut Vec<QueuedEvent>, max: usize) -> usize {
        let taken = self.events.take(batch, max);
        self.permits.add_permits(taken);
        taken
    }
}
