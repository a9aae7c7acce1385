//! Cross-origin requests of browsers.

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;

use crate::harness::{
    ApiResponse, Database, Delivery, Engine, KEY, Process, Service, apply, both_engines, client,
    fixtures,
};

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
                [
                    "etag",
                    "ratelimit",
                    "ratelimit-policy",
                    "retry-after",
                    "wait-result",
                    "x-request-id"
                ],
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

/// Adds the headers that a browser asks for in a preflight request.
async fn ask(service: &Service, origin: &str, headers: &str) -> ApiResponse {
    let request = service.client.request(Method::OPTIONS, service.url_for("/v1/me"));
    let request = request.header("origin", origin).header("access-control-request-method", "GET");
    ApiResponse::fetch(request.header("access-control-request-headers", headers)).await
}

/// HTTP clients and tracing libraries add these headers to each request.
#[apply(both_engines)]
async fn harmless_headers_are_allowed(engine: Engine) {
    let service = service(engine).await;
    for headers in [
        "authorization,baggage,sentry-trace",
        "content-type",
        "traceparent,tracestate",
        "x-datadog-origin,x-datadog-parent-id,x-datadog-sampling-priority,x-datadog-trace-id",
        "cache-control, pragma",
        "X-Requested-With",
        "b3,x-b3-traceid",
        "accept,accept-language",
    ] {
        let response = ask(&service, APP, headers).await;
        assert_eq!(response.status, 200, "{headers}: {}", response.body);
        let allowed = words(&response, "access-control-allow-headers");
        for header in headers.split(',').map(|it| it.trim().to_ascii_lowercase()) {
            assert!(allowed.contains(&header), "{header}: {allowed:?}");
        }
    }
}

#[apply(both_engines)]
async fn setting_allows_further_headers(engine: Engine) {
    let settings =
        [("MEETVO__API__ALLOWED_ORIGINS", APP), ("MEETVO__API__ALLOWED_HEADERS", "X-Tenant")];
    let service = Service::start_with(engine, settings).await;
    assert_eq!(ask(&service, APP, "authorization,x-tenant").await.status, 200);
    let refused = ask(&service, APP, "authorization,x-other").await;
    assert_eq!(refused.problem(), (400, "request_refused"));
    let refused = ask(&service, APP, "x-meetvo-dashboard").await;
    assert_eq!(refused.problem(), (400, "request_refused"), "protects the dashboard's cookie");
}

#[apply(both_engines)]
async fn origins_of_apps_and_subdomains_read(engine: Engine) {
    let origins = "tauri://localhost,capacitor://localhost,\
                   chrome-extension://abcdefghijklmnopabcdefghijklmnop,\
                   HTTPS://App.Example.com,https://*.preview.example.com";
    let service = Service::start_with(engine, [("MEETVO__API__ALLOWED_ORIGINS", origins)]).await;
    for (origin, is_allowed) in [
        ("tauri://localhost", true),
        ("capacitor://localhost", true),
        ("chrome-extension://abcdefghijklmnopabcdefghijklmnop", true),
        (APP, true),
        ("https://pr-1.preview.example.com", true),
        ("https://preview.example.com", false),
        ("https://a.b.preview.example.com", false),
        ("https://pr-1.preview.example.com.evil.com", false),
        ("ionic://localhost", false),
        ("null", false),
    ] {
        let expected = is_allowed.then_some(origin);
        let read =
            ApiResponse::fetch(request(&service, "/v1/users", origin).bearer_auth(KEY)).await;
        assert_eq!(read.header("access-control-allow-origin"), expected, "{origin}");
        let asked = ask(&service, origin, "authorization").await;
        assert_eq!(asked.header("access-control-allow-origin"), expected, "{origin}");
        assert_eq!(asked.status.is_success(), is_allowed, "{origin}");
    }
}

/// A browser tells the page only that the request failed, so the log has the reason.
#[apply(both_engines)]
async fn refused_preflight_is_logged(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, [("MEETVO__API__ALLOWED_ORIGINS", APP)]);
    let cases = [
        ("origin", OTHER, "GET", "authorization"),
        ("header", APP, "GET", "authorization,x-unknown"),
        ("header", APP, "GET", "authorization,,x y"),
        ("method", APP, "DELETE", "authorization"),
        ("origin", "https://\u{e9}\"", "GET", "authorization"),
    ];
    let url = format!("{}/v1/me", process.url);
    let ask = async |origin: &str, method: &str, headers: &str| {
        let request = client().request(Method::OPTIONS, &url);
        let request = request.header("origin", origin.as_bytes());
        let request = request.header("access-control-request-method", method);
        let response =
            ApiResponse::fetch(request.header("access-control-request-headers", headers)).await;
        assert_eq!(response.problem(), (400, "request_refused"));
        response.body["detail"].as_str().unwrap().to_owned()
    };
    for (reason, origin, method, headers) in cases {
        let detail = ask(origin, method, headers).await;
        let remedy = match reason {
            "origin" => "api.allowed_origins",
            "header" => "api.allowed_headers",
            _ => "GET or HEAD",
        };
        assert!(detail.contains(remedy), "{reason}: {detail}");
    }
    let webhook = client().request(Method::OPTIONS, format!("{}/webhooks/clerk", process.url));
    let webhook = webhook.header("origin", APP).header("access-control-request-method", "POST");
    assert_eq!(ApiResponse::fetch(webhook).await.problem(), (405, "method_not_allowed"));
    for _ in 0..40 {
        ask(OTHER, "GET", "authorization").await;
    }
    process.terminate();
    let (_, log) = tokio::task::spawn_blocking(|| process.wait()).await.unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let refused: Vec<_> =
        lines.iter().filter(|it| it["message"] == "refused a CORS preflight").collect();
    assert_eq!(refused.len(), 10, "the lines are sampled: {log}");
    for (line, (reason, origin, method, headers)) in refused.iter().zip(cases) {
        let origin = if origin.is_ascii() { origin } else { "https://\\xc3\\xa9\\\"" };
        let expected = [reason, origin, method, headers].map(Value::from);
        let fields = ["reason", "origin", "method", "headers"].map(|name| line[name].clone());
        assert_eq!(fields, expected, "{line}");
    }
    assert_eq!(
        (&refused[5]["reason"], &refused[5]["method"]),
        (&"resource".into(), &"POST".into())
    );
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
