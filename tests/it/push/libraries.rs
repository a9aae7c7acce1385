//! The libraries of Svix and of Standard Webhooks verify messages.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use meetvo::clock::Clock;
use serde_json::json;
use tokio::task::block_in_place;

use super::{Endpoint, start_on};
use crate::harness::{
    Database, Engine, Receiver, apply, both_engines, client_folder, fixtures, organization_events,
    repository,
};

/// Returns pushed messages with their secret, one per line. The time is that of the machine, which
/// the libraries check.
async fn messages(engine: Engine) -> String {
    let database = Arc::new(Database::new(engine).await);
    let (service, receiver) = (start_on(database, Clock::system()).await, Receiver::start().await);
    let endpoint = Endpoint::new(&service, &receiver, &["*"]).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    service.send(&fixtures::user_event("user.updated", "user_1", 1_000)).await;
    service
        .send(&organization_events::organization_event("organization.created", "org_1", 0))
        .await;
    service.send(&fixtures::user_deleted("user_1", 2_000)).await;
    let lines = receiver.wait_for(4).await.into_iter().map(|message| {
        let line = json!({
            "secret": endpoint.secret, "headers": message.headers, "body": message.text,
        });
        format!("{line}\n")
    });
    lines.collect()
}

/// Asserts that a program verifies the messages.
fn assert_verified(program: &Path, script: &Path, messages: &str) {
    let mut command = Command::new(program);
    let command = command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(messages.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "verified 4 messages\n");
}

#[apply(both_engines)]
async fn javascript_libraries_verify_messages(engine: Engine) {
    // The installation can take longer than a signature is valid.
    let folder = client_folder("webhooks").await;
    let messages = messages(engine).await;
    block_in_place(|| assert_verified(Path::new("node"), &folder.join("verify.mjs"), &messages));
}

#[apply(both_engines)]
async fn python_libraries_verify_messages(engine: Engine) {
    let python = client_folder("python").await.join("venv/bin/python");
    let messages = messages(engine).await;
    let script = repository::path("tests/clients/webhooks/verify.py");
    block_in_place(|| assert_verified(&python, &script, &messages));
}
