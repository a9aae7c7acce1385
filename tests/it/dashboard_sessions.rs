//! Sessions of operators of the dashboard: where they are valid, and when they end.

use std::sync::Arc;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use meetvo::config::ApiKey;
use reqwest::{Method, RequestBuilder};

use crate::harness::{
    ApiResponse, Engine, EventStream, KEY, NOW, Service, apply, both_engines, fetch_until, fixtures,
};

const HOUR: i64 = 60 * 60 * 1_000;

/// Builds a request like those of the dashboard's scripts.
fn request(service: &Service, method: Method, path: &str, cookie: &str) -> RequestBuilder {
    let request = service.client.request(method, service.url_for(path));
    request.header("cookie", cookie).header("x-meetvo-dashboard", "1")
}

async fn get(service: &Service, cookie: &str) -> ApiResponse {
    ApiResponse::fetch(request(service, Method::GET, "/v1/status", cookie)).await
}

/// Sends a request until its credentials are known. The service waits a while for a new key or session,
/// and a busy machine can need longer.
async fn known(request: impl Fn() -> RequestBuilder) -> ApiResponse {
    fetch_until(request, |response| response.status != 401).await
}

/// Signs in and returns the cookie as `name=value`.
async fn sign_in(service: &Service, key: &str) -> String {
    let url = service.url_for("/dashboard/session");
    let response = known(|| service.client.post(&url).bearer_auth(key)).await;
    assert_eq!(response.status, 204, "{}", response.body);
    response.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

async fn sign_out(service: &Service, cookie: &str) {
    let request = request(service, Method::DELETE, "/dashboard/session", cookie);
    assert_eq!(ApiResponse::fetch(request).await.status, 204);
}

/// Waits until the cookie is rejected, and returns the response.
async fn rejection(service: &Service, cookie: &str) -> ApiResponse {
    let status = || request(service, Method::GET, "/v1/status", cookie);
    fetch_until(status, |response| response.status != 200).await
}

/// Adds a key with the scopes `read` and `admin` to the database.
async fn add_key(service: &Service, name: &str, key: &str) {
    let digest = hex::encode(ApiKey::digest(key));
    let insert = format!(
        "INSERT INTO api_keys (name, sha256, scopes, created_at) \
         VALUES ('{name}', '{digest}', 'read+admin', 1)"
    );
    service.tables().await.run(&insert).await;
}

async fn stored_sessions(service: &Service) -> Vec<serde_json::Value> {
    service.tables().await.rows("dashboard_sessions").await
}

#[apply(both_engines)]
async fn cookie_is_random_and_stored_hashed(engine: Engine) {
    let service = Service::start(engine).await;
    let cookies = [sign_in(&service, KEY).await, sign_in(&service, KEY).await];
    assert_ne!(cookies[0], cookies[1]);
    let rows = serde_json::Value::from(stored_sessions(&service).await).to_string();
    for cookie in &cookies {
        let value = cookie.strip_prefix("meetvo_dashboard=").unwrap();
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(value).unwrap();
        assert_eq!(bytes.len(), 32);
        assert!(!cookie.contains(KEY) && !String::from_utf8_lossy(&bytes).contains(KEY));
        assert!(!rows.contains(value) && !rows.contains(&hex::encode(&bytes)), "{rows}");
        assert!(rows.contains(&hex::encode(ApiKey::digest(value))), "{rows}");
        assert_eq!(get(&service, cookie).await.status, 200);
    }
    assert!(!rows.contains(KEY), "{rows}");
    let known = cookies[0].strip_prefix("meetvo_dashboard=").unwrap();
    let stored = hex::encode(ApiKey::digest(known));
    for value in [&stored, &known[1..], KEY] {
        let response = get(&service, &format!("meetvo_dashboard={value}")).await;
        assert_eq!(response.problem(), (401, "dashboard_session_ended"), "{value}");
    }
}

/// Earlier versions stored the key itself in the cookie of the same name.
#[apply(both_engines)]
async fn cookie_with_api_key_is_deleted(engine: Engine) {
    let service = Service::start(engine).await;
    let cookie = format!("meetvo_dashboard={}", BASE64_URL_SAFE_NO_PAD.encode(KEY));
    let response = get(&service, &cookie).await;
    assert_eq!(response.problem(), (401, "dashboard_session_ended"));
    let removal = response.header("set-cookie").unwrap();
    assert!(removal.starts_with("meetvo_dashboard=;"), "{removal}");
    assert!(removal.contains("Max-Age=0") && removal.contains("Path=/"), "{removal}");
    let unknown = format!("meetvo_dashboard={}", BASE64_URL_SAFE_NO_PAD.encode([7; 32]));
    let response = get(&service, &unknown).await;
    assert_eq!(response.header("set-cookie"), None, "the session can be that of another replica");
}

#[apply(both_engines)]
async fn sign_out_ends_only_this_session(engine: Engine) {
    let service = Service::start(engine).await;
    let (first, second) = (sign_in(&service, KEY).await, sign_in(&service, KEY).await);
    sign_out(&service, &first).await;
    assert_eq!(rejection(&service, &first).await.problem(), (401, "dashboard_session_ended"));
    assert_eq!(get(&service, &second).await.status, 200);
    assert_eq!(stored_sessions(&service).await.len(), 1);
    sign_out(&service, &first).await;
    // A page of another origin cannot sign an operator out.
    let url = service.url_for("/dashboard/session");
    let forged = service.client.delete(url).header("cookie", &second);
    assert_eq!(ApiResponse::fetch(forged).await.status, 204);
    assert_eq!(get(&service, &second).await.status, 200);
}

#[apply(both_engines)]
async fn session_expires(engine: Engine) {
    let settings = [("MEETVO__API__DASHBOARD_SESSION_HOURS", "2")];
    let service = Service::start_with(engine, settings).await;
    let cookie = sign_in(&service, KEY).await;
    service.clock.set(NOW + 2 * HOUR - 1);
    assert_eq!(get(&service, &cookie).await.status, 200);
    service.clock.set(NOW + 2 * HOUR);
    assert_eq!(get(&service, &cookie).await.problem(), (401, "dashboard_session_ended"));
    let next = sign_in(&service, KEY).await;
    assert_eq!(get(&service, &next).await.status, 200);
    assert_eq!(stored_sessions(&service).await.len(), 1, "expired sessions are deleted");
}

#[apply(both_engines)]
async fn session_ends_with_its_key(engine: Engine) {
    let service = Service::start(engine).await;
    let keys = ["revoked", "deleted"].map(|name| format!("meetvo_key_{name}_later_0123456789"));
    let mut cookies = Vec::new();
    for (name, key) in ["revoked", "deleted"].into_iter().zip(&keys) {
        add_key(&service, name, key).await;
        cookies.push(sign_in(&service, key).await);
        assert_eq!(get(&service, &cookies[cookies.len() - 1]).await.status, 200);
    }
    let mut tables = service.tables().await;
    tables.run("UPDATE api_keys SET revoked_at = 2 WHERE name = 'revoked'").await;
    tables.run("DELETE FROM api_keys WHERE name = 'deleted'").await;
    assert_eq!(rejection(&service, &cookies[0]).await.problem(), (401, "key_revoked"));
    assert_eq!(rejection(&service, &cookies[1]).await.problem(), (401, "dashboard_session_ended"));
    let cookie = sign_in(&service, KEY).await;
    let service = service.restart_with([("MEETVO_API_KEYS", "")]).await;
    let response = get(&service, &cookie).await;
    assert_eq!(response.problem(), (401, "dashboard_session_ended"), "no longer in the settings");
}

#[apply(both_engines)]
async fn session_is_valid_on_every_replica(engine: Engine) {
    let first = Service::start(engine).await;
    let database = Arc::clone(&first.database);
    let second = Service::start_on(database, first.clock.clone(), []).await;
    for _ in 0..3 {
        let cookie = sign_in(&first, KEY).await;
        let status = || request(&second, Method::GET, "/v1/status", &cookie);
        assert_eq!(known(status).await.status, 200);
        sign_out(&second, &cookie).await;
        assert_eq!(rejection(&second, &cookie).await.problem(), (401, "dashboard_session_ended"));
        assert_eq!(rejection(&first, &cookie).await.problem(), (401, "dashboard_session_ended"));
    }
    let cookie = sign_in(&first, KEY).await;
    first.stop().await;
    let third = second.restart_with([]).await;
    assert_eq!(get(&third, &cookie).await.status, 200, "also after a restart");
}

/// A stream is open for hours, and its session can end meanwhile.
#[apply(both_engines)]
async fn stream_ends_with_its_session(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    let (ended, other) = (sign_in(&service, KEY).await, sign_in(&service, KEY).await);
    let open = async |cookie: &str| {
        let request = request(&service, Method::GET, "/v1/changes", cookie);
        EventStream::open(request).await
    };
    let (mut first, mut second) = (open(&ended).await, open(&other).await);
    sign_out(&service, &ended).await;
    assert_eq!(first.next().await, None, "the stream ends");
    service.send(&fixtures::user_event("user.updated", "user_1", 1)).await;
    assert_eq!(second.next().await.unwrap()["id"], "user_1", "the other stream stays open");
}

#[apply(both_engines)]
async fn sessions_per_key_are_limited(engine: Engine) {
    let service = Service::start(engine).await;
    let cookie = sign_in(&service, KEY).await;
    add_key(&service, "other", "meetvo_key_of_another_operator_0123456789").await;
    let other = sign_in(&service, "meetvo_key_of_another_operator_0123456789").await;
    let mut tables = service.tables().await;
    let digest = hex::encode(ApiKey::digest(KEY));
    for number in 0..120 {
        let insert = format!(
            "INSERT INTO dashboard_sessions (sha256, key_sha256, created_at, expires_at) \
             VALUES ('{number}', '{digest}', {}, {})",
            NOW + 1 + number,
            NOW + HOUR,
        );
        tables.run(&insert).await;
    }
    service.clock.set(NOW + 1_000);
    let newest = sign_in(&service, KEY).await;
    assert_eq!(stored_sessions(&service).await.len(), 101, "100 of this key, one of the other");
    assert_eq!(rejection(&service, &cookie).await.problem(), (401, "dashboard_session_ended"));
    for cookie in [newest, other] {
        assert_eq!(get(&service, &cookie).await.status, 200);
    }
}

/// The dashboard shows what is wrong with the database, so the operator must be able to sign in.
#[apply(both_engines)]
async fn sign_in_works_without_writable_database(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    tables.reject_inserts("dashboard_sessions", "true").await;
    let cookie = sign_in(&service, KEY).await;
    assert_eq!(get(&service, &cookie).await.status, 200);
    assert_eq!(stored_sessions(&service).await.len(), 0);
    sign_out(&service, &cookie).await;
    assert_eq!(get(&service, &cookie).await.problem(), (401, "dashboard_session_ended"));
    let cookie = sign_in(&service, KEY).await;
    service.clock.set(NOW + 12 * HOUR);
    assert_eq!(get(&service, &cookie).await.problem(), (401, "dashboard_session_ended"));
    tables.accept_inserts("dashboard_sessions").await;
}

/// After an upgrade, the role of the service can lack the rights on the table.
#[apply(both_engines)]
async fn unreadable_sessions_leave_keys_valid(engine: Engine) {
    let service = Service::start(engine).await;
    let cookie = sign_in(&service, KEY).await;
    service.tables().await.run("ALTER TABLE dashboard_sessions RENAME TO elsewhere").await;
    let key = "meetvo_key_that_is_new_0123456789abcdef";
    add_key(&service, "new", key).await;
    let new = sign_in(&service, key).await;
    for cookie in [&cookie, &new] {
        assert_eq!(get(&service, cookie).await.status, 200, "known sessions stay valid");
    }
    service.tables().await.run("UPDATE api_keys SET revoked_at = 2").await;
    assert_eq!(rejection(&service, &new).await.problem(), (401, "key_revoked"));
    assert_eq!(get(&service, &cookie).await.status, 200);
}
