//! Push of changes to endpoints.

mod endpoints;
mod event_messages;
mod guarantees;
mod libraries;
mod messages;
mod nats;
mod receivers;
mod retries;
mod safety;

use std::sync::Arc;

use meetvo::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{ApiResponse, Database, Engine, KEY, NOW, Receiver, Service, TEST_TIMEOUT};

/// Key with which the secrets of endpoints are encrypted.
pub const PUSH_KEY: &str = "tests=bWVldHZvOiBhIGtleSBvZiB0aGUgdGVzdHMgYWxvbmU=";

/// Settings of a service that pushes to this machine.
pub const PUSH: [(&str, &str); 2] =
    [("MEETVO_PUSH_KEYS", PUSH_KEY), ("MEETVO__PUSH__ALLOW_PRIVATE_ADDRESSES", "true")];

pub async fn start(engine: Engine) -> Service {
    start_on(Arc::new(Database::new(engine).await), Clock::manual(NOW)).await
}

async fn start_on(database: Arc<Database>, clock: Clock) -> Service {
    Service::start_on(database, clock, PUSH).await
}

/// Sends a request with a JSON body.
async fn request(service: &Service, method: Method, path: &str, body: &Value) -> ApiResponse {
    let request = service.client.request(method, service.url_for(path)).bearer_auth(KEY);
    let request = if body.is_null() { request } else { request.json(body) };
    ApiResponse::fetch(request).await
}

async fn post(service: &Service, path: &str, body: &Value) -> ApiResponse {
    request(service, Method::POST, path, body).await
}

/// Endpoint of a test.
pub struct Endpoint {
    id: String,
    secret: String,
}

impl Endpoint {
    /// Creates an endpoint that gets messages of these types.
    pub async fn new(service: &Service, receiver: &Receiver, types: &[&str]) -> Self {
        Self::with(service, &json!({ "url": receiver.url, "types": types })).await
    }

    async fn with(service: &Service, body: &Value) -> Self {
        let created = post(service, "/v1/endpoints", body).await;
        assert_eq!(created.status, 201, "{}", created.body);
        Self::found(&created.body)
    }

    /// Returns the endpoint of a response. Only the response to its creation has the secret.
    pub fn found(body: &Value) -> Self {
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        Self { id: text("id"), secret: text("secret") }
    }

    fn path(&self, rest: &str) -> String {
        format!("/v1/endpoints/{}{rest}", self.id)
    }

    /// Reads the endpoint.
    async fn get(&self, service: &Service) -> Value {
        let found = service.get(&self.path("")).await;
        assert_eq!(found.status, 200, "{}", found.body);
        found.body
    }

    /// Waits until a value of the endpoint is as expected.
    pub async fn wait_for(&self, service: &Service, name: &str, expected: &Value) {
        let wait = async {
            while self.get(service).await[name] != *expected {
                tokio::task::yield_now().await;
            }
        };
        let waited = tokio::time::timeout(TEST_TIMEOUT, wait).await;
        assert!(waited.is_ok(), "{name} is not {expected}: {}", self.get(service).await);
    }
}
