//! `meetvo health`

use std::{net::TcpListener, path::Path, process::Output};

use tempfile::tempdir;

use super::{stderr, printed};
use crate::harness::{Database, Engine, Process, apply, both_engines};

/// Asks the service on a port.
fn ask(folder: &Path, port: &str, words: &[&str]) -> Output {
    // The service of these tests listens on one address, as they are the same to who asks there.
    let settings = [("HOST", "0.0.0.0"), ("PORT", port)];
    Process::run(folder, settings, &[&["health"], words].concat())
}

fn port(process: &Process) -> String {
    process.url.rsplit(':').next().unwrap().to_owned()
}

fn assert_unwell(output: &Output, words: &[&str]) {
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
async fn a_service_that_runs_is_well(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    for (words, path) in [(&[][..], "/healthz"), (&["--ready"], "/readyz")] {
        let text = printed(&ask(database.folder(), &port(&process), words));
        assert_eq!(text, format!("{}{path} answers 200 OK\n", process.url));
    }
}

/// Who restarts what is unwell is not told to; who sends requests is told to send none.
#[apply(both_engines)]
async fn without_its_database_a_service_runs_and_is_not_ready(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    database.tables().await.run("ALTER TABLE webhook_events RENAME TO elsewhere").await;
    let ready = ask(database.folder(), &port(&process), &["--ready"]);
    assert_unwell(&ready, &["/readyz answers 503 Service Unavailable"]);
    printed(&ask(database.folder(), &port(&process), &[]));
}

#[test]
fn a_service_that_is_not_there_is_unwell() {
    let folder = tempdir().unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = ask(folder.path(), &free.port().to_string(), &[]);
    assert_unwell(&output, &[&free.to_string(), "/healthz does not answer: ", "refused"]);
}

#[test]
fn a_service_that_hangs_is_unwell() {
    let folder = tempdir().unwrap();
    // The system takes the connection, and nobody answers on it.
    let deaf = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = deaf.local_addr().unwrap().port().to_string();
    assert_unwell(&ask(folder.path(), &port, &[]), &["/healthz does not answer in time"]);
}

#[test]
fn settings_that_say_no_port_end_with_78() {
    let folder = tempdir().unwrap();
    for (port, word) in [("0", "server.port: is 0"), ("none", "(from PORT)")] {
        let output = ask(folder.path(), port, &[]);
        assert_eq!(output.status.code(), Some(78));
        assert!(stderr(&output).contains(word), "{}", stderr(&output));
    }
}
