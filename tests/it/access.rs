//! Access to the API with API keys and their scopes.

use reqwest::RequestBuilder;
use serde_json::Value;

use crate::harness::{
    ApiResponse, Engine, KEY, Service, apply, both_engines, fixtures, repository::read,
};

/// Paths that require the scope `read`.
const USERS: [&str; 16] = [
    "/v1/users",
    "/v1/users/user_1",
    "/v1/users/user_1/sessions",
    "/v1/users/user_1/accounts",
    "/v1/users/user_1/verifications",
    "/v1/users/user_1/memberships",
    "/v1/sessions/sess_1",
    "/v1/organizations",
    "/v1/organizations/org_1",
    "/v1/organizations/org_1/memberships",
    "/v1/organizations/org_1/invitations",
    "/v1/organizations/org_1/domains",
    "/v1/memberships",
    "/v1/memberships/orgmem_1",
    "/v1/roles",
    "/v1/permissions",
];
/// Paths that require the scope `admin`.
const EVENTS: [&str; 4] = ["/v1/events", "/v1/events/msg_1", "/v1/decisions", "/v1/status"];
/// Paths that require the scope `tokens`.
const TOKENS: [&str; 1] = ["/v1/users/user_1/accounts/eac_1/token"];
/// Path that requires the scope `metrics`, which `admin` includes.
const METRICS: &str = "/metrics";

const READ_KEY: &str = "reader_key_of_the_tests_0123456789abcdef";
const ADMIN_KEY: &str = "admin_key_of_the_tests_0123456789abcdefg";
const TOKENS_KEY: &str = "tokens_key_of_the_tests_0123456789abcdef";
const METRICS_KEY: &str = "metrics_key_of_the_tests_0123456789abcde";

fn all_paths() -> impl Iterator<Item = &'static str> {
    USERS.into_iter().chain(EVENTS).chain(TOKENS).chain([METRICS])
}

/// Starts a service with a user, a session, and a key for each scope.
async fn service(engine: Engine) -> Service {
    let keys = format!(
        "tests:read+admin:{KEY},reader:read:{READ_KEY},admin:admin:{ADMIN_KEY},\
         holder:tokens:{TOKENS_KEY},scraper:metrics:{METRICS_KEY}"
    );
    let service = Service::start_with(engine, [("MEETVO_API_KEYS", &*keys)]).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    service.send(&fixtures::session_event("session.created", "sess_1", "user_1", 0)).await;
    service
}

fn request(service: &Service, path: &str) -> RequestBuilder {
    service.client.get(service.url_for(path))
}

fn assert_unauthorized(response: &ApiResponse, code: &str, case: &str) {
    assert_eq!(response.problem(), (401, code), "{case}");
    assert_eq!(response.header("www-authenticate"), Some("Bearer realm=\"meetvo\""), "{case}");
    assert_eq!(response.body["data"], Value::Null, "{case}");
}

#[apply(both_engines)]
async fn requests_without_key_are_rejected(engine: Engine) {
    let service = service(engine).await;
    for path in all_paths() {
        let response = ApiResponse::fetch(request(&service, path)).await;
        assert_unauthorized(&response, "credentials_missing", path);
    }
    // The response does not reveal whether the user exists.
    let known = ApiResponse::fetch(request(&service, "/v1/users/user_1")).await;
    let unknown = ApiResponse::fetch(request(&service, "/v1/users/user_9")).await;
    assert_eq!(known.body["detail"], unknown.body["detail"]);
    let misspelled = ApiResponse::fetch(request(&service, "/v1/users?nonsense=1")).await;
    assert_unauthorized(
        &misspelled,
        "credentials_missing",
        "credentials are checked before the parameters",
    );
}

#[apply(both_engines)]
async fn unknown_keys_are_rejected(engine: Engine) {
    let service = service(engine).await;
    let longer = format!("{KEY}x");
    let upper = KEY.to_uppercase();
    for key in ["x", &KEY[1..], &longer, &upper, "tests", "whsec_dGhlIHNlY3JldA=="] {
        for path in all_paths() {
            let response = ApiResponse::fetch(request(&service, path).bearer_auth(key)).await;
            assert_unauthorized(&response, "credentials_unknown", path);
            assert!(
                !response.body.to_string().contains(key) || key.len() < 6,
                "the response does not contain the key"
            );
        }
    }
}

#[apply(both_engines)]
async fn authorization_scheme_is_case_insensitive(engine: Engine) {
    let service = service(engine).await;
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        let request =
            request(&service, "/v1/users").header("authorization", format!("{scheme} {KEY}"));
        assert_eq!(ApiResponse::fetch(request).await.status, 200, "{scheme}");
    }
    let header = ["Basic dGVzdHM6", KEY, "Bearer", "Token x", ""];
    for header in header {
        let request = request(&service, "/v1/users").header("authorization", header);
        assert_unauthorized(&ApiResponse::fetch(request).await, "credentials_missing", header);
    }
    let bytes = reqwest::header::HeaderValue::from_bytes(b"Bearer \xff\xfe").unwrap();
    let response =
        ApiResponse::fetch(request(&service, "/v1/users").header("authorization", bytes)).await;
    assert_unauthorized(&response, "credentials_missing", "not text");
}

