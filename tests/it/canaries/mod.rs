//! Unique texts (canaries) in every personal or secret part of payloads and requests. No canary
//! appears where its exposure does not allow it.

mod deletion;
mod logs;
mod marked_payloads;
mod read_api;
mod sqlite_free_space;
mod stored_bytes;

use meetvo::clock::Clock;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::Value;

use self::marked_payloads::Canaries;

use crate::harness::{ApiResponse, Database, Delivery, KEY, Process, SECRET, client};

/// Service process, a client for it, and the canaries that were sent to it.
struct Scenario {
    process: Process,
    client: Client,
    canaries: Canaries,
}

impl Scenario {
    fn start<const N: usize>(database: &Database, overrides: [(&str, &str); N]) -> Self {
        let process = Process::serve(database, overrides);
        Self { process, client: client(), canaries: Canaries::default() }
    }

    /// Delivers every payload with canaries.
    async fn deliver_all(&mut self) {
        for (name, body) in marked_payloads::payloads() {
            let body = self.canaries.mark_payload(&name, &body);
            let response = self.post(&event_id(&name), &body).await;
            assert_eq!(response.status, 200, "{name}: {}", response.body);
            assert!(
                marked_payloads::find_canaries(response.body.to_string().as_bytes()).is_empty(),
                "{name}"
            );
        }
    }

    async fn post(&self, id: &str, body: &Value) -> ApiResponse {
        let delivery = Delivery::signed(SECRET, id, Clock::system().now(), body.to_string());
        ApiResponse::fetch(delivery.request(&self.client, &self.process.url)).await
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.process.url)).bearer_auth(KEY)
    }

    async fn read(&self, path: &str) -> Value {
        let response = ApiResponse::fetch(self.get(path)).await;
        assert_eq!(response.status, 200, "{path}: {}", response.body);
        response.body
    }
}

/// Returns the ID of the event with a payload.
fn event_id(name: &str) -> String {
    format!("msg_{}", name.replace(['/', '.', ' '], "_"))
}

/// Returns the status of a response, and its headers and body as bytes.
async fn response_bytes(request: RequestBuilder) -> (StatusCode, Vec<u8>) {
    let response = request.send().await.unwrap();
    let (status, mut bytes) = (response.status(), format!("{:?}", response.headers()).into_bytes());
    bytes.extend(response.bytes().await.unwrap());
    (status, bytes)
}
