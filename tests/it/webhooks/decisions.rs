//! What becomes of a signed event: the answer, and what is kept of it.

use serde_json::{Value, json};

use crate::harness::{Delivery, Engine, NOW, SECRET, Service, apply, both_engines, fixtures};

fn signed(id: &str, body: &Value) -> Delivery {
    Delivery::signed(SECRET, id, NOW, body.to_string())
}

/// An event as it is kept, without what every event has.
async fn kept(service: &Service, id: &str) -> Value {
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

/// What is kept of a message that needs no redaction.
fn record(body: &Value, decision: &str, reason: Option<&str>) -> Value {
    let mut payload = body.clone();
    // It stays in the database and never leaves through the API.
    payload["data"].as_object_mut().unwrap().remove("private_metadata");
    let (kind, data) = (body["type"].as_str().unwrap(), &body["data"]);
    let subject = if kind.starts_with("session.") { &data["user_id"] } else { &data["id"] };
    json!({
        "type": kind, "subject": subject, "object_id": data["id"],
        "instance_id": body["instance_id"], "decision": decision, "reason": reason,
        "occurred_at": "2026-08-12T09:30:00.000Z", "payload": payload,
    })
}

#[apply(both_engines)]
async fn what_changes_a_row_is_applied(engine: Engine) {
    let service = Service::start(engine).await;
    let body = fixtures::user_event("user.created", "user_1", 0);
    assert_eq!(service.deliver(&signed("msg_1", &body)).await, "applied");
    assert_eq!(kept(&service, "msg_1").await, record(&body, "applied", None));

    let body = fixtures::session_event("session.created", "sess_1", "user_1", 0);
    assert_eq!(service.deliver(&signed("msg_2", &body)).await, "applied");
    assert_eq!(kept(&service, "msg_2").await, record(&body, "applied", None));
}

#[apply(both_engines)]
async fn what_brings_nothing_newer_is_stale(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&fixtures::user_event("user.updated", "user_1", 5)).await;
    service.send(&fixtures::session_event("session.ended", "sess_1", "user_1", 5)).await;
    let before = service.tables().await.synced_tables().await;

    let older = fixtures::user_event("user.created", "user_1", 0);
    assert_eq!(service.deliver(&signed("msg_1", &older)).await, "stale");
    assert_eq!(kept(&service, "msg_1").await, record(&older, "stale", None));
    let removed = fixtures::session_event("session.removed", "sess_1", "user_1", 0);
    assert_eq!(service.deliver(&signed("msg_2", &removed)).await, "stale");
    assert_eq!(service.tables().await.synced_tables().await, before);
}

/// Only the pair is news in the beginning of a session that is over.
#[apply(both_engines)]
async fn a_change_of_the_sign_in_pair_alone_is_applied(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&fixtures::session_event("session.ended", "sess_1", "user_1", 5)).await;
    let begun = fixtures::session_event("session.created", "sess_1", "user_1", 0);
    assert_eq!(service.send(&begun).await, "applied");
    let session = &service.tables().await.rows("sessions").await[0];
    assert_eq!(
        (&session["status"], &session["version_updated_at"]),
        (&json!("ended"), &json!(NOW + 5))
    );
    assert_eq!(
        (&session["ip_address"], &session["user_agent"]),
        (&json!("192.0.2.7"), &json!("browser 0"))
    );
    assert_eq!(service.send(&begun).await, "stale", "told again by another event");
}

#[apply(both_engines)]
async fn a_change_of_the_embedded_user_alone_is_applied(engine: Engine) {
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
async fn what_comes_after_a_deletion_is_tombstoned_and_kept_without_its_payload(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&fixtures::user_deleted("user_1", 0)).await;
    for (id, body) in [
        ("msg_1", fixtures::user_event("user.updated", "user_1", 0)),
        ("msg_2", fixtures::session_event("session.created", "sess_1", "user_1", 0)),
    ] {
        assert_eq!(service.deliver(&signed(id, &body)).await, "tombstoned");
        let mut expected = record(&body, "tombstoned", None);
        expected["payload"] = Value::Null;
        assert_eq!(kept(&service, id).await, expected);
    }
}

#[apply(both_engines)]
async fn a_type_that_is_not_synced_is_ignored_and_only_its_ids_are_kept(engine: Engine) {
    let service = Service::start(engine).await;
    let data = json!({ "id": "ema_1", "status": "queued", "body": "84613977 is your code" });
    let body = fixtures::event("email.created", data, 0);
    assert_eq!(service.deliver(&signed("msg_1", &body)).await, "ignored");
    let expected = json!({
        "type": "email.created", "subject": null, "object_id": "ema_1", "instance_id": "ins_tests",
        "decision": "ignored", "reason": null, "occurred_at": "2026-08-12T09:30:00.000Z",
        "payload": {
            "type": "email.created", "object": "event", "instance_id": "ins_tests",
            "timestamp": NOW, "data": { "id": "ema_1", "status": "queued" },
        },
    });
    assert_eq!(kept(&service, "msg_1").await, expected);
}

