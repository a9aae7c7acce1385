//! `meetvo why`.

use serde_json::{Value, json};

use super::{printed, stderr};
use crate::harness::{
    ApiResponse, Database, Delivery, Engine, Process, SECRET, apply, both_engines, client, fixtures,
};

const OTHER: [(&str, &str); 1] = [("MEETVO__CLERK__INSTANCE_ID", "ins_other")];

fn why(database: &Database, words: &[&str]) -> String {
    printed(&Process::run(database, [], &[&["why"], words].concat()))
}

fn object(database: &Database, id: &str) -> Value {
    serde_json::from_str(&why(database, &[id, "--json"])).unwrap()
}

async fn send(process: &Process, id: &str, event: &Value) -> Value {
    let now = meetvo::clock::Clock::system().now();
    let delivery = Delivery::signed(SECRET, id, now, event.to_string());
    ApiResponse::fetch(delivery.request(&client(), &process.url)).await.body["decision"].clone()
}

#[apply(both_engines)]
async fn user_history_is_ordered(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    let mut odd = fixtures::user_event("user.updated", "user_1", 20);
    odd["data"]["updated_at"] = json!([7]);
    for (id, event, decision) in [
        ("msg_newer", fixtures::user_event("user.updated", "user_1", 10), "applied"),
        ("msg_older", fixtures::user_event("user.created", "user_1", 0), "stale"),
        ("msg_odd", odd, "failed"),
        ("msg_other", fixtures::user_event("user.created", "user_2", 0), "applied"),
    ] {
        assert_eq!(send(&process, id, &event).await, decision);
    }
    let text = why(&database, &["user_1"]);
    assert!(text.starts_with("user_1 is stored with the data of "), "{text}");
    assert!(text.contains(": Ada 10 "), "{text}");
    let position = |id: &str| text.find(id).unwrap();
    assert!(position("msg_newer") < position("msg_older"));
    assert!(position("msg_older") < position("msg_odd"));
    assert!(text.contains("data.updated_at: expected") && !text.contains("msg_other"));
    let latest = why(&database, &["user_1", "--limit", "1"]);
    assert!(latest.contains("msg_odd") && !latest.contains("msg_older"), "{latest}");
    assert!(latest.contains("Earlier events exist"), "{latest}");

    assert_eq!(send(&process, "msg_gone", &fixtures::user_deleted("user_1", 30)).await, "applied");
    let history = object(&database, "user_1");
    assert!(why(&database, &["user_1"]).starts_with("user_1 was deleted at "));
    let events = history["events"].as_array().unwrap();
    let ids: Vec<_> = events.iter().map(|it| &it["id"]).collect();
    assert_eq!(ids, ["msg_newer", "msg_older", "msg_odd", "msg_gone"]);
    assert_eq!(history["has_earlier"], false);
    assert!(history["deleted_at"].is_string(), "{history}");
}

#[apply(both_engines)]
async fn partly_known_user_is_described(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    let session = fixtures::session_event("session.created", "sess_1", "user_1", 0);
    assert_eq!(send(&process, "msg_1", &session).await, "applied");
    let text = why(&database, &["user_1"]);
    assert!(text.starts_with("user_1 is known only from a session"), "{text}");
    let mut odd = fixtures::user_event("user.created", "user_2", 0);
    odd["data"]["updated_at"] = json!([7]);
    assert_eq!(send(&process, "msg_2", &odd).await, "failed");
    let text = why(&database, &["user_2"]);
    assert!(text.starts_with("user_2 is not stored"), "{text}");
    let unknown = Process::run(&database, [], &["why", "user_3"]);
    assert_eq!(unknown.status.code(), Some(1));
    let expected = "no event and no user has the ID user_3";
    assert!(stderr(&unknown).contains(expected), "{}", stderr(&unknown));
}

#[apply(both_engines)]
async fn event_history_has_remediation_and_result(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, OTHER);
    let event = fixtures::user_event("user.created", "user_1", 0);
    assert_eq!(send(&process, "msg_1", &event).await, "quarantined");
    let text = why(&database, &["msg_1"]);
    assert!(text.starts_with("msg_1 is quarantined: user.created\n"), "{text}");
    for part in ["only ins_other is accepted", "meetvo reprocess msg_1", "user      user_1"] {
        assert!(text.contains(part), "{text}");
    }
    printed(&Process::run(&database, [], &["reprocess", "msg_1"]));
    let history = object(&database, "msg_1");
    assert_eq!((&history["decision"], &history["remediation"]), (&json!("applied"), &Value::Null));
    assert!(history["applied_at"].is_string(), "{history}");
    assert!(why(&database, &["msg_1"]).contains("Reprocessing applied the event at "));
}

#[apply(both_engines)]
async fn email_address_finds_its_owner(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    let event = fixtures::user_event("user.created", "user_1", 0);
    assert_eq!(send(&process, "msg_1", &event).await, "applied");
    for address in ["user_1@example.com", " USER_1@Example.com "] {
        let text = why(&database, &[address]);
        assert!(text.starts_with("user_1 is stored with the data of "), "{text}");
        assert!(text.contains("msg_1"), "{text}");
        let history = object(&database, address);
        assert_eq!(
            (&history["id"], &history["events"][0]["id"]),
            (&json!("user_1"), &json!("msg_1"))
        );
    }
    for (id, code, error) in [
        ("user_2@example.com", 1, "no user has the primary email address user_2@example.com"),
        ("user\u{1b}[2J\n2", 1, "no event and no user has the ID user\\u001b[2J\\n2;"),
        ("", 2, "expected the ID of an event or a user, or an email address"),
        (" ", 2, "expected the ID of an event or a user, or an email address"),
    ] {
        let output = Process::run(&database, [], &["why", id]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(code), 0), "{id}");
        assert!(stderr(&output).contains(error), "{id}: {}", stderr(&output));
    }
}
