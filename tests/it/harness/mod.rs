//! Test harness: a service with production's composition root, and with a database, a port and a
//! clock that belong to one test.

mod api_response;
pub mod billing_events;
mod browser;
mod client_program;
mod collector;
mod database;
mod delivery;
mod engine;
mod event_stream;
pub mod fake_clerk;
pub mod fixtures;
mod issuer;
mod log_guard;
mod mail_provider;
mod nats_server;
mod network_proxy;
pub mod organization_events;
mod pooler;
mod postgres_server;
mod process;
pub mod promtool;
mod receiver;
pub mod repository;
mod reserved_port;
mod rng;
mod server_script;
mod shared_server;
mod tables;
pub mod violations;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use meetvo::{
    app::{Application, Crash},
    clock::Clock,
    config::{Settings, Sources},
};
use reqwest::{Client, ClientBuilder};
use serde_json::Value;
use tokio::{sync::oneshot, task::JoinHandle};

pub use macro_rules_attribute::apply;

pub(crate) use self::engine::both_engines;
pub use self::{
    api_response::{ApiResponse, fetch_until, retried},
    browser::BrowserPage,
    client_program::{ClientProgram, client_folder, reading_from, run_client},
    collector::{Collector, attribute},
    database::Database,
    delivery::Delivery,
    engine::Engine,
    event_stream::EventStream,
    issuer::{ISSUER, Instance, Issuer, claims, token},
    log_guard::LogGuard,
    mail_provider::MailProvider,
    nats_server::NatsServer,
    network_proxy::{CloseMode, InterruptedAt, Interruption, Moment, NetworkProxy},
    pooler::Pooler,
    postgres_server::PostgresServer,
    process::{Process, Workspace, peak_memory, repeated, repeated_until_success},
    receiver::{Answer, Received, Receiver},
    reserved_port::ReservedPort,
    rng::{Rng, env_number, report_work},
    tables::{BOOLEANS, JSON, Tables, synced_tables},
};

/// Signing secret of all deliveries, unless a test uses another one.
pub const SECRET: &str = "whsec_dGhlIHNlY3JldCBvZiBhbGwgb3VyIHRlc3Rz";
/// API key with all scopes.
pub const KEY: &str = "meetvo_key_for_tests_0123456789abcdef";
/// `Vary` header of API responses.
pub const VARY: &str =
    "Authorization, Cookie, Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
/// Initial time of manual clocks: 2026-08-12T09:30:00Z.
pub const NOW: i64 = 1_786_527_000_000;

/// Settings with timeouts that a busy machine does not reach. All tests have them, because they
/// check results and not durations. Tests of a timeout override it.
const LONG_TIMEOUTS: [(&str, &str); 9] = [
    ("MEETVO__SERVER__SHUTDOWN_TIMEOUT_MS", "60000"),
    ("MEETVO__SERVER__HEADER_TIMEOUT_MS", "60000"),
    ("MEETVO__SERVER__BODY_TIMEOUT_MS", "60000"),
    ("MEETVO__DATABASE__ACQUIRE_TIMEOUT_MS", "60000"),
    ("MEETVO__DATABASE__COMMIT_TIMEOUT_MS", "60000"),
    ("MEETVO__DATABASE__MIGRATION_LOCK_TIMEOUT_MS", "60000"),
    ("MEETVO__INGEST__TIMEOUT_MS", "60000"),
    ("MEETVO__API__TIMEOUT_MS", "60000"),
    ("MEETVO__PUSH__TIMEOUT_MS", "60000"),
];

/// The timeouts that a service has by default, for tests of what it does when they pass.
pub const DEFAULT_TIMEOUTS: [(&str, &str); 4] = [
    ("MEETVO__DATABASE__ACQUIRE_TIMEOUT_MS", "1500"),
    ("MEETVO__DATABASE__COMMIT_TIMEOUT_MS", "4000"),
    ("MEETVO__INGEST__TIMEOUT_MS", "1800"),
    ("MEETVO__API__TIMEOUT_MS", "1800"),
];

/// Timeout that ends a test that hangs. On a busy machine, a command can take minutes.
pub const TEST_TIMEOUT: Duration = Duration::from_mins(5);

/// Time that a busy machine can add to a duration. The upper bounds of tests include it: they show
/// that a limit exists. Benchmarks show how long something takes.
pub const BUSY_MACHINE: Duration = Duration::from_secs(8);

