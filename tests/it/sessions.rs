//! `GET /v1/sessions/{id}`.

use serde_json::{Value, json};

use crate::harness::{Engine, NOW, Service, apply, both_engines, fixtures};

const WEEK: i64 = 604_800_000;
const MONTH: i64 = 2_592_000_000;

#[apply(both_engines)]
async fn session_has_all_fields(engine: Engine) {
    let service = Service::start(engine).await;
    let event = fixtures::load("session/created");
    assert_eq!(service.send(&event).await, "applied");
    // A moment after the sign-in in the fixture.
    service.clock.set(1_777_628_417_500);
    let answer = service.get("/v1/sessions/sess_3D7LyfueMvNdnECDXJzIZnpfn7N").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let expected = json!({
        "id": "sess_3D7LyfueMvNdnECDXJzIZnpfn7N",
        "user_id": "user_3743aOgv7ht0NyQbmDZviDmSk6i",
        "client_id": "client_3D7LwsO3r64jJFNQNOnoM8IoXwh",
        "status": "active",
        "ip_address": "198.51.100.58",
        "user_agent": event["event_attributes"]["http_request"]["user_agent"],
        "actor": null,
        "last_active_organization_id": null,
        "last_active_at": "2026-05-01T09:40:17.352Z",
        "expires_at": "2026-05-08T09:40:17.352Z",
        "abandon_at": "2026-05-31T09:40:17.352Z",
        "created_at": "2026-05-01T09:40:17.352Z",
        "updated_at": "2026-05-01T09:40:17.396Z",
    });
    assert_eq!(answer.body, expected);
}

#[apply(both_engines)]
async fn impersonated_session_includes_actor(engine: Engine) {
    let service = Service::start(engine).await;
    let event = fixtures::load("session/created-impersonated");
    service.send(&event).await;
    let id = event["data"]["id"].as_str().unwrap();
    let actor = &service.get(&format!("/v1/sessions/{id}")).await.body["actor"];
    assert_eq!(actor["sub"], "user_2rFV2FFxj6QT0qRBVs56CiI2eqp");
    assert_eq!(actor, &event["data"]["actor"]);
}

/// Returns the status of a session at a time, and asserts that the list of the user's sessions
/// shows the same.
async fn status_at(service: &Service, id: &str, now: i64) -> String {
    service.clock.set(now);
    let one = service.get(&format!("/v1/sessions/{id}")).await.body;
    let user = one["user_id"].as_str().unwrap();
    let list = service.list(&format!("/v1/users/{user}/sessions")).await;
    assert!(list.contains(&one), "the list has the same session: {list:?}");
    one["status"].as_str().unwrap().to_owned()
}

/// Clerk sends no event when a session expires, so the status depends on the clock.
#[apply(both_engines)]
async fn session_expires_by_the_clock(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&fixtures::session_event("session.created", "sess_1", "user_1", 0)).await;
    service.send(&fixtures::session_event("session.pending", "sess_2", "user_2", 0)).await;
    for (id, before) in [("sess_1", "active"), ("sess_2", "pending")] {
        let cases = [
            (0, before),
            (WEEK - 1, before),
            (WEEK, "expired"),
            (MONTH + 1, "expired"),
            (1, before),
        ];
        for (later, expected) in cases {
            assert_eq!(status_at(&service, id, NOW + later).await, expected, "{id} at {later}");
        }
    }
}

#[apply(both_engines)]
async fn inactive_session_becomes_abandoned(engine: Engine) {
    let service = Service::start(engine).await;
    for (id, expires) in [("sess_1", json!(NOW + 2 * MONTH)), ("sess_2", Value::Null)] {
        let mut event = fixtures::session_event("session.created", id, "user_1", 0);
        event["data"]["expire_at"] = expires;
        service.send(&event).await;
        assert_eq!(status_at(&service, id, NOW + MONTH - 1).await, "active", "{id}");
        assert_eq!(status_at(&service, id, NOW + MONTH).await, "abandoned", "{id}");
    }
    // Both times have passed, and expiry takes precedence.
    assert_eq!(status_at(&service, "sess_1", NOW + 2 * MONTH).await, "expired");
    assert_eq!(status_at(&service, "sess_2", NOW + 2 * MONTH).await, "abandoned");
}

#[apply(both_engines)]
async fn ended_session_keeps_its_status(engine: Engine) {
    let service = Service::start(engine).await;
    for end in ["ended", "removed", "revoked"] {
        let id = format!("sess_{end}");
        service.send(&fixtures::session_event(&format!("session.{end}"), &id, "user_1", 0)).await;
        for later in [0, WEEK, 2 * MONTH] {
            assert_eq!(status_at(&service, &id, NOW + later).await, end, "at {later}");
        }
    }
}

#[apply(both_engines)]
async fn session_without_times_never_expires(engine: Engine) {
    let service = Service::start(engine).await;
    let data = json!({ "id": "sess_1", "user_id": "user_1", "status": "active" });
    service.send(&fixtures::event("session.created", data, 0)).await;
    assert_eq!(status_at(&service, "sess_1", i64::MAX).await, "active");
}

#[apply(both_engines)]
async fn unknown_and_deleted_sessions_are_not_found(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&fixtures::session_event("session.created", "sess_1", "user_1", 0)).await;
    assert_eq!(service.get("/v1/sessions/sess_1").await.status, 200);
    service.send(&fixtures::user_deleted("user_1", 1)).await;
    service.send(&fixtures::session_event("session.created", "sess_2", "user_1", 2)).await;
    for id in ["sess_1", "sess_2", "sess_unknown", "SESS_1"] {
        let answer = service.get(&format!("/v1/sessions/{id}")).await;
        assert_eq!(answer.problem(), (404, "not_found"), "{id}");
    }
    // No list of all sessions exists.
    assert_eq!(service.get("/v1/sessions").await.problem(), (404, "not_found"));
}
