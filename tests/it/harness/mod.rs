//! A service of a test's own: production's composition root, with a database, a port and a clock
//! that nobody else uses.

pub mod backend;
mod browser;
mod cluster;
mod database;
mod delivery;
mod dice;
mod engine;
pub mod fixtures;
mod hush;
mod issuer;
mod listener;
mod process;
pub mod promtool;
pub mod repository;
mod server;
mod tables;
mod wire;

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use meetvo::{
    app::{Application, Crash},
    clock::Clock,
    config::{Settings, Sources},
};
use reqwest::{Client, ClientBuilder, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use tokio::{sync::oneshot, task::JoinHandle};

pub use macro_rules_attribute::apply;

pub(crate) use self::engine::both_engines;
pub use self::{
    browser::Page,
    cluster::Cluster,
    database::Database,
    delivery::Delivery,
    dice::{Dice, asked, tell},
    engine::Engine,
    hush::Hush,
    issuer::{ISSUER, Instance, Issuer, claims, token},
    listener::Listener,
    process::{Home, Process, resident},
    tables::{BOOLEANS, JSON, Tables},
    wire::{Cut, How, Moment, Place, Wire},
};

/// Signs everything, unless a test says otherwise.
pub const SECRET: &str = "whsec_dGhlIHNlY3JldCBvZiBhbGwgb3VyIHRlc3Rz";
/// May do everything.
pub const KEY: &str = "meetvo_key_for_tests_0123456789abcdef";
/// What answers of the API depend on.
pub const VARY: &str =
    "Authorization, Cookie, Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
/// 2026-08-12T09:30:00Z: what clocks that stand still show at first.
pub const NOW: i64 = 1_786_527_000_000;

/// A client with connections of its own. It trusts nobody, and need not: reading whom this machine trusts
/// takes a tenth of a second each time, and services are reached without TLS.
pub fn client() -> Client {
    client_builder().build().unwrap()
}

/// The same, to be made otherwise.
pub fn client_builder() -> ClientBuilder {
    Client::builder().tls_certs_only([]).no_proxy()
}

/// The settings of a test's service: the usual names of settings, and their values.
pub type Variables = BTreeMap<String, String>;

/// A service in this process.
pub struct Service {
    pub url: String,
    /// Where it tells its metrics without a key, if anywhere.
    pub metrics: Option<String>,
    pub clock: Clock,
    pub client: Client,
    pub database: Arc<Database>,
    stop: oneshot::Sender<()>,
    running: JoinHandle<Result<(), Crash>>,
    _hush: Hush,
}

/// What a request was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Service {
    /// On a database of its own, with settings that suit most tests.
    pub async fn start(engine: Engine) -> Self {
        Self::start_with(engine, []).await
    }

    /// With some settings that differ.
    pub async fn start_with<const N: usize>(engine: Engine, differ: [(&str, &str); N]) -> Self {
        let database = Arc::new(Database::new(engine).await);
        Self::start_on(database, Clock::manual(NOW), differ).await
    }

    /// One that takes the session tokens of the usual instance, by its key.
    pub async fn start_signed<const N: usize>(engine: Engine, differ: [(&str, &str); N]) -> Self {
        let usual = [("MEETVO__CLERK__ISSUER", ISSUER), ("CLERK_JWT_KEY", &*Instance::usual().pem)];
        let database = Arc::new(Database::new(engine).await);
        Self::start_on(database, Clock::manual(NOW), usual.into_iter().chain(differ)).await
    }

    /// On a database that is there: another start, or another process beside the first.
    pub async fn start_on<'a>(
        database: Arc<Database>,
        clock: Clock,
        differ: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let hush = Hush::listen();
        let settings = settings(&database, differ);
        let application = Application::build(&settings, clock.clone()).await.unwrap();
        let url = format!("http://{}", application.address());
        let metrics = application.metrics_address().map(|it| format!("http://{it}"));
        let (stop, stopped) = oneshot::channel::<()>();
        #[expect(clippy::disallowed_methods, reason = "`stop` waits for it")]
        let running = tokio::spawn(application.run_until(async {
            drop(stopped.await);
        }));
        Self { url, metrics, clock, client: client(), database, stop, running, _hush: hush }
    }

    /// Tells the service to stop, and waits until it has.
    pub async fn stop(self) -> Arc<Database> {
        self.stop.send(()).unwrap();
        self.running.await.unwrap().unwrap();
        self.database
    }

    /// Stops, and starts again on the same database.
    pub async fn restart_with<const N: usize>(self, differ: [(&str, &str); N]) -> Self {
        let clock = self.clock.clone();
        Self::start_on(self.stop().await, clock, differ).await
    }

    /// Reads with the key that may do everything.
    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.client.get(self.at(path)).bearer_auth(KEY)).await
    }

    /// Reads the items of a list that fits on a page.
    pub async fn list(&self, path: &str) -> Vec<Value> {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        assert_eq!(answer.body["next_cursor"], Value::Null, "{path} has one page");
        answer.body["data"].as_array().unwrap().clone()
    }

    /// Reads a list page by page, `limit` items at a time, to its end.
    pub async fn walk(&self, path: &str, limit: usize) -> Vec<Value> {
        let pages = self.pages(&format!("{path}?limit={limit}")).await;
        let (last, full) = pages.split_last().unwrap();
        assert!(full.iter().all(|page| page.len() == limit), "only the last page may be shorter");
        assert!(last.len() <= limit, "{path} ends with {} items", last.len());
        pages.concat()
    }

    /// Reads the pages of a list, with the parameters that it has, to its end.
    pub async fn pages(&self, path: &str) -> Vec<Vec<Value>> {
        let (mut pages, mut cursor) = (Vec::new(), String::new());
        // Bounded: a cursor that goes in circles is a failure, not a test that never ends.
        for _ in 0..1_000 {
            let mut answer = self.get(&format!("{path}{cursor}")).await;
            assert_eq!(answer.status, 200, "{path}{cursor}: {}", answer.body);
            pages.push(serde_json::from_value(answer.body["data"].take()).unwrap());
            let Some(next) = answer.body["next_cursor"].as_str() else {
                return pages;
            };
            cursor = format!("&cursor={next}");
        }
        panic!("{path} does not end");
    }

    /// Makes sure that a list finds these, which lie far apart, whatever the size of its pages: one
    /// may hold fewer than it has room for, even none, and still have a next one.
    pub async fn finds_far_apart(&self, list: &str, expected: &[&str]) {
        for limit in [1, 2, 3, 500] {
            let pages = self.pages(&format!("{list}&limit={limit}")).await;
            assert_eq!(ids(&pages.concat()), expected, "{limit}");
            assert!(pages.iter().all(|page| page.len() <= limit));
            assert!(pages.len() > 3 && pages.contains(&Vec::new()), "{} pages", pages.len());
        }
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// A look into the database, past the service.
    pub async fn tables(&self) -> Tables {
        self.database.tables().await
    }

    /// Posts a delivery.
    pub async fn post(&self, delivery: &Delivery) -> Answer {
        Answer::of(delivery.request(&self.client, &self.url)).await
    }

    /// Posts an event that is signed now, under an id of its own; the decision.
    pub async fn send(&self, body: &Value) -> String {
        self.deliver(&Delivery::of(body, self.clock.now())).await
    }

    /// Posts a delivery that is to be answered 200; the decision.
    pub async fn deliver(&self, delivery: &Delivery) -> String {
        let answer = self.post(delivery).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.body["id"], delivery.id.as_str());
        answer.body["decision"].as_str().unwrap().to_owned()
    }
}

