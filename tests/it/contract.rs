//! Contract between the service and its OpenAPI description. Schemathesis sends requests that the
//! description allows, and invalid ones, and compares the responses with the description.

use std::process::{Command, Output};

use serde_json::json;

use crate::harness::{
    Engine, KEY, Service, apply, both_engines,
    fake_clerk::{FakeClerk, SECRET_KEY},
    fixtures, repository, token,
};
use crate::push::PUSH_KEY;

/// Account and user of the examples in the description.
const ACCOUNT: (&str, &str) =
    ("eac_2rfTFBoXnDBcXbZkm2xOuV4rAl1", "user_2rfTF8P3Cf1zjl92u9aNy4VJjau");

/// Paths of the signed-in user.
const OWN_PATHS: &str = "^/v1/me(/|$)";

/// Starts a service with objects of all kinds, and a fake Clerk API.
async fn service(engine: Engine) -> (Service, FakeClerk) {
    let clerk = FakeClerk::start();
    let settings = [
        ("MEETVO_PUSH_KEYS", PUSH_KEY),
        ("MEETVO__API__KEY_RATE", "0"),
        ("MEETVO__API__SESSION_RATE", "0"),
        ("CLERK_SECRET_KEY", SECRET_KEY),
        ("MEETVO__CLERK__API_URL", &clerk.url),
    ];
    let service = Service::start_with_session_tokens(engine, settings).await;
    for fixture in fixtures::all() {
        service.send(&fixture.json).await;
    }
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    service.send(&fixtures::session_event("session.created", "sess_1", "user_1", 0)).await;
    let (account, user) = ACCOUNT;
    let mut updated = fixtures::user_event("user.updated", user, 0);
    updated["data"]["external_accounts"][0]["id"] = account.into();
    assert_eq!(service.send(&updated).await, "applied");
    clerk.put_user(&updated["data"]);
    let token = json!({ "external_account_id": account, "token": "x", "expires_at": null });
    clerk.put_token(user, "github", &token);
    (service, clerk)
}

fn succeeded(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, error) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{out}\n{error}");
    out
}

/// Tests the endpoints that accept the credentials.
async fn compare(service: &Service, credentials: &str, which: [&str; 2]) -> String {
    let installed = Command::new(repository::path("tests/contract/install")).output().unwrap();
    let mut command = Command::new(succeeded(&installed).trim());
    let folder = tempfile::tempdir().unwrap();
    command
        .arg("--config-file")
        .arg(repository::path("tests/contract/schemathesis.toml"))
        .args(["run", &service.url_for("/openapi.json")])
        .args(["--header", &format!("Authorization: Bearer {credentials}")])
        .args(["--max-examples", "40", "--generation-database", "none", "--no-color"])
        .args(which)
        .current_dir(folder.path());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    succeeded(&output)
}

#[apply(both_engines)]
async fn api_key_responses_match_description(engine: Engine) {
    let (service, clerk) = service(engine).await;
    let report = compare(&service, KEY, ["--exclude-path-regex", OWN_PATHS]).await;
    assert!(
        report.contains("Tested: 55") && !report.contains("only 401/403 responses"),
        "{report}"
    );
    assert!(!clerk.requests().is_empty(), "a token was fetched");
}

#[apply(both_engines)]
async fn session_token_responses_match_description(engine: Engine) {
    let (service, _clerk) = service(engine).await;
    let token = token("user_1", "sess_1");
    let report = compare(&service, &token, ["--include-path-regex", OWN_PATHS]).await;
    assert!(report.contains("Tested: 9") && !report.contains("only 401/403 responses"), "{report}");
}
