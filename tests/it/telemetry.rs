//! Traces and metrics for OpenTelemetry.

use meetvo::clock::Clock;
use opentelemetry_proto::tonic::{
    metrics::v1::{
        HistogramDataPoint, Metric, NumberDataPoint, metric::Data, number_data_point::Value,
    },
    trace::v1::{Span, span::SpanKind, status::StatusCode},
};
use reqwest::RequestBuilder;
use tokio::task::block_in_place;

use crate::harness::{
    ApiResponse, Collector, Database, Delivery, Engine, KEY, Process, ReservedPort, apply,
    attribute, both_engines, client,
    fake_clerk::{FakeClerk, SECRET_KEY},
    fixtures,
};

/// Trace of a sender, and the span in it that causes the request.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

fn start<const N: usize>(database: &Database, overrides: [(&str, &str); N]) -> Process {
    block_in_place(|| Process::serve(database, overrides))
}

/// Stops a service, so that it exports everything. Returns its log.
fn stop(process: Process) -> String {
    process.terminate();
    let (status, log) = block_in_place(|| process.wait());
    assert!(status.success(), "{log}");
    log
}

/// Returns a request that delivers a user.
fn delivery(process: &Process) -> RequestBuilder {
    let body = fixtures::user_event("user.created", "user_1", 0);
    Delivery::new(&body, Clock::system().now()).request(&client(), &process.url)
}

fn assert_continues(span: &Span, trace: &str, parent: &str) {
    assert_eq!((hex(&span.trace_id), hex(&span.parent_span_id)), (trace.into(), parent.into()));
}

fn hex(bytes: &[u8]) -> String {
    hex::encode(bytes)
}

/// A delivery and the commit that it causes are spans of the sender's trace.
#[apply(both_engines)]
async fn delivery_continues_trace_of_sender(engine: Engine) {
    let (database, collector) = (Database::new(engine).await, Collector::start());
    let process = start(&database, [("OTEL_EXPORTER_OTLP_ENDPOINT", &*collector.url)]);
    let traced = delivery(&process).header("traceparent", format!("00-{TRACE}-{PARENT}-01"));
    assert_eq!(ApiResponse::fetch(traced).await.status, 200);
    stop(process);
    let received = collector.received();
    let request = received.span("POST /webhooks/clerk");
    assert_continues(request, TRACE, PARENT);
    assert_eq!(request.kind(), SpanKind::Server);
    assert_eq!(request.status.as_ref().map_or(0, |it| it.code), StatusCode::Unset as i32);
    for (name, value) in [
        ("http.request.method", "POST"),
        ("http.route", "/webhooks/clerk"),
        ("http.response.status_code", "200"),
    ] {
        assert_eq!(attribute(&request.attributes, name).as_deref(), Some(value));
    }
    let commit = received.span("commit");
    assert_continues(commit, TRACE, &hex(&request.span_id));
    assert_eq!(attribute(&commit.attributes, "events").as_deref(), Some("1"));
    for resource in &received.resources {
        let name = attribute(&resource.attributes, "service.name");
        assert_eq!(name.as_deref(), Some("meetvo"));
        assert!(attribute(&resource.attributes, "service.version").is_some());
        let id = attribute(&resource.attributes, "service.instance.id");
        assert!(
            id.is_some()
                && id == attribute(&received.resources[0].attributes, "service.instance.id")
        );
    }
}

/// Clerk can connect its part of a trace.
#[apply(both_engines)]
async fn request_to_clerk_continues_trace(engine: Engine) {
    let (database, collector) = (Database::new(engine).await, Collector::start());
    let clerk = FakeClerk::start();
    clerk.put_user(&fixtures::user("user_1", 0));
    let process = start(
        &database,
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &*collector.url),
            ("CLERK_SECRET_KEY", SECRET_KEY),
            ("MEETVO__CLERK__API_URL", &clerk.url),
        ],
    );
    let read = client().get(format!("{}/v1/users/user_1?wait=30s", process.url)).bearer_auth(KEY);
    let traced = read.header("traceparent", format!("00-{TRACE}-{PARENT}-01"));
    assert_eq!(ApiResponse::fetch(traced).await.status, 200);
    stop(process);
    let received = collector.received();
    let read = received.span("GET /v1/users/{id}");
    assert_continues(read, TRACE, PARENT);
    let requests: Vec<_> =
        received.spans.iter().filter(|it| it.name == "request to Clerk").collect();
    assert!(!requests.is_empty());
    for request in &requests {
        assert_continues(request, TRACE, &hex(&read.span_id));
        assert_eq!(request.kind(), SpanKind::Client);
        let status = attribute(&request.attributes, "http.response.status_code");
        assert_eq!(status.as_deref(), Some("200"));
    }
    let sent = requests.iter().map(|it| format!("00-{TRACE}-{}-01", hex(&it.span_id)));
    assert_eq!(clerk.trace_parents(), sent.collect::<Vec<_>>());
}

