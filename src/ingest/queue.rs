//! Where deliveries wait for their commit.

use std::{sync::Arc, time::Duration};

use tokio::sync::{mpsc, oneshot};

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

/// The bounded queue in front of the writer. When the last clone is dropped, the writer finishes
/// what is queued and ends.
#[derive(Clone, Debug)]
pub struct Queue {
    jobs: mpsc::Sender<Job>,
    timeout: Duration,
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

impl Queue {
    pub(super) fn new(limits: Limits) -> (Self, mpsc::Receiver<Job>) {
        let (jobs, queued) = mpsc::channel(limits.queue_capacity);
        (Self { jobs, timeout: limits.timeout }, queued)
    }

    /// A queue behind which nobody writes: every event is answered at once, and none is kept. What is
    /// measured with it is all that lies in front of a writer.
    pub fn to_nowhere(limits: Limits) -> (Self, impl Future<Output = ()>) {
        let (queue, mut queued) = Self::new(limits);
        let answer = async move {
            let mut jobs = Vec::with_capacity(limits.batch_size);
            while queued.recv_many(&mut jobs, limits.batch_size).await > 0 {
                for Job { event, reply } in jobs.drain(..) {
                    drop(event);
                    drop(reply.send(Ok(Outcome::Recorded(Decision::Applied))));
                }
            }
        };
        (queue, answer)
    }

    /// How many wait for the writer.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.capacity() - self.jobs.capacity()
    }

    /// How many may.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.jobs.max_capacity()
    }

    /// Queues an event and waits until it is durable.
    ///
    /// # Errors
    /// When it was not committed, or not in time. Nothing is lost: the sender tries again.
    pub async fn submit(&self, event: Event) -> Result<Outcome, Rejection> {
        let (reply, answer) = oneshot::channel();
        self.jobs.try_send(Job { event, reply }).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => Rejection::Full,
            mpsc::error::TrySendError::Closed(_) => Rejection::Stopping,
        })?;
        match tokio::time::timeout(self.timeout, answer).await {
            Ok(Ok(reply)) => reply.map_err(Rejection::Store),
            Ok(Err(_)) => Err(Rejection::Stopping),
            Err(_) => Err(Rejection::Late(self.timeout)),
        }
    }
}
