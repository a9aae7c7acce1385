//! `meetvo health`.

use std::{net::TcpListener, path::Path, process::Output};

use serde_json::{Value, json};
use tempfile::tempdir;

use super::{printed, stderr};
use crate::harness::{
    Database, Engine, Process, ReservedPort, apply, both_engines, repeated, repeated_until_success,
};

/// Checks the service on a port.
fn check_health(folder: &Path, port: &str, words: &[&str]) -> Output {
    // The services of these tests listen on 127.0.0.1, which the command uses for 0.0.0.0.
    let settings = [("HOST", "0.0.0.0"), ("PORT", port)];
    Process::run(folder, settings, &[&["health"], words].concat())
}

fn port(process: &Process) -> String {
    process.url.rsplit(':').next().unwrap().to_owned()
}

fn assert_unhealthy(output: &Output, words: &[&str]) {
    let text = stderr(output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(output.stdout.is_empty());
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.starts_with("meetvo: http://127.0.0.1:"), "{text}");
    for word in words {
        assert!(text.contains(word), "{word}: {text}");
    }
}

#[apply(both_engines)]
async fn running_service_is_healthy(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    for (words, path) in [(&[][..], "/healthz"), (&["--ready"], "/readyz")] {
        let healthy = |words: &[&str]| {
            let check = || check_health(database.folder(), &port(&process), words);
            printed(&repeated_until_success(check))
        };
        let text = healthy(words);
        assert_eq!(text, format!("{}{path} answers 200 OK\n", process.url));
        let text = healthy(&[words, &["--json"]].concat());
        let url = format!("{}{path}", process.url);
        let expected = json!({ "url": url, "healthy": true, "status": 200 });
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
    }
}

/// A supervisor must not restart the service, and a load balancer must not send requests to it.
#[apply(both_engines)]
async fn broken_database_makes_service_unready(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    database.tables().await.run("ALTER TABLE webhook_events RENAME TO elsewhere").await;
    let expected = "/readyz answers 503 Service Unavailable: the database lacks a table";
    let ready = || check_health(database.folder(), &port(&process), &["--ready"]);
    let ready = repeated(ready, |output| stderr(output).contains(expected));
    assert_unhealthy(&ready, &[expected]);
    let alive = || check_health(database.folder(), &port(&process), &[]);
    printed(&repeated_until_success(alive));
}

#[test]
fn unreachable_service_is_unhealthy() {
    let folder = tempdir().unwrap();
    let port = ReservedPort::new();
    let free = port.address;
    let output = check_health(folder.path(), &free.port().to_string(), &[]);
    assert_unhealthy(&output, &[&free.to_string(), "/healthz does not answer: ", "refused"]);
    let output = check_health(folder.path(), &free.port().to_string(), &["--json"]);
    assert_eq!(output.status.code(), Some(1));
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&object["healthy"], &object["status"]), (&json!(false), &Value::Null));
}

#[test]
fn hanging_service_is_unhealthy() {
    let folder = tempdir().unwrap();
    // The system accepts the connection, and no response follows.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port().to_string();
    assert_unhealthy(
        &check_health(folder.path(), &port, &[]),
        &["/healthz does not answer in time"],
    );
}

#[test]
fn unusable_port_exits_with_78() {
    let folder = tempdir().unwrap();
    for (port, word) in [("0", "server.port: is 0"), ("none", "(from PORT)")] {
        let output = check_health(folder.path(), port, &[]);
        assert_eq!(output.status.code(), Some(78));
        assert!(stderr(&output).contains(word), "{}", stderr(&output));
    }
}
