//! Decisions for signed events: the response, and the stored event.

use serde_json::{Value, json};

use crate::harness::{Delivery, Engine, NOW, SECRET, Service, apply, both_engines, fixtures};

fn signed(id: &str, body: &Value) -> Delivery {
    Delivery::signed(SECRET, id, NOW, body.to_string())
}

/// Returns a stored event without the fields that every event has. Checks these fields.
async fn stored_event(service: &Service, id: &str) -> Value {
    let mut event = service.get(&format!("/v1/events/{id}")).await;
    assert_eq!(event.status, 200, "{id}");
    assert_eq!(event.body["id"], id);
    assert_eq!(event.body["received_at"], "2026-08-12T09:30:00.000Z");
    assert_eq!(event.body["secret"], "primary");
    for field in ["id", "received_at", "secret", "seq"] {
        event.body.as_object_mut().unwrap().remove(field);
    }
    event.body
}

/// Returns the expected stored event of a message that needs no redaction.
fn expected_event(body: &Value, decision: &str, reason: Option<&str>) -> Value {
    let mut payload = body.clone();
    // `private_metadata` is stored, and the API never returns it.
    payload["data"].as_object_mut().unwrap().remove("private_metadata");
    let (kind, data) = (body["type"].as_str().unwrap(), &body["data"]);
    let subject = if kind.starts_with("session.") { &data["user_id"] } else { &data["id"] };
    json!({
        "type": kind, "subject": subject, "object_id": data["id"],
        "organization_id": null, "instance_id": body["instance_id"], "decision": decision,
        "reason": reason,
        "occurred_at": "2026-08-12T09:30:00.000Z", "dismissed": null, "payload": payload,
    })
}

#[apply(both_engines)]
async fn event_that_changes_a_row_is_applied(engine: Engine) {
    let service = Service::start(engine).await;
    let body = fixtures::user_event("user.created", "user_1", 0);
    assert_eq!(service.deliver(&signed("msg_1", &body)).await, "applied");
    assert_eq!(stored_event(&service, "msg_1").await, expected_event(&body, "applied", None));

    let body = fixtures::session_event("session.created", "sess_1", "user_1", 0);
    assert_eq!(service.deliver(&signed("msg_2", &body)).await, "applied");
    assert_eq!(stored_event(&service, "msg_2").await, expected_event(&body, "applied", None));
}

#[apply(both_engines)]
async fn older_event_is_stale(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&fixtures::user_event("user.updated", "user_1", 5)).await;
    service.send(&fixtures::session_event("session.ended", "sess_1", "user_1", 5)).await;
    let before = service.tables().await.synced_tables().await;

    let older = fixtures::user_event("user.created", "user_1", 0);
    assert_eq!(service.deliver(&signed("msg_1", &older)).await, "stale");
    assert_eq!(stored_event(&service, "msg_1").await, expected_event(&older, "stale", None));
    let removed = fixtures::session_event("session.removed", "sess_1", "user_1", 0);
    assert_eq!(service.deliver(&signed("msg_2", &removed)).await, "stale");
    assert_eq!(service.tables().await.synced_tables().await, before);
}

/// An ended session gains only its sign-in pair from `session.created`.
#[apply(both_engines)]
async fn change_of_sign_in_pair_is_applied(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&fixtures::session_event("session.ended", "sess_1", "user_1", 5)).await;
    let created = fixtures::session_event("session.created", "sess_1", "user_1", 0);
    assert_eq!(service.send(&created).await, "applied");
    let session = &service.tables().await.rows("sessions").await[0];
    assert_eq!(
        (&session["status"], &session["version_updated_at"]),
        (&json!("ended"), &json!(NOW + 5))
    );
    assert_eq!(
        (&session["ip_address"], &session["user_agent"]),
        (&json!("192.0.2.7"), &json!("browser 0"))
    );
    assert_eq!(service.send(&created).await, "stale", "a second event adds nothing");
}