impl Answer {
    pub async fn of(request: RequestBuilder) -> Self {
        Self::from(request.send().await.unwrap()).await
    }

    async fn from(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Self { status, headers, body }
    }

    /// The status and the code of a problem document.
    pub fn problem(&self) -> (u16, &str) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(self.body["status"], self.status.as_u16());
        assert_eq!(self.body["request_id"].as_str(), self.header("x-request-id"));
        (self.status.as_u16(), self.body["code"].as_str().unwrap())
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// The ids of a list's items.
pub fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}

/// The settings of a service on this database.
pub fn settings<'a>(
    database: &Database,
    differ: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Settings {
    let mut variables = variables(differ);
    variables.entry("DATABASE_URL".to_owned()).or_insert_with(|| database.url().to_owned());
    Settings::load(&Sources { variables, ..Sources::default() }).unwrap()
}

/// The settings of a test, with those that differ.
pub fn variables<'a>(differ: impl IntoIterator<Item = (&'a str, &'a str)>) -> Variables {
    let usual = [
        ("PORT", "0"),
        ("MEETVO__SERVER__WORKERS", "2"),
        ("HOST", "127.0.0.1"),
        ("CLERK_WEBHOOK_SIGNING_SECRET", SECRET),
    ];
    let keys = ("MEETVO_API_KEYS".to_owned(), format!("tests:read+admin+tokens:{KEY}"));
    let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    usual.into_iter().map(own).chain([keys]).chain(differ.into_iter().map(own)).collect()
}

/// A name that no other test of this process uses.
pub fn unique(prefix: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("{prefix}{:06}", NEXT.fetch_add(1, Ordering::Relaxed))
}
