//! `meetvo why`

use serde_json::{Value, json};

use super::{complaint, printed};
use crate::harness::{
    Answer, Database, Delivery, Engine, Process, SECRET, apply, both_engines, client, fixtures,
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
    Answer::of(delivery.request(&client(), &process.url)).await.body["decision"].clone()
}

#[apply(both_engines)]
async fn a_users_story_is_told_in_its_order(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    let mut odd = fixtures::user_event("user.updated", "user_1", 20);
    odd["data"]["email_addresses"] = json!(7);
    for (id, event, decision) in [
        ("msg_newer", fixtures::user_event("user.updated", "user_1", 10), "applied"),
        ("msg_older", fixtures::user_event("user.created", "user_1", 0), "stale"),
        ("msg_odd", odd, "failed"),
        ("msg_other", fixtures::user_event("user.created", "user_2", 0), "applied"),
    ] {
        assert_eq!(send(&process, id, &event).await, decision);
    }
    let text = why(&database, &["user_1"]);
    assert!(text.starts_with("user_1 is there, by the state of "), "{text}");
    assert!(text.contains(": Ada 10 "), "{text}");
    let place = |id: &str| text.find(id).unwrap();
    assert!(place("msg_newer") < place("msg_older") && place("msg_older") < place("msg_odd"));
    assert!(text.contains("data.email_addresses: expected") && !text.contains("msg_other"));
    let latest = why(&database, &["user_1", "--limit", "1"]);
    assert!(latest.contains("msg_odd") && !latest.contains("msg_older"), "{latest}");
    assert!(latest.contains("There are earlier ones"), "{latest}");

    assert_eq!(send(&process, "msg_gone", &fixtures::user_deleted("user_1", 30)).await, "applied");
    let story = object(&database, "user_1");
    assert!(why(&database, &["user_1"]).starts_with("user_1 is deleted, since "));
    let told: Vec<_> = story["events"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert_eq!(told, ["msg_newer", "msg_older", "msg_odd", "msg_gone"]);
    assert_eq!((&story["has_earlier"], story["deleted_at"].is_string()), (&json!(false), true));
}

#[apply(both_engines)]
async fn a_user_may_be_known_by_a_session_alone_or_not_at_all(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    let session = fixtures::session_event("session.created", "sess_1", "user_1", 0);
    assert_eq!(send(&process, "msg_1", &session).await, "applied");
    let text = why(&database, &["user_1"]);
    assert!(text.starts_with("user_1 is known by a session alone"), "{text}");
    let mut odd = fixtures::user_event("user.created", "user_2", 0);
    odd["data"]["email_addresses"] = json!(7);
    assert_eq!(send(&process, "msg_2", &odd).await, "failed");
    let text = why(&database, &["user_2"]);
    assert!(text.starts_with("user_2 is not there"), "{text}");
    let nobody = Process::run(&database, [], &["why", "user_3"]);
    assert_eq!(nobody.status.code(), Some(1));
    let expected = "nothing was ever heard of user_3";
    assert!(complaint(&nobody).contains(expected), "{}", complaint(&nobody));
}

#[apply(both_engines)]
async fn an_events_story_has_its_mend_and_its_end(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, OTHER);
    let event = fixtures::user_event("user.created", "user_1", 0);
    assert_eq!(send(&process, "msg_1", &event).await, "quarantined");
    let text = why(&database, &["msg_1"]);
    assert!(text.starts_with("msg_1 is quarantined: user.created\n"), "{text}");
    for part in ["only ins_other is accepted", "meetvo reprocess msg_1", "about     user_1"] {
        assert!(text.contains(part), "{text}");
    }
    printed(&Process::run(&database, [], &["reprocess", "msg_1"]));
    let story = object(&database, "msg_1");
    assert_eq!((&story["decision"], &story["mend"]), (&json!("applied"), &Value::Null));
    assert!(story["applied_at"].is_string(), "{story}");
    assert!(why(&database, &["msg_1"]).contains("It was applied later, at "));
}
