//! Problem codes for tokens that are not available.

use serde_json::json;

use super::{FIRST_KEY, HOUR, Scene, account};
use crate::harness::{
    Engine, Service, apply, both_engines,
    fake_clerk::{ScriptedResponse, error},
    fixtures,
};

fn clerk_error(status: u16, code: &str) -> ScriptedResponse {
    ScriptedResponse::Status(status, error(code).to_string(), None)
}

#[apply(both_engines)]
async fn clerk_errors_have_problem_codes(engine: Engine) {
    let scene = Scene::start(engine, FIRST_KEY).await;
    scene.put_token("gho_first", Some(HOUR));
    let html = "<html>nginx</html>".to_owned();
    for (clerk, status, code) in [
        (clerk_error(400, "external_account_missing_refresh_token"), 409, "refresh_token_missing"),
        (clerk_error(400, "oauth_token_retrieval_error"), 409, "token_not_retrieved"),
        (clerk_error(404, "oauth_token_provider_not_enabled"), 409, "provider_not_enabled"),
        (clerk_error(404, "resource_not_found"), 409, "token_not_at_clerk"),
        (clerk_error(429, "too_many_requests"), 503, "clerk_busy"),
        (clerk_error(500, "internal_clerk_error"), 503, "clerk_unavailable"),
        (ScriptedResponse::Truncated, 503, "clerk_unavailable"),
        (clerk_error(401, "clerk_key_invalid"), 502, "clerk_refused"),
        (clerk_error(403, "authorization_invalid"), 502, "clerk_refused"),
        (ScriptedResponse::Status(404, html, None), 502, "clerk_refused"),
        (
            ScriptedResponse::Status(200, "{\"token\":\"gho_first\"".to_owned(), None),
            502,
            "clerk_refused",
        ),
        (ScriptedResponse::Status(200, "[]".to_owned(), None), 409, "token_not_at_clerk"),
    ] {
        let case = format!("{clerk:?}");
        scene.clerk.script_responses([clerk]);
        let answer = scene.request_token("eac_user_1").await;
        assert_eq!(answer.problem(), (status, code), "{case}");
        assert!(!answer.body.to_string().contains("gho_"), "{case}");
        assert_eq!(answer.header("retry-after").is_some(), status == 503, "{case}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{case}");
    }
    assert_eq!(scene.token().await, "gho_first", "errors are not cached");
}

/// Only the account and the token are needed.
#[apply(both_engines)]
async fn token_without_scopes_is_returned(engine: Engine) {
    let scene = Scene::start(engine, FIRST_KEY).await;
    for (scopes, expires_at, shown) in [
        (json!(null), json!(null), json!(null)),
        (json!("read:user repo"), json!("2026-08-12T10:30:00Z"), json!("2026-08-12T10:30:00.000Z")),
        (json!([7]), json!(["soon"]), json!(null)),
    ] {
        let now = scene.service.clock.now() + 24 * HOUR;
        scene.service.clock.set(now);
        let tokens = json!([
            { "external_account_id": null, "token": "gho_other", "scopes": null },
            {
                "external_account_id": "eac_user_1", "token": "gho_first", "scopes": scopes,
                "expires_at": expires_at, "id_token": null,
            },
        ]);
        let response = ScriptedResponse::Status(200, tokens.to_string(), None);
        scene.clerk.script_responses([response]);
        let answer = scene.request_token("eac_user_1").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.body["access_token"], "gho_first");
        assert_eq!(answer.body["access_token_expires_at"], shown);
    }
}

#[apply(both_engines)]
async fn account_without_token_is_not_requested(engine: Engine) {
    let scene = Scene::start(engine, FIRST_KEY).await;
    let unlinked = json!({ "object": "external_account", "id": "eac_odd" });
    scene.send_user("user_1", 1, &[account("user_1", "github"), unlinked]).await;
    let service = &scene.service;
    service.send(&fixtures::user_deleted("user_2", 5)).await;
    let refused = async |path: &str, expected: (u16, &str)| {
        let answer = service.get(&format!("/v1/users/{path}/token")).await;
        assert_eq!(answer.problem(), expected, "{path}");
    };
    for path in [
        "user_1/accounts/eac_9",
        "user_9/accounts/eac_user_1",
        "user_2/accounts/eac_user_2",
        "user_1/accounts/eac_user_2",
        "user_1/accounts/%00",
    ] {
        refused(path, (404, "not_found")).await;
    }
    refused("user_1/accounts/eac_odd", (409, "account_without_tokens")).await;
    let mut with_password = fixtures::user_event("user.updated", "user_1", 2);
    with_password["data"]["password_enabled"] = true.into();
    assert_eq!(service.send(&with_password).await, "applied");
    refused("user_1/accounts/credential", (409, "account_without_tokens")).await;
    assert_eq!(scene.clerk_requests(), 0);
}

#[apply(both_engines)]
async fn tokens_require_secret_key(engine: Engine) {
    let service = Service::start(engine).await;
    let answer = service.get("/v1/users/user_1/accounts/eac_user_1/token").await;
    assert_eq!(answer.problem(), (501, "tokens_off"));
    assert!(answer.body["detail"].as_str().unwrap().contains("CLERK_SECRET_KEY"));
}

#[apply(both_engines)]
async fn clerk_outage_is_reported(engine: Engine) {
    let differ =
        [("CLERK_SECRET_KEY", "sk_test_x"), ("MEETVO__CLERK__API_URL", "http://127.0.0.1:9")];
    let service = Service::start_with(engine, differ).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    let answer = service.get("/v1/users/user_1/accounts/eac_user_1/token").await;
    assert_eq!(answer.problem(), (503, "clerk_unavailable"));
}
