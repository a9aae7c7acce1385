//! Collector of OpenTelemetry that keeps what it receives by OTLP over HTTP.

use std::sync::{Arc, Mutex, MutexGuard};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, dev::ServerHandle, web};
use opentelemetry_proto::tonic::{
    collector::{metrics::v1::ExportMetricsServiceRequest, trace::v1::ExportTraceServiceRequest},
    common::v1::{KeyValue, any_value::Value},
    metrics::v1::Metric,
    resource::v1::Resource,
    trace::v1::Span,
};
use prost::Message;

use super::{TEST_TIMEOUT, log_guard};

/// Collector of one test.
pub struct Collector {
    pub url: String,
    received: Arc<Mutex<Received>>,
    server: ServerHandle,
}

/// Everything that a collector has received.
#[derive(Default)]
pub struct Received {
    pub spans: Vec<Span>,
    /// Metrics of each request.
    pub metrics: Vec<Vec<Metric>>,
    pub resources: Vec<Resource>,
    /// `Authorization` of each request.
    pub authorizations: Vec<Option<String>>,
}

impl Collector {
    pub fn start() -> Self {
        let received = Arc::new(Mutex::new(Received::default()));
        let data = web::Data::from(Arc::clone(&received));
        let app = move || {
            App::new()
                .app_data(data.clone())
                .app_data(web::PayloadConfig::new(64 << 20))
                .route("/base/v1/traces", web::post().to(traces))
                .route("/base/v1/metrics", web::post().to(metrics))
        };
        let server = HttpServer::new(app)
            .workers(1)
            .keep_alive(TEST_TIMEOUT)
            .client_request_timeout(TEST_TIMEOUT)
            .disable_signals()
            .shutdown_timeout(0);
        let server = server.bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/base", server.addrs()[0]);
        let running = server.run();
        let server = running.handle();
        #[expect(clippy::disallowed_methods, reason = "the server stops on drop")]
        drop(tokio::spawn(running));
        Self { url, received, server }
    }

    pub fn received(&self) -> MutexGuard<'_, Received> {
        self.received.lock().unwrap()
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

impl Received {
    /// Returns the only span with a name.
    pub fn span(&self, name: &str) -> &Span {
        let named: Vec<_> = self.spans.iter().filter(|it| it.name == name).collect();
        assert_eq!(named.len(), 1, "{name}: {:?}", self.spans);
        named[0]
    }

    fn accept(&mut self, request: &HttpRequest, message: &impl std::fmt::Debug) {
        log_guard::assert_not_personal(&format!("{message:?}"));
        let authorization = request.headers().get("authorization");
        self.authorizations.push(authorization.map(|it| it.to_str().unwrap().to_owned()));
    }
}

/// Returns the text of an attribute.
pub fn attribute(attributes: &[KeyValue], name: &str) -> Option<String> {
    let attribute = attributes.iter().find(|it| it.key == name)?;
    match attribute.value.clone()?.value? {
        Value::StringValue(text) => Some(text),
        Value::IntValue(number) => Some(number.to_string()),
        other => panic!("{name}: {other:?}"),
    }
}

async fn traces(
    request: HttpRequest,
    body: web::Bytes,
    received: web::Data<Mutex<Received>>,
) -> HttpResponse {
    let message = ExportTraceServiceRequest::decode(body).unwrap();
    let mut received = received.lock().unwrap();
    received.accept(&request, &message);
    for traces in message.resource_spans {
        received.resources.extend(traces.resource);
        received.spans.extend(traces.scope_spans.into_iter().flat_map(|it| it.spans));
    }
    HttpResponse::Ok().content_type("application/x-protobuf").finish()
}

async fn metrics(
    request: HttpRequest,
    body: web::Bytes,
    received: web::Data<Mutex<Received>>,
) -> HttpResponse {
    let message = ExportMetricsServiceRequest::decode(body).unwrap();
    let mut received = received.lock().unwrap();
    received.accept(&request, &message);
    for metrics in message.resource_metrics {
        received.resources.extend(metrics.resource);
        let metrics = metrics.scope_metrics.into_iter().flat_map(|it| it.metrics);
        received.metrics.push(metrics.collect());
    }
    HttpResponse::Ok().content_type("application/x-protobuf").finish()
}
