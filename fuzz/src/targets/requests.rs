//! A request: `GET /v1/users?limit=2` in the first line, headers in the next ones, and behind an empty
//! line a body. `Bearer KEY` and `Bearer SESSION` stand for credentials that are good, and a delivery
//! whose signature is `SIGN` is signed.

use std::{future::Future, pin::Pin, rc::Rc, sync::Arc, time::Duration};

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
        decode::Decoder,
        redact,
        session_token::Keys,
        signature::{SigningSecrets, signer},
    },
    clock::Clock,
    domain::scope::Scope,
    http::{
        self, ApiKey, ApiKeys, ClockOffset, KeyRing, Limits, Metrics, ConcurrencyLimits, RateLimits, State,
        UsualSilence,
    },
    ingest::{self, IngestMetrics, Writer},
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

/// May read everything.
const KEY: &str = "meetvo_key_for_tests_0123456789abcdef";

/// Long enough for any answer that is not a stream.
const LONG: usize = 4 << 20;

type Answering = Pin<Box<dyn Future<Output = Result<ServiceResponse<BoxBody>, Error>>>>;

/// A service with a database, without a socket.
pub struct World {
    system: actix_web::rt::SystemRunner,
    call: Rc<dyn Fn(Request) -> Answering>,
    writer: Pin<Box<dyn Future<Output = ()>>>,
}

/// What a request was answered.
struct Answer {
    status: StatusCode,
    headers: header::HeaderMap,
    body: Bytes,
}

/// A request that a client could send.
#[derive(Clone)]
struct Asked {
    method: Method,
    uri: Uri,
    headers: Vec<(header::HeaderName, header::HeaderValue)>,
    body: Vec<u8>,
}

impl Asked {
    fn read(input: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(input);
        let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let (method, target) = lines.next()?.split_once(' ')?;
        // The server takes others apart before they come here.
        let uri: Uri = target.parse().ok().filter(|_| target.starts_with('/'))?;
        let method = Method::from_bytes(method.as_bytes()).ok()?;
        let mut headers = Vec::new();
        for line in lines {
            let (name, value) = line.split_once(':')?;
            let value = value.trim().replace("KEY", KEY).replace("SESSION", tokens::good());
            let value = header::HeaderValue::from_bytes(value.as_bytes()).ok()?;
            headers.push((header::HeaderName::from_bytes(name.as_bytes()).ok()?, value));
        }
        let mut asked = Self { method, uri, headers, body: body.as_bytes().to_vec() };
        asked.sign();
        Some(asked)
    }

    fn header(&self, name: &str) -> Option<&header::HeaderValue> {
        self.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value)
    }

    fn sign(&mut self) {
        let id = self.header("svix-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
        let signed = signer(SECRET).expect("a secret").sign(id, NOW / 1000, &self.body);
        let signed = signed.expect("the body is text").parse().expect("a header");
        let place = self.headers.iter_mut().find(|(_, value)| value == "SIGN");
        if let Some((_, value)) = place {
            *value = signed;
        }
    }

    fn request(&self) -> Request {
        let mut request = TestRequest::with_uri(&self.uri.to_string()).method(self.method.clone());
        for (name, value) in &self.headers {
            request = request.append_header((name.clone(), value.clone()));
        }
        request.set_payload(self.body.clone()).to_request()
    }
}

impl World {
    /// With a database that is there, and empty.
    pub fn on(target: Target) -> Self {
        let system = System::new();
        let (state, writer) = system.block_on(state(target));
        let service = Rc::new(system.block_on(init_service(http::app(&state))));
        let call = Rc::new(move |request| -> Answering {
            let service = Rc::clone(&service);
            Box::pin(async move { Ok(service.call(request).await?.map_into_boxed_body()) })
        });
        Self { system, call, writer: Box::pin(writer.run()) }
    }

    /// Asks, and panics where a promise is broken.
    pub fn check(&mut self, input: &[u8]) {
        if let Some(asked) = Asked::read(input) {
            self.ask(&asked);
        }
    }

    fn ask(&mut self, asked: &Asked) {
        let answer = self.answer(asked);
        is_an_answer(asked, &answer);
        if asked.method != Method::GET || answer.status != StatusCode::OK {
            return;
        }
        // What was answered can be asked for again, and a page leads to the next one.
        if let Some(etag) = answer.headers.get(header::ETAG) {
            let mut again = asked.clone();
            again.headers.push((header::IF_NONE_MATCH, etag.clone()));
            assert_eq!(self.answer(&again).status, StatusCode::NOT_MODIFIED, "{}", asked.uri);
        }
        let json: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if let Some(cursor) = json["next_cursor"].as_str() {
            let name = if asked.uri.path().ends_with("/changes") { "after" } else { "cursor" };
            let cursor =
                cursor.bytes().fold(String::new(), |escaped, byte| format!("{escaped}%{byte:02x}"));
            let query = asked.uri.query().unwrap_or_default().split('&');
            let rest: Vec<_> = query.filter(|it| !it.starts_with(&format!("{name}="))).collect();
            let query = format!("{}?{}&{name}={cursor}", asked.uri.path(), rest.join("&"));
            let mut next = asked.clone();
            next.uri = query.parse().expect("it is escaped");
            assert_eq!(self.answer(&next).status, StatusCode::OK, "{query}");
        }
    }

