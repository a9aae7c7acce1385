//! Verifies the rate limits of API keys, of signed-in users, and of failed authentications.

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::harness::{
    ApiResponse, Database, Engine, ISSUER, Instance, KEY, NOW, Process, Service, TEST_TIMEOUT,
    apply, both_engines, claims, client, fixtures, token,
};

const OTHER: &str = "other_key_of_the_tests_0123456789abcdefg";

async fn get(service: &Service, path: &str, credentials: &str) -> ApiResponse {
    ApiResponse::fetch(service.client.get(service.url_for(path)).bearer_auth(credentials)).await
}

#[apply(both_engines)]
async fn key_over_its_limit_is_rejected(engine: Engine) {
    let keys = format!("tests:read+admin:{KEY},other:read:{OTHER}");
    let differ = [("MEETVO_API_KEYS", &*keys), ("MEETVO__API__KEY_RATE", "3")];
    let service = Service::start_with(engine, differ).await;
    for (remaining, reset) in [(2, 20), (1, 40), (0, 60)] {
        let answer = get(&service, "/v1/users", KEY).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-policy"), Some("\"key\";q=3;w=60"));
        assert_eq!(answer.header("ratelimit"), Some(&*format!("\"key\";r={remaining};t={reset}")));
    }
    let rejected = get(&service, "/v1/events", KEY).await;
    assert_eq!(rejected.problem(), (429, "too_many_requests"));
    assert_eq!(rejected.header("ratelimit"), Some("\"key\";r=0;t=60"));
    let retry_after: u64 = rejected.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=20).contains(&retry_after), "{retry_after}");
    assert_eq!(
        get(&service, "/v1/users", OTHER).await.status,
        200,
        "another key has its own limit"
    );
    assert_eq!(service.send(&fixtures::user_event("user.created", "user_1", 0)).await, "applied");
}

#[apply(both_engines)]
async fn each_user_has_their_own_limit(engine: Engine) {
    let service =
        Service::start_with_session_tokens(engine, [("MEETVO__API__SESSION_RATE", "2")]).await;
    let (first, second) = (token("user_1", "sess_1"), token("user_1", "sess_2"));
    assert_eq!(get(&service, "/v1/me", &first).await.status, 404);
    let last = get(&service, "/v1/me/sessions", &second).await;
    assert_eq!(last.header("ratelimit"), Some("\"session\";r=0;t=60"), "all sessions share it");
    for token in [&first, &second] {
        assert_eq!(get(&service, "/v1/me", token).await.problem(), (429, "too_many_requests"));
    }
    assert_eq!(get(&service, "/v1/me", &token("user_2", "sess_3")).await.status, 404);
    assert_eq!(get(&service, "/v1/users", KEY).await.status, 200);
}

#[apply(both_engines)]
async fn limit_replenishes_over_time(engine: Engine) {
    // One request in ten seconds, so that a slow machine exceeds it too.
    let service = Service::start_with(engine, [("MEETVO__API__KEY_RATE", "6")]).await;
    let status = async |expected: u16| {
        while get(&service, "/v1/users?limit=1", KEY).await.status != expected {}
    };
    timeout(TEST_TIMEOUT, status(429)).await.expect("the limit is exceeded");
    timeout(TEST_TIMEOUT, status(200)).await.expect("it replenishes");
}

#[apply(both_engines)]
async fn zero_means_unlimited(engine: Engine) {
    let service = Service::start_with(engine, [("MEETVO__API__KEY_RATE", "0")]).await;
    let answer = get(&service, "/v1/users", KEY).await;
    assert_eq!((answer.status.as_u16(), answer.header("ratelimit")), (200, None));
}

/// Valid credentials are accepted, because a proxy or a shared network has one address.
#[apply(both_engines)]
async fn failed_authentications_are_limited(engine: Engine) {
    let settings = [("MEETVO__API__FAILURE_RATE", "6")];
    let service = Service::start_with_session_tokens(engine, settings).await;
    let stranger = Instance::new("ins_shared").token(&claims(ISSUER, "user_1", "sess_1"));
    let failures = [
        ("/v1/users", OTHER, "credentials_unknown"),
        ("/v1/users", "meetvo_key_that_nobody_has_0123456789", "credentials_unknown"),
        ("/v1/me", &stranger, "token_signature"),
        ("/v1/me", "eyJ.x.y", "token_malformed"),
        ("/v1/me", "oat_0123456789", "token_oauth_access"),
    ];
    for (path, credentials, code) in failures {
        assert_eq!(get(&service, path, credentials).await.problem(), (401, code));
    }
    let cookie = |path: &str| {
        let request = service.client.get(service.url_for(path)).header("x-meetvo-dashboard", "1");
        ApiResponse::fetch(request.header("cookie", "meetvo_dashboard=unknown"))
    };
    assert_eq!(cookie("/v1/users").await.problem(), (401, "dashboard_session_ended"));
    for (path, credentials, code) in failures {
        // Another failure is allowed every ten seconds.
        let limited = loop {
            let answer = get(&service, path, credentials).await;
            if answer.status != 401 {
                break answer;
            }
        };
        assert_eq!(limited.problem(), (429, "too_many_failures"));
        assert!(limited.body["detail"].as_str().unwrap().ends_with(code), "{}", limited.body);
        let retry_after: u64 = limited.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=10).contains(&retry_after), "{retry_after}");
    }
    let limited = async { while cookie("/v1/users").await.status == 401 {} };
    timeout(TEST_TIMEOUT, limited).await.expect("the failures are limited");
    assert_eq!(cookie("/v1/users").await.problem(), (429, "too_many_failures"));
    assert_eq!(get(&service, "/v1/users", KEY).await.status, 200);
    let new = "meetvo_key_that_is_new_0123456789abcdef";
    let insert = format!(
        "INSERT INTO api_keys (name, sha256, scopes, created_at) VALUES ('new', '{}', 'read', 1)",
        hex::encode(meetvo::config::ApiKey::digest(new)),
    );
    service.tables().await.run(&insert).await;
    let accepted = async { while get(&service, "/v1/users", new).await.status != 200 {} };
    timeout(TEST_TIMEOUT, accepted).await.expect("a new key is accepted");
    assert_eq!(get(&service, "/v1/me", &token("user_1", "sess_1")).await.status, 404);
    let missing = ApiResponse::fetch(service.client.get(service.url_for("/v1/users"))).await;
    assert_eq!(missing.problem(), (401, "credentials_missing"), "without credentials, no guess");
    assert_eq!(service.send(&fixtures::user_event("user.created", "user_1", 0)).await, "applied");
}

