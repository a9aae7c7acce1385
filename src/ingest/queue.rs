//! Where deliveries wait for their commit.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use tokio::sync::{Semaphore, mpsc, oneshot};

use super::Limits;
use crate::{
    domain::event::{Decision, Event, Outcome},
    store::StoreError,
};

/// What a delivery is told once its batch is through.
pub(super) type Reply = Result<Outcome, Arc<StoreError>>;

/// An event on its way, with whom to tell.
pub(super) struct Job {
    pub(super) event: Event,
    pub(super) reply: oneshot::Sender<Reply>,
}

/// The bounded queue in front of the writers. When the last clone is dropped, they finish what is
/// queued and end.
#[derive(Clone, Debug)]
pub struct Queue {
    /// A way to each writer.
    lanes: Arc<[mpsc::UnboundedSender<Job>]>,
    /// How many more may wait, in all lanes together.
    places: Arc<Semaphore>,
    capacity: usize,
    timeout: Duration,
}

/// What waits for one of the writers.
#[derive(Debug)]
pub(super) struct Lane {
    jobs: mpsc::UnboundedReceiver<Job>,
    places: Arc<Semaphore>,
}

/// Why an event was not committed in time. Svix sends it again.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Rejection {
    /// As many wait as may.
    #[error("too many events are waiting")]
    Full,
    /// It waits still, and may yet be committed: the next delivery will tell.
    #[error("the commit took longer than {0:?}")]
    Late(Duration),
    /// The database did not take it.
    #[error(transparent)]
    Store(Arc<StoreError>),
    /// The service is stopping.
    #[error("the service is stopping")]
    Stopping,
}

/// The part of the queue, as its divisor, that work of our own may fill: the most of it is for
/// deliveries.
const SHARE: usize = 4;

impl Queue {
    pub(super) fn new(limits: Limits) -> (Self, Lane) {
        let places = Arc::new(Semaphore::new(limits.queue_capacity));
        let (jobs, lane) = Lane::new(&places);
        (Self::over([jobs], places, limits), lane)
    }

    /// A queue in front of so many writers.
    pub(super) fn shared(limits: Limits, writers: usize) -> (Self, Vec<Lane>) {
        let places = Arc::new(Semaphore::new(limits.queue_capacity));
        let lanes = (0..writers).map(|_| Lane::new(&places));
        let (jobs, lanes): (Vec<_>, _) = lanes.unzip();
        (Self::over(jobs, places, limits), lanes)
    }

    fn over(
        lanes: impl Into<Arc<[mpsc::UnboundedSender<Job>]>>,
        places: Arc<Semaphore>,
        limits: Limits,
    ) -> Self {
        let Limits { queue_capacity: capacity, timeout, .. } = limits;
        Self { lanes: lanes.into(), places, capacity, timeout }
    }

    /// A queue behind which nobody writes: every event is answered at once, and none is kept. What is
    /// measured with it is all that lies in front of a writer.
    pub fn to_nowhere(limits: Limits) -> (Self, impl Future<Output = ()>) {
        let (queue, mut lane) = Self::new(limits);
        let answer = async move {
            let mut jobs = Vec::with_capacity(limits.batch_size);
            while lane.take(&mut jobs, limits.batch_size).await > 0 {
                for Job { event, reply } in jobs.drain(..) {
                    drop(event);
                    drop(reply.send(Ok(Outcome::Recorded(Decision::Applied))));
                }
            }
        };
        (queue, answer)
    }

    /// How many wait for a writer.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.capacity.saturating_sub(self.places.available_permits())
    }

    /// How many may.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// How many events work of our own may have waiting, of as many as it would like.
    #[must_use]
    pub fn share(&self, most: usize) -> usize {
        most.min(self.capacity / SHARE).max(1)
    }

    /// Queues an event and waits until it is durable.
    ///
    /// # Errors
    /// When it was not committed, or not in time. Nothing is lost: the sender tries again.
    pub async fn submit(&self, event: Event) -> Result<Outcome, Rejection> {
        let (reply, answer) = oneshot::channel();
        let place = self.places.try_acquire().map_err(|_| Rejection::Full)?;
        let lane = &self.lanes[self.lane_of(&event)];
        lane.send(Job { event, reply }).map_err(|_| Rejection::Stopping)?;
        // The writer gives it back.
        place.forget();
        match tokio::time::timeout(self.timeout, answer).await {
            Ok(Ok(reply)) => reply.map_err(Rejection::Store),
            Ok(Err(_)) => Err(Rejection::Stopping),
            Err(_) => Err(Rejection::Late(self.timeout)),
        }
    }

    /// What is about one user goes to one writer: two would wait for each other.
    fn lane_of(&self, event: &Event) -> usize {
        let mut hasher = DefaultHasher::new();
        event.subject.as_deref().unwrap_or(&event.id).hash(&mut hasher);
        usize::try_from(hasher.finish() % self.lanes.len() as u64).unwrap_or_default()
    }
}

impl Lane {
    fn new(places: &Arc<Semaphore>) -> (mpsc::UnboundedSender<Job>, Self) {
        let (sender, jobs) = mpsc::unbounded_channel();
        (sender, Self { jobs, places: Arc::clone(places) })
    }

    /// How many wait here.
    pub(super) fn waiting(&self) -> usize {
        self.jobs.len()
    }

    /// Waits for some, and takes as many as there are up to a number. None means that no more come.
    pub(super) async fn take(&mut self, jobs: &mut Vec<Job>, most: usize) -> usize {
        let taken = self.jobs.recv_many(jobs, most).await;
        self.places.add_permits(taken);
        taken
    }
}
