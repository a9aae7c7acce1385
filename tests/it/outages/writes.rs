//! A database that answers reads and rejects the writes of all deliveries. Every place that shows
//! the health of the service agrees on it, and on the recovery.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use meetvo::clock::Clock;
use serde_json::Value;
use tokio::{
    task::block_in_place,
    time::{Duration, Instant, sleep, timeout},
};

use super::PAUSE;
use crate::harness::{
    ApiResponse, BUSY_MACHINE, DEFAULT_TIMEOUTS, Database, Delivery, Engine, KEY, PostgresServer,
    Process, SECRET, TEST_TIMEOUT, apply, both_engines, client, fixtures,
};

/// Time until all places agree. Ten seconds are guaranteed.
const AGREEMENT_TIME: Duration = BUSY_MACHINE.saturating_add(Duration::from_secs(10));

/// Service as a process, so that `meetvo doctor` can check it.
struct Watched {
    process: Process,
    database: Arc<Database>,
}

impl Watched {
    fn serve(database: Arc<Database>) -> Self {
        let process = Process::start(Process::command_with_limits("trap '' XFSZ", &*database, []));
        Self { process, database }
    }

    /// Starts the service as a user who is not the superuser, because that one can write all files.
    fn serve_as_other_user(database: Arc<Database>) -> Self {
        let user = "if [ \"$(id -u)\" = 0 ]; then exec setpriv --reuid=65534 --regid=65534 \
                    --clear-groups \"$0\" \"$@\"; fi";
        let process = Process::start(Process::command_with_limits(user, &*database, []));
        Self { process, database }
    }

    async fn get(&self, path: &str) -> ApiResponse {
        let request = client().get(format!("{}{path}", self.process.url)).bearer_auth(KEY);
        ApiResponse::fetch(request).await
    }

    async fn metrics(&self) -> String {
        let request = client().get(format!("{}/metrics", self.process.url)).bearer_auth(KEY);
        request.send().await.unwrap().text().await.unwrap()
    }

    /// Posts the delivery of a new user, and returns the status of the response.
    async fn deliver(&self, number: usize) -> u16 {
        let body = fixtures::user_event("user.created", &format!("user_{number}"), 0);
        let now = Clock::system().now();
        let delivery = Delivery::signed(SECRET, &format!("msg_{number}"), now, body.to_string());
        let request = delivery.request(&client(), &self.process.url);
        ApiResponse::fetch(request).await.status.as_u16()
    }

    async fn twelve_deliveries_are_rejected(&self) {
        for number in 100..112 {
            assert_eq!(self.deliver(number).await, 503, "{number}");
        }
    }

    /// Returns the places that do not agree that the service is healthy, or that it is not.
    async fn disagreeing(&self, is_healthy: bool) -> Vec<&'static str> {
        let status = self.get("/v1/status").await.body;
        let is_red = status["reasons"]
            .as_array()
            .unwrap()
            .iter()
            .any(|reason| reason["code"] == "database_unavailable");
        let metrics = self.metrics().await;
        let light = if is_healthy { "green" } else { "red" };
        let places = [
            ("status", status["status"] == light && is_red != is_healthy),
            (
                "metric of the color",
                metrics.contains(&format!("meetvo_status{{light=\"{light}\"}} 1")),
            ),
            (
                "metric of the writes",
                metrics.contains(&format!("meetvo_database_writable {}\n", u8::from(is_healthy))),
            ),
            ("readiness", self.get("/readyz").await.status == if is_healthy { 200 } else { 503 }),
            ("liveness", self.get("/healthz").await.status == 200),
        ];
        places.into_iter().filter(|(_, agrees)| !agrees).map(|(place, _)| place).collect()
    }

    /// Waits until all places agree.
    async fn agrees(&self, is_healthy: bool) {
        let mut disagreeing = Vec::new();
        let agree = async {
            loop {
                disagreeing = self.disagreeing(is_healthy).await;
                if disagreeing.is_empty() {
                    break;
                }
                sleep(PAUSE).await;
            }
        };
        let result = timeout(AGREEMENT_TIME, agree).await;
        if result.is_err() {
            let (status, ready) = (self.get("/v1/status").await, self.get("/readyz").await);
            panic!("{disagreeing:?} do not agree: {} {}", status.body["reasons"], ready.body);
        }
    }

    /// Waits until the status and the problem of `/readyz` name the cause, and reads succeed. On a busy
    /// machine, a check can exceed its time limit.
    async fn names(&self, cause: &str) {
        let named = async {
            loop {
                let (status, ready) = (self.get("/v1/status").await, self.get("/readyz").await);
                let details = [&status.body["reasons"][0]["detail"], &ready.body["detail"]];
                let names = |detail: &&Value| detail.as_str().is_some_and(|it| it.contains(cause));
                if details.iter().all(names) && !status.body["events"].is_null() {
                    return ready;
                }
            }
        };
        let problem = timeout(TEST_TIMEOUT, named).await.expect(cause);
        assert_eq!(problem.problem(), (503, "database_unavailable"));
    }

    /// Waits until `meetvo doctor` names the cause in an error of each of these checks.
    fn doctor_names(&self, cause: &str, checks: &[&str]) {
        let names = |errors: &[(String, String)]| {
            checks
                .iter()
                .all(|it| errors.iter().any(|(what, says)| what == it && says.contains(cause)))
        };
        self.wait_for_doctor(names);
    }

    /// Runs `meetvo doctor` until its errors are as expected.
    fn wait_for_doctor(&self, are_expected: impl Fn(&[(String, String)]) -> bool) {
        let deadline = Instant::now() + TEST_TIMEOUT;
        loop {
            let errors = self.doctor_errors();
            if are_expected(&errors) {
                return;
            }
            assert!(Instant::now() < deadline, "{errors:?}");
        }
    }

    /// Returns the messages of the findings of `meetvo doctor` that are errors.
    fn doctor_errors(&self) -> Vec<(String, String)> {
        let to = format!("{}/webhooks/clerk", self.process.url);
        let words = ["doctor", "--json", "--to", &to];
        let output = block_in_place(|| Process::run(&*self.database, [], &words));
        let findings: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        let errors = findings.iter().filter(|finding| finding["grade"] == "error");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        errors.map(|finding| (text(&finding["check"]), text(&finding["message"]))).collect()
    }
}

