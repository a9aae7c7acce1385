//! Deleted users. The tombstone keeps the ID and the time of the deletion, and nothing else.

use serde_json::{Value, json};

use crate::harness::{
    Delivery, Engine, NOW, SECRET, Service, Tables, apply, both_engines, fixtures,
};

/// Returns the row of a deleted user.
fn tombstone(id: &str, deleted_at: i64, columns: &Value) -> Value {
    let mut row = columns.clone();
    for (name, value) in row.as_object_mut().unwrap() {
        *value = match name.as_str() {
            "clerk_id" => json!(id),
            "deleted_at" => json!(deleted_at),
            "version_updated_at" | "version_occurred_at" => json!(0),
            "version_event_id" => json!(""),
            _ => Value::Null,
        };
    }
    row
}

/// Returns the user IDs of a table's rows, in order.
async fn owners(tables: &mut Tables, table: &str) -> Vec<String> {
    tables.column(&format!("SELECT user_id FROM {table} ORDER BY user_id")).await
}

/// Adds a user with every kind of object, and events with several decisions.
async fn add_user_with_objects(service: &Service, user: &str) {
    let mut failing = fixtures::user_event("user.updated", user, 1);
    failing["data"]["updated_at"] = "no".into();
    let mut failing_session = fixtures::session_event("session.ended", "sess_x", user, 1);
    failing_session["timestamp"] = "soon".into();
    let session = |id: &str| format!("sess_{user}_{id}");
    for (body, decision) in [
        (fixtures::user_event("user.created", user, 0), "applied"),
        (fixtures::session_event("session.created", &session("1"), user, 0), "applied"),
        (fixtures::session_event("session.created", &session("2"), user, 0), "applied"),
        (fixtures::session_event("session.removed", &session("2"), user, 9), "applied"),
        (fixtures::user_event("user.updated", user, -1), "stale"),
        (failing, "failed"),
        (failing_session, "failed"),
    ] {
        assert_eq!(service.send(&body).await, decision);
    }
}

#[apply(both_engines)]
async fn deletion_removes_everything_of_one_user(engine: Engine) {
    let service = Service::start(engine).await;
    add_user_with_objects(&service, "user_1").await;
    add_user_with_objects(&service, "user_2").await;
    let mut tables = service.tables().await;
    for (table, rows) in [("sessions", 4), ("accounts", 2), ("verifications", 4)] {
        assert_eq!(owners(&mut tables, table).await.len(), rows, "{table}");
    }
    let before = tables.rows("users").await;

    assert_eq!(service.send(&fixtures::user_deleted("user_1", 20)).await, "applied");

    let expected = [tombstone("user_1", NOW + 20, &before[0]), before[1].clone()];
    assert_eq!(tables.rows("users").await, expected);
    for (table, rows) in [("sessions", 2), ("accounts", 1), ("verifications", 2)] {
        assert_eq!(owners(&mut tables, table).await, vec!["user_2"; rows], "{table}");
    }
    let payloads = "SELECT subject || ' ' || COUNT(*) || ' ' || COUNT(payload) \
                    FROM webhook_events GROUP BY subject ORDER BY subject";
    // The deletion is one of the events of the user.
    assert_eq!(tables.column(payloads).await, ["user_1 8 0", "user_2 7 7"]);
}

#[apply(both_engines)]
async fn events_after_deletion_have_no_payload(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&fixtures::user_deleted("user_1", 0)).await;
    let before = service.tables().await.synced_tables().await;

    let mut failing = fixtures::user_event("user.updated", "user_1", 30);
    failing["data"]["updated_at"] = "no".into();
    let mut embedding = fixtures::session_event("session.created", "sess_2", "user_1", 30);
    embedding["data"]["user"] = fixtures::user("user_1", 30);
    for (body, decision) in [
        (fixtures::user_event("user.created", "user_1", 30), "tombstoned"),
        (fixtures::session_event("session.created", "sess_1", "user_1", 30), "tombstoned"),
        (embedding, "tombstoned"),
        (failing, "failed"),
        (fixtures::user_deleted("user_1", 30), "stale"),
    ] {
        assert_eq!(service.send(&body).await, decision, "{body}");
    }
    let mut tables = service.tables().await;
    assert_eq!(tables.synced_tables().await, before);
    let payloads = tables.column("SELECT id FROM webhook_events WHERE payload IS NOT NULL").await;
    assert!(payloads.is_empty(), "{payloads:?}");
}

#[apply(both_engines)]
async fn earliest_of_several_deletions_wins(engine: Engine) {
    let service = Service::start(engine).await;
    for (user, offsets, decisions) in [
        ("user_1", [50, 20, 90], ["applied", "applied", "stale"]),
        ("user_2", [20, 90, 50], ["applied", "stale", "stale"]),
        ("user_3", [90, 50, 20], ["applied", "applied", "applied"]),
        ("user_4", [20, 20, 20], ["applied", "stale", "stale"]),
    ] {
        service.send(&fixtures::user_event("user.created", user, 0)).await;
        for (offset, decision) in offsets.into_iter().zip(decisions) {
            let deleted = fixtures::user_deleted(user, offset);
            assert_eq!(service.send(&deleted).await, decision, "{user} {offset}");
        }
    }
    let times = "SELECT DISTINCT deleted_at || '' FROM users";
    assert_eq!(service.tables().await.column(times).await, [(NOW + 20).to_string()]);
}

/// Old deliveries have no envelope time. It counts as 0.
#[apply(both_engines)]
async fn deletion_without_a_time_is_applied(engine: Engine) {
    let service = Service::start(engine).await;
    let mut without_time = fixtures::user_deleted("user_1", 0);
    without_time.as_object_mut().unwrap().remove("timestamp");
    assert_eq!(service.send(&without_time).await, "applied");
    assert_eq!(service.send(&fixtures::user_deleted("user_1", 0)).await, "stale");
    assert_eq!(
        service.send(&fixtures::user_event("user.created", "user_1", 9)).await,
        "tombstoned"
    );
    assert_eq!(service.tables().await.rows("users").await[0]["deleted_at"], 0);
}

/// The event gets a final decision, and the user stays deleted.
#[apply(both_engines)]
async fn failed_event_does_not_revive_deleted_user(engine: Engine) {
    let service = Service::start(engine).await;
    let decodable = fixtures::user_event("user.created", "user_1", 0);
    let mut undecodable = decodable.clone();
    undecodable["data"]["updated_at"] = "no".into();
    let signed = |body: &Value| Delivery::signed(SECRET, "msg_1", NOW, body.to_string());
    assert_eq!(service.deliver(&signed(&undecodable)).await, "failed");
    assert_eq!(service.send(&fixtures::user_deleted("user_1", 0)).await, "applied");
    assert_eq!(service.deliver(&signed(&decodable)).await, "tombstoned");
    let events = service.tables().await.rows("webhook_events").await;
    assert_eq!(events.len(), 2);
    assert_eq!(
        (&events[0]["decision"], &events[0]["payload"]),
        (&json!("tombstoned"), &Value::Null)
    );
}
