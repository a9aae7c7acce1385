//! Repaired objects appear in the change feed.

use serde_json::json;

use super::report;
use crate::harness::{Engine, Service, apply, both_engines, fixtures};

#[apply(both_engines)]
async fn repaired_objects_appear_once_in_changes(engine: Engine) {
    let service = Service::start(engine).await;
    for number in 1..=3 {
        let (user, session) = (format!("user_{number}"), format!("sess_{number}"));
        service.send(&fixtures::user_event("user.created", &user, 0)).await;
        service.send(&fixtures::session_event("session.created", &session, &user, 0)).await;
    }
    let mut tables = service.tables().await;
    for sql in [
        "UPDATE users SET first_name = 'Eve' WHERE clerk_id = 'user_1'",
        "DELETE FROM accounts WHERE user_id = 'user_1'",
        "UPDATE sessions SET status = 'ended' WHERE id = 'sess_2'",
        "UPDATE sessions SET user_id = 'user_1' WHERE id = 'sess_3'",
    ] {
        tables.run(sql).await;
    }
    report(&service.database, &["--check"]);
    let changes = async || service.get("/v1/changes?after=6").await.body["data"].clone();
    assert_eq!(changes().await, json!([]), "a check appends no event");
    report(&service.database, &[]);
    let changes = changes().await;
    let changes = changes.as_array().unwrap().iter();
    let changes: Vec<_> = changes.map(|it| (&it["kind"], &it["id"])).collect();
    let (user, session) = (json!("user"), json!("session"));
    let expected =
        [(&user, &json!("user_1")), (&session, &json!("sess_2")), (&session, &json!("sess_3"))];
    assert_eq!(changes, expected);
    let events = service.list("/v1/events?type=meetvo.projection.rebuilt").await;
    let ids: Vec<_> = events.iter().map(|event| event["id"].as_str().unwrap()).collect();
    let expected =
        ["sess_3", "sess_2", "user_1"].map(|id| format!("meetvo.projection.rebuilt:6:{id}"));
    assert_eq!(ids, expected, "newest first");
    assert!(events.iter().all(|event| event["decision"] == "applied"));
}