#[apply(both_engines)]
async fn the_events_of_another_instance_are_quarantined_and_change_nothing(engine: Engine) {
    let service = Service::start_with(engine, [("MEETVO__CLERK__INSTANCE_ID", "ins_ours")]).await;
    let stranger = fixtures::session_event("session.created", "sess_1", "user_1", 0);
    assert_eq!(service.deliver(&signed("msg_1", &stranger)).await, "quarantined");
    let why = "from instance ins_tests; only ins_ours is accepted";
    assert_eq!(kept(&service, "msg_1").await, record(&stranger, "quarantined", Some(why)));

    let mut nobody = fixtures::user_event("user.created", "user_1", 0);
    nobody["instance_id"] = Value::Null;
    assert_eq!(service.deliver(&signed("msg_2", &nobody)).await, "quarantined");
    let why = "names no instance; only ins_ours is accepted";
    assert_eq!(kept(&service, "msg_2").await, record(&nobody, "quarantined", Some(why)));
    let mut tables = service.tables().await;
    assert!(tables.rows("users").await.is_empty(), "not even a stub");

    let mut ours = fixtures::user_event("user.created", "user_1", 0);
    ours["instance_id"] = "ins_ours".into();
    assert_eq!(service.send(&ours).await, "applied");
}

/// Reprocessing is an operator's decision; a redelivery is none.
#[apply(both_engines)]
async fn what_was_quarantined_stays_a_duplicate_after_unpinning(engine: Engine) {
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

fn not_understood() -> (Value, Value) {
    let understood = fixtures::user_event("user.created", "user_1", 0);
    let mut broken = understood.clone();
    broken["data"]["banned"] = "no".into();
    (broken, understood)
}

#[apply(both_engines)]
async fn what_is_not_understood_is_failed_and_says_why(engine: Engine) {
    let service = Service::start(engine).await;
    let (broken, _) = not_understood();
    assert_eq!(service.deliver(&signed("msg_1", &broken)).await, "failed");
    let why = "data.banned: expected a boolean";
    assert_eq!(kept(&service, "msg_1").await, record(&broken, "failed", Some(why)));
    assert!(service.tables().await.rows("users").await.is_empty());
}

#[apply(both_engines)]
async fn what_failed_is_tried_again_and_fails_again_without_a_trace(engine: Engine) {
    let service = Service::start(engine).await;
    let delivery = signed("msg_1", &not_understood().0);
    assert_eq!(service.deliver(&delivery).await, "failed");
    let before = service.tables().await.rows("webhook_events").await;
    for _ in 0..3 {
        assert_eq!(service.deliver(&delivery).await, "duplicate");
    }
    assert_eq!(service.tables().await.rows("webhook_events").await, before);
}

#[apply(both_engines)]
async fn what_failed_is_applied_once_it_is_understood_and_the_feed_shows_it(engine: Engine) {
    let service = Service::start(engine).await;
    let (broken, understood) = not_understood();
    service.deliver(&signed("msg_1", &broken)).await;
    service.send(&fixtures::user_event("user.created", "user_2", 0)).await;

    assert_eq!(service.deliver(&signed("msg_1", &understood)).await, "applied");
    assert_eq!(kept(&service, "msg_1").await, record(&understood, "applied", None));
    assert_eq!(service.deliver(&signed("msg_1", &understood)).await, "duplicate");
    assert_eq!(service.deliver(&signed("msg_1", &broken)).await, "duplicate");

    let mut tables = service.tables().await;
    assert_eq!(tables.rows("users").await.len(), 2);
    let events = tables.rows("webhook_events").await;
    assert_eq!(events.len(), 3);
    assert_eq!(
        (&events[0]["id"], &events[0]["seq"]),
        (&json!("msg_1"), &json!(1)),
        "keeps its place"
    );
    let appended = json!({
        "seq": 3, "id": "meetvo.event.reprocessed:msg_1", "type": "meetvo.event.reprocessed",
        "subject": "user_1", "object_id": "user_1", "instance_id": "ins_tests", "payload": null,
        "decision": "applied", "reason": null, "secret": null, "occurred_at": NOW,
        "received_at": NOW,
    });
    assert_eq!(events[2], appended);
}

/// The feed tells of changes: where there is none, there is nothing to tell.
#[apply(both_engines)]
async fn what_failed_and_is_stale_by_now_is_settled_without_a_row_of_its_own(engine: Engine) {
    let service = Service::start(engine).await;
    let (broken, understood) = not_understood();
    service.deliver(&signed("msg_1", &broken)).await;
    service.send(&fixtures::user_event("user.updated", "user_1", 5)).await;
    assert_eq!(service.deliver(&signed("msg_1", &understood)).await, "stale");
    assert_eq!(kept(&service, "msg_1").await, record(&understood, "stale", None));
    assert_eq!(service.tables().await.rows("webhook_events").await.len(), 2);
}