#[apply(both_engines)]
async fn change_of_embedded_user_is_applied(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&fixtures::session_event("session.ended", "sess_1", "user_1", 5)).await;
    let mut older = fixtures::session_event("session.removed", "sess_1", "user_1", 0);
    older["data"]["user"] = fixtures::user("user_1", 0);
    assert_eq!(service.send(&older).await, "applied");
    let mut tables = service.tables().await;
    assert_eq!(tables.rows("users").await[0]["first_name"], "Ada 0");
    assert_eq!(tables.rows("sessions").await[0]["status"], "ended");
}

#[apply(both_engines)]
async fn event_after_deletion_is_tombstoned_without_payload(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&fixtures::user_deleted("user_1", 0)).await;
    for (id, body) in [
        ("msg_1", fixtures::user_event("user.updated", "user_1", 0)),
        ("msg_2", fixtures::session_event("session.created", "sess_1", "user_1", 0)),
    ] {
        assert_eq!(service.deliver(&signed(id, &body)).await, "tombstoned");
        let mut expected = expected_event(&body, "tombstoned", None);
        expected["payload"] = Value::Null;
        assert_eq!(stored_event(&service, id).await, expected);
    }
}

#[apply(both_engines)]
async fn ignored_event_keeps_only_its_ids(engine: Engine) {
    let service = Service::start(engine).await;
    let data = json!({ "id": "ema_1", "status": "queued", "body": "84613977 is your code" });
    let body = fixtures::event("email.created", data, 0);
    assert_eq!(service.deliver(&signed("msg_1", &body)).await, "ignored");
    let expected = json!({
        "type": "email.created", "subject": null, "object_id": "ema_1", "organization_id": null,
        "instance_id": "ins_tests",
        "decision": "ignored", "reason": null, "occurred_at": "2026-08-12T09:30:00.000Z",
        "dismissed": null, "payload": {
            "type": "email.created", "object": "event", "instance_id": "ins_tests",
            "timestamp": NOW, "data": { "id": "ema_1", "status": "queued" },
        },
    });
    assert_eq!(stored_event(&service, "msg_1").await, expected);
}

#[apply(both_engines)]
async fn event_of_another_instance_is_quarantined(engine: Engine) {
    let service = Service::start_with(engine, [("MEETVO__CLERK__INSTANCE_ID", "ins_ours")]).await;
    let foreign = fixtures::session_event("session.created", "sess_1", "user_1", 0);
    assert_eq!(service.deliver(&signed("msg_1", &foreign)).await, "quarantined");
    let reason = "from instance ins_tests; only ins_ours is accepted";
    assert_eq!(
        stored_event(&service, "msg_1").await,
        expected_event(&foreign, "quarantined", Some(reason))
    );

    let mut without_instance = fixtures::user_event("user.created", "user_1", 0);
    without_instance["instance_id"] = Value::Null;
    assert_eq!(service.deliver(&signed("msg_2", &without_instance)).await, "quarantined");
    let reason = "names no instance; only ins_ours is accepted";
    assert_eq!(
        stored_event(&service, "msg_2").await,
        expected_event(&without_instance, "quarantined", Some(reason))
    );
    let mut tables = service.tables().await;
    assert!(tables.rows("users").await.is_empty(), "not even a stub");

    let mut own = fixtures::user_event("user.created", "user_1", 0);
    own["instance_id"] = "ins_ours".into();
    assert_eq!(service.send(&own).await, "applied");
}

/// Only an operator can reprocess a quarantined event. A redelivery does not.
#[apply(both_engines)]
async fn quarantined_event_stays_duplicate_after_unpinning(engine: Engine) {
    let service = Service::start_with(engine, [("MEETVO__CLERK__INSTANCE_ID", "ins_ours")]).await;
    let body = fixtures::session_event("session.created", "sess_1", "user_1", 0);
    let delivery = signed("msg_1", &body);
    assert_eq!(service.deliver(&delivery).await, "quarantined");
    let events = service.tables().await.rows("webhook_events").await;

    let service = service.restart_with([]).await;
    assert_eq!(service.deliver(&delivery).await, "duplicate");
    let mut tables = service.tables().await;
    assert_eq!(tables.rows("webhook_events").await, events);
    assert!(tables.rows("users").await.is_empty(), "no stub for an event that is not applied");
    assert!(tables.rows("sessions").await.is_empty());
}

