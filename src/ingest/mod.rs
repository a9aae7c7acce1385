//! Commits decoded events: a bounded queue, and the database writers behind it.
//!
//! | module | content |
//! |---|---|
//! | [`queue`] | the bounded queue, and the reasons for which it rejects an event |
//! | [`batch_queue`] | the queue of one writer, which wakes it when enough events wait |
//! | [`answers`] | the way of the results back to the senders |
//! | [`byte_budget`] | the limit of the bodies and events in memory |
//! | [`writer`] | the writers, which commit events in batches |
//! | [`commit_health`] | whether the newest commits succeeded |
//! | [`metrics`] | sizes, durations and failures of commits |

pub mod answers;
mod batch_queue;
pub mod byte_budget;
pub mod commit_health;
pub mod metrics;
pub mod queue;
pub mod writer;

use std::time::Duration;

pub use self::{
    answers::ThreadAnswers,
    byte_budget::ByteBudget,
    commit_health::CommitHealth,
    metrics::IngestMetrics,
    queue::{Queue, QueueShutdown},
    writer::Writer,
};

/// Limits of the queue and of its batches.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Maximum number of queued events.
    pub queue_capacity: usize,
    /// Maximum size in bytes of the bodies and events in memory.
    pub max_pending_bytes: usize,
    /// Maximum number of events in one transaction.
    pub batch_size: usize,
    /// Maximum time that a delivery waits for its commit before it is rejected with 503.
    pub timeout: Duration,
}
