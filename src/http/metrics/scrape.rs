//! Renders all metrics. Gauges are measured at the time of the scrape.

use prometheus::{
    Gauge, GaugeVec, IntCounter, IntCounterVec, Opts, Registry, TextEncoder, proto::MetricFamily,
};

use crate::{
    http::{State, service_status::ServiceStatus, timestamp::seconds},
    store::push::endpoints::StoredEndpoint,
    telemetry,
};

/// Returns all metrics in the Prometheus text format.
pub(super) async fn text(state: &State) -> prometheus::Result<String> {
    TextEncoder::new().encode_to_string(&families(state).await?)
}

/// Returns all metrics.
///
/// # Errors
/// Returns an error if two metrics have the same name.
pub async fn families(state: &State) -> prometheus::Result<Vec<MetricFamily>> {
    let status = ServiceStatus::read(state).await;
    let gauges = Gauges::default();
    gauges.add_labeled(
        "meetvo_build_info",
        "Version of the service, and the source revision that it was built from.",
        ["version", "revision"],
        [([status.version, status.revision], 1.0)],
    )?;
    gauges.add(
        "meetvo_queue_events",
        "Events that wait for a writer.",
        count(status.queue.waiting),
    )?;
    let help = "Maximum number of events that wait for a writer.";
    gauges.add("meetvo_queue_capacity", help, count(status.queue.capacity))?;
    let budget = state.queue.budget();
    let help = "Bytes of the bodies and events in memory.";
    gauges.add("meetvo_pending_bytes", help, count(budget.used()))?;
    let help = "Maximum number of bytes of the bodies and events in memory.";
    gauges.add("meetvo_pending_bytes_limit", help, count(budget.capacity()))?;
    connections(&gauges, state)?;
    unreadable_rows(&gauges, state)?;
    dropped_log_lines(&gauges)?;
    if let Some(offset) = status.clock_offset_seconds {
        let help = "Seconds by which this clock is ahead of the sender's clock.";
        gauges.add("meetvo_clock_offset_seconds", help, offset)?;
    }
    let help = "Whether the database answered during the scrape: 1 or 0.";
    gauges.add("meetvo_database_up", help, count(usize::from(status.events.is_some())))?;
    let help = "Whether the database accepts the writes of deliveries: 1 or 0.";
    gauges.add("meetvo_database_writable", help, count(usize::from(status.accepts_writes)))?;
    stored(&gauges, &status)?;
    gauges.add_labeled(
        "meetvo_status",
        "Service status: 1 for the current color.",
        ["light"],
        [([status.color()], 1.0)],
    )?;
    let reasons = status.reasons.iter().map(|finding| ([finding.code], 1.0));
    gauges.add_labeled(
        "meetvo_status_reason",
        "Findings of the status: 1 for each current one.",
        ["code"],
        reasons,
    )?;

    let mut families = state.metrics.registry.gather();
    families.extend(gauges.0.gather());
    Ok(families)
}

fn connections(gauges: &Gauges, state: &State) -> prometheus::Result<()> {
    let connections = state.store.connections();
    let states = [(["idle"], count(connections.idle)), (["used"], count(connections.used))];
    let name = "meetvo_database_connections";
    gauges.add_labeled(name, "Read connections to the database, by state.", ["state"], states)?;
    let help = "Maximum number of read connections to the database.";
    gauges.add("meetvo_database_connections_limit", help, count(connections.limit))
}

fn unreadable_rows(gauges: &Gauges, state: &State) -> prometheus::Result<()> {
    let help = "Reads of stored rows that cannot be decoded, by table.";
    let counters = IntCounterVec::new(Opts::new("meetvo_unreadable_rows_total", help), &["table"])?;
    for (table, reads) in state.store.unreadable_rows() {
        counters.with_label_values(&[table]).inc_by(reads);
    }
    gauges.0.register(Box::new(counters))
}

fn dropped_log_lines(gauges: &Gauges) -> prometheus::Result<()> {
    let help = "Log lines that the queue had no room for, or that could not be written.";
    let counter = IntCounter::new("meetvo_log_lines_dropped_total", help)?;
    counter.inc_by(telemetry::dropped_log_lines());
    gauges.0.register(Box::new(counter))
}

/// Adds the gauges of the database, which are the same on every replica.
fn stored(gauges: &Gauges, status: &ServiceStatus) -> prometheus::Result<()> {
    if let Some(events) = &status.events {
        if let Some(newest) = events.last_delivery() {
            let help = "Time of the last verified delivery, accurate to one minute.";
            gauges.add("meetvo_newest_event_timestamp_seconds", help, seconds(newest))?;
        }
        gauges.add_labeled(
            "meetvo_secret_last_use_timestamp_seconds",
            "Time at which the signing secret last matched.",
            ["secret"],
            events.secrets.iter().map(|it| ([&*it.label], seconds(it.last_used_at.0))),
        )?;
    }
    endpoints(gauges, &status.endpoints)?;
    let Some(drift) = &status.drift else { return Ok(()) };
    if let Some(ended) = drift.ended_at {
        let help = "End of the last drift check.";
        gauges.add("meetvo_drift_checked_timestamp_seconds", help, seconds(ended.0))?;
    }
    let counts = drift.types.iter().flat_map(|of_type| {
        let counts = of_type.counts().into_iter();
        counts.map(|(name, count)| ([of_type.object, name], float(count)))
    });
    gauges.add_labeled(
        "meetvo_drift_objects",
        "Objects that differ from Clerk, by type and kind of difference.",
        ["object", "difference"],
        counts,
    )
}

/// Adds the numbers of endpoints to which changes are pushed.
fn endpoints(gauges: &Gauges, endpoints: &[StoredEndpoint]) -> prometheus::Result<()> {
    let state = |endpoint: &StoredEndpoint| match (&endpoint.disabled, endpoint.failing_since) {
        (Some(_), _) => "disabled",
        (None, Some(_)) => "failing",
        (None, None) => "healthy",
    };
    let states = ["healthy", "failing", "disabled"];
    let counts = states.map(|name| {
        ([name], count(endpoints.iter().filter(|endpoint| state(endpoint) == name).count()))
    });
    let help = "Endpoints to which changes are pushed, by state.";
    gauges.add_labeled("meetvo_push_endpoints", help, ["state"], counts)
}

/// Gauges and counters of one response that are kept outside the registry.
#[derive(Default)]
struct Gauges(Registry);

impl Gauges {
    /// Adds a gauge without labels.
    fn add(&self, name: &str, help: &str, value: f64) -> prometheus::Result<()> {
        let gauge = Gauge::new(name, help)?;
        gauge.set(value);
        self.0.register(Box::new(gauge))
    }

    /// Adds gauges with labels.
    fn add_labeled<'l, const N: usize>(
        &self,
        name: &str,
        help: &str,
        labels: [&str; N],
        values: impl IntoIterator<Item = ([&'l str; N], f64)>,
    ) -> prometheus::Result<()> {
        let gauges = GaugeVec::new(Opts::new(name, help), &labels)?;
        for (labels, value) in values {
            gauges.with_label_values(&labels).set(value);
        }
        self.0.register(Box::new(gauges))
    }
}

#[expect(clippy::cast_precision_loss, reason = "f64 is exact for these counts")]
fn count(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "f64 is exact for any number of users")]
fn float(count: u64) -> f64 {
    count as f64
}