/// Returns a client with its own connections. The client has no trusted certificates, because
/// reading those of the machine takes 100 ms each time and the services are reached without TLS.
pub fn client() -> Client {
    client_builder().build().unwrap()
}

/// Returns the builder of [`client`], to change more of it. Each request has a connection of its own:
/// on a busy machine, the service can close an idle one at the moment of the next request.
pub fn client_builder() -> ClientBuilder {
    Client::builder().tls_certs_only([]).no_proxy().pool_max_idle_per_host(0)
}

/// Settings of a test's service: environment variables and their values.
pub type Variables = BTreeMap<String, String>;

/// Service in this process.
pub struct Service {
    pub url: String,
    /// URL of the metrics listener, which needs no key, if it is enabled.
    pub metrics: Option<String>,
    pub clock: Clock,
    pub client: Client,
    pub database: Arc<Database>,
    stop: oneshot::Sender<()>,
    running: JoinHandle<Result<(), Crash>>,
    _log_guard: LogGuard,
}

/// Maximum number of attempts to start something.
const START_ATTEMPTS: usize = 100;

/// Starts something that opens a database. With a short timeout for connections, a busy machine can
/// need several attempts.
pub async fn started<T, E>(start: impl AsyncFn() -> Result<T, E>) -> T
where
    E: fmt::Debug + fmt::Display,
{
    for _ in 1..START_ATTEMPTS {
        match start().await {
            Err(error) if is_late(&error.to_string()) => {}
            started => return started.unwrap(),
        }
    }
    start().await.unwrap()
}

/// Returns whether no connection was opened within the timeout, of PostgreSQL or of a SQLite file.
fn is_late(error: &str) -> bool {
    ["no answer in time", "pool timed out"].iter().any(|text| error.contains(text))
}

impl Service {
    /// Starts a service on a new database, with the default settings of the tests.
    pub async fn start(engine: Engine) -> Self {
        Self::start_with(engine, []).await
    }

    /// Starts a service on a new database, with some settings overridden.
    pub async fn start_with<const N: usize>(engine: Engine, overrides: [(&str, &str); N]) -> Self {
        let database = Arc::new(Database::new(engine).await);
        Self::start_on(database, Clock::manual(NOW), overrides).await
    }

    /// Starts a service that accepts session tokens of the shared instance.
    pub async fn start_with_session_tokens<const N: usize>(
        engine: Engine,
        overrides: [(&str, &str); N],
    ) -> Self {
        let issuer =
            [("MEETVO__CLERK__ISSUER", ISSUER), ("CLERK_JWT_KEY", &*Instance::shared().pem)];
        let database = Arc::new(Database::new(engine).await);
        Self::start_on(database, Clock::manual(NOW), issuer.into_iter().chain(overrides)).await
    }

