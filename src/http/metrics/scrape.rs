//! Renders all metrics. Gauges are measured at the time of the scrape.

use prometheus::{Gauge, GaugeVec, Opts, Registry, TextEncoder};

use crate::http::{State, timestamp::seconds, service_status::ServiceStatus};

/// Returns all metrics in the Prometheus text format.
pub(super) async fn text(state: &State) -> prometheus::Result<String> {
    let status = ServiceStatus::read(state).await;
    let gauges = Gauges::default();
    gauges.of(
        "meetvo_build_info",
        "The version of this program, and what it was built from.",
        ["version", "revision"],
        [([status.version, status.revision], 1.0)],
    )?;
    gauges.one(
        "meetvo_queue_events",
        "Events that wait for a writer.",
        count(status.queue.waiting),
    )?;
    let help = "Events that may wait; one more is refused.";
    gauges.one("meetvo_queue_capacity", help, count(status.queue.capacity))?;
    connections(&gauges, state)?;
    if let Some(offset) = status.clock_offset_seconds {
        let help = "How far this clock is before the sender's of the deliveries.";
        gauges.one("meetvo_clock_offset_seconds", help, offset)?;
    }
    let help = "Whether the database answered.";
    gauges.one("meetvo_database_up", help, count(usize::from(status.events.is_some())))?;
    stored(&gauges, &status)?;
    gauges.of("meetvo_status", "How it goes.", ["light"], [([status.color()], 1.0)])?;
    let reasons = status.reasons.iter().map(|finding| ([finding.code], 1.0));
    gauges.of("meetvo_status_reason", "Why it does not go well.", ["code"], reasons)?;

    let mut families = state.metrics.registry.gather();
    families.extend(gauges.0.gather());
    TextEncoder::new().encode_to_string(&families)
}

fn connections(gauges: &Gauges, state: &State) -> prometheus::Result<()> {
    let connections = state.store.connections();
    let states = [(["idle"], count(connections.idle)), (["used"], count(connections.used))];
    let name = "meetvo_database_connections";
    gauges.of(name, "Connections for reading.", ["state"], states)?;
    let help = "Connections for reading that there may be.";
    gauges.one("meetvo_database_connections_limit", help, count(connections.limit))
}

/// Adds the gauges of the database, which are the same on every replica.
fn stored(gauges: &Gauges, status: &ServiceStatus) -> prometheus::Result<()> {
    if let Some(events) = &status.events {
        if let Some(newest) = events.last_delivery() {
            let help = "When a delivery was last verified, give or take a minute.";
            gauges.one("meetvo_newest_event_timestamp_seconds", help, seconds(newest))?;
        }
        gauges.of(
            "meetvo_secret_last_use_timestamp_seconds",
            "When a signing secret last matched.",
            ["secret"],
            events.secrets.iter().map(|it| ([&*it.label], seconds(it.last_used_at.0))),
        )?;
    }
    let Some(drift) = &status.drift else { return Ok(()) };
    if let Some(ended) = drift.ended_at {
        let help = "When the users were last compared with Clerk's.";
        gauges.one("meetvo_drift_checked_timestamp_seconds", help, seconds(ended.0))?;
    }
    let counts = drift.counts().filter_map(|(name, count)| Some(([name], float(count?))));
    gauges.of(
        "meetvo_drift_users",
        "Users who are not as Clerk has them, by what is the matter.",
        ["difference"],
        counts,
    )
}

/// Gauges of one response.
#[derive(Default)]
struct Gauges(Registry);

impl Gauges {
    fn one(&self, name: &str, help: &str, value: f64) -> prometheus::Result<()> {
        let gauge = Gauge::new(name, help)?;
        gauge.set(value);
        self.0.register(Box::new(gauge))
    }

    fn of<'l, const N: usize>(
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

#[expect(clippy::cast_precision_loss, reason = "nothing is counted here that is so large")]
fn count(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "there are not so many users")]
fn float(count: u64) -> f64 {
    count as f64
}
