//! Messages about an event: `meetvo trigger --messages` and `meetvo why`.

use std::process::Output;

use serde_json::{Value, json};
use tokio::task::block_in_place;

use super::{printed, stderr};
use crate::{
    harness::{Answer, Database, Engine, KEY, Process, Receiver, apply, both_engines, repeated},
    push::{PUSH, PUSH_KEY},
};

/// Creates an endpoint by the command, and returns its ID.
fn create(database: &Database, receiver: &Receiver) -> String {
    let words = ["endpoints", "new", &receiver.url, "--type", "*", "--json"];
    let created = printed(&Process::run(database, PUSH, &words));
    let created: Value = serde_json::from_str(&created).unwrap();
    created["id"].as_str().unwrap().to_owned()
}

/// Returns whether the messages were sent before the command gave up. A running service notices a new
/// endpoint within two seconds, but its push has a low priority on a busy machine.
fn is_sent(output: &Output) -> bool {
    !String::from_utf8_lossy(&output.stdout).contains("waiting")
}

#[apply(both_engines)]
async fn trigger_shows_messages_to_the_end(engine: Engine) {
    let (database, receiver) = (Database::new(engine).await, Receiver::start().await);
    let process = Process::serve(&database, PUSH);
    let trigger = |words: &[&str]| {
        let words = [&["trigger", "user.created", "--messages", "--to", &process.url], words];
        block_in_place(|| Process::run(&database, [("MEETVO_API_KEY", KEY)], &words.concat()))
    };
    let without = trigger(&[]);
    assert!(without.status.success());
    assert!(stderr(&without).contains("no endpoint gets a message"), "{}", stderr(&without));

    let endpoint = create(&database, &receiver);
    let output = printed(&repeated(|| trigger(&["--json"]), is_sent));
    let report: Value = serde_json::from_str(&output).unwrap();
    let message = &report["events"][0]["messages"][0];
    assert_eq!(message["endpoint_id"], endpoint, "{report}");
    assert_eq!(
        (&message["status"], &message["type"]),
        (&json!("delivered"), &json!("user.created"))
    );
    let text = printed(&repeated(|| trigger(&[]), is_sent));
    assert!(text.contains("delivered  200 in "), "{text}");
    assert!(text.contains(&receiver.url), "{text}");

    receiver.answer(|_| Answer::Status(503));
    let failed = repeated(|| trigger(&[]), is_sent);
    assert_eq!(failed.status.code(), Some(1));
    assert!(stderr(&failed).contains("1 of 1 messages were not delivered"), "{}", stderr(&failed));
    let text = String::from_utf8_lossy(&failed.stdout).into_owned();
    assert!(text.contains("answered with 503; next at "), "{text}");
}

#[apply(both_engines)]
async fn why_tells_what_became_of_messages(engine: Engine) {
    let (database, receiver) = (Database::new(engine).await, Receiver::start().await);
    let process = Process::serve(&database, PUSH);
    let endpoint = create(&database, &receiver);
    let words = ["trigger", "user.created", "--messages", "--json", "--to", &process.url];
    let run = |words: &[&str]| {
        let key = [("MEETVO_API_KEY", KEY), ("MEETVO_PUSH_KEYS", PUSH_KEY)];
        block_in_place(|| Process::run(&database, key, words))
    };
    let report = printed(&repeated(|| run(&words), is_sent));
    let report: Value = serde_json::from_str(&report).unwrap();
    let id = report["events"][0]["id"].as_str().unwrap();
    let text = printed(&run(&["why", id]));
    let line = format!("  {endpoint} ({}): user.created delivered at ", receiver.url);
    assert!(text.contains(&line) && text.contains(" by attempt 1\n"), "{text}");
    let why: Value = serde_json::from_str(&printed(&run(&["why", id, "--json"]))).unwrap();
    assert_eq!(why["messages"], report["events"][0]["messages"]);
}