    /// Starts a service on an existing database, for example a restart or a second replica.
    pub async fn start_on<'a>(
        database: Arc<Database>,
        clock: Clock,
        overrides: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let log_guard = LogGuard::install();
        let settings = settings(&database, overrides);
        let application =
            started(async || Application::build(&settings, clock.clone()).await).await;
        let url = format!("http://{}", application.address());
        let metrics = application.metrics_address().map(|it| format!("http://{it}"));
        let (stop, stopped) = oneshot::channel::<()>();
        #[expect(clippy::disallowed_methods, reason = "`stop` waits for the task")]
        let running = tokio::spawn(application.run_until(async {
            drop(stopped.await);
        }));
        Self {
            url,
            metrics,
            clock,
            client: client(),
            database,
            stop,
            running,
            _log_guard: log_guard,
        }
    }

    /// Stops the service and returns its database.
    pub async fn stop(self) -> Arc<Database> {
        self.stop.send(()).unwrap();
        self.running.await.unwrap().unwrap();
        self.database
    }

    /// Restarts the service on the same database, with some settings overridden.
    pub async fn restart_with<const N: usize>(self, overrides: [(&str, &str); N]) -> Self {
        let clock = self.clock.clone();
        Self::start_on(self.stop().await, clock, overrides).await
    }

    /// Sends a GET request with [`KEY`].
    pub async fn get(&self, path: &str) -> ApiResponse {
        ApiResponse::fetch(self.client.get(self.url_for(path)).bearer_auth(KEY)).await
    }

    /// Reads the status until the database accepts writes. On a busy machine, the check of the writes can
    /// exceed its time limit.
    pub async fn status(&self) -> Value {
        let status = async {
            loop {
                let answer = self.get("/v1/status").await;
                assert_eq!(answer.status, 200, "{}", answer.body);
                if answer.body["accepts_writes"] == true {
                    return answer.body;
                }
            }
        };
        tokio::time::timeout(TEST_TIMEOUT, status).await.expect("the database accepts writes")
    }

    /// Returns the items of a list that fits on one page.
    pub async fn list(&self, path: &str) -> Vec<Value> {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        assert_eq!(answer.body["next_cursor"], Value::Null, "{path} has one page");
        answer.body["data"].as_array().unwrap().clone()
    }

    /// Returns all items of a list, read with `limit` items per page.
    pub async fn walk(&self, path: &str, limit: usize) -> Vec<Value> {
        let pages = self.pages(&format!("{path}?limit={limit}")).await;
        let (last, full) = pages.split_last().unwrap();
        assert!(full.iter().all(|page| page.len() == limit), "only the last page may be shorter");
        assert!(last.len() <= limit, "{path} ends with {} items", last.len());
        pages.concat()
    }

    /// Returns all pages of a list. The path includes its query.
    pub async fn pages(&self, path: &str) -> Vec<Vec<Value>> {
        let (mut pages, mut cursor) = (Vec::new(), String::new());
        // Bounded, so that a cursor that repeats fails the test and does not hang it.
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

    /// Asserts that a list with few matches among many rows returns them for every page size. A
    /// page can have fewer items than its limit, even none, and still have a next page.
    pub async fn assert_pages_find(&self, list: &str, expected: &[&str]) {
        for limit in [1, 2, 3, 500] {
            let pages = self.pages(&format!("{list}&limit={limit}")).await;
            assert_eq!(ids(&pages.concat()), expected, "{limit}");
            assert!(pages.iter().all(|page| page.len() <= limit));
            assert!(pages.len() > 3 && pages.contains(&Vec::new()), "{} pages", pages.len());
        }
    }

    /// Returns the URL of a path.
    pub fn url_for(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Opens a direct connection to the database.
    pub async fn tables(&self) -> Tables {
        self.database.tables().await
    }

    /// Posts a delivery and returns the response.
    pub async fn post(&self, delivery: &Delivery) -> ApiResponse {
        ApiResponse::fetch(delivery.request(&self.client, &self.url)).await
    }

    /// Posts a delivery until it is not answered with 503, as Svix does, and returns the decision.
    pub async fn deliver_with_retries(&self, delivery: &Delivery) -> String {
        let answer = retried(|| delivery.request(&self.client, &self.url)).await;
        decision(delivery, &answer)
    }

    /// Posts an event with a new ID, signed now, and returns the decision.
    pub async fn send(&self, body: &Value) -> String {
        self.deliver(&Delivery::new(body, self.clock.now())).await
    }

    /// Posts a delivery, asserts status 200, and returns the decision.
    pub async fn deliver(&self, delivery: &Delivery) -> String {
        decision(delivery, &self.post(delivery).await)
    }
}

/// Asserts that a delivery got 200, and returns the decision.
fn decision(delivery: &Delivery, answer: &ApiResponse) -> String {
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["id"], delivery.id.as_str());
    answer.body["decision"].as_str().unwrap().to_owned()
}

/// Returns the IDs of a list's items.
pub fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}

/// Returns the settings of a service on a database.
pub fn settings<'a>(
    database: &Database,
    overrides: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Settings {
    let mut variables = variables(overrides);
    variables.entry("DATABASE_URL".to_owned()).or_insert_with(|| database.url().to_owned());
    Settings::load(&Sources { variables, ..Sources::default() }).unwrap()
}

/// Returns the environment variables of a test, with some of them overridden.
pub fn variables<'a>(overrides: impl IntoIterator<Item = (&'a str, &'a str)>) -> Variables {
    let defaults = [
        ("PORT", "0"),
        ("MEETVO__SERVER__WORKERS", "2"),
        ("HOST", "127.0.0.1"),
        ("CLERK_WEBHOOK_SIGNING_SECRET", SECRET),
    ];
    let keys = ("MEETVO_API_KEYS".to_owned(), format!("tests:read+admin+tokens:{KEY}"));
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let defaults = defaults.into_iter().chain(LONG_TIMEOUTS).map(owned).chain([keys]);
    defaults.chain(overrides.into_iter().map(owned)).collect()
}

/// Returns a name that is unique in this process.
pub fn unique(prefix: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("{prefix}{:06}", NEXT.fetch_add(1, Ordering::Relaxed))
}
