//! SIGTERM and SIGINT: what was accepted is finished, and the process ends by itself.

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

/// What the settings of these tests give a service to end in.
const SHUTDOWN: (&str, &str) = ("MEETVO__SERVER__SHUTDOWN_TIMEOUT_MS", "8000");

/// Starts a service under load, and tells it to stop; everything it promised is there.
async fn stops_under_load(engine: Engine, stop: fn(&Process)) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, [SHUTDOWN]);
    let load = Load::start(&process);
    load.until(300).await;
    let told = Instant::now();
    stop(&process);
    let promises = load.end().await;
    let (status, log) = tokio::task::spawn_blocking(|| process.wait()).await.unwrap();
    let took = told.elapsed();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(took < Duration::from_secs(8), "it took {took:?} although all was answered");
    assert!(log.contains("\"stopped\""), "it says that it ended: {log}");
    assert_all_kept(&database, promises).await;
}

async fn assert_all_kept(database: &Database, promises: Vec<load::AcknowledgedEvent>) {
    assert!(promises.len() >= 300);
    let again = Process::serve(database, []);
    let decisions = load::find(&again, &promises).await;
    assert_eq!(decisions, BTreeMap::from([("applied".to_owned(), promises.len())]));
}

#[apply(both_engines)]
async fn what_was_answered_before_sigterm_is_kept(engine: Engine) {
    stops_under_load(engine, Process::terminate).await;
}

#[apply(both_engines)]
async fn what_was_answered_before_sigint_is_kept(engine: Engine) {
    stops_under_load(engine, Process::interrupt).await;
}

/// A connection that is open without a request under way does not hold the end up.
#[apply(both_engines)]
async fn an_idle_service_ends_at_once_also_with_open_connections(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, [("MEETVO__SERVER__SHUTDOWN_TIMEOUT_MS", "30000")]);
    let client = client();
    let url = format!("{}/healthz", process.url);
    assert_eq!(client.get(url).send().await.unwrap().bytes().await.unwrap(), "{\"status\":\"ok\"}");
    let told = Instant::now();
    process.terminate();
    let (status, log) = tokio::task::spawn_blocking(|| process.wait()).await.unwrap();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(told.elapsed() < Duration::from_secs(10), "it took {:?}", told.elapsed());
    drop(client);
}

/// A delivery whose body is half there when the service is told to stop is taken to its end.
#[apply(both_engines)]
async fn a_delivery_under_way_is_finished(engine: Engine) {
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
    // That it asks for the body tells that it has the request.
    let mut go_on = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(first).await.unwrap();
    process.terminate();
    let closed = async { while TcpStream::connect(&address).await.is_ok() {} };
    timeout(Duration::from_secs(8), closed).await.expect("it takes no more connections");
    stream.write_all(second).await.unwrap();
    let mut answer = String::new();
    let read = timeout(Duration::from_secs(8), stream.read_to_string(&mut answer)).await;
    read.expect("it answers, and closes the connection").unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("\"applied\""), "{answer}");
    let (status, log) = tokio::task::spawn_blocking(|| process.wait()).await.unwrap();
    assert_eq!(status.code(), Some(0), "{log}");
    let again = Process::serve(&database, []);
    let user = client().get(format!("{}/v1/users/user_1", again.url)).bearer_auth(KEY);
    assert_eq!(user.send().await.unwrap().status(), 200);
}

/// The same in this process, where the composition root is told to stop.
#[apply(both_engines)]
async fn a_service_that_is_told_to_stop_ends_without_a_fault(engine: Engine) {
    Service::start(engine).await.stop().await;
}
