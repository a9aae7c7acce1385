//! Traces: spans of requests, of commits and of requests to Clerk, sent to an OpenTelemetry
//! collector by OTLP over HTTP.
//!
//! Headers of [W3C Trace Context](https://www.w3.org/TR/trace-context/) connect them with the spans
//! of other programs. The sampling, the headers of the export and more are set by the [environment
//! variables of OpenTelemetry](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/),
//! which its library reads.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::{
    propagation::TextMapPropagator,
    trace::{Status, TraceContextExt, TracerProvider},
};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    propagation::TraceContextPropagator,
    trace::{SdkTracerProvider, TracerProviderBuilder},
};
use tracing::{Level, Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};

use super::{
    Collector,
    resource::{SERVICE_NAME, resource},
};

/// Headers that continue a trace.
const HEADERS: [&str; 2] = ["traceparent", "tracestate"];

/// Maximum duration of the last export.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// Whether this process exports traces. If not, requests skip everything that is only for them.
static EXPORTS: AtomicBool = AtomicBool::new(false);

/// Failure to prepare the export.
#[derive(Debug, thiserror::Error)]
#[error("traces cannot be exported: {0}")]
pub struct TracesError(#[from] ExporterBuildError);

/// Export of traces. Dropping it exports the last spans.
#[derive(Debug)]
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Prepares the export to `/v1/traces` below the URL of a collector.
    ///
    /// # Errors
    /// Returns an error if a variable of OpenTelemetry has an invalid value, or TLS is unavailable.
    pub fn start(Collector { endpoint, headers }: Collector<'_>) -> Result<Self, TracesError> {
        let headers = headers.into_iter().map(|(name, value)| (name.into(), value.into()));
        let exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(format!("{endpoint}/v1/traces"))
            .with_headers(headers.collect())
            .build()?;
        let provider = TracerProviderBuilder::default()
            .with_batch_exporter(exporter)
            .with_resource(resource())
            .build();
        EXPORTS.store(true, Ordering::Relaxed);
        Ok(Self(provider))
    }

    /// Passes the spans of this program to the export, also those that the log filter excludes.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let own = env!("CARGO_CRATE_NAME");
        let spans = filter_fn(move |meta| meta.is_span() && meta.target().starts_with(own));
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer(SERVICE_NAME))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(spans.with_max_level_hint(Level::DEBUG))
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown_with_timeout(SHUTDOWN_TIMEOUT) {
            tracing::warn!(%error, "the last traces were not exported");
        }
    }
}

/// Describes the span of a request, and lets it continue the trace of its sender. The span needs the
/// fields `otel.name`, `otel.kind` and `trace_id`. The last one is for the log.
pub fn begin_request<'h>(
    span: &Span,
    method: &str,
    route: &str,
    header: impl Fn(&'static str) -> Option<&'h str>,
) {
    if !EXPORTS.load(Ordering::Relaxed) {
        return;
    }
    let given =
        HEADERS.into_iter().filter_map(|name| Some((name.to_owned(), header(name)?.into())));
    let parent = TraceContextPropagator::new().extract(&given.collect::<HashMap<_, _>>());
    // A span that the log filter and the export exclude has no trace.
    span.set_parent(parent).ok();
    span.record("otel.name", format!("{method} {route}"));
    span.record("otel.kind", "server");
    span.set_attribute("http.request.method", method.to_owned());
    span.set_attribute("http.route", route.to_owned());
    let trace = span.context().span().span_context().trace_id();
    span.record("trace_id", tracing::field::display(trace));
}

/// Adds the status of the response to the span of a request.
pub fn end_request(span: &Span, status: u16) {
    if EXPORTS.load(Ordering::Relaxed) {
        span.set_attribute("http.response.status_code", i64::from(status));
        if status >= 500 {
            span.set_status(Status::error(""));
        }
    }
}

/// Returns the headers that let the receiver of a request continue the trace of a span.
#[must_use]
pub fn trace_headers(span: &Span) -> HeaderMap {
    let mut headers = HashMap::new();
    if EXPORTS.load(Ordering::Relaxed) {
        TraceContextPropagator::new().inject_context(&span.context(), &mut headers);
    }
    let header = |(name, value): (String, String)| {
        Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?))
    };
    headers.into_iter().filter_map(header).collect()
}
