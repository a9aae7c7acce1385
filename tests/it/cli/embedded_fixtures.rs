//! Fixtures of the program, for commands in a folder without payloads.

use std::{fs, process::Output};

use serde_json::{Value, json};

use super::{printed, stderr};
use crate::harness::{Database, Engine, Process, Workspace, apply, both_engines, fixtures};

/// Runs `meetvo replay` against a service.
fn replay(home: impl Workspace, service: &Process, paths: &[&str]) -> Output {
    Process::run(home, [], &[&["replay", "--to", &service.url, "--json"], paths].concat())
}

/// Replays deliveries that the service accepts, and returns the report.
fn report(home: impl Workspace, service: &Process, paths: &[&str]) -> Value {
    serde_json::from_str(&printed(&replay(home, service, paths))).unwrap()
}

/// The program contains the fixtures. A file of the working directory precedes them.
#[apply(both_engines)]
async fn embedded_fixtures_need_no_folder(engine: Engine) {
    let database = Database::new(engine).await;
    let service = Process::serve(&database, []);
    let all = report(&database, &service, &[]);
    assert_eq!((&all["deliveries"], &all["responses"]), (&220.into(), &json!({ "200": 220 })));
    let again = report(&database, &service, &["fixtures"]);
    assert_eq!(again["decisions"], json!({ "duplicate": 220 }), "the same messages");
    let from_files =
        report(&database, &service, &[concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures")]);
    assert_eq!(from_files["decisions"], json!({ "duplicate": 220 }), "those of the repository");
    let one = report(&database, &service, &["fixtures/user/created-google.json"]);
    assert_eq!(one["decisions"], json!({ "duplicate": 1 }));
    let own = database.folder().join("fixtures/user");
    fs::create_dir_all(&own).unwrap();
    let body = fixtures::user_event("user.created", "user_own", 0).to_string();
    fs::write(own.join("created-google.json"), body).unwrap();
    let own = report(&database, &service, &["fixtures"]);
    assert_eq!(own["decisions"], json!({ "applied": 1 }));
    let missing = replay(&database, &service, &["fixtures/user/nothing.json"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(stderr(&missing).contains("cannot be read"), "{}", stderr(&missing));
}
