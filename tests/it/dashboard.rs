//! Dashboard files, sign-in, and the cookie. `dashboard_sessions.rs` tests the sessions.

use reqwest::{Method, RequestBuilder, redirect::Policy};

use crate::harness::{
    ApiResponse, Engine, KEY, Service, apply, both_engines, client_builder, fixtures, repository,
    token,
};

/// API key with the scope `read` only.
const READ_KEY: &str = "reader_key_of_the_tests_0123456789abcdef";
const ASSETS: &str = "src/http/dashboard/assets";

/// Builds a request like those of the dashboard's scripts.
fn request(service: &Service, method: Method, path: &str, cookie: &str) -> RequestBuilder {
    let request = service.client.request(method, service.url_for(path)).header("cookie", cookie);
    request.header("x-meetvo-dashboard", "1").header("sec-fetch-site", "same-origin")
}

async fn get(service: &Service, path: &str, cookie: &str) -> ApiResponse {
    ApiResponse::fetch(request(service, Method::GET, path, cookie)).await
}

fn sign_in(service: &Service, key: &str) -> RequestBuilder {
    service.client.post(service.url_for("/dashboard/session")).bearer_auth(key)
}

/// Signs in and returns the cookie as `name=value`.
async fn session_cookie(service: &Service, key: &str) -> String {
    let response = ApiResponse::fetch(sign_in(service, key)).await;
    assert_eq!(response.status, 204, "{}", response.body);
    response.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

#[apply(both_engines)]
async fn assets_have_content_type_and_etag(engine: Engine) {
    let service = Service::start(engine).await;
    let files = repository::files(ASSETS);
    assert!(files.len() > 20);
    for (path, text) in files {
        let name = path.file_name().unwrap().to_str().unwrap();
        let content_type = match path.extension().unwrap().to_str().unwrap() {
            "html" => "text/html; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml",
            other => panic!("unknown file extension of {name}: {other}"),
        };
        let url = service.url_for(&format!("/dashboard/{name}"));
        let response = service.client.get(&url).send().await.unwrap();
        assert_eq!(response.status(), 200, "{name}");
        assert_eq!(response.headers()["content-type"], content_type, "{name}");
        assert_eq!(response.headers()["cache-control"], "no-cache", "{name}");
        let etag = response.headers()["etag"].clone();
        assert!(response.text().await.unwrap() == text, "{name}");
        let conditional = service.client.get(&url).header("if-none-match", etag);
        assert_eq!(conditional.send().await.unwrap().status(), 304, "{name}");
    }
    let page = service.client.get(service.url_for("/dashboard/")).send().await.unwrap();
    assert_eq!(page.text().await.unwrap(), repository::read(&format!("{ASSETS}/index.html")));
    let missing =
        ApiResponse::fetch(service.client.get(service.url_for("/dashboard/nothing.js"))).await;
    assert_eq!(missing.problem(), (404, "not_found"));
    let client = client_builder().redirect(Policy::none()).build().unwrap();
    let redirect = client.get(service.url_for("/dashboard")).send().await.unwrap();
    assert_eq!(
        (redirect.status().as_u16(), &redirect.headers()["location"]),
        (308, &"dashboard/".parse().unwrap())
    );
}

/// The locations are relative, so that a proxy can serve the service below any path.
#[apply(both_engines)]
async fn root_and_docs_lead_to_pages(engine: Engine) {
    let service = Service::start(engine).await;
    let client = client_builder().redirect(Policy::none()).build().unwrap();
    for (path, status, location) in [("/", 302, "dashboard/"), ("/docs", 308, "docs/")] {
        for method in [Method::GET, Method::HEAD] {
            let request = client.request(method, service.url_for(path));
            let response = request.send().await.unwrap();
            assert_eq!(response.status().as_u16(), status, "{path}");
            assert_eq!(response.headers()["location"], location, "{path}");
        }
        let page = service.client.get(service.url_for(path)).send().await.unwrap();
        assert_eq!(page.url().path(), format!("/{location}"));
        assert_eq!(page.status(), 200, "{path}");
    }
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let request = service.client.request(method, service.url_for("/"));
        assert_eq!(ApiResponse::fetch(request).await.problem(), (404, "not_found"));
    }
}

