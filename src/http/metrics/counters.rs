//! Counts deliveries and token requests.

use std::time::Duration;

use prometheus::{Histogram, HistogramOpts, IntCounterVec, Opts, Registry, exponential_buckets};

use super::{
    duplicates::DuplicateRun,
    unknown_fields::{OTHER, UnknownCounters},
};
use crate::{
    clerk::signature::Verified, domain::Millis, http::problem::Problem, ingest::IngestMetrics,
    objects::known_fields, push::metrics::PushMetrics,
};

/// Label of deliveries whose body has no readable event type.
const UNREADABLE: &str = "unreadable";

/// Counters since the start of the process, shared by all threads.
#[derive(Debug)]
pub struct Metrics {
    pub(super) registry: Registry,
    deliveries: IntCounterVec,
    rejections: IntCounterVec,
    matches: IntCounterVec,
    duration: Histogram,
    token_requests: IntCounterVec,
    failed_authentications: IntCounterVec,
    unknown: UnknownCounters,
    duplicates: DuplicateRun,
}

/// Accepted delivery, as the counters need it.
#[derive(Clone, Copy, Debug)]
pub struct AcceptedDelivery<'a> {
    /// Verified delivery.
    pub delivery: &'a Verified<'a>,
    /// Event type; `None` if the body does not contain it.
    pub kind: Option<&'a str>,
    /// Decision for the event.
    pub decision: &'static str,
}

impl Metrics {
    /// Creates and registers all counters.
    ///
    /// # Errors
    /// Returns an error if two metrics have the same name, which is a bug.
    pub fn new(ingest: &IngestMetrics, push: &PushMetrics) -> prometheus::Result<Self> {
        let registry = Registry::new();
        for collector in ingest.collectors().into_iter().chain(push.collectors()) {
            registry.register(collector)?;
        }
        let duration = HistogramOpts::new(
            "meetvo_delivery_duration_seconds",
            "Time from the headers of an accepted delivery to its response.",
        );
        let duration =
            Histogram::with_opts(duration.buckets(exponential_buckets(0.000_5, 2.0, 14)?))?;
        registry.register(Box::new(duration.clone()))?;
        let counters = |name, help, labels: &[&str]| {
            let counters = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(counters.clone()))?;
            Ok::<_, prometheus::Error>(counters)
        };
        let metrics = Self {
            deliveries: counters(
                "meetvo_deliveries_total",
                "Accepted deliveries, by event type and decision.",
                &["type", "decision"],
            )?,
            rejections: counters(
                "meetvo_rejections_total",
                "Rejected deliveries, by problem code.",
                &["reason"],
            )?,
            matches: counters(
                "meetvo_secret_matches_total",
                "Accepted deliveries, by label of the matching signing secret.",
                &["secret"],
            )?,
            token_requests: counters(
                "meetvo_token_requests_total",
                "Requests for the OAuth token of an account, by outcome.",
                &["outcome"],
            )?,
            failed_authentications: counters(
                "meetvo_failed_authentications_total",
                "Requests without valid credentials, by problem code.",
                &["reason"],
            )?,
            unknown: UnknownCounters::new(
                counters(
                    "meetvo_unknown_types_total",
                    "Deliveries of an event type that this version does not know.",
                    &["type"],
                )?,
                counters(
                    "meetvo_unknown_fields_total",
                    "Fields that this version does not know, in every 64th delivery of each type.",
                    &["type", "field"],
                )?,
            ),
            duplicates: DuplicateRun::default(),
            duration,
            registry,
        };
        Ok(metrics.with_alert_counters())
    }

    /// Creates the counters that alerts use. A counter that first appears with a nonzero value has
    /// no increase at that time.
    fn with_alert_counters(self) -> Self {
        for reason in
            ["commit_late", "database_unavailable", "pending_bytes_full", "queue_full", "stopping"]
        {
            self.rejections.with_label_values(&[reason]);
        }
        self
    }

    /// Counts an accepted delivery.
    pub fn count_accepted(&self, accepted: &AcceptedDelivery<'_>) {
        let AcceptedDelivery { delivery, kind, decision } = *accepted;
        let label = match kind {
            None => UNREADABLE,
            Some(kind) if known_fields::is_known_type(kind) => kind,
            Some(kind) => {
                self.unknown.count_type(kind);
                OTHER
            }
        };
        self.deliveries.with_label_values(&[label, decision]).inc();
        self.matches.with_label_values(&[&*delivery.secret]).inc();
        self.unknown.inspect(label, delivery.body);
        self.duplicates.record(accepted);
    }

    /// Returns the number of consecutive duplicates, if the newest one was sent after `since`.
    pub(in crate::http) fn consecutive_duplicates(&self, since: Millis) -> u64 {
        self.duplicates.count(since)
    }

    /// Records the time from the headers of an accepted delivery to its response.
    pub fn record_duration(&self, duration: Duration) {
        self.duration.observe(duration.as_secs_f64());
    }

    /// Counts a rejected delivery.
    pub(in crate::http) fn count_rejected(&self, problem: &Problem) {
        self.count_rejected_as(problem.code());
    }

    /// Counts a rejected delivery by its reason.
    pub(in crate::http) fn count_rejected_as(&self, reason: &str) {
        self.rejections.with_label_values(&[reason]).inc();
    }

    /// Counts a request without valid credentials.
    pub(in crate::http) fn count_failed_authentication(&self, problem: &Problem) {
        self.failed_authentications.with_label_values(&[problem.code()]).inc();
    }

    /// Counts a request for the token of an account.
    pub(in crate::http) fn count_token_request<T>(&self, result: &Result<T, Problem>) {
        let outcome = result.as_ref().map_or_else(Problem::code, |_| "ok");
        self.token_requests.with_label_values(&[outcome]).inc();
    }
}
