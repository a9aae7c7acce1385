//! From a verified event to a committed one: a bounded queue, and the writers behind it.
//!
//! | module | holds |
//! |---|---|
//! | [`queue`] | where deliveries wait for their answer, or are told at once that there is no room |
//! | [`meters`] | how large the batches are, and how long they take |
//! | [`writer`] | the group commit: what queued up during one commit is the next batch |

pub mod meters;
pub mod queue;
pub mod writer;

use std::time::Duration;

pub use self::{meters::Meters, queue::Queue, writer::Writer};

/// How much may wait, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Events that may wait for a writer.
    pub queue_capacity: usize,
    /// Events in one transaction, at the most.
    pub batch_size: usize,
    /// How long a delivery waits for its commit before it is told to come again.
    pub timeout: Duration,
}
