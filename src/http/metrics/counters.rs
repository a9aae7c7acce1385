//! What is counted as deliveries come.

use std::time::Duration;

use prometheus::{Histogram, HistogramOpts, IntCounterVec, Opts, Registry, exponential_buckets};

use super::{
    unknown_fields::{OTHER, UnknownCounters},
    offset::Offset,
};
use crate::{
    clerk::{known_fields, signature::Verified},
    domain::Millis,
    http::problem::Problem,
    ingest::IngestMetrics,
};

/// The type of what does not say.
const UNREADABLE: &str = "unreadable";

/// What deliveries come to, since the start. One for all threads.
#[derive(Debug)]
pub struct Metrics {
    pub(super) registry: Registry,
    offset: Offset,
    deliveries: IntCounterVec,
    rejections: IntCounterVec,
    matches: IntCounterVec,
    duration: Histogram,
    token_requests: IntCounterVec,
    unknown: UnknownCounters,
}

/// A delivery that was taken.
#[derive(Clone, Copy, Debug)]
pub struct Taken<'a> {
    /// What was signed.
    pub delivery: &'a Verified<'a>,
    /// Its type; none where the body does not say.
    pub kind: Option<&'a str>,
    /// What became of it.
    pub decision: &'static str,
    /// When it came.
    pub now: Millis,
}

impl Metrics {
    /// Everything at zero.
    ///
    /// # Errors
    /// When two have one name, which is a fault of this program.
    pub fn new(meters: &IngestMetrics) -> prometheus::Result<Self> {
        let registry = Registry::new();
        for collector in meters.collectors() {
            registry.register(collector)?;
        }
        let duration = HistogramOpts::new(
            "meetvo_delivery_duration_seconds",
            "From the headers of a delivery that is taken to its answer.",
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
                "Verified deliveries that were taken, by type and by what became of them.",
                &["type", "decision"],
            )?,
            rejections: counters(
                "meetvo_rejections_total",
                "Deliveries that were refused, by the code of the problem.",
                &["reason"],
            )?,
            matches: counters(
                "meetvo_secret_matches_total",
                "Deliveries that were taken, by the label of the signing secret that matched.",
                &["secret"],
            )?,
            token_requests: counters(
                "meetvo_token_requests_total",
                "Requests for the OAuth token of an account, by what they came to.",
                &["outcome"],
            )?,
            unknown: UnknownCounters::new(
                counters(
                    "meetvo_unknown_types_total",
                    "Deliveries of a type that this version does not know.",
                    &["type"],
                )?,
                counters(
                    "meetvo_unknown_fields_total",
                    "Fields that this version does not know, in one of 64 deliveries of each type.",
                    &["type", "field"],
                )?,
            ),
            offset: Offset::default(),
            duration,
            registry,
        };
        Ok(metrics.at_zero())
    }

    /// Has what an alarm looks at from the start: what is there from its first burst on never seems to
    /// have grown by that.
    fn at_zero(self) -> Self {
        for reason in ["commit_late", "database_unavailable", "queue_full", "stopping"] {
            self.rejections.with_label_values(&[reason]);
        }
        self
    }

    /// Counts a delivery that was taken.
    pub fn taken(&self, taken: &Taken<'_>) {
        let Taken { delivery, kind, decision, now } = *taken;
        let label = match kind {
            None => UNREADABLE,
            Some(kind) if known_fields::is_known_type(kind) => kind,
            Some(kind) => {
                self.unknown.saw_type(kind);
                OTHER
            }
        };
        self.deliveries.with_label_values(&[label, decision]).inc();
        self.matches.with_label_values(&[&*delivery.secret]).inc();
        self.offset.saw(now - delivery.attempted_at, now);
        self.unknown.look(label, delivery.body);
    }

    /// How far our clock was before that of whoever sent the deliveries of the last minutes, in
    /// milliseconds.
    pub(in crate::http) fn offset(&self, now: Millis) -> Option<Millis> {
        self.offset.get(now)
    }

    /// Keeps how long it took to answer a delivery that was taken.
    pub fn answered(&self, took: Duration) {
        self.duration.observe(took.as_secs_f64());
    }

    /// Counts a delivery that was refused.
    pub(in crate::http) fn refused(&self, problem: &Problem) {
        self.rejections.with_label_values(&[problem.code()]).inc();
    }

    /// Counts a request for the token of an account.
    pub(in crate::http) fn token_asked<T>(&self, answer: &Result<T, Problem>) {
        let outcome = answer.as_ref().map_or_else(Problem::code, |_| "ok");
        self.token_requests.with_label_values(&[outcome]).inc();
    }
}
