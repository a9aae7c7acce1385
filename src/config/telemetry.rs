//! Settings of the export to an OpenTelemetry collector.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Secret, millis, reader::Reader, values};

/// Settings of the export to an OpenTelemetry collector.
#[derive(Clone, Debug)]
pub struct Telemetry {
    /// URL of the collector, without a trailing slash. `None` exports nothing.
    pub otlp_endpoint: Option<String>,
    /// Headers of the requests to the collector.
    pub otlp_headers: Vec<(String, Secret)>,
    /// Interval between two exports of the metrics.
    pub metrics_interval: Duration,
}

impl Telemetry {
    /// Reads the settings. Returns `None` if there is a fault.
    pub(super) fn read(from: &mut Reader<'_>) -> Option<Self> {
        let otlp_endpoint = from.parsed("telemetry.otlp_endpoint", values::parse_otlp_endpoint);
        let otlp_headers = from.parsed("telemetry.otlp_headers", values::parse_otlp_headers);
        let metrics_interval = from.millis("telemetry.metrics_interval_ms");
        Some(Self {
            otlp_endpoint: otlp_endpoint?,
            otlp_headers: otlp_headers?,
            metrics_interval: metrics_interval?,
        })
    }

    /// Returns the effective settings by name. The values of the headers are redacted.
    pub(super) fn effective(&self) -> [(&'static str, Value); 3] {
        let headers = self.otlp_headers.iter().map(|(name, _)| format!("{name}=[redacted]"));
        [
            ("telemetry.otlp_endpoint", json!(self.otlp_endpoint.as_deref().unwrap_or_default())),
            ("telemetry.otlp_headers", json!(headers.collect::<Vec<_>>().join(","))),
            ("telemetry.metrics_interval_ms", millis(self.metrics_interval)),
        ]
    }
}
