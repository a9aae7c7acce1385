//! Metrics of the messages.

use std::time::Duration;

use prometheus::{
    Histogram, HistogramOpts, IntCounterVec, Opts, core::Collector, exponential_buckets,
};

use super::targets::Reply;

/// Attempts to deliver messages, and their durations. Clones share their values.
#[derive(Clone, Debug)]
pub struct PushMetrics {
    attempts: IntCounterVec,
    duration: Histogram,
}

impl PushMetrics {
    /// Creates the metrics, all of them zero.
    ///
    /// # Errors
    /// Returns an error if a metric's name is invalid, which is a bug.
    pub fn new() -> prometheus::Result<Self> {
        let attempts = Opts::new(
            "meetvo_push_attempts_total",
            "Attempts to deliver messages to endpoints, by outcome.",
        );
        let duration = HistogramOpts::new(
            "meetvo_push_duration_seconds",
            "Duration of one attempt to deliver a message.",
        );
        let duration = duration.buckets(exponential_buckets(0.001, 2.0, 15)?);
        Ok(Self {
            attempts: IntCounterVec::new(attempts, &["outcome"])?,
            duration: Histogram::with_opts(duration)?,
        })
    }

    /// Returns all metrics, for a registry.
    #[must_use]
    pub fn collectors(&self) -> [Box<dyn Collector>; 2] {
        [Box::new(self.attempts.clone()), Box::new(self.duration.clone())]
    }

    /// Records an attempt.
    pub(super) fn record(&self, reply: &Reply, duration: Duration) {
        let outcome = if reply.is_delivered() { "delivered" } else { "failed" };
        self.attempts.with_label_values(&[outcome]).inc();
        self.duration.observe(duration.as_secs_f64());
    }
}
