//! Commits decoded events: a bounded queue, and the database writers behind it.
//!
//! | module | content |
//! |---|---|
//! | [`queue`] | the bounded queue, and the reasons for which it rejects an event |
//! | [`writer`] | the writers, which commit events in batches |
//! | [`commit_health`] | whether the newest commits succeeded |
//! | [`metrics`] | sizes, durations and failures of commits |

pub mod commit_health;
pub mod metrics;
pub mod queue;
pub mod writer;

use std::time::Duration;

pub use self::{commit_health::CommitHealth, metrics::IngestMetrics, queue::Queue, writer::Writer};

/// Limits of the queue and of its batches.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Maximum number of queued events.
    pub queue_capacity: usize,
    /// Maximum number of events in one transaction.
    pub batch_size: usize,
    /// Maximum time that a delivery waits for its commit before it is rejected with 503.
    pub timeout: Duration,
}
