//! From a verified event to a committed one: a bounded queue, and the one writer behind it.
//!
//! | module | holds |
//! |---|---|
//! | [`queue`] | where deliveries wait for their answer, or are told at once that there is no room |
//! | [`writer`] | the group commit: what queued up during one commit is the next batch |

pub mod queue;
pub mod writer;

use std::time::Duration;

pub use self::{queue::Queue, writer::Writer};

/// How much may wait, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Events that may wait for the writer.
    pub queue_capacity: usize,
    /// Events in one transaction, at the most.
    pub batch_size: usize,
    /// How long a delivery waits for its commit before it is told to come again.
    pub timeout: Duration,
}
