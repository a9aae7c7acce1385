//! Requests. The first line is a request line such as `GET /v1/users?limit=2`, the next lines are
//! headers, and the body follows an empty line. `Bearer KEY` and `Bearer SESSION` stand for valid
//! credentials, and a delivery with the signature `SIGN` is signed.

use std::{collections::HashMap, future::Future, pin::Pin, rc::Rc, sync::Arc, time::Duration};

use actix_http::Request;
use actix_web::{
    Error,
    body::{BoxBody, to_bytes_limited},
    dev::{Service, ServiceResponse},
    http::{Method, StatusCode, Uri, header},
    rt::System,
    test::{TestRequest, init_service},
    web::Bytes,
};
use meetvo::{
    clerk::{
        session_token::Keys,
        signature::{SigningSecrets, signer},
    },
    clock::Clock,
    domain::scope::Scope,
    http::{
        self, ApiKey, ApiKeys, ClockOffset, ConcurrencyLimits, CorsPolicy, KeyRing, Limits,
        LogSampler, Metrics, RateLimits, RefusedDeliveries, State, UsualSilence, Writability,
    },
    ingest::{self, CommitHealth, IngestMetrics, Writer},
    objects::decode::Decoder,
    push::{admin::EndpointAdmin, metrics::PushMetrics, targets::Connector},
    sealing::Sealer,
    store::{
        Store,
        driver::{Options, Target},
    },
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::{sync::watch, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{NOW, SECRET, tokens};

/// API key with all scopes that read.
const KEY: &str = "meetvo_key_for_tests_0123456789abcdef";

/// Maximum size of a response that is not a stream.
const MAX_RESPONSE_BYTES: usize = 4 << 20;

type ResponseFuture = Pin<Box<dyn Future<Output = Result<ServiceResponse<BoxBody>, Error>>>>;

/// Service with a database and without a socket.
pub struct TestService {
    system: actix_web::rt::SystemRunner,
    call: Rc<dyn Fn(Request) -> ResponseFuture>,
    writers: Pin<Box<dyn Future<Output = ()>>>,
}

/// Response to a request.
struct ReceivedResponse {
    status: StatusCode,
    headers: header::HeaderMap,
    body: Bytes,
}

/// Request that a client can send.
#[derive(Clone)]
struct ParsedRequest {
    method: Method,
    uri: Uri,
    headers: Vec<(header::HeaderName, header::HeaderValue)>,
    body: Vec<u8>,
}

impl ParsedRequest {
    fn read(input: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(input);
        let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let (method, target) = lines.next()?.split_once(' ')?;
        // The HTTP server rejects other targets before routing.
        let uri: Uri = target.parse().ok().filter(|_| target.starts_with('/'))?;
        let method = Method::from_bytes(method.as_bytes()).ok()?;
        let mut headers = Vec::new();
        for line in lines {
            let (name, value) = line.split_once(':')?;
            let value = value.trim().replace("KEY", KEY).replace("SESSION", tokens::valid_token());
            let value = header::HeaderValue::from_bytes(value.as_bytes()).ok()?;
            headers.push((header::HeaderName::from_bytes(name.as_bytes()).ok()?, value));
        }
        let mut parsed = Self { method, uri, headers, body: body.as_bytes().to_vec() };
        parsed.sign();
        Some(parsed)
    }

    fn header(&self, name: &str) -> Option<&header::HeaderValue> {
        self.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value)
    }

    fn sign(&mut self) {
        let id = self.header("svix-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
        let signed = signer(SECRET).expect("a secret").sign(id, NOW / 1000, &self.body);
        let signed = signed.expect("the body is text").parse().expect("a header");
        let placeholder = self.headers.iter_mut().find(|(_, value)| value == "SIGN");
        if let Some((_, value)) = placeholder {
            *value = signed;
        }
    }

    fn to_request(&self) -> Request {
        let mut request = TestRequest::with_uri(&self.uri.to_string()).method(self.method.clone());
        for (name, value) in &self.headers {
            request = request.append_header((name.clone(), value.clone()));
        }
        request.set_payload(self.body.clone()).to_request()
    }
}

impl TestService {
    /// Creates a service with an empty database.
    pub fn new(target: Target) -> Self {
        let system = System::new();
        let (state, writers) = system.block_on(state(target));
        let service = Rc::new(system.block_on(init_service(http::app(&state))));
        let call = Rc::new(move |request| -> ResponseFuture {
            let service = Rc::clone(&service);
            Box::pin(async move { Ok(service.call(request).await?.map_into_boxed_body()) })
        });
        Self { system, call, writers: Box::pin(Writer::run_all(writers)) }
    }

    /// Checks one input. The [module](super) describes its format.
    pub fn check(&mut self, input: &[u8]) {
        if let Some(parsed) = ParsedRequest::read(input) {
            self.check_request(&parsed);
        }
    }

    fn check_request(&mut self, parsed: &ParsedRequest) {
        let response = self.send(parsed);
        assert_valid_response(parsed, &response);
        if parsed.method != Method::GET || response.status != StatusCode::OK {
            return;
        }
        // A response can be revalidated with its ETag, and a page leads to the next page.
        if let Some(etag) = response.headers.get(header::ETAG) {
            let mut conditional = parsed.clone();
            conditional.headers.push((header::IF_NONE_MATCH, etag.clone()));
            assert_eq!(self.send(&conditional).status, StatusCode::NOT_MODIFIED, "{}", parsed.uri);
        }
        let json: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        if let Some(cursor) = json["next_cursor"].as_str() {
            let name = if parsed.uri.path().ends_with("/changes") { "after" } else { "cursor" };
            let cursor =
                cursor.bytes().fold(String::new(), |escaped, byte| format!("{escaped}%{byte:02x}"));
            let query = parsed.uri.query().unwrap_or_default().split('&');
            let rest: Vec<_> = query.filter(|it| !it.starts_with(&format!("{name}="))).collect();
            let query = format!("{}?{}&{name}={cursor}", parsed.uri.path(), rest.join("&"));
            let mut next = parsed.clone();
            next.uri = query.parse().expect("the cursor is escaped");
            assert_eq!(self.send(&next).status, StatusCode::OK, "{query}");
        }
    }

    fn send(&mut self, parsed: &ParsedRequest) -> ReceivedResponse {
        let future = (self.call)(parsed.to_request());
        let writers = &mut self.writers;
        self.system.block_on(async {
            tokio::select! {
                response = read(future) => response,
                () = writers => panic!("the writers have ended"),
            }
        })
    }
}

async fn read(future: ResponseFuture) -> ReceivedResponse {
    let service_response = future.await.expect("the service maps errors to responses");
    let (response, body) = service_response.into_parts().1.into_parts();
    let body =
        to_bytes_limited(body, MAX_RESPONSE_BYTES).await.expect("the response is not too large");
    let (status, headers) = (response.status(), response.headers().clone());
    ReceivedResponse { status, headers, body: body.expect("the body is complete") }
}

/// Assembles the state of a service as `app` does. The service is shutting down, so no request
/// waits.
async fn state(target: Target) -> (Arc<State>, Vec<Writer>) {
    let options = Options {
        target,
        max_connections: 2,
        acquire_timeout: Duration::from_mins(1),
        commit_timeout: Duration::from_mins(1),
        migration_lock_timeout: Duration::from_mins(1),
        opens_unwritable_log: false,
    };
    let store = Store::open(&options).await.expect("a new file");
    store.migrate().await.expect("a new schema");
    let limits = ingest::Limits {
        queue_capacity: 8,
        max_pending_bytes: 4 << 20,
        batch_size: 8,
        timeout: Duration::from_mins(1),
    };
    let (queue, writers) = Writer::new(vec![store.clone()], limits, None);
    let scopes = vec![Scope::Read, Scope::Admin];
    let key = ApiKey { name: "fuzz".to_owned(), scopes, revoked: false, last_used: Arc::default() };
    let keys = ApiKeys::new([(Sha256::digest(KEY).into(), key)], HashMap::new(), Instant::now());
    let stopping = CancellationToken::new();
    stopping.cancel();
    let state = State {
        endpoints: endpoints(&store),
        clock: Clock::manual(NOW),
        secrets: SigningSecrets::new([("new", SECRET)]).expect("a secret"),
        decoder: Decoder::default(),
        queue,
        store,
        keys: KeyRing::new(watch::channel(Arc::new(keys)).1),
        rate_limits: RateLimits::new(0, 0, 0),
        log_sampler: LogSampler::default(),
        session_verifier: Some(tokens::verifier(Keys::from_pem(tokens::pem()).expect("a key"))),
        provider_tokens: None,
        read_through: None,
        cors: CorsPolicy::new(&[tokens::party()], &[]),
        public_profiles: true,
        members_see_members: true,
        limits: Limits {
            max_body_bytes: 64 << 10,
            body_timeout: Duration::from_mins(1),
            read_timeout: Duration::from_mins(1),
            dashboard_session: Duration::from_mins(1),
        },
        metrics: Metrics::new(
            &IngestMetrics::new().expect("metrics"),
            &PushMetrics::new().expect("metrics"),
        )
        .expect("metrics"),
        clock_offset: ClockOffset::default(),
        usual_silence: UsualSilence::default(),
        writability: Writability::new(&CommitHealth::default()),
        refused_deliveries: RefusedDeliveries::default(),
        stopping,
        concurrency: ConcurrencyLimits::new(2, 2, 100),
    };
    (Arc::new(state), writers)
}

fn endpoints(store: &Store) -> EndpointAdmin {
    let sealer = Sealer::new("push.keys", [("fuzz", &[7; 32])]).expect("a key");
    EndpointAdmin {
        store: store.clone(),
        sealer: sealer.map(Arc::new),
        connector: Connector::new(false, Duration::from_millis(10)),
        clock: Clock::manual(NOW),
    }
}

/// Asserts that a response has the right form, and is not an error of the service.
fn assert_valid_response(parsed: &ParsedRequest, response: &ReceivedResponse) {
    let description =
        || format!("{} {}: {} {:?}", parsed.method, parsed.uri, response.status, response.body);
    let header =
        |name: &str| response.headers.get(name).map_or("", |it| it.to_str().expect("text"));
    let content_type = header("content-type").split(';').next().unwrap_or_default();
    assert!(!header("x-request-id").is_empty(), "{}", description());
    if response.status.is_client_error() || response.status.is_server_error() {
        let problem: Value =
            serde_json::from_slice(&response.body).unwrap_or_else(|_| panic!("{}", description()));
        assert_eq!(content_type, "application/problem+json", "{}", description());
        assert_eq!(problem["status"], response.status.as_u16(), "{}", description());
        assert_eq!(problem["request_id"], header("x-request-id"), "{}", description());
        assert!(problem["code"].is_string() && problem["detail"].is_string(), "{}", description());
        // On a busy machine, the checks of `/readyz` can exceed their time limits.
        let is_late = parsed.uri.path() == "/readyz" && problem["code"] == "database_unavailable";
        let is_unavailable = response.status == StatusCode::SERVICE_UNAVAILABLE
            && (is_late || problem["code"] == "stopping");
        assert!(response.status.is_client_error() || is_unavailable, "{}", description());
        return;
    }
    if response.status == StatusCode::NOT_MODIFIED {
        assert!(response.body.is_empty(), "{}", description());
    } else if parsed.uri.path().starts_with("/v1/") && content_type != "text/event-stream" {
        assert_valid_json(parsed, response, header("content-encoding"), &description());
    }
}

fn assert_valid_json(
    parsed: &ParsedRequest,
    response: &ReceivedResponse,
    encoding: &str,
    description: &str,
) {
    if encoding == "gzip" || response.body.is_empty() {
        let is_preflight = parsed.method == Method::OPTIONS;
        assert!(encoding == "gzip" || is_preflight, "{description}");
        return;
    }
    let json: Value =
        serde_json::from_slice(&response.body).unwrap_or_else(|_| panic!("{description}"));
    if let Some(data) = json.get("data") {
        assert!(data.is_array() && json.get("next_cursor").is_some(), "{description}");
    }
    let items = json["data"].as_array().map_or(std::slice::from_ref(&json), Vec::as_slice);
    for item in items {
        assert!(item.is_object() && item.get("private_metadata").is_none(), "{description}");
        let payload = item["payload"].to_string();
        assert!(!payload.contains("\"private_metadata\":"), "{description}");
    }
}
