//! Export of the metrics to an OpenTelemetry collector.

use std::{future::pending, sync::Arc, time::Duration};

use tokio::time::{MissedTickBehavior, interval, timeout};

use super::collector;
use crate::{
    config,
    http::{State, metrics},
    telemetry::{MetricsError, MetricsExport},
};

/// Shortest and longest time for the last export. The shortest one is left even if the rest of the
/// shutdown has taken all of its time. The longest one is that of a request.
const LAST_TIMEOUT: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(10));

/// Sends the metrics of a service.
#[derive(Clone)]
pub(super) struct MetricsExporter {
    export: Arc<MetricsExport>,
    interval: Duration,
    state: Arc<State>,
}

impl MetricsExporter {
    /// Returns `None` if no collector is set.
    pub(super) fn new(
        settings: &config::Telemetry,
        state: &Arc<State>,
    ) -> Result<Option<Self>, MetricsError> {
        let Some(collector) = collector(settings) else { return Ok(None) };
        let started = state.clock.now();
        let export = MetricsExport::new(collector, started)?;
        let (export, interval) = (Arc::new(export), settings.metrics_interval);
        Ok(Some(Self { export, interval, state: Arc::clone(state) }))
    }

    /// Sends the metrics at an interval. Without a collector, waits forever.
    pub(super) async fn run(exporter: Option<Self>) {
        let Some(exporter) = exporter else { return pending().await };
        let mut ticks = interval(exporter.interval);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            exporter.send().await;
        }
    }

    /// Sends the metrics once more, when the service stops. `left` is the time left to stop.
    pub(super) async fn send_last(&self, left: Duration) {
        let (shortest, longest) = LAST_TIMEOUT;
        if timeout(left.clamp(shortest, longest), self.send()).await.is_err() {
            tracing::warn!("the collector did not accept the last metrics in time");
        }
    }

    /// Sends the current metrics. A failure is only logged: the next metrics include these.
    async fn send(&self) {
        match metrics::families(&self.state).await {
            Ok(families) => {
                if let Err(error) = self.export.send(&families, self.state.clock.now()).await {
                    tracing::warn!(%error, "metrics were not exported");
                }
            }
            Err(error) => tracing::error!(%error, "metrics cannot be read"),
        }
    }
}
