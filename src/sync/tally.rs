//! What was fetched, on its way to the writer.

use futures_util::{StreamExt, TryStreamExt, stream};

use crate::{
    domain::event::{Decision, Event, Outcome},
    ingest::{Queue, queue::Rejection},
};

/// How many events wait for the writer at a time.
const AT_ONCE: usize = 256;

/// What became of what was fetched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// So many changed something.
    pub applied: u64,
    /// So many were there already, or something newer was.
    pub unchanged: u64,
    /// So many are of deleted users.
    pub tombstoned: u64,
    /// So many were not understood. They are kept, as events that failed.
    pub failed: u64,
}

impl Summary {
    /// Submits events, and counts what becomes of them.
    pub(super) async fn submit(
        &mut self,
        queue: &Queue,
        events: Vec<Event>,
    ) -> Result<(), Rejection> {
        let submitted = stream::iter(events).map(|event| queue.submit(event));
        let mut outcomes = submitted.buffered(queue.background_limit(AT_ONCE));
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
