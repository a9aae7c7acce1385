//! Cross-origin requests of browsers.

use reqwest::{Method, RequestBuilder, StatusCode};

use crate::harness::{ApiResponse, Delivery, Engine, KEY, Service, apply, both_engines, fixtures};

const APP: &str = "https://app.example.com";
const OTHER: &str = "https://app.example.com.evil.com";

async fn service(engine: Engine) -> Service {
    let origins = format!("{APP},http://localhost:3000");
    Service::start_with(engine, [("MEETVO__API__ALLOWED_ORIGINS", &*origins)]).await
}

fn request(service: &Service, path: &str, origin: &str) -> RequestBuilder {
    service.client.get(service.url_for(path)).header("origin", origin)
}

/// Creates a preflight request, which a browser sends before a request with special headers.
fn preflight(service: &Service, path: &str, origin: &str, method: &str) -> RequestBuilder {
    let request = service.client.request(Method::OPTIONS, service.url_for(path));
    let request = request.header("origin", origin).header("access-control-request-method", method);
    request.header("access-control-request-headers", "authorization,if-none-match")
}

fn words(response: &ApiResponse, header: &str) -> Vec<String> {
    let mut words: Vec<_> = response
        .header(header)
        .unwrap_or_default()
        .split(',')
        .map(|word| word.trim().to_ascii_lowercase())
        .filter(|word| !word.is_empty())
        .collect();
    words.sort();
    words
}

#[apply(both_engines)]
async fn allowed_origin_reads_data_and_errors(engine: Engine) {
    let service = service(engine).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    for origin in [APP, "http://localhost:3000"] {
        let cases = [
            ("/v1/users/user_1", Some(KEY), 200),
            ("/v1/users", Some(KEY), 200),
            ("/v1/users/user_9", Some(KEY), 404),
            ("/v1/users?limit=0", Some(KEY), 400),
            ("/v1/me", None, 401),
        ];
        for (path, key, status) in cases {
            let request = request(&service, path, origin);
            let response = ApiResponse::fetch(match key {
                Some(key) => request.bearer_auth(key),
                None => request,
            })
            .await;
            assert_eq!(response.status, status, "{path}");
            assert_eq!(response.header("access-control-allow-origin"), Some(origin), "{path}");
            assert_eq!(response.header("access-control-allow-credentials"), Some("true"), "{path}");
            let exposed = words(&response, "access-control-expose-headers");
            assert_eq!(
                exposed,
                ["etag", "ratelimit", "ratelimit-policy", "retry-after", "x-request-id"],
                "{path}"
            );
            assert!(
                response.headers.get_all("vary").iter().any(|value| value
                    .to_str()
                    .unwrap()
                    .to_ascii_lowercase()
                    .contains("origin")),
                "{path}: caches distinguish the origin: {:?}",
                response.headers
            );
        }
    }
}

#[apply(both_engines)]
async fn other_origins_get_no_cors_headers(engine: Engine) {
    let service = service(engine).await;
    for origin in [OTHER, "null", "http://app.example.com", "https://app.example.com:8443"] {
        let request = request(&service, "/v1/users", origin).bearer_auth(KEY);
        let response = ApiResponse::fetch(request).await;
        assert_eq!(response.header("access-control-allow-origin"), None, "{origin}");
        let asked = ApiResponse::fetch(preflight(&service, "/v1/users", origin, "GET")).await;
        assert_eq!(asked.header("access-control-allow-origin"), None, "{origin}");
    }
    // By default, no origin is allowed.
    let service = Service::start(engine).await;
    let response = ApiResponse::fetch(request(&service, "/v1/users", APP).bearer_auth(KEY)).await;
    assert_eq!(
        (response.status.as_u16(), response.header("access-control-allow-origin")),
        (200, None)
    );
}

#[apply(both_engines)]
async fn preflight_needs_no_credentials(engine: Engine) {
    let service = service(engine).await;
    for path in ["/v1/me", "/v1/users/user_1", "/v1/users", "/v1/events"] {
        let response = ApiResponse::fetch(preflight(&service, path, APP, "GET")).await;
        assert!(response.status.is_success(), "{path}: {}", response.status);
        assert_eq!(response.header("access-control-allow-origin"), Some(APP), "{path}");
        assert_eq!(words(&response, "access-control-allow-methods"), ["get", "head"], "{path}");
        let headers = words(&response, "access-control-allow-headers");
        assert!(
            ["authorization", "if-none-match", "last-event-id"]
                .iter()
                .all(|it| headers.contains(&(*it).into()))
        );
        assert_eq!(response.header("access-control-max-age"), Some("7200"), "{path}");
    }
    let response = ApiResponse::fetch(preflight(&service, "/v1/users", APP, "DELETE")).await;
    assert_eq!(response.problem(), (400, "request_refused"), "pages cannot change data");
}

/// Webhooks come from a server, so pages need no access.
#[apply(both_engines)]
async fn webhook_endpoint_has_no_cors(engine: Engine) {
    let service = service(engine).await;
    let asked = ApiResponse::fetch(preflight(&service, "/webhooks/clerk", APP, "POST")).await;
    assert_eq!(asked.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(asked.header("access-control-allow-origin"), None);
    let event = fixtures::user_event("user.created", "user_1", 0);
    let delivery = Delivery::new(&event, service.clock.now());
    let response = delivery.request(&service.client, &service.url).header("origin", APP);
    let response = ApiResponse::fetch(response).await;
    assert_eq!(
        (response.status.as_u16(), response.header("access-control-allow-origin")),
        (200, None)
    );
}
