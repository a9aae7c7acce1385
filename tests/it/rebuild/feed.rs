//! Whoever follows the changes is told of what was mended.

use serde_json::json;

use super::report;
use crate::harness::{Engine, Service, apply, both_engines, fixtures};

#[apply(both_engines)]
async fn each_user_and_each_session_that_was_mended_is_told_once(engine: Engine) {
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
    assert_eq!(changes().await, json!([]), "nothing was done yet");
    report(&service.database, &[]);
    let told = changes().await;
    let told: Vec<_> = told.as_array().unwrap().iter().map(|it| (&it["kind"], &it["id"])).collect();
    let (user, session) = (json!("user"), json!("session"));
    let expected =
        [(&user, &json!("user_1")), (&session, &json!("sess_2")), (&session, &json!("sess_3"))];
    assert_eq!(told, expected);
    let events = service.list("/v1/events?type=meetvo.projection.rebuilt").await;
    let ids: Vec<_> = events.iter().map(|event| event["id"].as_str().unwrap()).collect();
    let expected =
        ["sess_3", "sess_2", "user_1"].map(|id| format!("meetvo.projection.rebuilt:6:{id}"));
    assert_eq!(ids, expected, "the newest first");
    assert!(events.iter().all(|event| event["decision"] == "applied"));
}
