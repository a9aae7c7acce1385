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
    Database, Delivery, Engine, KEY, Process, SECRET, Service, apply, both_engines, client,
    fixtures,
};

/// Shutdown timeout of the services in these tests.
const SHUTDOWN: (&str, &str) = ("MEETVO__SERVER__SHUTDOWN_TIMEOUT_MS", "8000");

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
        took < Duration::from_secs(8),
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
    assert!(took < Duration::from_secs(10), "the shutdown took {took:?}");
    drop(client);
}

/// Half of the delivery's body has arrived when the shutdown begins.
#[apply(both_engines)]
async fn delivery_in_flight_is_completed(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, [SHUTDOWN]);
    let address = process.url.trim_start_matches("http://").to_owned();
    let body = fixtures::user_event("user.created", "user_1", 0).to_string();
    let delivery = Delivery::signed(SECRET, "msg_1", Clock::system().now(), body);
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST /webhooks/clerk HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\
         Content-Length: {}\r\nsvix-id: {}\r\nsvix-timestamp: {}\r\nsvix-signature: {}\r\n\r\n",
        delivery.body.len(),
        delivery.id,
        delivery.timestamp,
        delivery.signature,
    );
    let (first, second) = delivery.body.split_at(delivery.body.len() / 2);
    stream.write_all(head.as_bytes()).await.unwrap();
    // The interim response shows that the service has received the head.
    let mut interim = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut interim).await.unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(first).await.unwrap();
    process.terminate();
    let closed = async { while TcpStream::connect(&address).await.is_ok() {} };
    timeout(Duration::from_secs(8), closed).await.expect("the listener is closed");
    stream.write_all(second).await.unwrap();
    let mut answer = String::new();
    let read = timeout(Duration::from_secs(8), stream.read_to_string(&mut answer)).await;
    read.expect("the service answers and closes the connection").unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("\"applied\""), "{answer}");
    let (status, log) = tokio::task::spawn_blocking(|| process.wait()).await.unwrap();
    assert_eq!(status.code(), Some(0), "{log}");
    let restarted = Process::serve(&database, []);
    let user = client().get(format!("{}/v1/users/user_1", restarted.url)).bearer_auth(KEY);
    assert_eq!(user.send().await.unwrap().status(), 200);
}

/// The same in this process, where the composition root is told to stop.
#[apply(both_engines)]
async fn a_service_that_is_told_to_stop_ends_without_a_fault(engine: Engine) {
    Service::start(engine).await.stop().await;
}
