//! Why there is no token, in a word for programs.

use serde_json::json;

use super::{FIRST, HOUR, Scene, account};
use crate::harness::{
    Engine, Service, apply,
    backend::{Answer, error},
    both_engines, fixtures,
};

fn refusal(status: u16, code: &str) -> Answer {
    Answer::Status(status, error(code).to_string(), None)
}

#[apply(both_engines)]
async fn what_clerk_says_no_for_has_a_code_of_its_own(engine: Engine) {
    let scene = Scene::begin(engine, FIRST).await;
    scene.give("gho_first", Some(HOUR));
    let html = "<html>nginx</html>".to_owned();
    for (clerk, status, code) in [
        (refusal(400, "external_account_missing_refresh_token"), 409, "refresh_token_missing"),
        (refusal(400, "oauth_token_retrieval_error"), 409, "token_not_retrieved"),
        (refusal(404, "oauth_token_provider_not_enabled"), 409, "provider_not_enabled"),
        (refusal(404, "resource_not_found"), 409, "token_not_at_clerk"),
        (refusal(429, "too_many_requests"), 503, "clerk_busy"),
        (refusal(500, "internal_clerk_error"), 503, "clerk_unavailable"),
        (Answer::Torn, 503, "clerk_unavailable"),
        (refusal(401, "clerk_key_invalid"), 502, "clerk_refused"),
        (refusal(403, "authorization_invalid"), 502, "clerk_refused"),
        (Answer::Status(404, html, None), 502, "clerk_refused"),
        (Answer::Status(200, "{\"token\":\"gho_first\"".to_owned(), None), 502, "clerk_refused"),
        (Answer::Status(200, "[]".to_owned(), None), 409, "token_not_at_clerk"),
    ] {
        let case = format!("{clerk:?}");
        scene.clerk.answer_next([clerk]);
        let answer = scene.ask("eac_user_1").await;
        assert_eq!(answer.problem(), (status, code), "{case}");
        assert!(!answer.body.to_string().contains("gho_"), "{case}");
        assert_eq!(answer.header("retry-after").is_some(), status == 503, "{case}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{case}");
    }
    assert_eq!(scene.token().await, "gho_first", "no refusal is kept");
}

#[apply(both_engines)]
async fn what_there_is_no_token_of_is_not_asked_for(engine: Engine) {
    let scene = Scene::begin(engine, FIRST).await;
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
    assert_eq!(scene.asked(), 0);
}

#[apply(both_engines)]
async fn without_a_secret_key_there_are_no_tokens(engine: Engine) {
    let service = Service::start(engine).await;
    let answer = service.get("/v1/users/user_1/accounts/eac_user_1/token").await;
    assert_eq!(answer.problem(), (501, "tokens_off"));
    assert!(answer.body["detail"].as_str().unwrap().contains("CLERK_SECRET_KEY"));
}

#[apply(both_engines)]
async fn a_clerk_that_is_away_is_said_to_be(engine: Engine) {
    let differ =
        [("CLERK_SECRET_KEY", "sk_test_x"), ("MEETVO__CLERK__API_URL", "http://127.0.0.1:9")];
    let service = Service::start_with(engine, differ).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    let answer = service.get("/v1/users/user_1/accounts/eac_user_1/token").await;
    assert_eq!(answer.problem(), (503, "clerk_unavailable"));
}
