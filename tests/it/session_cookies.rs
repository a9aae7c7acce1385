//! Session tokens in cookies and of apps, and tokens that are no session tokens.

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::harness::{
    ApiResponse, Database, Engine, ISSUER, Instance, Issuer, KEY, Process, Service, apply,
    both_engines, claims, client, fixtures, token,
};

const APP: &str = "https://app.example.com";
const PARTIES: &str = "MEETVO__CLERK__AUTHORIZED_PARTIES";

/// Publishable key of an instance, and the suffix of its cookie.
const PUBLISHABLE: &str = "pk_test_cHJvcGVyLW90dGVyLTEyLmNsZXJrLmFjY291bnRzLmRldiQ";
const SUFFIX: &str = "h0IiP8We";

/// Issuer of another development instance.
const OTHER_ISSUER: &str = "https://other-llama-9.clerk.accounts.dev";

async fn service<const N: usize>(engine: Engine, overrides: [(&str, &str); N]) -> Service {
    let service = Service::start_with_session_tokens(engine, overrides).await;
    for user in ["user_1", "user_2"] {
        service.send(&fixtures::user_event("user.created", user, 0)).await;
    }
    service
}

fn me(service: &Service) -> RequestBuilder {
    service.client.get(service.url_for("/v1/me"))
}

async fn with_cookie(service: &Service, cookie: &str) -> ApiResponse {
    ApiResponse::fetch(me(service).header("cookie", cookie)).await
}

async fn with_token(service: &Service, token: &str) -> ApiResponse {
    ApiResponse::fetch(me(service).bearer_auth(token)).await
}

/// Returns the value of a counter of failed authentications.
async fn failures(service: &Service, reason: &str) -> u64 {
    let request = service.client.get(service.url_for("/metrics")).bearer_auth(KEY);
    let text = request.send().await.unwrap().text().await.unwrap();
    let name = format!("meetvo_failed_authentications_total{{reason=\"{reason}\"}} ");
    let line = text.lines().find_map(|line| line.strip_prefix(&name));
    line.map_or(0, |value| value.parse().unwrap())
}

/// The token of a cookie can lack its origin.
#[apply(both_engines)]
async fn missing_party_has_its_own_code(engine: Engine) {
    let service = service(engine, [(PARTIES, APP)]).await;
    let mut claims = claims(ISSUER, "user_1", "sess_1");
    claims["azp"] = Value::Null;
    let token = Instance::shared().token(&claims);
    let responses = [
        with_cookie(&service, &format!("__session={token}")).await,
        with_token(&service, &token).await,
    ];
    for response in responses {
        assert_eq!(response.problem(), (401, "token_authorized_party_missing"));
        let detail = response.body["detail"].as_str().unwrap();
        assert!(detail.contains("fresh token") && detail.contains("Authorization"), "{detail}");
    }
    assert_eq!(failures(&service, "token_authorized_party_missing").await, 2);
    assert_eq!(failures(&service, "token_authorized_party").await, 0);
}

/// Several instances that share a domain overwrite the cookie `__session`.
#[apply(both_engines)]
async fn own_cookie_precedes_shared_cookie(engine: Engine) {
    let service = service(engine, [(PARTIES, APP), ("CLERK_PUBLISHABLE_KEY", PUBLISHABLE)]).await;
    let ours = token("user_1", "sess_1");
    let second = token("user_2", "sess_2");
    let theirs = Instance::new("ins_other").token(&claims(OTHER_ISSUER, "user_9", "sess_9"));
    for (cookie, user) in [
        (format!("__session={theirs}; __session_{SUFFIX}={ours}"), "user_1"),
        (format!("__session_{SUFFIX}={ours}; __session={theirs}"), "user_1"),
        (format!("__session_{SUFFIX}={ours}"), "user_1"),
        (format!("__session_{SUFFIX}={ours}; __session={second}"), "user_1"),
        (format!("__session={second}"), "user_2"),
        (format!("__session_{SUFFIX}=; __session={second}"), "user_2"),
        (format!("__session_AAAAAAAA={theirs}; __session={second}"), "user_2"),
        (format!("broken; =; a=%FF; __session={second}; __session_{SUFFIX}={ours}"), "user_1"),
        (format!("__session=\"{second}\";"), "user_2"),
    ] {
        let response = with_cookie(&service, &cookie).await;
        assert_eq!((response.status.as_u16(), &response.body["id"]), (200, &json!(user)));
    }
    let unknown = with_cookie(&service, &format!("__session_AAAAAAAA={ours}")).await;
    assert_eq!(unknown.problem(), (401, "credentials_missing"), "the suffix of another instance");
    let invalid = format!("__session_{SUFFIX}={theirs}; __session={ours}");
    let invalid = with_cookie(&service, &invalid).await;
    assert_eq!(invalid.problem(), (401, "token_issuer"), "an invalid token is not passed over");
}

/// Without authorized parties, a page of any origin could make the browser send the cookie.
#[apply(both_engines)]
async fn own_cookie_requires_authorized_parties(engine: Engine) {
    let service = service(engine, [("CLERK_PUBLISHABLE_KEY", PUBLISHABLE)]).await;
    let cookie = format!("__session_{SUFFIX}={}", token("user_1", "sess_1"));
    let response = with_cookie(&service, &cookie).await;
    assert_eq!(response.problem(), (401, "credentials_missing"));
}