/// Runs only on PostgreSQL. Reads continue, and the sessions that can write are ended.
#[tokio::test(flavor = "multi_thread")]
async fn read_only_server_turns_status_red() {
    let watched = Watched::serve(Arc::new(Database::new(Engine::Postgres).await));
    assert_eq!(watched.deliver(1).await, 200);
    watched.agrees(true).await;
    watched.wait_for_doctor(<[_]>::is_empty);
    let mut server = watched.database.server().await;
    let name = watched.database.name();
    let end = format!(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'"
    );
    server.run(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await;
    server.run(&end).await;
    watched.twelve_deliveries_are_rejected().await;
    watched.agrees(false).await;
    watched.names("read-only").await;
    // The test delivery of the first run is a duplicate now, which needs no write.
    watched.doctor_names("read-only", &["database", "service"]);
    server.run(&format!("ALTER DATABASE {name} RESET default_transaction_read_only")).await;
    watched.agrees(true).await;
    assert_eq!(watched.deliver(100).await, 200);
}

/// Runs only on PostgreSQL. Without a delivery, a probe detects the read-only server.
#[tokio::test(flavor = "multi_thread")]
async fn probe_detects_read_only_server() {
    let watched = Watched::serve(Arc::new(Database::new(Engine::Postgres).await));
    watched.agrees(true).await;
    let mut server = watched.database.server().await;
    let name = watched.database.name();
    server.run(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await;
    let end = format!(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'"
    );
    server.run(&end).await;
    watched.agrees(false).await;
}

/// Returns the path of the SQLite file, or of its file with this suffix.
fn database_file(database: &Database, suffix: &str) -> PathBuf {
    database.folder().join(format!("meetvo.db{suffix}"))
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Runs only on SQLite. Another user, such as root, ran a command that was killed, and owns the
/// files of the write-ahead log.
#[tokio::test(flavor = "multi_thread")]
async fn log_of_other_user_turns_status_red() {
    let database = Arc::new(Database::new(Engine::Sqlite).await);
    let mut other = Process::serve(&*database, DEFAULT_TIMEOUTS);
    other.kill();
    allow(database.folder(), 0o777);
    allow(&database_file(&database, ""), 0o666);
    for suffix in ["-wal", "-shm"] {
        allow(&database_file(&database, suffix), 0o444);
    }
    let watched = Watched::serve_as_other_user(database);
    watched.twelve_deliveries_are_rejected().await;
    watched.agrees(false).await;
    watched.names("read-only").await;
    watched.doctor_names("read-only", &["service", "delivery path"]);
    for suffix in ["-wal", "-shm"] {
        allow(&database_file(&watched.database, suffix), 0o666);
    }
    watched.agrees(true).await;
    assert_eq!(watched.deliver(100).await, 200);
}

/// Fills the pages of the table of the events, so that a new event needs a new page. A file of
/// PostgreSQL's write-ahead log has 16 MiB, and the server stops if it cannot write one, so the
/// table must be larger.
const FILL_TABLE: &str = "INSERT INTO webhook_events (id, decision, payload, received_at) \
                          SELECT 'filler_' || n, 'ignored', repeat('x', 8000), 0 \
                          FROM generate_series(1, 2600) AS n";

#[apply(both_engines)]
async fn full_disk_turns_status_red(engine: Engine) {
    let server = (engine == Engine::Postgres).then(|| block_in_place(PostgresServer::start));
    let database = match &server {
        Some(server) => server.database(),
        None => Arc::new(Database::new(engine).await),
    };
    let watched = Watched::serve(database);
    assert_eq!(watched.deliver(1).await, 200);
    watched.agrees(true).await;
    match &server {
        Some(server) => {
            let mut tables = watched.database.tables().await;
            tables.run(FILL_TABLE).await;
            let size = "SELECT pg_relation_size('webhook_events')::text";
            let size = tables.column(size).await[0].parse().unwrap();
            block_in_place(|| server.limit_files(Some(size)));
            // Takes the rest of the last page.
            while watched.deliver(50).await == 200 {
                tables.run("DELETE FROM webhook_events WHERE id = 'msg_50'").await;
            }
        }
        None => watched.process.limit_files(Some(1)),
    }
    watched.twelve_deliveries_are_rejected().await;
    watched.agrees(false).await;
    watched.names("the database accepts no writes").await;
    match &server {
        Some(server) => block_in_place(|| server.limit_files(None)),
        None => watched.process.limit_files(None),
    }
    watched.agrees(true).await;
    assert_eq!(watched.deliver(100).await, 200);
}

/// Another transaction holds the locks of all commits.
#[apply(both_engines)]
async fn locked_database_turns_status_red(engine: Engine) {
    let watched = Watched::serve(Arc::new(Database::new(engine).await));
    assert_eq!(watched.deliver(1).await, 200);
    watched.agrees(true).await;
    let mut other = watched.database.tables().await;
    other.block_writers().await;
    assert_eq!(watched.deliver(100).await, 503);
    watched.agrees(false).await;
    other.release().await;
    watched.agrees(true).await;
    assert_eq!(watched.deliver(100).await, 200);
}