/// Frontends get a new token after this code, so it must not become a 429.
#[apply(both_engines)]
async fn expired_token_is_no_guess(engine: Engine) {
    let settings = [("MEETVO__API__FAILURE_RATE", "1")];
    let service = Service::start_with_session_tokens(engine, settings).await;
    let mut claims = claims(ISSUER, "user_1", "sess_1");
    claims["exp"] = json!(NOW / 1000 - 60);
    let expired = Instance::shared().token(&claims);
    for _ in 0..5 {
        assert_eq!(get(&service, "/v1/me", &expired).await.problem(), (401, "token_expired"));
    }
    assert_eq!(get(&service, "/v1/users", OTHER).await.status, 401);
    assert_eq!(get(&service, "/v1/users", OTHER).await.status, 429);
    assert_eq!(get(&service, "/v1/me", &expired).await.problem(), (401, "token_expired"));
}

#[apply(both_engines)]
async fn failed_authentications_are_counted(engine: Engine) {
    let service = Service::start_with(engine, [("MEETVO__API__FAILURE_RATE", "2")]).await;
    for _ in 0..5 {
        get(&service, "/v1/users", OTHER).await;
    }
    ApiResponse::fetch(service.client.get(service.url_for("/v1/me"))).await;
    get(&service, "/v1/events", KEY).await;
    let metrics = service.client.get(service.url_for("/metrics")).bearer_auth(KEY);
    let metrics = metrics.send().await.unwrap().text().await.unwrap();
    let found: Vec<_> = metrics
        .lines()
        .filter_map(|line| line.strip_prefix("meetvo_failed_authentications_total"))
        .collect();
    let expected = [
        "{reason=\"credentials_missing\"} 1",
        "{reason=\"credentials_unknown\"} 2",
        "{reason=\"too_many_failures\"} 3",
    ];
    assert_eq!(found, expected);
}

/// Callers without credentials cannot fill the log. Lines of known callers are all logged.
#[apply(both_engines)]
async fn rejections_without_credentials_are_sampled(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    let client = client();
    let get = async |path: &str, key: &str| {
        let request = client.get(format!("{}{path}", process.url)).bearer_auth(key);
        ApiResponse::fetch(request).await.status.as_u16()
    };
    let digest = hex::encode(meetvo::config::ApiKey::digest("meetvo_key_revoked_0123456789abcdef"));
    let insert = format!(
        "INSERT INTO api_keys (name, sha256, scopes, created_at, revoked_at) \
         VALUES ('revoked', '{digest}', 'read', 1, 2)"
    );
    database.tables().await.run(&insert).await;
    for _ in 0..30 {
        assert_eq!(get("/v1/users", "meetvo_key_revoked_0123456789abcdef").await, 401);
        assert_eq!(get("/v1/users", OTHER).await, 401);
        assert_eq!(get("/nothing", "x").await, 404);
        assert_eq!(get("/v1/users/user_9", KEY).await, 404);
        let forged = client.post(format!("{}/webhooks/clerk", process.url)).body("{}");
        assert_eq!(ApiResponse::fetch(forged).await.problem(), (400, "header_missing"));
    }
    process.terminate();
    let (_, log) = tokio::task::spawn_blocking(|| process.wait()).await.unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let count = |code: &str, route: &str| {
        let is_of = |line: &&Value| line["code"] == code && line["route"] == route;
        lines.iter().filter(is_of).count()
    };
    assert_eq!(count("credentials_unknown", "/v1/users"), 10, "{log}");
    assert_eq!(count("key_revoked", "/v1/users"), 10, "{log}");
    assert_eq!(count("not_found", "unknown"), 10, "{log}");
    assert_eq!(count("header_missing", "/webhooks/clerk"), 10, "{log}");
    assert_eq!(count("not_found", "/v1/users/{id}"), 30, "{log}");
}
