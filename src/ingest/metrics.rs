//! Metrics of the database writers.

use std::time::Duration;

use prometheus::{
    Histogram, HistogramOpts, IntCounter, IntCounterVec, Opts, core::Collector, exponential_buckets,
};

use super::CommitHealth;
use crate::{domain::decision::Outcome, objects::event::Event, store::StoreError};

/// Sizes, durations and failures of commits, and the contents of events. Clones share their values.
#[derive(Clone, Debug)]
pub struct IngestMetrics {
    health: CommitHealth,
    batch: Histogram,
    commit: Histogram,
    failures: IntCounter,
    field_faults: IntCounterVec,
}

impl IngestMetrics {
    /// Creates the metrics, all of them zero.
    ///
    /// # Errors
    /// Returns an error if a metric's name is invalid, which is a bug.
    pub fn new() -> prometheus::Result<Self> {
        let batch = HistogramOpts::new("meetvo_batch_events", "Number of events in one commit.");
        let commit =
            HistogramOpts::new("meetvo_commit_duration_seconds", "Duration of one commit.");
        let failures = "Number of batches that were not committed.";
        let field_faults = Opts::new(
            "meetvo_field_faults_total",
            "Events with an optional field of another JSON type than Clerk documents, by field.",
        );
        Ok(Self {
            health: CommitHealth::default(),
            batch: Histogram::with_opts(batch.buckets(exponential_buckets(1.0, 2.0, 10)?))?,
            commit: Histogram::with_opts(commit.buckets(exponential_buckets(0.000_5, 2.0, 14)?))?,
            failures: IntCounter::new("meetvo_commit_failures_total", failures)?,
            field_faults: IntCounterVec::new(field_faults, &["field"])?,
        })
    }

    /// Returns whether the newest commits succeeded.
    #[must_use]
    pub fn health(&self) -> &CommitHealth {
        &self.health
    }

    /// Returns all metrics, for a registry.
    #[must_use]
    pub fn collectors(&self) -> [Box<dyn Collector>; 4] {
        [
            Box::new(self.batch.clone()),
            Box::new(self.commit.clone()),
            Box::new(self.failures.clone()),
            Box::new(self.field_faults.clone()),
        ]
    }

    #[expect(clippy::cast_precision_loss, reason = "a batch has at most a few hundred events")]
    pub(super) fn record_commit(&self, events: usize, duration: Duration) {
        self.batch.observe(events as f64);
        self.commit.observe(duration.as_secs_f64());
    }

    /// Counts the field faults of events that were recorded. A duplicate was counted before.
    pub(super) fn record_field_faults(&self, events: &[Event], outcomes: &[Outcome]) {
        let recorded = events.iter().zip(outcomes);
        let recorded = recorded.filter(|(_, outcome)| matches!(outcome, Outcome::Recorded(_)));
        for field in recorded.flat_map(|(event, _)| &event.field_faults) {
            self.field_faults.with_label_values(&[field]).inc();
        }
    }

    pub(super) fn record_failure(&self, error: &StoreError) {
        self.failures.inc();
        self.health.record_failure(error);
    }
}
