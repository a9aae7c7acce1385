//! `/dashboard/`, and the cookie of those who are signed in there.

use std::time::Duration;

use meetvo::config::ApiKey;
use reqwest::{Method, RequestBuilder, redirect::Policy};
use tokio::time::timeout;

use crate::harness::{
    ApiResponse, Engine, KEY, Service, apply, both_engines, client_builder, fixtures, repository, token,
};

const READER: &str = "reader_key_of_the_tests_0123456789abcdef";
const FOLDER: &str = "src/http/dashboard/assets";

/// Asks as the scripts of the page do.
fn ask(service: &Service, method: Method, path: &str, cookie: &str) -> RequestBuilder {
    let request = service.client.request(method, service.url_for(path)).header("cookie", cookie);
    request.header("x-meetvo-dashboard", "1").header("sec-fetch-site", "same-origin")
}

async fn read(service: &Service, path: &str, cookie: &str) -> ApiResponse {
    ApiResponse::fetch(ask(service, Method::GET, path, cookie)).await
}

fn sign_in(service: &Service, key: &str) -> RequestBuilder {
    service.client.post(service.url_for("/dashboard/session")).bearer_auth(key)
}

/// `name=value` of the cookie that an answer sets.
fn cookie(answer: &ApiResponse) -> String {
    answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

async fn signed_in(service: &Service, key: &str) -> String {
    let answer = ApiResponse::fetch(sign_in(service, key)).await;
    assert_eq!(answer.status, 204, "{}", answer.body);
    cookie(&answer)
}

#[apply(both_engines)]
async fn every_file_is_served_as_what_it_is(engine: Engine) {
    let service = Service::start(engine).await;
    let files = repository::files(FOLDER);
    assert!(files.len() > 20);
    for (path, text) in files {
        let name = path.file_name().unwrap().to_str().unwrap();
        let kind = match path.extension().unwrap().to_str().unwrap() {
            "html" => "text/html; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml",
            other => panic!("{name} is of no kind that is known: {other}"),
        };
        let address = service.url_for(&format!("/dashboard/{name}"));
        let served = service.client.get(&address).send().await.unwrap();
        assert_eq!(served.status(), 200, "{name}");
        assert_eq!(served.headers()["content-type"], kind, "{name}");
        assert_eq!(served.headers()["cache-control"], "no-cache", "{name}");
        let etag = served.headers()["etag"].clone();
        assert!(served.text().await.unwrap() == text, "{name}");
        let again = service.client.get(&address).header("if-none-match", etag);
        assert_eq!(again.send().await.unwrap().status(), 304, "{name}");
    }
    let page = service.client.get(service.url_for("/dashboard/")).send().await.unwrap();
    assert_eq!(page.text().await.unwrap(), repository::read(&format!("{FOLDER}/index.html")));
    let missing = ApiResponse::fetch(service.client.get(service.url_for("/dashboard/nothing.js"))).await;
    assert_eq!(missing.problem(), (404, "not_found"));
    let to_it = client_builder().redirect(Policy::none()).build().unwrap();
    let to_it = to_it.get(service.url_for("/dashboard")).send().await.unwrap();
    assert_eq!(
        (to_it.status().as_u16(), &to_it.headers()["location"]),
        (308, &"dashboard/".parse().unwrap())
    );
}

#[apply(both_engines)]
async fn pages_may_do_nothing_that_they_need_not(engine: Engine) {
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
    for path in ["/dashboard/", "/dashboard/app.js", "/dashboard/nothing", "/dashboard/session"] {
        let answer = ApiResponse::fetch(service.client.get(service.url_for(path))).await;
        for (name, value) in expected {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
    }
}

/// The policy forbids what stands in the page itself and what comes from elsewhere; and strangers' data
/// is never read as markup.
#[test]
fn the_files_keep_to_the_policy() {
    let files = repository::files(FOLDER);
    let is_there = |name: &str| files.iter().any(|(path, _)| path.ends_with(name));
    for (path, text) in &files {
        let name = path.display();
        for forbidden in
            ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("]
        {
            assert!(!text.contains(forbidden), "{name}: {forbidden}");
        }
        for address in text.split("http").skip(1).filter(|it| it.contains("://")) {
            let known = ["s://'", "://www.w3.org/2000/svg"];
            let foreign = address.starts_with("://") || address.starts_with("s://");
            assert!(!foreign || known.iter().any(|it| address.starts_with(it)), "{name}");
        }
        for import in text.split(" from './").skip(1) {
            let import = import.split('\'').next().unwrap();
            assert!(is_there(import), "{name} imports {import}");
        }
    }
    let page = repository::read(&format!("{FOLDER}/index.html"));
    for forbidden in ["<style", " style=", "<script>", " onclick", " onload", "javascript:"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    for attribute in ["src=\"", "href=\""] {
        for file in page.split(attribute).skip(1).map(|it| it.split('"').next().unwrap()) {
            assert!(file.starts_with('#') || is_there(file), "the page names {file}");
        }
    }
}

#[apply(both_engines)]
async fn whoever_has_an_admin_key_is_let_in(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    let cookie = signed_in(&service, KEY).await;
    for path in ["/v1/status", "/v1/events", "/v1/decisions", "/v1/users", "/v1/users/user_1"] {
        assert_eq!(read(&service, path, &cookie).await.status, 200, "{path}");
    }
    let out = ApiResponse::fetch(ask(&service, Method::DELETE, "/dashboard/session", &cookie)).await;
    assert_eq!(out.status, 204);
    let taken = out.header("set-cookie").unwrap();
    assert!(taken.starts_with("meetvo_dashboard=;") && taken.contains("Max-Age=0"), "{taken}");
    assert!(taken.contains("Path=/"), "{taken}: else it stays");
}

#[apply(both_engines)]
async fn others_are_told_why_not(engine: Engine) {
    let keys = format!("tests:read+admin:{KEY},reader:read:{READER}");
    let service = Service::start_with(engine, [("MEETVO_API_KEYS", &*keys)]).await;
    let unknown = "wrong_key_of_the_tests_0123456789abcdefg";
    for (key, refusal) in
        [(unknown, (401, "credentials_unknown")), (READER, (403, "scope_missing"))]
    {
        let answer = ApiResponse::fetch(sign_in(&service, key)).await;
        assert_eq!(answer.problem(), refusal);
        assert_eq!(answer.header("set-cookie"), None);
    }
    // Who is in already has nothing to change a cookie for.
    let cookie = signed_in(&service, KEY).await;
    let again = ApiResponse::fetch(ask(&service, Method::POST, "/dashboard/session", &cookie)).await;
    assert_eq!(again.problem(), (401, "credentials_missing"));
    let got = ApiResponse::fetch(ask(&service, Method::GET, "/dashboard/session", &cookie)).await;
    assert_eq!(got.problem(), (405, "method_not_allowed"));
    assert_eq!(got.header("allow"), Some("POST, DELETE"));
}

#[apply(both_engines)]
async fn signing_in_is_counted_like_any_request(engine: Engine) {
    let service = Service::start_with(engine, [("MEETVO__API__KEY_RATE", "2")]).await;
    let cookie = signed_in(&service, KEY).await;
    assert_eq!(read(&service, "/v1/status", &cookie).await.status, 200);
    let more = ApiResponse::fetch(sign_in(&service, KEY)).await;
    assert_eq!(more.problem(), (429, "too_many_requests"));
}

#[apply(both_engines)]
async fn the_cookie_is_for_the_browser_alone(engine: Engine) {
    let service = Service::start(engine).await;
    for (origin, secure) in [
        (Some("https://sync.example.com"), true),
        (Some("http://127.0.0.1:8080"), false),
        (None, true),
    ] {
        let request = sign_in(&service, KEY);
        let request = origin.into_iter().fold(request, |it, origin| it.header("origin", origin));
        let answer = ApiResponse::fetch(request).await;
        let set = answer.header("set-cookie").unwrap();
        let parts: Vec<_> = set.split("; ").skip(1).collect();
        for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(parts.contains(&part), "{set}");
        }
        assert_eq!(parts.contains(&"Secure"), secure, "{origin:?}: {set}");
        assert!(!set.contains("Max-Age") && !set.contains("Expires"), "{set}: it is for a session");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}

/// What other pages can make a browser send.
#[apply(both_engines)]
async fn only_the_pages_own_scripts_may_use_it(engine: Engine) {
    let differ = [("MEETVO__API__ALLOWED_ORIGINS", "https://app.example.com")];
    let service = Service::start_with(engine, differ).await;
    let failed = serde_json::json!({ "type": "user.created", "data": {} });
    service.send(&failed).await;
    let cookie = signed_in(&service, KEY).await;
    let reprocess = "/v1/events/reprocess?decision=failed";
    for (method, path) in
        [(Method::GET, "/v1/users"), (Method::GET, "/v1/events"), (Method::POST, reprocess)]
    {
        let bare = || {
            let request = service.client.request(method.clone(), service.url_for(path));
            request.header("cookie", &cookie)
        };
        let ours = || bare().header("x-meetvo-dashboard", "1");
        let by = |site: &str| ours().header("sec-fetch-site", site);
        let refused = [
            ("a link, a form, a picture", bare()),
            ("the same, told of", bare().header("sec-fetch-site", "same-origin")),
            ("another site's script", by("cross-site")),
            ("a neighbour's", by("same-site")),
            ("the address bar", by("none")),
            ("two at once", by("same-origin").header("sec-fetch-site", "cross-site")),
        ];
        for (case, request) in refused {
            let answer = ApiResponse::fetch(request).await;
            assert_eq!(answer.problem(), (401, "credentials_missing"), "{path}: {case}");
        }
        // A browser that says nothing (by plain HTTP, from another machine) still sets no such header for
        // another's page.
        for (case, request) in [("ours", by("same-origin")), ("ours, untold", ours())] {
            assert_eq!(ApiResponse::fetch(request).await.status, 200, "{path}: {case}");
        }
    }
    let preflight = service.client.request(Method::OPTIONS, service.url_for("/v1/users"));
    let preflight = preflight
        .header("origin", "https://app.example.com")
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "x-meetvo-dashboard");
    let answer = ApiResponse::fetch(preflight).await;
    let allowed = answer.header("access-control-allow-headers").unwrap_or_default();
    assert!(!allowed.to_lowercase().contains("x-meetvo-dashboard"), "{allowed}");
}

#[apply(both_engines)]
async fn it_opens_what_the_key_opens_and_nothing_else(engine: Engine) {
    let service = Service::start_with_session_tokens(engine, []).await;
    let cookie = signed_in(&service, KEY).await;
    assert_eq!(
        read(&service, "/v1/me", &cookie).await.status,
        401,
        "nobody is signed in with Clerk"
    );
    // Whoever gives credentials is who they say.
    let both = ask(&service, Method::GET, "/v1/events", &cookie).bearer_auth("x");
    assert_eq!(ApiResponse::fetch(both).await.problem(), (401, "credentials_unknown"));
    let both = ask(&service, Method::GET, "/v1/users/user_1", &cookie);
    let both = ApiResponse::fetch(both.bearer_auth(token("user_2", "sess_1"))).await;
    assert_eq!(both.problem(), (404, "not_found"));
    for value in ["", "x", "%", "bm8", KEY] {
        let answer = read(&service, "/v1/events", &format!("meetvo_dashboard={value}")).await;
        assert_eq!(answer.status, 401, "{value}");
    }
}

#[apply(both_engines)]
async fn it_is_no_longer_good_than_the_key(engine: Engine) {
    let service = Service::start(engine).await;
    let key = "meetvo_key_of_somebody_who_leaves_0123456789";
    let kept = format!(
        "INSERT INTO api_keys (name, sha256, scopes, created_at) VALUES ('leaves', '{}', 'read+admin', 1)",
        hex::encode(ApiKey::digest(key)),
    );
    service.tables().await.run(&kept).await;
    let cookie = signed_in(&service, key).await;
    assert_eq!(read(&service, "/v1/status", &cookie).await.status, 200);
    service.tables().await.run("UPDATE api_keys SET revoked_at = 2").await;
    let refused = async {
        loop {
            let answer = read(&service, "/v1/status", &cookie).await;
            if answer.status != 200 {
                return answer;
            }
        }
    };
    let refused = timeout(Duration::from_secs(10), refused).await.expect("it is refused");
    assert_eq!(refused.problem(), (401, "key_revoked"));
}
