//! Texts that stand nowhere else, in every place of a payload or a request that is personal or
//! secret: none gets further than it may.

mod deletion;
mod sqlite_free_space;
mod logs;
mod marked_payloads;
mod stored_bytes;
mod read_api;

use meetvo::clock::Clock;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::Value;

use self::marks::Canaries;
use reqwest::Client;

use crate::harness::{ApiResponse, Database, Delivery, KEY, Process, SECRET, client};

/// The program, with whom it hears from and what it was given to keep quiet about.
struct Scene {
    process: Process,
    client: Client,
    canaries: Canaries,
}

impl Scene {
    fn begin<const N: usize>(database: &Database, differ: [(&str, &str); N]) -> Self {
        let process = Process::serve(database, differ);
        Self { process, client: client(), canaries: Canaries::default() }
    }

    /// Delivers every payload with canaries in it.
    async fn deliver_all(&mut self) {
        for (name, body) in marks::payloads() {
            let body = self.canaries.mark(&name, &body);
            let answer = self.post(&id_of(&name), &body).await;
            assert_eq!(answer.status, 200, "{name}: {}", answer.body);
            assert!(marks::texts(answer.body.to_string().as_bytes()).is_empty(), "{name}");
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
        let answer = ApiResponse::fetch(self.get(path)).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }
}

/// The event that carries a payload.
fn id_of(name: &str) -> String {
    format!("msg_{}", name.replace(['/', '.', ' '], "_"))
}

/// All that an answer holds, its head included.
async fn whole(request: RequestBuilder) -> (StatusCode, Vec<u8>) {
    let answer = request.send().await.unwrap();
    let (status, mut told) = (answer.status(), format!("{:?}", answer.headers()).into_bytes());
    told.extend(answer.bytes().await.unwrap());
    (status, told)
}
