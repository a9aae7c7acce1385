//! A reader of the log that stops reading delays no request and no shutdown, and the lines that it
//! misses are counted.

use std::{
    process::{ExitStatus, Stdio},
    sync::mpsc,
};

use meetvo::clock::Clock;
use serde_json::Value;
use tokio::{task::block_in_place, time::Instant};

use crate::harness::{
    ApiResponse, Database, Delivery, Engine, KEY, Process, TEST_TIMEOUT, apply, both_engines,
    client, fixtures,
};

/// Starts a service whose reader of the log calls `read_on` when the service listens.
fn start(
    database: &Database,
    filter: &str,
    read_on: impl FnOnce() -> bool + Send + 'static,
) -> Process {
    let mut command = Process::command(database, [("MEETVO__LOG__FILTER", filter)]);
    // At the end, `tracing-appender` prints that a full queue has no room.
    command.stdout(Stdio::null());
    block_in_place(|| Process::start_with_reader(command, read_on))
}

async fn deliver(process: &Process, user: usize) {
    let body = fixtures::user_event("user.created", &format!("user_{user}"), 0);
    let delivery = Delivery::new(&body, Clock::system().now());
    let response = ApiResponse::fetch(delivery.request(&client(), &process.url)).await;
    assert_eq!(response.status, 200);
}

/// Returns the number of lines that were dropped, by the metrics.
async fn dropped_lines(process: &Process) -> u64 {
    let metrics = client().get(format!("{}/metrics", process.url)).bearer_auth(KEY);
    let text = metrics.send().await.unwrap().text().await.unwrap();
    let name = "\nmeetvo_log_lines_dropped_total ";
    let (_, value) = text.split_once(name).unwrap_or_else(|| panic!("{text}"));
    value.lines().next().unwrap().parse().unwrap()
}

/// Stops a service whose log is not read.
fn stop(process: &mut Process) -> ExitStatus {
    process.terminate();
    block_in_place(|| process.wait_for_exit())
}

/// The trace log of some deliveries fills the pipe and then the queue.
#[apply(both_engines)]
async fn stalled_log_reader_delays_nothing(engine: Engine) {
    let database = Database::new(engine).await;
    let (resume, stalled) = mpsc::channel::<()>();
    let mut process = start(&database, "trace", move || {
        stalled.recv().ok();
        true
    });
    let deadline = Instant::now() + TEST_TIMEOUT;
    let mut user = 0;
    while dropped_lines(&process).await == 0 {
        assert!(Instant::now() < deadline, "no line is dropped after {user} deliveries");
        deliver(&process, user).await;
        user += 1;
    }
    assert!(stop(&mut process).success());
    drop(resume);
    let (_, log) = block_in_place(|| process.wait());
    let (complete, _) = log.trim_end().rsplit_once('\n').unwrap();
    for line in complete.lines() {
        serde_json::from_str::<Value>(line).expect(line);
    }
    assert!(complete.contains("\"listening\""), "{log}");
}

#[apply(both_engines)]
async fn closed_log_pipe_delays_nothing(engine: Engine) {
    let database = Database::new(engine).await;
    let mut process = start(&database, "info", || false);
    let deadline = Instant::now() + TEST_TIMEOUT;
    let mut user = 0;
    // The pipe is closed a moment after the service has logged its address.
    while dropped_lines(&process).await < 3 {
        assert!(Instant::now() < deadline, "no line is lost after {user} deliveries");
        deliver(&process, user).await;
        user += 1;
    }
    assert!(stop(&mut process).success());
}
