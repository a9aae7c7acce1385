//! Submission of fetched objects to the queue, and the counts of their decisions.

use futures_util::{StreamExt, TryStreamExt, stream};

use crate::{
    domain::decision::{Decision, Outcome},
    ingest::{Queue, queue::Rejection},
    objects::event::Event,
};

/// Maximum number of events in the queue at a time.
const MAX_QUEUED: usize = 256;

/// Number of fetched objects for each outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Objects that changed the stored data.
    pub applied: u64,
    /// Objects whose state, or a newer one, was already stored.
    pub unchanged: u64,
    /// Objects of deleted users.
    pub tombstoned: u64,
    /// Objects that could not be decoded. The event log has them with the decision `failed`.
    pub failed: u64,
}

impl Summary {
    /// Submits events to the queue and adds their outcomes to the counts.
    pub(super) async fn submit(
        &mut self,
        queue: &Queue,
        events: Vec<Event>,
    ) -> Result<(), Rejection> {
        let submitted = stream::iter(events).map(|event| queue.submit(event));
        let mut outcomes = submitted.buffered(queue.background_limit(MAX_QUEUED));
        while let Some(outcome) = outcomes.try_next().await? {
            self.add(outcome);
        }
        Ok(())
    }

    fn add(&mut self, outcome: Outcome) {
        let count = match outcome {
            Outcome::Recorded(Decision::Applied) => &mut self.applied,
            Outcome::Recorded(Decision::Tombstoned) => &mut self.tombstoned,
            Outcome::Recorded(Decision::Failed) => &mut self.failed,
            Outcome::Recorded(_) | Outcome::Duplicate => &mut self.unchanged,
        };
        *count += 1;
    }
}
