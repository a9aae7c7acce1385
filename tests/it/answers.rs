//! Common properties of all responses: problem documents, request IDs, caching and methods.

use std::collections::BTreeSet;

use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::harness::{
    ApiResponse, Delivery, Engine, KEY, SECRET, Service, VARY, apply, both_engines, fixtures,
};

const SINGLE: [&str; 3] = ["/v1/users/user_1", "/v1/sessions/sess_1", "/v1/events/msg_answers"];
const LISTS: [&str; 9] = [
    "/v1/users",
    "/v1/users/user_1/sessions",
    "/v1/users/user_1/accounts",
    "/v1/users/user_1/verifications",
    "/v1/users/user_1/memberships",
    "/v1/organizations",
    "/v1/memberships",
    "/v1/roles",
    "/v1/events",
];

/// Starts a service with a user, a session and an event with known IDs.
async fn service(engine: Engine) -> Service {
    let service = Service::start(engine).await;
    let body = fixtures::user_event("user.created", "user_1", 0).to_string();
    let delivery = Delivery::signed(SECRET, "msg_answers", service.clock.now(), body);
    assert_eq!(service.deliver(&delivery).await, "applied");
    service.send(&fixtures::session_event("session.created", "sess_1", "user_1", 0)).await;
    service
}

fn request(service: &Service, path: &str) -> RequestBuilder {
    service.client.get(service.url_for(path)).bearer_auth(KEY)
}

async fn etag(service: &Service, path: &str) -> String {
    service.get(path).await.header("etag").unwrap().to_owned()
}

#[apply(both_engines)]
async fn matching_etag_returns_304_without_body(engine: Engine) {
    let service = service(engine).await;
    for path in SINGLE {
        let etag = etag(&service, path).await;
        assert!(etag.len() > 18 && etag.starts_with('"') && etag.ends_with('"'), "{etag}");
        let same = [
            etag.clone(),
            format!("W/{etag}"),
            format!("\"other\", {etag}"),
            format!("\"a\",W/{etag},\"b\""),
            "*".to_owned(),
        ];
        for known in same {
            let request = request(&service, path).header("if-none-match", &known);
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 304, "{path} {known}");
            for (name, value) in [("etag", &*etag), ("cache-control", "private, no-cache")] {
                assert_eq!(response.headers()[name], value, "{path} {known}");
            }
            assert_eq!(response.headers()["vary"], VARY);
            assert!(response.bytes().await.unwrap().is_empty(), "{path} {known}");
        }
        let bare = etag.trim_matches('"');
        let upper = etag.to_uppercase();
        let others = ["\"other\"", "W/\"other\"", "", bare, &etag[..etag.len() - 1], &upper];
        for known in others.into_iter().filter(|known| *known != etag) {
            let response =
                ApiResponse::fetch(request(&service, path).header("if-none-match", known)).await;
            assert_eq!(response.status, 200, "{path} {known}");
            assert!(response.body.is_object(), "{path} {known}");
        }
    }
}

#[apply(both_engines)]
async fn etag_matches_in_second_header(engine: Engine) {
    let service = service(engine).await;
    let etag = etag(&service, SINGLE[0]).await;
    let request = request(&service, SINGLE[0]).header("if-none-match", "\"other\"");
    let response = ApiResponse::fetch(request.header("if-none-match", etag)).await;
    assert_eq!(response.status, 304);
}

#[apply(both_engines)]
async fn etag_depends_on_the_body(engine: Engine) {
    let service = service(engine).await;
    let mut tags = BTreeSet::new();
    for path in SINGLE {
        assert_eq!(etag(&service, path).await, etag(&service, path).await, "{path}");
        tags.insert(etag(&service, path).await);
    }
    let before = etag(&service, "/v1/users/user_1").await;
    service.send(&fixtures::user_event("user.updated", "user_1", 9)).await;
    let request = request(&service, "/v1/users/user_1").header("if-none-match", &before);
    let response = ApiResponse::fetch(request).await;
    assert_eq!((response.status.as_u16(), &response.body["first_name"]), (200, &json!("Ada 9")));
    tags.insert(response.header("etag").unwrap().to_owned());
    // A session that expires changes without an event.
    service.clock.set(service.clock.now() + 604_800_000);
    tags.insert(etag(&service, "/v1/sessions/sess_1").await);
    assert_eq!(tags.len(), 5, "each body has its own tag: {tags:?}");
}

#[apply(both_engines)]
async fn etag_reveals_nothing_without_access(engine: Engine) {
    let service = service(engine).await;
    let etag = etag(&service, SINGLE[0]).await;
    for known in [&*etag, "*"] {
        let request = service.client.get(service.url_for(SINGLE[0])).header("if-none-match", known);
        assert_eq!(ApiResponse::fetch(request).await.problem(), (401, "credentials_missing"));
        let unknown = self::request(&service, "/v1/users/user_9").header("if-none-match", known);
        assert_eq!(ApiResponse::fetch(unknown).await.problem(), (404, "not_found"));
    }
}

