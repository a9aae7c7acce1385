//! `GET /v1/users/{id}`

use serde_json::{Value, json};

use crate::harness::{Engine, NOW, Service, apply, both_engines, fixtures};

const ADA: &str = "user_3ANiGIMkz6X8D1IC9ErUqJgRk2F";

/// Compares the complete body. It contains neither `private_metadata` nor the columns of the
/// version.
#[apply(both_engines)]
async fn user_is_returned_without_private_metadata(engine: Engine) {
    let service = Service::start(engine).await;
    let event = fixtures::load("user/updated-google-linked");
    assert!(
        event["data"]["private_metadata"]["crm_note"].is_string(),
        "the fixture has private metadata"
    );
    assert_eq!(service.send(&event).await, "applied");
    let response = service.get(&format!("/v1/users/{ADA}")).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), Some("application/json"));
    let expected = json!({
        "id": ADA,
        "external_id": null,
        "username": "ada_okafor",
        "first_name": "Ada",
        "last_name": "Okafor",
        "email": "ada.okafor@example.com",
        "email_verified": true,
        "email_addresses": [{
            "id": event["data"]["email_addresses"][0]["id"],
            "email_address": "ada.okafor@example.com",
            "primary": true,
            "verified": true,
        }],
        "phone_number": null,
        "phone_numbers": [],
        "image": event["data"]["image_url"],
        "banned": false,
        "locked": false,
        "password_enabled": true,
        "two_factor_enabled": false,
        "public_metadata": { "plan": "free" },
        "unsafe_metadata": {},
        "last_sign_in_at": "2026-03-02T08:15:31.244Z",
        "last_active_at": "2026-03-09T18:44:12.565Z",
        "created_at": "2026-03-02T08:15:31.204Z",
        "updated_at": "2026-03-09T18:44:12.660Z",
    });
    assert_eq!(response.body, expected);
    assert_eq!(service.list("/v1/users").await, [expected], "a list returns the same object");
}

/// Clerk has almost no data of this user. Every column is present and null.
#[apply(both_engines)]
async fn unknown_fields_are_null_not_omitted(engine: Engine) {
    let service = Service::start(engine).await;
    let event = fixtures::event("user.created", json!({ "id": "user_bare", "updated_at": NOW }), 0);
    assert_eq!(service.send(&event).await, "applied");
    let body = service.get("/v1/users/user_bare").await.body;
    let mut fields = body.as_object().unwrap().clone();
    assert_eq!(fields.remove("id"), Some(json!("user_bare")));
    assert_eq!(fields.remove("updated_at"), Some(json!("2026-08-12T09:30:00.000Z")));
    for list in ["email_addresses", "phone_numbers"] {
        assert_eq!(fields.remove(list), Some(json!([])));
    }
    assert_eq!(fields.len(), 17);
    for (field, value) in fields {
        assert_eq!(value, Value::Null, "{field}");
    }
}

#[apply(both_engines)]
async fn times_have_milliseconds_and_follow_1970(engine: Engine) {
    let service = Service::start(engine).await;
    let mut user = fixtures::user("user_old", 7);
    // Clerk never sends a time before 1970, so it counts as missing.
    user["last_sign_in_at"] = json!(-1);
    assert_eq!(service.send(&fixtures::event("user.created", user, 7)).await, "applied");
    let body = service.get("/v1/users/user_old").await.body;
    assert_eq!(body["updated_at"], "2026-08-12T09:30:00.007Z");
    assert_eq!(body["last_sign_in_at"], Value::Null);
}

#[apply(both_engines)]
async fn unknown_deleted_and_stub_users_return_404(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&fixtures::user_event("user.created", "user_gone", 0)).await;
    assert_eq!(service.get("/v1/users/user_gone").await.status, 200);
    service.send(&fixtures::user_deleted("user_gone", 1)).await;
    service.send(&fixtures::user_deleted("user_never_seen", 1)).await;
    service.send(&fixtures::session_event("session.created", "sess_1", "user_stub", 0)).await;
    for id in ["user_unknown", "user_gone", "user_never_seen", "user_stub", "USER_GONE"] {
        let response = service.get(&format!("/v1/users/{id}")).await;
        assert_eq!(response.problem(), (404, "not_found"), "{id}");
    }
}

/// The path segment is percent-decoded before the lookup.
#[apply(both_engines)]
async fn escaped_ids_are_decoded(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    assert_eq!(service.get("/v1/users/user%5F1").await.body["id"], "user_1");
    for id in ["user_1%20", "user_1%00", "%27%20OR%201=1", "user_1%2F", "..%2Fusers"] {
        assert_eq!(service.get(&format!("/v1/users/{id}")).await.problem().0, 404, "{id}");
    }
    let response = service.get("/v1/users/%FF").await;
    assert!([400, 404].contains(&response.problem().0), "not UTF-8: {}", response.body);
}