/// Log lines have the ID of the trace. A failure marks its span. The sender decides which traces
/// are exported.
#[apply(both_engines)]
async fn log_lines_have_trace_id(engine: Engine) {
    let (database, collector) = (Database::new(engine).await, Collector::start());
    let process = start(
        &database,
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &*collector.url),
            ("OTEL_SERVICE_NAME", "sync"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20secret"),
        ],
    );
    let read = async |flags| {
        let read = client().get(format!("{}/v1/users", process.url)).bearer_auth("unknown");
        let traced = read.header("traceparent", format!("00-{TRACE}-{PARENT}-{flags}"));
        assert_eq!(ApiResponse::fetch(traced).await.status, 401);
    };
    read("00").await;
    read("01").await;
    let log = stop(process);
    let rejected: Vec<_> = log.lines().filter(|it| it.contains("request rejected")).collect();
    assert!(!rejected.is_empty(), "{log}");
    assert!(rejected.iter().all(|line| line.contains(TRACE)), "{log}");
    let received = collector.received();
    let read = received.span("GET /v1/users");
    assert_continues(read, TRACE, PARENT);
    assert!(!received.resources.is_empty() && !received.authorizations.is_empty());
    for resource in &received.resources {
        assert_eq!(attribute(&resource.attributes, "service.name").as_deref(), Some("sync"));
    }
    for authorization in &received.authorizations {
        assert_eq!(authorization.as_deref(), Some("Bearer secret"));
    }
}

/// Without a collector at the URL, the service answers and stops as usual.
#[apply(both_engines)]
async fn missing_collector_changes_nothing(engine: Engine) {
    let database = Database::new(engine).await;
    let port = ReservedPort::new();
    let closed = port.address;
    let url = format!("http://{closed}");
    let process = start(&database, [("OTEL_EXPORTER_OTLP_ENDPOINT", &*url)]);
    assert_eq!(ApiResponse::fetch(delivery(&process)).await.status, 200);
    let log = stop(process);
    assert!(log.contains("metrics were not exported"), "{log}");
}

/// Returns the values of a counter, with its labels.
fn counts(metrics: &[Metric], name: &str) -> Vec<(Vec<String>, f64)> {
    let metric = metrics.iter().find(|it| it.name == name).unwrap();
    let Some(Data::Sum(sum)) = &metric.data else { panic!("{metric:?}") };
    let count = |point: &NumberDataPoint| {
        let labels = point.attributes.iter();
        let labels = labels.map(|it| attribute(&point.attributes, &it.key).unwrap()).collect();
        let Some(Value::AsDouble(value)) = point.value else { panic!("{point:?}") };
        (labels, value)
    };
    sum.data_points.iter().map(count).collect()
}

fn assert_consistent(point: &HistogramDataPoint) {
    assert_eq!(point.bucket_counts.len(), point.explicit_bounds.len() + 1);
    assert_eq!(point.bucket_counts.iter().sum::<u64>(), point.count);
    assert!(point.start_time_unix_nano <= point.time_unix_nano);
}

/// A collector receives the metrics of `/metrics`, with the same names, and the last values when the
/// service stops.
#[apply(both_engines)]
async fn metrics_are_exported(engine: Engine) {
    let (database, collector) = (Database::new(engine).await, Collector::start());
    let settings = [
        ("MEETVO__TELEMETRY__OTLP_ENDPOINT", &*collector.url),
        ("OTEL_METRIC_EXPORT_INTERVAL", "3600000"),
    ];
    let process = start(&database, settings);
    assert_eq!(ApiResponse::fetch(delivery(&process)).await.status, 200);
    let text = client().get(format!("{}/metrics", process.url)).bearer_auth(KEY);
    let text = text.send().await.unwrap().text().await.unwrap();
    let log = stop(process);
    let received = collector.received();
    let metrics = received.metrics.last().unwrap();
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    for (name, kind) in types.filter_map(|line| line.split_once(' ')) {
        let found = metrics.iter().find(|it| it.name == name);
        let Some(metric) = found else { panic!("{name} is missing: {log}") };
        match (kind, metric.data.as_ref().unwrap()) {
            ("counter", Data::Sum(sum)) => assert!(sum.is_monotonic),
            ("gauge", Data::Gauge(_)) => {}
            ("histogram", Data::Histogram(histogram)) => {
                histogram.data_points.iter().for_each(assert_consistent);
            }
            other => panic!("{name}: {other:?}"),
        }
        assert!(!metric.description.is_empty(), "{name}");
    }
    let applied = vec!["applied".to_owned(), "user.created".to_owned()];
    assert_eq!(counts(metrics, "meetvo_deliveries_total"), [(applied, 1.0)]);
}
