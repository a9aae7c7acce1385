//! Rows of purged or expired events stay, and all other rows are repaired.

use serde_json::json;

use super::{DIFFERS, all_rows, assert_same, report};
use crate::harness::{Delivery, Engine, NOW, SECRET, Service, apply, both_engines, fixtures};

async fn send(service: &Service, id: &str, body: &serde_json::Value) -> String {
    service.deliver(&Delivery::signed(SECRET, id, NOW, body.to_string())).await
}

#[apply(both_engines)]
async fn row_without_readable_event_stays(engine: Engine) {
    let service = Service::start(engine).await;
    let database = &*service.database;
    send(&service, "msg_1", &fixtures::user_event("user.created", "user_1", 0)).await;
    send(&service, "msg_2", &fixtures::user_event("user.updated", "user_1", 5)).await;
    send(&service, "msg_3", &fixtures::user_event("user.created", "user_2", 0)).await;
    let session = fixtures::session_event("session.created", "sess_1", "user_1", 0);
    send(&service, "msg_4", &session).await;
    let ended = fixtures::session_event("session.ended", "sess_1", "user_1", 7);
    send(&service, "msg_5", &ended).await;
    let mut tables = service.tables().await;
    let before = all_rows(&mut tables).await;
    // The newest state of the first user, and the sign-in of the session.
    let empty = "UPDATE webhook_events SET payload = NULL WHERE id IN ('msg_2', 'msg_4')";
    tables.run(empty).await;
    let (code, checked) = report(database, &["--check"]);
    let kept = checked["kept"].as_object().unwrap().iter().filter(|(_, rows)| **rows != 0);
    let kept: Vec<_> = kept.map(|(table, rows)| (&**table, rows)).collect();
    assert_eq!((code, kept), (0, vec![("sessions", &json!(1)), ("users", &json!(1))]));
    assert_eq!(checked["events"], json!({ "read": 5, "lost": 2 }));
    tables.run("UPDATE users SET banned = TRUE").await;
    tables.run("UPDATE sessions SET status = 'active', ip_address = '203.0.113.1'").await;
    let (_, repaired) = report(database, &[]);
    let rows = repaired["rows"].as_array().unwrap();
    let ids: Vec<_> = rows.iter().map(|row| (&row["id"], &row["columns"])).collect();
    let expected = [(&json!("sess_1"), &json!(["status"])), (&json!("user_2"), &json!(["banned"]))];
    assert_eq!(ids, expected, "without a readable event, no error can be detected");
    tables.run("UPDATE users SET banned = FALSE WHERE clerk_id = 'user_1'").await;
    tables.run("UPDATE sessions SET ip_address = '192.0.2.7'").await;
    assert_eq!(all_rows(&mut tables).await, before);
    // A newer state overwrites the row.
    send(&service, "msg_6", &fixtures::user_event("user.updated", "user_1", 9)).await;
    assert_eq!(report(database, &["--check"]).1["kept"]["users"], 0);
}

/// A field of a user whose event is purged stays, next to fields whose events are readable.
#[apply(both_engines)]
async fn purged_field_of_partial_user_stays(engine: Engine) {
    let service = Service::start(engine).await;
    let partial = |fields: serde_json::Value, offset| {
        let mut data = json!({ "id": "user_1", "object": "user" });
        data.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        fixtures::event("user.updated", data, offset)
    };
    let account = json!([{ "id": "eac_1", "provider": "oauth_github" }]);
    let purged = json!({ "username": "ivo", "external_accounts": account, "banned": true });
    send(&service, "msg_1", &partial(purged, 1)).await;
    send(&service, "msg_2", &partial(json!({ "first_name": "Ivo", "banned": false }), 2)).await;
    let mut tables = service.tables().await;
    let before = all_rows(&mut tables).await;
    assert!(before["users"][0]["field_versions"].is_string(), "{before}");
    assert_same(&service.database);
    tables.run("UPDATE webhook_events SET payload = NULL WHERE id = 'msg_1'").await;
    assert_same(&service.database);
    tables.run("UPDATE users SET first_name = 'Eve', banned = NULL").await;
    assert_eq!(report(&service.database, &[]).0, 0);
    assert_eq!(all_rows(&mut tables).await, before);
    tables.run("UPDATE webhook_events SET payload = NULL").await;
    let (_, checked) = report(&service.database, &["--check"]);
    assert_eq!((&checked["kept"]["users"], &checked["rows"]), (&json!(1), &json!([])));
}

