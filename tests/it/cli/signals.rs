//! Graceful shutdown after SIGTERM and SIGINT.

use std::{collections::BTreeMap, time::Duration};

use meetvo::clock::Clock;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};

use super::load::{self, Load};
use crate::harness::{
    BUSY_MACHINE, Database, Delivery, Engine, KEY, Process, SECRET, Service, TEST_TIMEOUT, apply,
    both_engines, client, fixtures,
};

/// Shutdown timeout of the services in these tests.
const SHUTDOWN: (&str, &str) = ("MEETVO__SERVER__SHUTDOWN_TIMEOUT_MS", "30000");

/// Stops a service under load, and asserts that no answered delivery is lost.
async fn stops_under_load(engine: Engine, stop: fn(&Process)) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, [SHUTDOWN]);
    let load = Load::start(&process);
    load.until(300).await;
    let stopped_at = Instant::now();
    stop(&process);
    let promises = load.end().await;
    let (status, log) = tokio::task::spawn_blocking(|| process.wait()).await.unwrap();
    let took = stopped_at.elapsed();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(
        took < Duration::from_secs(30),
        "the shutdown took {took:?}, although all deliveries were answered"
    );
    assert!(log.contains("\"stopped\""), "the log contains the end: {log}");
    assert_all_kept(&database, promises).await;
}

async fn assert_all_kept(database: &Database, promises: Vec<load::AcknowledgedEvent>) {
    assert!(promises.len() >= 300);
    let restarted = Process::serve(database, []);
    let decisions = load::find(&restarted, &promises).await;
    assert_eq!(decisions, BTreeMap::from([("applied".to_owned(), promises.len())]));
}

#[apply(both_engines)]
async fn answered_deliveries_survive_sigterm(engine: Engine) {
    stops_under_load(engine, Process::terminate).await;
}

#[apply(both_engines)]
async fn answered_deliveries_survive_sigint(engine: Engine) {
    stops_under_load(engine, Process::interrupt).await;
}

/// An open connection without a request in flight does not delay the end.
#[apply(both_engines)]
async fn idle_connections_do_not_delay_shutdown(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, [("MEETVO__SERVER__SHUTDOWN_TIMEOUT_MS", "30000")]);
    let client = client();
    let url = format!("{}/healthz", process.url);
    assert_eq!(client.get(url).send().await.unwrap().bytes().await.unwrap(), "{\"status\":\"ok\"}");
    let stopped_at = Instant::now();
    process.terminate();
    let (status, log) = tokio::task::spawn_blocking(|| process.wait()).await.unwrap();
    assert_eq!(status.code(), Some(0), "{log}");
    let took = stopped_at.elapsed();
    assert!(took < Duration::from_secs(25), "the shutdown took {took:?}");
    drop(client);
}

/// Half of the delivery's body has arrived when the shutdown begins.
#[apply(both_engines)]
async fn delivery_in_flight_is_completed(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, [SHUTDOWN]);
    let address = process.url.trim_start_matches("http://").to_owned();
    let body = fixtures::user_event("user.created", "user_1", 0).to_string();
    let second = &body.as_bytes()[body.len() / 2..];
    let mut stream = begin_delivery(&process, second.len()).await;
    process.terminate();
    let closed = async { while TcpStream::connect(&address).await.is_ok() {} };
    timeout(TEST_TIMEOUT, closed).await.expect("the listener is closed");
    stream.write_all(second).await.unwrap();
    let mut answer = String::new();
    let read = timeout(TEST_TIMEOUT, stream.read_to_string(&mut answer)).await;
    read.expect("the service answers and closes the connection").unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("\"applied\""), "{answer}");
    let (status, log) = tokio::task::spawn_blocking(|| process.wait()).await.unwrap();
    assert_eq!(status.code(), Some(0), "{log}");
    let restarted = Process::serve(&database, []);
    let user = client().get(format!("{}/v1/users/user_1", restarted.url)).bearer_auth(KEY);
    assert_eq!(user.send().await.unwrap().status(), 200);
}

/// Connects and sends a delivery without the last `missing` bytes of its body.
async fn begin_delivery(process: &Process, missing: usize) -> TcpStream {
    let body = fixtures::user_event("user.created", "user_1", 0).to_string();
    let delivery = Delivery::signed(SECRET, "msg_1", Clock::system().now(), body);
    let head = format!(
        "POST /webhooks/clerk HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\
         Content-Length: {}\r\nsvix-id: {}\r\nsvix-timestamp: {}\r\nsvix-signature: {}\r\n\r\n",
        delivery.body.len(),
        delivery.id,
        delivery.timestamp,
        delivery.signature,
    );
    let mut stream = TcpStream::connect(process.url.trim_start_matches("http://")).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    // The interim response shows that the service has received the head.
    let mut interim = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut interim).await.unwrap();
    let sent = delivery.body.len() - missing;
    stream.write_all(&delivery.body[..sent]).await.unwrap();
    stream
}

/// Stops a service that cannot complete everything. Returns its exit code, its log and the time.
async fn stop(process: Process) -> (Option<i32>, String, Duration) {
    let stopped_at = Instant::now();
    process.terminate();
    let (status, log) = tokio::task::spawn_blocking(|| process.wait()).await.unwrap();
    (status.code(), log, stopped_at.elapsed())
}

/// Timeout of a shutdown, in milliseconds. It is longer than what a busy machine adds, so that a second
/// timeout would be noticed.
const SHUTDOWN_LIMIT: u64 = 10_000;

/// Maximum time until the process has ended.
const END_LIMIT: Duration = Duration::from_millis(SHUTDOWN_LIMIT).saturating_add(BUSY_MACHINE);

/// A request that does not end is left at the end of the shutdown timeout.
#[apply(both_engines)]
async fn shutdown_leaves_requests_after_its_timeout(engine: Engine) {
    let database = Database::new(engine).await;
    let limit = SHUTDOWN_LIMIT.to_string();
    let process = Process::serve(&database, [("MEETVO__SERVER__SHUTDOWN_TIMEOUT_MS", &*limit)]);
    let _stalled = begin_delivery(&process, 1).await;
    let (code, log, took) = stop(process).await;
    assert_eq!(code, Some(0), "{log}");
    assert!(took < END_LIMIT, "{took:?}");
    assert!(log.contains("requests were still in progress"), "{log}");
    assert!(log.contains("\"requests\":1"), "{log}");
}

/// The request waits for the commit, and the commit waits for a lock. Both share one timeout.
#[apply(both_engines)]
async fn shutdown_leaves_events_after_its_timeout(engine: Engine) {
    let database = Database::new(engine).await;
    let limit = SHUTDOWN_LIMIT.to_string();
    let process = Process::serve(&database, [("MEETVO__SERVER__SHUTDOWN_TIMEOUT_MS", &*limit)]);
    let mut holder = database.tables().await;
    holder.block_writers().await;
    let _waiting = begin_delivery(&process, 0).await;
    let (code, log, took) = stop(process).await;
    assert_eq!(code, Some(1), "{log}");
    assert!(took < END_LIMIT, "{took:?}");
    assert!(log.contains("\"requests\":1"), "{log}");
    assert!(log.contains("1 events were not committed"), "{log}");
    holder.release().await;
    let restarted = Process::serve(&database, []);
    let user = client().get(format!("{}/v1/users/user_1", restarted.url)).bearer_auth(KEY);
    assert_eq!(user.send().await.unwrap().status(), 404, "no event is stored in part");
}

/// The service of the harness runs in this process, without signals.
#[apply(both_engines)]
async fn stopped_service_ends_without_error(engine: Engine) {
    Service::start(engine).await.stop().await;
}