#[apply(both_engines)]
async fn security_headers_cover_every_path(engine: Engine) {
    let service = Service::start(engine).await;
    let expected = [
        (
            "content-security-policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; \
             connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ];
    for path in [
        "/dashboard/",
        "/dashboard/app.js",
        "/dashboard/nothing",
        "/dashboard/session",
        "/docs/",
        "/docs/swagger-ui-bundle.js",
        "/docs/nothing",
    ] {
        let response = ApiResponse::fetch(service.client.get(service.url_for(path))).await;
        for (name, value) in expected {
            assert_eq!(response.header(name), Some(value), "{path}");
        }
    }
}

/// The content security policy forbids inline code and files from other origins. Untrusted data is
/// never parsed as markup.
#[test]
fn assets_satisfy_content_security_policy() {
    let files = repository::files(ASSETS);
    let exists = |name: &str| files.iter().any(|(path, _)| path.ends_with(name));
    for (path, text) in &files {
        let name = path.display();
        for forbidden in
            ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("]
        {
            assert!(!text.contains(forbidden), "{name}: {forbidden}");
        }
        for url in text.split("http").skip(1).filter(|it| it.contains("://")) {
            let allowed = ["s://'", "://www.w3.org/2000/svg"];
            let is_url = url.starts_with("://") || url.starts_with("s://");
            assert!(!is_url || allowed.iter().any(|it| url.starts_with(it)), "{name}");
        }
        for import in text.split(" from './").skip(1) {
            let import = import.split('\'').next().unwrap();
            assert!(exists(import), "{name} imports {import}");
        }
    }
    let page = repository::read(&format!("{ASSETS}/index.html"));
    for forbidden in ["<style", " style=", "<script>", " onclick", " onload", "javascript:"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    for attribute in ["src=\"", "href=\""] {
        for file in page.split(attribute).skip(1).map(|it| it.split('"').next().unwrap()) {
            assert!(file.starts_with('#') || exists(file), "the page names {file}");
        }
    }
}

#[apply(both_engines)]
async fn admin_key_signs_in_and_out(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    let cookie = session_cookie(&service, KEY).await;
    for path in ["/v1/status", "/v1/events", "/v1/decisions", "/v1/users", "/v1/users/user_1"] {
        assert_eq!(get(&service, path, &cookie).await.status, 200, "{path}");
    }
    let sign_out = request(&service, Method::DELETE, "/dashboard/session", &cookie);
    let response = ApiResponse::fetch(sign_out).await;
    assert_eq!(response.status, 204);
    let removal = response.header("set-cookie").unwrap();
    assert!(removal.starts_with("meetvo_dashboard=;"), "{removal}");
    assert!(removal.contains("Max-Age=0"), "{removal}");
    assert!(
        removal.contains("Path=/"),
        "{removal}: browsers delete only a cookie of the same path"
    );
}

#[apply(both_engines)]
async fn unknown_or_unscoped_keys_are_rejected(engine: Engine) {
    let keys = format!("tests:read+admin:{KEY},reader:read:{READ_KEY}");
    let service = Service::start_with(engine, [("MEETVO_API_KEYS", &*keys)]).await;
    let unknown = "wrong_key_of_the_tests_0123456789abcdefg";
    for (key, problem) in
        [(unknown, (401, "credentials_unknown")), (READ_KEY, (403, "scope_missing"))]
    {
        let response = ApiResponse::fetch(sign_in(&service, key)).await;
        assert_eq!(response.problem(), problem);
        assert_eq!(response.header("set-cookie"), None);
    }
    // A cookie cannot be exchanged for another one.
    let cookie = session_cookie(&service, KEY).await;
    let session = |method| request(&service, method, "/dashboard/session", &cookie);
    let posted = ApiResponse::fetch(session(Method::POST)).await;
    assert_eq!(posted.problem(), (401, "credentials_missing"));
    let got = ApiResponse::fetch(session(Method::GET)).await;
    assert_eq!(got.problem(), (405, "method_not_allowed"));
    assert_eq!(got.header("allow"), Some("POST, DELETE"));
}

#[apply(both_engines)]
async fn sign_in_counts_for_rate_limit(engine: Engine) {
    let service = Service::start_with(engine, [("MEETVO__API__KEY_RATE", "2")]).await;
    let cookie = session_cookie(&service, KEY).await;
    assert_eq!(get(&service, "/v1/status", &cookie).await.status, 200);
    let third = ApiResponse::fetch(sign_in(&service, KEY)).await;
    assert_eq!(third.problem(), (429, "too_many_requests"));
}

#[apply(both_engines)]
async fn cookie_is_http_only_and_same_site(engine: Engine) {
    let service = Service::start(engine).await;
    for (origin, secure) in [
        (Some("https://sync.example.com"), true),
        (Some("http://127.0.0.1:8080"), false),
        (None, true),
    ] {
        let request = sign_in(&service, KEY);
        let request = origin.into_iter().fold(request, |it, origin| it.header("origin", origin));
        let response = ApiResponse::fetch(request).await;
        let cookie = response.header("set-cookie").unwrap();
        let attributes: Vec<_> = cookie.split("; ").skip(1).collect();
        for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(attributes.contains(&attribute), "{cookie}");
        }
        assert_eq!(attributes.contains(&"Secure"), secure, "{origin:?}: {cookie}");
        let is_session_cookie = !cookie.contains("Max-Age") && !cookie.contains("Expires");
        assert!(is_session_cookie, "{cookie}");
        assert_eq!(response.header("cache-control"), Some("no-store"));
    }
}

/// Covers the requests that pages of other origins can make a browser send.
#[apply(both_engines)]
async fn cookie_requires_header_and_same_origin(engine: Engine) {
    let settings = [("MEETVO__API__ALLOWED_ORIGINS", "https://app.example.com")];
    let service = Service::start_with(engine, settings).await;
    let failed = serde_json::json!({ "type": "user.created", "data": {} });
    service.send(&failed).await;
    let cookie = session_cookie(&service, KEY).await;
    let reprocess = "/v1/events/reprocess?decision=failed";
    for (method, path) in
        [(Method::GET, "/v1/users"), (Method::GET, "/v1/events"), (Method::POST, reprocess)]
    {
        let with_cookie = || {
            let request = service.client.request(method.clone(), service.url_for(path));
            request.header("cookie", &cookie)
        };
        let with_header = || with_cookie().header("x-meetvo-dashboard", "1");
        let from = |site: &str| with_header().header("sec-fetch-site", site);
        let rejected = [
            ("link, form or image", with_cookie()),
            ("link of the same origin", with_cookie().header("sec-fetch-site", "same-origin")),
            ("script of another site", from("cross-site")),
            ("script of another host of the site", from("same-site")),
            ("address bar", from("none")),
            ("two values", from("same-origin").header("sec-fetch-site", "cross-site")),
        ];
        for (case, request) in rejected {
            let response = ApiResponse::fetch(request).await;
            assert_eq!(response.problem(), (401, "credentials_missing"), "{path}: {case}");
        }
        // Over plain HTTP from another machine, a browser sends no `Sec-Fetch-Site`. A page of
        // another origin still cannot set the header.
        let accepted = [("same origin", from("same-origin")), ("unknown origin", with_header())];
        for (case, request) in accepted {
            assert_eq!(ApiResponse::fetch(request).await.status, 200, "{path}: {case}");
        }
    }
    let preflight = service.client.request(Method::OPTIONS, service.url_for("/v1/users"));
    let preflight = preflight
        .header("origin", "https://app.example.com")
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "x-meetvo-dashboard");
    let response = ApiResponse::fetch(preflight).await;
    let allowed = response.header("access-control-allow-headers").unwrap_or_default();
    assert!(!allowed.to_lowercase().contains("x-meetvo-dashboard"), "{allowed}");
}

#[apply(both_engines)]
async fn cookie_grants_only_rights_of_key(engine: Engine) {
    let service = Service::start_with_session_tokens(engine, []).await;
    let cookie = session_cookie(&service, KEY).await;
    let me = get(&service, "/v1/me", &cookie).await;
    assert_eq!(me.status, 401, "the cookie is not a session token");
    // The `Authorization` header takes precedence over the cookie.
    let both = request(&service, Method::GET, "/v1/events", &cookie).bearer_auth("x");
    assert_eq!(ApiResponse::fetch(both).await.problem(), (401, "credentials_unknown"));
    let both = request(&service, Method::GET, "/v1/users/user_1", &cookie);
    let both = ApiResponse::fetch(both.bearer_auth(token("user_2", "sess_1"))).await;
    assert_eq!(both.problem(), (404, "not_found"));
    for value in ["", "x", "%", "bm8", KEY] {
        let response = get(&service, "/v1/events", &format!("meetvo_dashboard={value}")).await;
        assert_eq!(response.status, 401, "{value}");
    }
}
