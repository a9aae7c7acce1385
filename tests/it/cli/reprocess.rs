//! `meetvo reprocess`.

use serde_json::{Value, json};

use super::{printed, stderr};
use crate::harness::{
    ApiResponse, Database, Delivery, Engine, KEY, Process, SECRET, apply, both_engines, client,
    fixtures,
};

const PINNED: [(&str, &str); 1] = [("MEETVO__CLERK__INSTANCE_ID", "ins_other")];

/// Returns a running service with quarantined events.
async fn with_quarantined(database: &Database, users: usize) -> Process {
    let keys = format!("tests:read+admin:{KEY}");
    let process = Process::serve(database, [PINNED[0], ("MEETVO_API_KEYS", &keys)]);
    for number in 0..users {
        let body = fixtures::user_event("user.created", &format!("user_{number}"), 0);
        let now = meetvo::clock::Clock::system().now();
        let id = format!("msg_{number}");
        let delivery = Delivery::signed(SECRET, &id, now, body.to_string());
        let answer = ApiResponse::fetch(delivery.request(&client(), &process.url)).await;
        assert_eq!(answer.body["decision"], "quarantined");
    }
    process
}

async fn users(process: &Process) -> usize {
    let request = client().get(format!("{}/v1/users?limit=500", process.url));
    ApiResponse::fetch(request.bearer_auth(KEY)).await.body["data"].as_array().unwrap().len()
}

fn reprocessed(database: &Database, words: &[&str]) -> Value {
    let words = [&["reprocess", "--json"], words].concat();
    serde_json::from_str(&printed(&Process::run(database, [], &words))).unwrap()
}

#[apply(both_engines)]
async fn running_service_serves_reprocessed_users(engine: Engine) {
    let database = Database::new(engine).await;
    let process = with_quarantined(&database, 600).await;
    let one = reprocessed(&database, &["msg_7", "msg_8"]);
    assert_eq!(one, json!({ "changed": { "applied": 2 }, "unchanged": {} }));
    assert_eq!(users(&process).await, 2);
    let text =
        printed(&Process::run(&database, PINNED, &["reprocess", "--decision", "quarantined"]));
    let words: Vec<_> = text.split_whitespace().collect();
    assert_eq!(words[..4], ["changed", "0", "unchanged", "598"], "{text}");
    assert!(text.contains("only ins_other is accepted"), "{text}");
    assert!(text.contains("clerk.instance_id still excludes"), "{text}");
    let all = reprocessed(&database, &["--decision", "quarantined"]);
    assert_eq!(all, json!({ "changed": { "applied": 598 }, "unchanged": {} }));
    assert_eq!(users(&process).await, 500, "a full page");
    let repeated = reprocessed(&database, &["msg_7"]);
    let remediations = json!({ "applied is final": "the event needs no reprocessing" });
    let unchanged = json!({ "applied is final": 1 });
    let expected = json!({ "changed": {}, "unchanged": unchanged, "remediations": remediations });
    assert_eq!(repeated, expected);
}

#[apply(both_engines)]
async fn invalid_requests_fail(engine: Engine) {
    let database = Database::new(engine).await;
    let assert_fails = |words: &[&str], code: i32, why: &str| {
        let output = Process::run(&database, [], words);
        assert_eq!(output.status.code(), Some(code), "{words:?}");
        assert!(stderr(&output).contains(why), "{words:?}: {}", stderr(&output));
    };
    assert_fails(&["reprocess", "msg_1"], 1, "`meetvo migrate run`");
    printed(&Process::run(&database, [], &["migrate", "run"]));
    assert_fails(&["reprocess", "msg_1"], 1, "no event has the ID msg_1");
    assert_fails(&["reprocess"], 2, "EVENT");
    assert_fails(&["reprocess", "--decision", "applied"], 2, "quarantined");
    assert_fails(&["reprocess", "msg_1", "--decision", "failed"], 2, "cannot be used with");
}