#[apply(both_engines)]
async fn missing_user_without_payload_is_reported(engine: Engine) {
    let service = Service::start(engine).await;
    send(&service, "msg_1", &fixtures::user_event("user.created", "user_1", 0)).await;
    let mut tables = service.tables().await;
    tables.run("UPDATE webhook_events SET payload = NULL").await;
    assert_same(&service.database);
    tables.run("DELETE FROM users; DELETE FROM user_terms").await;
    let (code, checked) = report(&service.database, &["--check"]);
    assert_eq!((code, &checked["rows"][0]["differs"]), (DIFFERS, &json!("missing")));
}

#[apply(both_engines)]
async fn tombstone_outlives_its_deletion_event(engine: Engine) {
    let service = Service::start(engine).await;
    let database = &*service.database;
    let events = [
        ("msg_1", fixtures::user_event("user.created", "user_1", 0)),
        ("msg_2", fixtures::user_deleted("user_1", 5)),
        ("msg_3", fixtures::user_event("user.updated", "user_1", 9)),
        ("msg_4", fixtures::user_event("user.created", "user_2", 0)),
    ];
    for (id, body) in &events {
        send(&service, id, body).await;
    }
    // A deletion without a time of its own happened at 0, which the event's row does not show.
    let mut undated = fixtures::user_deleted("user_3", 0);
    undated.as_object_mut().unwrap().remove("timestamp");
    send(&service, "msg_5", &undated).await;
    let mut tables = service.tables().await;
    let before = all_rows(&mut tables).await;
    assert_eq!(before["users"][2]["deleted_at"], 0);
    tables.run("DELETE FROM users WHERE clerk_id IN ('user_1', 'user_2')").await;
    report(database, &[]);
    assert_eq!(all_rows(&mut tables).await, before);
    for id in ["msg_1", "msg_2", "msg_3"] {
        tables.run(&format!("DELETE FROM webhook_events WHERE id = '{id}'")).await;
        assert_same(database);
        assert_eq!(all_rows(&mut tables).await, before, "without {id}");
    }
}

/// The row stays if the current decoder cannot read the payload.
#[apply(both_engines)]
async fn row_of_undecodable_payload_stays(engine: Engine) {
    let service = Service::start(engine).await;
    send(&service, "msg_1", &fixtures::user_event("user.created", "user_1", 0)).await;
    let mut tables = service.tables().await;
    tables.run("UPDATE webhook_events SET payload = '{\"type\": \"user.created\"}'").await;
    let (code, checked) = report(&service.database, &["--check"]);
    assert_eq!((code, &checked["kept"]["users"]), (0, &json!(1)), "{checked}");
}

/// A quarantined event has no effect on the synced tables, and an event that was applied by
/// reprocessing has.
#[apply(both_engines)]
async fn only_applied_events_are_recomputed(engine: Engine) {
    let pinned = [("MEETVO__CLERK__INSTANCE_ID", "ins_other")];
    let service = Service::start_with(engine, pinned).await;
    for number in 1..=2 {
        let body = fixtures::user_event("user.created", &format!("user_{number}"), 0);
        assert_eq!(send(&service, &format!("msg_{number}"), &body).await, "quarantined");
    }
    assert_same(&service.database);
    let service = service.restart_with([]).await;
    let reprocess = service.client.post(service.url_for("/v1/events/msg_1/reprocess"));
    let response = reprocess.bearer_auth(crate::harness::KEY).send().await.unwrap();
    assert_eq!(response.status(), 200);
    // The applied event belongs to another instance than the one pinned now.
    let service = service.restart_with(pinned).await;
    assert_same(&service.database);
    let mut tables = service.tables().await;
    let before = all_rows(&mut tables).await;
    assert_eq!(before["users"].as_array().unwrap().len(), 1);
    tables.run("DELETE FROM users").await;
    report(&service.database, &[]);
    assert_eq!(all_rows(&mut tables).await, before);
}