#[apply(both_engines)]
async fn shared_caches_must_not_store_responses(engine: Engine) {
    let service = service(engine).await;
    for path in SINGLE.into_iter().chain(LISTS) {
        let response = service.get(path).await;
        assert_eq!(response.status, 200, "{path}");
        assert_eq!(response.header("content-type"), Some("application/json"), "{path}");
        assert_eq!(response.header("cache-control"), Some("private, no-cache"), "{path}");
        assert_eq!(response.header("vary"), Some(VARY), "{path}");
    }
    for path in ["/v1/users/user_9", "/v1/users?limit=0", "/v1/nothing"] {
        let response = service.get(path).await;
        assert_eq!(response.header("cache-control"), Some("no-store"), "{path}");
    }
}

/// HEAD returns the same headers as GET, without a body.
#[apply(both_engines)]
async fn head_equals_get_without_body(engine: Engine) {
    let service = service(engine).await;
    let rejected = ["/v1/users/user_9", "/v1/users?limit=0", "/v1/nothing"];
    for path in SINGLE.into_iter().chain(LISTS).chain(rejected) {
        let get = request(&service, path).header("x-request-id", "same").send().await.unwrap();
        let head = service.client.head(service.url_for(path)).bearer_auth(KEY);
        let head = head.header("x-request-id", "same").send().await.unwrap();
        assert_eq!(head.status(), get.status(), "{path}");
        let headers = |response: &reqwest::Response| {
            let mut headers = response.headers().clone();
            headers.remove("date");
            // Each request reduces the allowance.
            headers.remove("ratelimit");
            // The order differs between workers, so the names are compared as a set.
            let exposed = headers.remove("access-control-expose-headers");
            let exposed = exposed.map(|names| names.to_str().unwrap().to_owned());
            let exposed: BTreeSet<_> =
                exposed.iter().flat_map(|names| names.split(", ")).map(str::to_owned).collect();
            (headers, exposed)
        };
        assert_eq!(headers(&head), headers(&get), "{path}");
        assert!(head.bytes().await.unwrap().is_empty(), "{path}");
        assert!(!get.bytes().await.unwrap().is_empty(), "{path}");
    }
}

#[apply(both_engines)]
async fn unsupported_method_returns_allowed_methods(engine: Engine) {
    let service = service(engine).await;
    let methods = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
    for path in SINGLE.into_iter().chain(LISTS) {
        for method in &methods {
            let request = service.client.request(method.clone(), service.url_for(path));
            let response = ApiResponse::fetch(request.bearer_auth(KEY)).await;
            assert_eq!(response.problem(), (405, "method_not_allowed"), "{method} {path}");
            assert_eq!(response.header("allow"), Some("GET, HEAD"), "{method} {path}");
        }
    }
    assert_eq!(service.get("/v1/users/user_1").await.status, 200, "nothing was changed");
}

#[apply(both_engines)]
async fn errors_are_problem_documents(engine: Engine) {
    let service = service(engine).await;
    let request = request(&service, "/v1/users/user_9").header("x-request-id", "from-the-proxy.1");
    let response = ApiResponse::fetch(request).await;
    assert_eq!(response.header("content-type"), Some("application/problem+json"));
    let expected = json!({
        "title": "Not Found",
        "status": 404,
        "code": "not_found",
        "detail": "no user has this ID",
        "request_id": "from-the-proxy.1",
    });
    assert_eq!(response.body, expected);
    assert_eq!(service.get("/nothing").await.problem(), (404, "not_found"));
    assert_eq!(service.get("/v1/users/").await.problem(), (404, "not_found"));
    assert_eq!(service.get("/v1/users/a/b/c").await.problem(), (404, "not_found"));
}

#[apply(both_engines)]
async fn valid_request_id_is_kept(engine: Engine) {
    let service = service(engine).await;
    let longest = "x".repeat(64);
    for id in ["a", "0f9c-42", "req/1+2=3", "\"quoted\"{}~!", &longest] {
        for path in ["/healthz", "/v1/users", "/v1/users/user_9", "/nothing"] {
            let response =
                ApiResponse::fetch(request(&service, path).header("x-request-id", id)).await;
            assert_eq!(response.header("x-request-id"), Some(id), "{path}");
            if response.status != 200 {
                assert_eq!(response.body["request_id"], id, "{path}");
            }
        }
    }
}

#[apply(both_engines)]
async fn invalid_request_id_is_replaced(engine: Engine) {
    let service = service(engine).await;
    let (too_long, mut given) = ("x".repeat(65), BTreeSet::new());
    let malformed: [&[u8]; 6] =
        [too_long.as_bytes(), b"two words", b"tab\there", b"caf\xc3\xa9", b"\xff", b""];
    for id in malformed {
        let value = reqwest::header::HeaderValue::from_bytes(id).unwrap();
        let response =
            ApiResponse::fetch(request(&service, "/v1/users/user_9").header("x-request-id", value));
        let response = response.await;
        assert_eq!(response.problem().0, 404, "{id:?}");
        let own = response.header("x-request-id").unwrap().to_owned();
        assert!(own.starts_with("req_") && own.len() == 28, "{id:?} became {own}");
        assert!(given.insert(own), "IDs are unique");
    }
    let without = service.get("/healthz").await;
    assert!(given.insert(without.header("x-request-id").unwrap().to_owned()));
}