    fn answer(&mut self, asked: &Asked) -> Answer {
        let answering = (self.call)(asked.request());
        let writer = &mut self.writer;
        self.system.block_on(async {
            tokio::select! {
                answer = read(answering) => answer,
                () = writer => panic!("the writer has ended"),
            }
        })
    }
}

async fn read(answering: Answering) -> Answer {
    let answered = answering.await.expect("a refusal is an answer too");
    let (response, body) = answered.into_parts().1.into_parts();
    let body = to_bytes_limited(body, LONG).await.expect("it is not that long");
    let (status, headers) = (response.status(), response.headers().clone());
    Answer { status, headers, body: body.expect("it comes to its end") }
}

/// Everything in one process, as `app` puts it together; nobody waits, because it is about to stop.
async fn state(target: Target) -> (Arc<State>, Writer) {
    let options = Options {
        target,
        max_connections: 2,
        acquire_timeout: Duration::from_mins(1),
        commit_timeout: Duration::from_mins(1),
    };
    let store = Store::open(&options).await.expect("a new file");
    store.migrate().await.expect("a new schema");
    let limits =
        ingest::Limits { queue_capacity: 8, batch_size: 8, timeout: Duration::from_mins(1) };
    let (queue, writer) = Writer::new(store.clone(), limits, redact::failed);
    let scopes = vec![Scope::Read, Scope::Admin];
    let key = ApiKey { name: "fuzz".to_owned(), scopes, revoked: false, last_used: Arc::default() };
    let keys = ApiKeys::new([(Sha256::digest(KEY).into(), key)], Instant::now());
    let stopping = CancellationToken::new();
    stopping.cancel();
    let state = State {
        clock: Clock::manual(NOW),
        secrets: SigningSecrets::new([("new", SECRET)]).expect("a secret"),
        decoder: Decoder::default(),
        queue,
        store,
        keys: KeyRing::new(watch::channel(Arc::new(keys)).1),
        rate_limits: RateLimits::new(0, 0),
        session_verifier: Some(tokens::verifier(Keys::from_pem(tokens::pem()).expect("a key"))),
        provider_tokens: None,
        read_through: None,
        allowed_origins: vec!["https://app.example.com".to_owned()],
        public_profiles: true,
        limits: Limits {
            max_body_bytes: 64 << 10,
            body_timeout: Duration::from_mins(1),
            read_timeout: Duration::from_mins(1),
        },
        metrics: Metrics::new(&IngestMetrics::new().expect("meters")).expect("metrics"),
        clock_offset: ClockOffset::default(),
        usual_silence: UsualSilence::default(),
        stopping,
        concurrency: ConcurrencyLimits::new(2, 2),
    };
    (Arc::new(state), writer)
}

/// Whatever was asked: an answer of its kind, and never a failure of ours.
fn is_an_answer(asked: &Asked, answer: &Answer) {
    let told = || format!("{} {}: {} {:?}", asked.method, asked.uri, answer.status, answer.body);
    let header = |name: &str| answer.headers.get(name).map_or("", |it| it.to_str().expect("text"));
    let kind = header("content-type").split(';').next().unwrap_or_default();
    assert!(!header("x-request-id").is_empty(), "{}", told());
    if answer.status.is_client_error() || answer.status.is_server_error() {
        let problem: Value =
            serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("{}", told()));
        assert_eq!(kind, "application/problem+json", "{}", told());
        assert_eq!(problem["status"], answer.status.as_u16(), "{}", told());
        assert_eq!(problem["request_id"], header("x-request-id"), "{}", told());
        assert!(problem["code"].is_string() && problem["detail"].is_string(), "{}", told());
        let stops =
            answer.status == StatusCode::SERVICE_UNAVAILABLE && problem["code"] == "stopping";
        assert!(answer.status.is_client_error() || stops, "{}", told());
        return;
    }
    if answer.status == StatusCode::NOT_MODIFIED {
        assert!(answer.body.is_empty(), "{}", told());
    } else if asked.uri.path().starts_with("/v1/") && kind != "text/event-stream" {
        is_json(asked, answer, header("content-encoding"), &told());
    }
}

fn is_json(asked: &Asked, answer: &Answer, encoding: &str, told: &str) {
    if encoding == "gzip" || answer.body.is_empty() {
        let preflight = asked.method == Method::OPTIONS;
        assert!(encoding == "gzip" || preflight, "{told}");
        return;
    }
    let json: Value = serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("{told}"));
    if let Some(data) = json.get("data") {
        assert!(data.is_array() && json.get("next_cursor").is_some(), "{told}");
    }
    let items = json["data"].as_array().map_or(std::slice::from_ref(&json), Vec::as_slice);
    for item in items {
        assert!(item.is_object() && item.get("private_metadata").is_none(), "{told}");
        let payload = item["payload"].to_string();
        assert!(!payload.contains("\"private_metadata\":"), "{told}");
    }
}