#[apply(both_engines)]
async fn key_in_url_or_cookie_is_ignored(engine: Engine) {
    let service = service(engine).await;
    let response =
        ApiResponse::fetch(request(&service, &format!("/v1/users?access_token={KEY}"))).await;
    assert_unauthorized(&response, "credentials_missing", "URL");
    let response = ApiResponse::fetch(
        request(&service, "/v1/users").header("cookie", format!("__session={KEY}")),
    );
    assert_unauthorized(&response.await, "credentials_missing", "cookie");
}

#[apply(both_engines)]
async fn key_grants_only_its_scopes(engine: Engine) {
    let service = service(engine).await;
    for path in all_paths() {
        let scope = match path {
            path if EVENTS.contains(&path) => "admin",
            path if TOKENS.contains(&path) => "tokens",
            METRICS => "metrics",
            _ => "read",
        };
        for (key, has) in [
            (READ_KEY, "read"),
            (ADMIN_KEY, "admin"),
            (TOKENS_KEY, "tokens"),
            (METRICS_KEY, "metrics"),
        ] {
            let grants = has == scope || (has, scope) == ("admin", "metrics");
            let response = ApiResponse::fetch(request(&service, path).bearer_auth(key)).await;
            if grants {
                // Without a Clerk secret key, tokens are not enabled.
                assert!(
                    [200, 404, 501].contains(&response.status.as_u16()),
                    "{path}: {}",
                    response.body
                );
            } else {
                assert_eq!(response.problem(), (403, "scope_missing"), "{path}");
                let detail = response.body["detail"].as_str().unwrap();
                assert!(detail.contains(&format!("`{scope}`")), "names the scope: {detail}");
                assert_eq!(
                    response.header("www-authenticate"),
                    None,
                    "{path}: other credentials are not requested"
                );
            }
        }
    }
}

/// The API description has every operation, so that this test covers new ones.
#[apply(both_engines)]
async fn metrics_key_reads_only_metrics(engine: Engine) {
    let service = service(engine).await;
    let document: Value = serde_json::from_str(&read("docs/openapi.json")).unwrap();
    let mut operations = vec![("post".to_owned(), "/dashboard/session".to_owned(), true)];
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let is_open = operation["security"].as_array().unwrap().is_empty();
            if !is_open && path != METRICS {
                let takes_keys = operation["x-required-scope"].is_string();
                operations.push((method.clone(), path.clone(), takes_keys));
            }
        }
    }
    assert!(operations.len() > 35, "{} operations", operations.len());
    for (method, path, takes_keys) in operations {
        let url = service.url_for(&path.replace('{', "x").replace('}', ""));
        let method = method.to_uppercase().parse().unwrap();
        let request = service.client.request(method, url).bearer_auth(METRICS_KEY);
        let response = ApiResponse::fetch(request).await;
        match takes_keys {
            true => assert_eq!(response.problem(), (403, "scope_missing"), "{path}"),
            false => assert_eq!(response.status, 401, "{path}: {}", response.body),
        }
    }
    let metrics = ApiResponse::fetch(request(&service, METRICS).bearer_auth(METRICS_KEY)).await;
    assert_eq!(metrics.status, 200);
}

#[apply(both_engines)]
async fn hashed_key_setting_accepts_its_key(engine: Engine) {
    let hash = hex::encode(meetvo::config::ApiKey::digest(READ_KEY));
    let setting = format!("hashed:read:sha256:{hash}");
    let service = Service::start_with(engine, [("MEETVO_API_KEYS", &*setting)]).await;
    assert_eq!(
        ApiResponse::fetch(request(&service, "/v1/users").bearer_auth(READ_KEY)).await.status,
        200
    );
    // The hash is in settings and is no credential itself.
    for key in [&*hash, &format!("sha256:{hash}"), KEY] {
        let response = ApiResponse::fetch(request(&service, "/v1/users").bearer_auth(key)).await;
        assert_unauthorized(&response, "credentials_unknown", key);
    }
}

#[apply(both_engines)]
async fn service_without_keys_rejects_all_reads(engine: Engine) {
    let service = Service::start_with(engine, [("MEETVO_API_KEYS", "")]).await;
    for path in all_paths() {
        let response = ApiResponse::fetch(request(&service, path)).await;
        assert_unauthorized(&response, "credentials_missing", path);
        for key in ["", KEY, "meetvo_development_key_not_a_secret"] {
            let request = request(&service, path).header("authorization", format!("Bearer {key}"));
            let response = ApiResponse::fetch(request).await;
            assert_eq!(response.status, 401, "{path} with `{key}`");
        }
    }
    let event = fixtures::user_event("user.created", "user_1", 0);
    assert_eq!(service.send(&event).await, "applied", "webhooks need no API key");
}
