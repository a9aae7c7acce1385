//! What the writers measure of themselves.

use std::time::Duration;

use prometheus::{Histogram, HistogramOpts, IntCounter, core::Collector, exponential_buckets};

/// How large the batches are, and how long they take. Clones measure the same.
#[derive(Clone, Debug)]
pub struct Meters {
    batch: Histogram,
    commit: Histogram,
    failures: IntCounter,
}

impl Meters {
    /// Meters at zero.
    ///
    /// # Errors
    /// When a name is none, which is a fault of this program.
    pub fn new() -> prometheus::Result<Self> {
        let batch = HistogramOpts::new("meetvo_batch_events", "Events in one commit.");
        let commit =
            HistogramOpts::new("meetvo_commit_duration_seconds", "How long a commit took.");
        let failures = "Batches that the database did not take.";
        Ok(Self {
            batch: Histogram::with_opts(batch.buckets(exponential_buckets(1.0, 2.0, 10)?))?,
            commit: Histogram::with_opts(commit.buckets(exponential_buckets(0.000_5, 2.0, 14)?))?,
            failures: IntCounter::new("meetvo_commit_failures_total", failures)?,
        })
    }

    /// All of them, to be shown.
    #[must_use]
    pub fn collectors(&self) -> [Box<dyn Collector>; 3] {
        [
            Box::new(self.batch.clone()),
            Box::new(self.commit.clone()),
            Box::new(self.failures.clone()),
        ]
    }

    #[expect(clippy::cast_precision_loss, reason = "a batch has some hundred events")]
    pub(super) fn committed(&self, events: usize, took: Duration) {
        self.batch.observe(events as f64);
        self.commit.observe(took.as_secs_f64());
    }

    pub(super) fn failed(&self) {
        self.failures.inc();
    }
}
