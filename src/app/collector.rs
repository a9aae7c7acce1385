//! Address of the configured OpenTelemetry collector.

use crate::{config, telemetry::Collector};

/// Returns the collector, if one is configured.
#[must_use]
pub fn collector(settings: &config::Telemetry) -> Option<Collector<'_>> {
    let headers = settings.otlp_headers.iter().map(|(name, value)| (&**name, value.expose()));
    let endpoint = settings.otlp_endpoint.as_deref()?;
    Some(Collector { endpoint, headers: headers.collect() })
}