fn undecodable_and_decodable() -> (Value, Value) {
    let decodable = fixtures::user_event("user.created", "user_1", 0);
    let mut undecodable = decodable.clone();
    undecodable["data"]["updated_at"] = "no".into();
    (undecodable, decodable)
}

#[apply(both_engines)]
async fn undecodable_event_fails_with_reason(engine: Engine) {
    let service = Service::start(engine).await;
    let (undecodable, _) = undecodable_and_decodable();
    assert_eq!(service.deliver(&signed("msg_1", &undecodable)).await, "failed");
    let reason = "data.updated_at: expected a time, found a string";
    assert_eq!(
        stored_event(&service, "msg_1").await,
        expected_event(&undecodable, "failed", Some(reason))
    );
    assert!(service.tables().await.rows("users").await.is_empty());
}

#[apply(both_engines)]
async fn redelivered_failed_event_changes_nothing(engine: Engine) {
    let service = Service::start(engine).await;
    let delivery = signed("msg_1", &undecodable_and_decodable().0);
    assert_eq!(service.deliver(&delivery).await, "failed");
    let before = service.tables().await.rows("webhook_events").await;
    for _ in 0..3 {
        assert_eq!(service.deliver(&delivery).await, "duplicate");
    }
    assert_eq!(service.tables().await.rows("webhook_events").await, before);
}

#[apply(both_engines)]
async fn decodable_redelivery_of_failed_event_is_applied(engine: Engine) {
    let service = Service::start(engine).await;
    let (undecodable, decodable) = undecodable_and_decodable();
    service.deliver(&signed("msg_1", &undecodable)).await;
    service.send(&fixtures::user_event("user.created", "user_2", 0)).await;

    assert_eq!(service.deliver(&signed("msg_1", &decodable)).await, "applied");
    assert_eq!(stored_event(&service, "msg_1").await, expected_event(&decodable, "applied", None));
    assert_eq!(service.deliver(&signed("msg_1", &decodable)).await, "duplicate");
    assert_eq!(service.deliver(&signed("msg_1", &undecodable)).await, "duplicate");

    let mut tables = service.tables().await;
    assert_eq!(tables.rows("users").await.len(), 2);
    let events = tables.rows("webhook_events").await;
    assert_eq!(events.len(), 3);
    assert_eq!(
        (&events[0]["id"], &events[0]["seq"]),
        (&json!("msg_1"), &json!(1)),
        "the event keeps its `seq`"
    );
    let appended = json!({
        "seq": 3, "id": "meetvo.event.reprocessed:msg_1", "type": "meetvo.event.reprocessed",
        "subject": "user_1", "object_id": "user_1", "instance_id": "ins_tests", "payload": null,
        "decision": "applied", "reason": null, "secret": null, "occurred_at": NOW,
        "received_at": NOW, "dismissed_decision": null, "dismissed_by": null, "dismissed_at": null,
        "organization_id": null, "object_kind": "user", "operation": "created",
        "source": "reprocess", "notify": null,
    });
    assert_eq!(events[2], appended);
}

/// A stale event changes no row, so the change feed needs no entry.
#[apply(both_engines)]
async fn stale_redelivery_of_failed_event_adds_nothing(engine: Engine) {
    let service = Service::start(engine).await;
    let (undecodable, decodable) = undecodable_and_decodable();
    service.deliver(&signed("msg_1", &undecodable)).await;
    service.send(&fixtures::user_event("user.updated", "user_1", 5)).await;
    assert_eq!(service.deliver(&signed("msg_1", &decodable)).await, "stale");
    assert_eq!(stored_event(&service, "msg_1").await, expected_event(&decodable, "stale", None));
    assert_eq!(service.tables().await.rows("webhook_events").await.len(), 2);
}