/// Pages of apps and of preview deployments have origins of their own.
#[apply(both_engines)]
async fn apps_and_subdomains_are_authorized_parties(engine: Engine) {
    let parties = "tauri://localhost,capacitor://localhost,ionic://localhost,\
                   chrome-extension://abcdefghijklmnopabcdefghijklmnop,\
                   moz-extension://5c0e8e2a-3f1b-4a57-9e0c-1f2d3c4b5a69,\
                   HTTPS://App.Example.com,https://*.preview.example.com";
    let service = service(engine, [(PARTIES, parties)]).await;
    for (party, status) in [
        ("tauri://localhost", 200),
        ("capacitor://localhost", 200),
        ("ionic://localhost", 200),
        ("chrome-extension://abcdefghijklmnopabcdefghijklmnop", 200),
        ("moz-extension://5c0e8e2a-3f1b-4a57-9e0c-1f2d3c4b5a69", 200),
        ("https://app.example.com", 200),
        ("https://pr-12.preview.example.com", 200),
        ("https://preview.example.com", 401),
        ("https://a.pr-12.preview.example.com", 401),
        ("https://tauri.localhost", 401),
        ("chrome-extension://ponmlkjihgfedcbaponmlkjihgfedcba", 401),
    ] {
        let mut claims = claims(ISSUER, "user_1", "sess_1");
        claims["azp"] = json!(party);
        let response = with_token(&service, &Instance::shared().token(&claims)).await;
        assert_eq!(response.status, status, "{party}: {}", response.body);
        if status == 401 {
            assert_eq!(response.body["code"], "token_authorized_party", "{party}");
        }
    }
}

/// The log names both issuers, and escapes that of the token.
#[apply(both_engines)]
async fn issuer_is_compared_before_the_key(engine: Engine) {
    let issuer = Issuer::start(&[Instance::shared()]);
    let mut claims = claims(OTHER_ISSUER, "user_1", "sess_1");
    let other = Instance::new("ins_other").token(&claims);
    claims["iss"] = json!("https://a.example/\n\u{1b}[31m\"injected\"");
    let hostile = Instance::new("ins_other").token(&claims);
    let pem = &*Instance::shared().pem;
    for settings in [
        vec![("MEETVO__CLERK__ISSUER", &*issuer.url)],
        vec![("MEETVO__CLERK__ISSUER", ISSUER), ("CLERK_JWT_KEY", pem)],
    ] {
        let expected = settings[0].1;
        let database = Database::new(engine).await;
        let mut command = Process::command(&database, []);
        command.envs(settings);
        let process = Process::start(command);
        let client = client();
        for token in [&other, &hostile] {
            let request = client.get(format!("{}/v1/me", process.url)).bearer_auth(token);
            assert_eq!(ApiResponse::fetch(request).await.problem(), (401, "token_issuer"));
        }
        process.terminate();
        let (_, log) = tokio::task::spawn_blocking(|| process.wait()).await.unwrap();
        let lines: Vec<Value> =
            log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let named = |issuer: &str| {
            lines
                .iter()
                .any(|line| line["token_issuer"] == issuer && line["expected_issuer"] == expected)
        };
        assert!(named(OTHER_ISSUER), "{log}");
        assert!(named("https://a.example/\\n\\x1b[31m\\\"injected\\\""), "{log}");
    }
    assert_eq!(issuer.request_count(), 0, "no key is looked for");
}

/// Clerk's other tokens are signed with the same key, or look like API keys.
#[apply(both_engines)]
async fn other_tokens_of_clerk_are_named(engine: Engine) {
    let service = service(engine, []).await;
    let machine = Instance::shared().token(&claims(ISSUER, "mch_1", "sess_1"));
    let mut header = Instance::shared().header();
    header.typ = Some("at+jwt".to_owned());
    let oauth = Instance::shared().sign(&header, &claims(ISSUER, "user_1", "sess_1"));
    for (credential, code, words) in [
        (machine, "token_m2m", "machine-to-machine"),
        ("mt_0123456789abcdef0123456789abcdef".to_owned(), "token_m2m", "machine-to-machine"),
        (oauth, "token_oauth_access", "OAuth access token"),
        ("oat_0123456789abcdef0123456789abcdef".to_owned(), "token_oauth_access", "OAuth"),
        (
            "ak_0123456789abcdef0123456789abcdef".to_owned(),
            "token_clerk_api_key",
            "API key of Clerk",
        ),
    ] {
        let response = with_token(&service, &credential).await;
        assert_eq!(response.problem(), (401, code));
        assert!(response.body["detail"].as_str().unwrap().contains(words), "{}", response.body);
        assert!(!response.body.to_string().contains(&credential), "{code}");
        if !credential.starts_with("eyJ") {
            let users = service.client.get(service.url_for("/v1/users")).bearer_auth(&credential);
            assert_eq!(ApiResponse::fetch(users).await.problem(), (401, code), "also for a key");
        }
    }
}
