//! Metrics of Prometheus, sent to an OpenTelemetry collector by OTLP over HTTP.
//!
//! They keep their names, so that the same alerts and dashboards work on both. A library for this
//! would need a second set of counters: OpenTelemetry's cannot be read by Prometheus' library, or
//! the other way around.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::CONTENT_TYPE};
use opentelemetry_proto::tonic::{
    collector::metrics::v1::ExportMetricsServiceRequest,
    common::v1::{AnyValue, InstrumentationScope, KeyValue, any_value},
    metrics::v1::{
        AggregationTemporality, Gauge, Histogram, HistogramDataPoint, Metric, NumberDataPoint,
        ResourceMetrics, ScopeMetrics, Sum, metric::Data, number_data_point,
    },
    resource::v1::Resource,
};
use prometheus::proto::{self, MetricFamily, MetricType};
use prost::Message;
use reqwest::Client;

use super::{
    Collector,
    resource::{SERVICE_NAME, resource},
};

/// Timeout for a request.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Media type of the requests.
const PROTOBUF: HeaderValue = HeaderValue::from_static("application/x-protobuf");

/// Failure to prepare the export of metrics, or to send them.
#[derive(Debug, thiserror::Error)]
pub enum MetricsError {
    /// The request has no response.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    /// The collector refuses the metrics.
    #[error("the collector answered with {0}")]
    Refused(StatusCode),
}

/// Export of metrics.
#[derive(Debug)]
pub struct MetricsExport {
    client: Client,
    url: String,
    headers: HeaderMap,
    resource: Resource,
    /// Time from which the counters count, in milliseconds since 1970.
    started: i64,
}

impl MetricsExport {
    /// Prepares the export to `/v1/metrics` below the URL of a collector. `started` is the time from
    /// which the counters count, in milliseconds since 1970.
    ///
    /// # Errors
    /// Returns an error if TLS is unavailable.
    pub fn new(
        Collector { endpoint, headers }: Collector<'_>,
        started: i64,
    ) -> Result<Self, MetricsError> {
        let header = |(name, value): (&str, &str)| {
            Some((name.parse::<HeaderName>().ok()?, value.parse::<HeaderValue>().ok()?))
        };
        Ok(Self {
            client: Client::builder().timeout(TIMEOUT).build()?,
            url: format!("{endpoint}/v1/metrics"),
            headers: headers.into_iter().filter_map(header).collect(),
            resource: (&resource()).into(),
            started,
        })
    }

    /// Sends the metrics of a time, in milliseconds since 1970.
    ///
    /// # Errors
    /// Returns an error if the collector does not accept them. The next ones include them.
    pub async fn send(&self, families: &[MetricFamily], now: i64) -> Result<(), MetricsError> {
        let time = Time { started: nanos(self.started), now: nanos(now) };
        let scope = InstrumentationScope {
            name: SERVICE_NAME.to_owned(),
            ..InstrumentationScope::default()
        };
        let request = ExportMetricsServiceRequest {
            resource_metrics: vec![ResourceMetrics {
                resource: Some(self.resource.clone()),
                scope_metrics: vec![ScopeMetrics {
                    scope: Some(scope),
                    metrics: families.iter().filter_map(|it| time.metric(it)).collect(),
                    ..ScopeMetrics::default()
                }],
                ..ResourceMetrics::default()
            }],
        };
        let request = self
            .client
            .post(&self.url)
            .headers(self.headers.clone())
            .header(CONTENT_TYPE, PROTOBUF)
            .body(request.encode_to_vec());
        match request.send().await?.status() {
            status if status.is_success() => Ok(()),
            status => Err(MetricsError::Refused(status)),
        }
    }
}

/// Converts milliseconds since 1970.
fn nanos(millis: i64) -> u64 {
    u64::try_from(millis).unwrap_or_default().saturating_mul(1_000_000)
}

/// Period of the values, in nanoseconds since 1970.
#[derive(Clone, Copy)]
struct Time {
    started: u64,
    now: u64,
}

impl Time {
    /// Converts a metric. Returns `None` for a type that the service does not use.
    fn metric(self, family: &MetricFamily) -> Option<Metric> {
        let aggregation_temporality = AggregationTemporality::Cumulative.into();
        let metrics = family.get_metric();
        let data = match family.get_field_type() {
            MetricType::COUNTER => Data::Sum(Sum {
                data_points: self.numbers(metrics, |it| it.get_counter().get_value()),
                aggregation_temporality,
                is_monotonic: true,
            }),
            MetricType::GAUGE => Data::Gauge(Gauge {
                data_points: self.numbers(metrics, |it| it.get_gauge().get_value()),
            }),
            MetricType::HISTOGRAM => Data::Histogram(Histogram {
                data_points: metrics.iter().map(|it| self.histogram(it)).collect(),
                aggregation_temporality,
            }),
            MetricType::SUMMARY | MetricType::UNTYPED => return None,
        };
        let (name, description) = (family.name().to_owned(), family.help().to_owned());
        Some(Metric { name, description, data: Some(data), ..Metric::default() })
    }

    fn numbers(
        self,
        metrics: &[proto::Metric],
        value: impl Fn(&proto::Metric) -> f64,
    ) -> Vec<NumberDataPoint> {
        let point = |metric| NumberDataPoint {
            attributes: attributes(metric),
            start_time_unix_nano: self.started,
            time_unix_nano: self.now,
            value: Some(number_data_point::Value::AsDouble(value(metric))),
            ..NumberDataPoint::default()
        };
        metrics.iter().map(point).collect()
    }

    /// Converts a histogram. Prometheus counts the values up to each bound, OpenTelemetry those
    /// between two bounds, and those above the last one.
    fn histogram(self, metric: &proto::Metric) -> HistogramDataPoint {
        let histogram = metric.get_histogram();
        let (mut explicit_bounds, mut bucket_counts, mut below) = (Vec::new(), Vec::new(), 0);
        let finite = histogram.get_bucket().iter().filter(|it| it.upper_bound().is_finite());
        for bucket in finite {
            explicit_bounds.push(bucket.upper_bound());
            bucket_counts.push(bucket.cumulative_count().saturating_sub(below));
            below = bucket.cumulative_count();
        }
        let count = histogram.get_sample_count();
        bucket_counts.push(count.saturating_sub(below));
        HistogramDataPoint {
            attributes: attributes(metric),
            start_time_unix_nano: self.started,
            time_unix_nano: self.now,
            count,
            sum: Some(histogram.get_sample_sum()),
            bucket_counts,
            explicit_bounds,
            ..HistogramDataPoint::default()
        }
    }
}

/// Converts the labels of a metric.
fn attributes(metric: &proto::Metric) -> Vec<KeyValue> {
    let attribute = |label: &proto::LabelPair| {
        let value = any_value::Value::StringValue(label.value().to_owned());
        let value = Some(AnyValue { value: Some(value) });
        KeyValue { key: label.name().to_owned(), value, ..KeyValue::default() }
    };
    metric.get_label().iter().map(attribute).collect()
}
