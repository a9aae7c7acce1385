//! `meetvo tail`: new events, filters, and a service that restarts.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
};

use meetvo::clock::Clock;
use serde_json::Value;

use crate::harness::{
    Database, Delivery, Engine, KEY, Process, ReservedPort, TEST_TIMEOUT, apply, both_engines,
    client, fixtures,
};

/// Running `meetvo tail`, which is killed at the end of the test.
struct Tail {
    child: Child,
    lines: Receiver<String>,
    notes: Receiver<String>,
}

impl Tail {
    fn start(database: &Database, url: &str, words: &[&str]) -> Self {
        let mut command = Process::command(database, [("MEETVO_API_KEY", KEY)]);
        let command = command.arg("tail").args(["--to", url]).args(words);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = lines_of(child.stdout.take().unwrap());
        let notes = lines_of(child.stderr.take().unwrap());
        Self { child, lines, notes }
    }

    fn line(&self) -> String {
        self.lines.recv_timeout(TEST_TIMEOUT).expect("a line")
    }

    /// Waits for a note with a text.
    fn wait_for_note(&self, text: &str) {
        while !self.notes.recv_timeout(TEST_TIMEOUT).expect(text).contains(text) {}
    }

    /// Sends SIGINT, as a terminal does for Ctrl-C, and returns the exit code and the lines that
    /// were not read.
    fn interrupt(mut self) -> (Option<i32>, Vec<String>) {
        let pid = self.child.id().to_string();
        let mut kill = std::process::Command::new("kill");
        assert!(kill.args(["-INT", &pid]).status().unwrap().success());
        (self.child.wait().unwrap().code(), self.lines.iter().collect())
    }
}

impl Drop for Tail {
    fn drop(&mut self) {
        // `kill` fails if the process has ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn lines_of(stream: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            drop(sender.send(line));
        }
    });
    lines
}

async fn send(service: &Process, id: &str) {
    let now = Clock::system().now();
    let delivery = Delivery::new(&fixtures::user_event("user.created", id, 0), now);
    let sent = delivery.request(&client(), &service.url).send().await.unwrap();
    assert_eq!(sent.status(), 200, "{id}");
}

#[apply(both_engines)]
async fn new_events_are_printed_in_order(engine: Engine) {
    let database = Database::new(engine).await;
    let service = Process::serve(&database, []);
    for id in ["user_1", "user_2", "user_3"] {
        send(&service, id).await;
    }
    let tail = Tail::start(&database, &service.url, &["--lines", "2"]);
    assert!(tail.line().contains("  user_2  "), "earlier events come first");
    let line = tail.line();
    let columns: Vec<_> = line.split_whitespace().collect();
    assert_eq!(columns[1..], ["user.created", "user_3", "applied"], "{line}");
    assert!(columns[0].ends_with('Z'), "{line}");
    for id in ["user_4", "user_5"] {
        send(&service, id).await;
        assert!(tail.line().contains(id));
    }
    assert_eq!(tail.interrupt(), (Some(0), Vec::new()));
}

/// More events than a page has arrive between two requests.
#[apply(both_engines)]
async fn tail_continues_after_a_restart(engine: Engine) {
    let database = Database::new(engine).await;
    let mut service = Process::serve(&database, []);
    let tail = Tail::start(&database, &service.url, &["--json"]);
    send(&service, "user_first").await;
    let first: Value = serde_json::from_str(&tail.line()).unwrap();
    assert_eq!(first["object_id"], "user_first");
    let port = service.url.rsplit(':').next().unwrap().parse().unwrap();
    service.kill();
    // Until the service is back, no program of another test gets its port.
    let reserved = ReservedPort::of(port);
    tail.wait_for_note("The command waits for the service.");

    // Events arrive at another replica, so that they are there when the service is back.
    let other = Process::serve(&database, []);
    let count = 501;
    for number in 0..count {
        send(&other, &format!("user_{number:03}")).await;
    }
    drop(other);
    let _service = Process::serve(&database, [("PORT", &*port.to_string())]);
    drop(reserved);
    tail.wait_for_note("The service answers again.");
    for number in 0..count {
        let event: Value = serde_json::from_str(&tail.line()).unwrap();
        assert_eq!(event["object_id"], format!("user_{number:03}"));
    }
    assert_eq!(tail.interrupt(), (Some(0), Vec::new()));
}

#[apply(both_engines)]
async fn filters_select_new_events(engine: Engine) {
    let database = Database::new(engine).await;
    let service = Process::serve(&database, []);
    let tail = Tail::start(&database, &service.url, &["--subject", "user_2", "--json"]);
    // The event of another user moves the end of the log, but is not printed.
    for id in ["user_1", "user_2"] {
        send(&service, id).await;
    }
    let event: Value = serde_json::from_str(&tail.line()).unwrap();
    assert_eq!((&event["subject"], &event["decision"]), (&"user_2".into(), &"applied".into()));
    assert_eq!(tail.interrupt(), (Some(0), Vec::new()));
}
