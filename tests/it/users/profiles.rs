//! `GET /v1/users/{id}/profile`: public profiles of users.

use serde_json::json;

use crate::harness::{ApiResponse, Engine, Service, apply, both_engines, fixtures, token};

/// Starts a service with the users `user_1` and `user_2`.
async fn service<const N: usize>(engine: Engine, settings: [(&str, &str); N]) -> Service {
    let service = Service::start_with_session_tokens(engine, settings).await;
    for user in ["user_1", "user_2"] {
        service.send(&fixtures::user_event("user.created", user, 0)).await;
    }
    service
}

/// Sends a request with a session token of `user_1`.
async fn get(service: &Service, path: &str) -> ApiResponse {
    let request = service.client.get(service.url_for(path));
    ApiResponse::fetch(request.bearer_auth(token("user_1", "sess_1"))).await
}

#[apply(both_engines)]
async fn public_profiles_have_no_address(engine: Engine) {
    let service = service(engine, [("MEETVO__API__PUBLIC_PROFILES", "true")]).await;
    let other = get(&service, "/v1/users/user_2/profile").await;
    let expected = json!({
        "id": "user_2", "username": null, "first_name": "Ada 0", "last_name": "Lovelace",
        "image": "https://img.clerk.com/ada",
    });
    assert_eq!((other.status.as_u16(), &other.body), (200, &expected));
    let tag = other.header("etag").unwrap();
    let again = service.client.get(service.url_for("/v1/users/user_2/profile"));
    let again = again.header("if-none-match", tag).bearer_auth(token("user_1", "sess_1"));
    assert_eq!(again.send().await.unwrap().status(), 304);
    for path in ["/v1/users/user_9/profile", "/v1/users/user_2", "/v1/users/user_2/sessions"] {
        assert_eq!(get(&service, path).await.problem(), (404, "not_found"), "{path}");
    }
}

#[apply(both_engines)]
async fn own_profile_needs_no_setting(engine: Engine) {
    let service = service(engine, []).await;
    let own = get(&service, "/v1/users/user_1/profile").await;
    assert_eq!((own.status.as_u16(), &own.body["id"]), (200, &json!("user_1")));
    let other = get(&service, "/v1/users/user_2/profile").await;
    assert_eq!(other.problem(), (404, "not_found"));
    let by_key = service.get("/v1/users/user_2/profile").await;
    assert_eq!((by_key.status.as_u16(), &by_key.body["id"]), (200, &json!("user_2")));
    assert!(by_key.body["email"].is_null());
}
