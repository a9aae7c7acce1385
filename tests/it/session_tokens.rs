//! Clerk session tokens: what they can read, and why they are rejected.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::harness::{
    ApiResponse, Engine, ISSUER, Instance, Issuer, KEY, NOW, Service, VARY, apply, both_engines,
    claims, fixtures, ids, token,
};

const APP: &str = "https://app.example.com";

/// Adds `user_1` with an account and the session `sess_1`, and `user_2` with `sess_2`.
async fn with_users(service: &Service) {
    for user in ["1", "2"] {
        let (user, session) = (format!("user_{user}"), format!("sess_{user}"));
        service.send(&fixtures::user_event("user.created", &user, 0)).await;
        service.send(&fixtures::session_event("session.created", &session, &user, 0)).await;
    }
}

async fn service(engine: Engine) -> Service {
    let service = Service::start_with_session_tokens(engine, []).await;
    with_users(&service).await;
    service
}

fn request(service: &Service, path: &str) -> RequestBuilder {
    service.client.get(service.url_for(path))
}

async fn get(service: &Service, path: &str, token: &str) -> ApiResponse {
    ApiResponse::fetch(request(service, path).bearer_auth(token)).await
}

async fn assert_rejected(service: &Service, token: &str, code: &str) {
    let response = get(service, "/v1/me", token).await;
    assert_eq!(response.problem(), (401, code), "{}", response.body);
    assert_eq!(response.header("www-authenticate"), Some("Bearer realm=\"meetvo\""), "{code}");
    assert!(!response.body.to_string().contains(token), "the response does not contain the token");
}

#[apply(both_engines)]
async fn signed_in_user_reads_own_data(engine: Engine) {
    let service = service(engine).await;
    let token = token("user_1", "sess_1");
    let me = get(&service, "/v1/me", &token).await;
    assert_eq!(me.status, 200);
    assert_eq!(me.body, service.get("/v1/users/user_1").await.body);
    assert_eq!(me.header("cache-control"), Some("private, no-cache"));
    assert_eq!(me.header("vary"), Some(VARY));
    let known = request(&service, "/v1/me").bearer_auth(&token);
    let known = known.header("if-none-match", me.header("etag").unwrap());
    assert_eq!(ApiResponse::fetch(known).await.status, 304);
    for (own, whose) in [
        ("/v1/me/sessions", "/v1/users/user_1/sessions"),
        ("/v1/me/accounts", "/v1/users/user_1/accounts"),
    ] {
        let response = get(&service, own, &token).await;
        assert_eq!(response.body, service.get(whose).await.body, "{own}");
        assert_eq!(response.body["data"].as_array().unwrap().len(), 1, "{own}");
        assert_eq!(get(&service, whose, &token).await.body, response.body, "also by the own ID");
    }
    assert_eq!(get(&service, "/v1/users/user_1", &token).await.body, me.body);
    let own = get(&service, "/v1/me/verifications", &token).await;
    assert_eq!(own.body["data"].as_array().unwrap().len(), 2, "{}", own.body);
    assert_eq!(get(&service, "/v1/users/user_1/verifications", &token).await.body, own.body);
    assert_eq!(get(&service, "/v1/sessions/sess_1", &token).await.body["user_id"], "user_1");
}

#[apply(both_engines)]
async fn other_users_look_nonexistent(engine: Engine) {
    let service = service(engine).await;
    let token = token("user_1", "sess_1");
    for path in ["/v1/users/?", "/v1/users/?/sessions", "/v1/users/?/accounts"] {
        let [there, nobody] = ["user_2", "user_9"].map(|id| path.replace('?', id));
        let there = get(&service, &there, &token).await;
        let nobody = get(&service, &nobody, &token).await;
        assert_eq!(there.problem(), (404, "not_found"), "{path}");
        assert_eq!(there.body["detail"], nobody.body["detail"], "{path}");
    }
    for session in ["sess_2", "sess_9"] {
        let response = get(&service, &format!("/v1/sessions/{session}"), &token).await;
        assert_eq!(response.problem(), (404, "not_found"));
    }
    for path in ["/v1/users", "/v1/events", "/v1/events/msg_1"] {
        assert_eq!(get(&service, path, &token).await.problem(), (401, "key_required"));
    }
}

#[apply(both_engines)]
async fn ended_session_is_rejected(engine: Engine) {
    for end in ["session.ended", "session.removed", "session.revoked"] {
        let service = service(engine).await;
        let mine = token("user_1", "sess_1");
        assert_eq!(get(&service, "/v1/me", &mine).await.status, 200);
        service.send(&fixtures::session_event(end, "sess_1", "user_1", 5)).await;
        assert_rejected(&service, &mine, "session_ended").await;
        let theirs = token("user_2", "sess_2");
        assert_eq!(
            get(&service, "/v1/me", &theirs).await.status,
            200,
            "other users are not affected"
        );
        let again = token("user_1", "sess_new");
        assert_eq!(
            get(&service, "/v1/me", &again).await.status,
            200,
            "other sessions are not affected"
        );
    }
}

#[apply(both_engines)]
async fn banned_and_deleted_users_are_rejected(engine: Engine) {
    let service = service(engine).await;
    let mut banned = fixtures::user_event("user.updated", "user_1", 5);
    banned["data"]["banned"] = json!(true);
    service.send(&banned).await;
    service.send(&fixtures::user_deleted("user_2", 5)).await;
    for session in ["sess_1", "sess_new"] {
        assert_rejected(&service, &token("user_1", session), "user_banned").await;
        assert_rejected(&service, &token("user_2", session), "user_deleted").await;
    }
    service.send(&fixtures::user_event("user.updated", "user_1", 9)).await;
    assert_eq!(get(&service, "/v1/me", &token("user_1", "sess_1")).await.status, 200);
}

#[apply(both_engines)]
async fn session_of_another_user_is_rejected(engine: Engine) {
    let service = service(engine).await;
    assert_rejected(&service, &token("user_1", "sess_2"), "session_of_another").await;
}

/// Missing rows and computed expiration times are no reason to reject a token.
#[apply(both_engines)]
async fn unsynced_and_expired_sessions_are_accepted(engine: Engine) {
    let service = service(engine).await;
    let early = get(&service, "/v1/me", &token("user_3", "sess_3")).await;
    assert_eq!(early.problem(), (404, "not_found"), "not 401, because the webhook can be late");
    let mut over = fixtures::session_event("session.created", "sess_4", "user_1", 0);
    over["data"]["expire_at"] = json!(NOW - 1);
    service.send(&over).await;
    assert_eq!(service.get("/v1/sessions/sess_4").await.body["status"], "expired");
    assert_eq!(get(&service, "/v1/me", &token("user_1", "sess_4")).await.status, 200);
}

#[apply(both_engines)]
async fn token_with_invalid_claim_is_rejected(engine: Engine) {
    let service =
        Service::start_with_session_tokens(engine, [("MEETVO__CLERK__AUTHORIZED_PARTIES", APP)])
            .await;
    with_users(&service).await;
    let now = NOW / 1000;
    let cases = [
        ("iss", json!("https://clerk.example.com/"), "token_issuer"),
        ("iss", json!("https://evil.example.com"), "token_issuer"),
        ("iss", Value::Null, "token_malformed"),
        ("azp", json!("https://app.example.com.evil.com"), "token_authorized_party"),
        ("azp", Value::Null, "token_authorized_party_missing"),
        ("azp", json!(""), "token_authorized_party_missing"),
        ("exp", json!(now - 5), "token_expired"),
        ("exp", json!("soon"), "token_malformed"),
        ("exp", Value::Null, "token_malformed"),
        ("nbf", json!(now + 6), "token_not_yet_valid"),
        ("iat", json!(now + 6), "token_not_yet_valid"),
        ("sid", Value::Null, "token_malformed"),
        ("sid", json!(""), "token_malformed"),
        ("sub", json!(""), "token_malformed"),
        ("sub", json!("user_1\u{0}"), "token_malformed"),
        ("sub", Value::Null, "token_malformed"),
        ("sts", json!("pending"), "session_pending"),
    ];
    for (claim, value, code) in cases {
        let mut claims = claims(ISSUER, "user_1", "sess_1");
        claims[claim] = value;
        assert_rejected(&service, &Instance::shared().token(&claims), code).await;
    }
    // Clocks can settings by five seconds.
    for (claim, value) in [("exp", now - 4), ("nbf", now + 5), ("iat", now + 5)] {
        let mut claims = claims(ISSUER, "user_1", "sess_1");
        claims[claim] = json!(value);
        let response = get(&service, "/v1/me", &Instance::shared().token(&claims)).await;
        assert_eq!(response.status, 200, "{claim}: {}", response.body);
    }
    for absent in ["nbf", "iat", "sts", "v"] {
        let mut claims = claims(ISSUER, "user_1", "sess_1");
        claims.as_object_mut().unwrap().remove(absent);
        let response = get(&service, "/v1/me", &Instance::shared().token(&claims)).await;
        assert_eq!(response.status, 200, "{absent}: {}", response.body);
    }
}

#[apply(both_engines)]
async fn token_with_invalid_signature_is_rejected(engine: Engine) {
    let service = service(engine).await;
    let claims = claims(ISSUER, "user_1", "sess_1");
    let good = token("user_1", "sess_1");
    let [head, body, signature] = good.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let part = |value: Value| {
        use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
        BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
    };
    let other_body = token("user_2", "sess_1");
    let other_body = other_body.split('.').nth(1).unwrap();
    let unsigned = part(json!({ "alg": "none", "typ": "JWT", "kid": "ins_usual" }));
    // Algorithm confusion: the public key is used as the secret of HS256.
    let public = EncodingKey::from_secret(Instance::shared().pem.as_bytes());
    let confused = encode(&Header::new(Algorithm::HS256), &claims, &public).unwrap();
    let stranger = Instance::new("ins_usual").token(&claims);
    let with = |change: fn(&mut Header)| {
        let mut header = Instance::shared().header();
        change(&mut header);
        Instance::shared().sign(&header, &claims)
    };
    let long = format!("{good}{}", "A".repeat(12_000));
    let cases = [
        (format!("{unsigned}.{body}."), "token_malformed"),
        (format!("{unsigned}.{body}.{signature}"), "token_malformed"),
        (confused, "token_algorithm"),
        (with(|header| header.alg = Algorithm::RS384), "token_algorithm"),
        (with(|header| header.alg = Algorithm::PS256), "token_algorithm"),
        (format!("{head}.{other_body}.{signature}"), "token_signature"),
        (format!("{head}.{body}."), "token_signature"),
        (stranger, "token_signature"),
        (long, "token_malformed"),
        (format!("eyJ.{body}.{signature}"), "token_malformed"),
        ("eyJhbGciOiJSUzI1NiJ9..".to_owned(), "token_malformed"),
        (with(|header| header.crit = Some(vec!["x".to_owned()])), "token_malformed"),
        (with(|header| header.extras.insert("cat", "cl_B7d4PD222AAA")), "token_category"),
        (with(|header| header.extras.insert("cat", 7)), "token_category"),
        (with(|header| header.extras.insert("cat", "cl_B7d4PD333AAA")), "token_m2m"),
        (with(|header| header.typ = Some("at+jwt".to_owned())), "token_oauth_access"),
        (with(|header| header.typ = Some("application/AT+JWT".to_owned())), "token_oauth_access"),
    ];
    for (token, code) in cases {
        assert_rejected(&service, &token, code).await;
    }
    let named = with(|header| header.extras.insert("cat", "cl_B7d4PD111AAA"));
    assert_eq!(get(&service, "/v1/me", &named).await.status, 200);
    let unnamed = with(|header| header.kid = None);
    assert_eq!(get(&service, "/v1/me", &unnamed).await.status, 200, "the only key is used");
}

#[apply(both_engines)]
async fn missing_token_and_api_key_are_rejected(engine: Engine) {
    let service = service(engine).await;
    for path in ["/v1/me", "/v1/me/sessions", "/v1/me/accounts", "/v1/me/verifications"] {
        let response = ApiResponse::fetch(request(&service, path)).await;
        assert_eq!(response.problem(), (401, "credentials_missing"), "{path}");
        let response = get(&service, path, KEY).await;
        assert_eq!(response.problem(), (401, "session_required"), "a key has no user: {path}");
    }
}

#[apply(both_engines)]
async fn cookie_requires_authorized_parties(engine: Engine) {
    let cookie = format!("theme=dark; __session={}", token("user_1", "sess_1"));
    let service = service(engine).await;
    let response = ApiResponse::fetch(request(&service, "/v1/me").header("cookie", &cookie)).await;
    assert_eq!(response.problem(), (401, "credentials_missing"));
    service.stop().await;

    let service =
        Service::start_with_session_tokens(engine, [("MEETVO__CLERK__AUTHORIZED_PARTIES", APP)])
            .await;
    with_users(&service).await;
    let response = ApiResponse::fetch(request(&service, "/v1/me").header("cookie", &cookie)).await;
    assert_eq!((response.status.as_u16(), &response.body["id"]), (200, &json!("user_1")));
    let both = request(&service, "/v1/me").header("cookie", &cookie);
    let both = ApiResponse::fetch(both.bearer_auth(token("user_2", "sess_2"))).await;
    assert_eq!(both.body["id"], "user_2", "the header takes precedence");
    let both = request(&service, "/v1/me").header("cookie", &cookie).bearer_auth("eyJ.x.y");
    assert_eq!(
        ApiResponse::fetch(both).await.problem(),
        (401, "token_malformed"),
        "also if its token is invalid"
    );
    let cookie = "__session=; other=1";
    let response = ApiResponse::fetch(request(&service, "/v1/me").header("cookie", cookie)).await;
    assert_eq!(response.problem(), (401, "credentials_missing"));
}

#[apply(both_engines)]
async fn tokens_without_issuer_are_rejected(engine: Engine) {
    let service = Service::start(engine).await;
    with_users(&service).await;
    assert_rejected(&service, &token("user_1", "sess_1"), "session_tokens_off").await;
}

#[apply(both_engines)]
async fn issuer_keys_are_fetched_and_cached(engine: Engine) {
    let issuer = Issuer::start(&[Instance::shared()]);
    let service =
        Service::start_with(engine, [("MEETVO__CLERK__ISSUER", issuer.url.as_str())]).await;
    with_users(&service).await;
    assert_eq!(issuer.request_count(), 0, "keys are fetched for the first token");
    let token = Instance::shared().token(&claims(&issuer.url, "user_1", "sess_1"));
    for _ in 0..20 {
        assert_eq!(get(&service, "/v1/me", &token).await.status, 200);
    }
    assert_eq!(issuer.request_count(), 1);
    // Forged key IDs cause no further requests.
    let forged = Instance::shared();
    for number in 0..50 {
        let mut header = forged.header();
        header.kid = Some(format!("ins_{number}"));
        let token = forged.sign(&header, &claims(&issuer.url, "user_1", "sess_1"));
        assert_rejected(&service, &token, "token_key_unknown").await;
    }
    assert!(issuer.request_count() <= 2, "{} requests", issuer.request_count());
    issuer.set_response(500, "");
    assert_eq!(get(&service, "/v1/me", &token).await.status, 200, "cached keys stay valid");
    let mut header = forged.header();
    header.kid = None;
    let unnamed = forged.sign(&header, &claims(&issuer.url, "user_1", "sess_1"));
    assert_rejected(&service, &unnamed, "token_malformed").await;
}

#[apply(both_engines)]
async fn unavailable_issuer_keys_return_503(engine: Engine) {
    let token =
        |issuer: &Issuer| Instance::shared().token(&claims(&issuer.url, "user_1", "sess_1"));
    let long = format!("{{\"keys\":[\"{}\"]}}", "x".repeat(300_000));
    for (status, body) in
        [(500, "{}"), (200, "{}"), (200, "{\"keys\":[]}"), (200, &long), (302, "")]
    {
        let issuer = Issuer::start(&[]);
        issuer.set_response(status, body);
        let service =
            Service::start_with(engine, [("MEETVO__CLERK__ISSUER", issuer.url.as_str())]).await;
        let response = get(&service, "/v1/me", &token(&issuer)).await;
        assert_eq!(response.problem(), (503, "issuer_unavailable"), "{status}");
        assert!(response.header("retry-after").is_some());
        assert_eq!(issuer.request_count(), 1);
        service.stop().await;
    }
}

#[apply(both_engines)]
async fn unknown_key_type_is_skipped(engine: Engine) {
    let issuer = Issuer::start(&[]);
    let keys = json!([{ "kty": "PQ", "kid": "ins_new" }, 7, Instance::shared().jwk]);
    issuer.set_response(200, &json!({ "keys": keys }).to_string());
    let service =
        Service::start_with(engine, [("MEETVO__CLERK__ISSUER", issuer.url.as_str())]).await;
    with_users(&service).await;
    let token = Instance::shared().token(&claims(&issuer.url, "user_1", "sess_1"));
    assert_eq!(get(&service, "/v1/me", &token).await.status, 200);
}

/// Test vectors of Clerk's own SDK, which this project did not create.
#[apply(both_engines)]
async fn published_test_tokens_are_verified(engine: Engine) {
    let vectors: Value = serde_json::from_str(include_str!("../data/jwt_vectors.json")).unwrap();
    let pem = include_str!("../data/jwt_vectors.pem");
    let settings = [
        ("MEETVO__CLERK__ISSUER", "https://clerk.inspired.puma-74.lcl.dev"),
        ("CLERK_JWT_KEY", &pem.replace('\n', "\\n")),
    ];
    let service = Service::start_with(engine, settings).await;
    let user = fixtures::user_event("user.created", "user_2GIpXOEpVyJw51rkZn9Kmnc6Sxr", 0);
    service.send(&user).await;
    service.clock.set(1_666_648_250_000);
    let request = async |name: &str| get(&service, "/v1/me", vectors[name].as_str().unwrap()).await;
    let valid = "valid_signature_2022_v1_claims";
    assert_eq!(request(valid).await.body["id"], "user_2GIpXOEpVyJw51rkZn9Kmnc6Sxr");
    assert_eq!(request("signature_does_not_match").await.problem(), (401, "token_signature"));
    assert_eq!(request("valid_signature_but_exp_before_nbf").await.status, 401);
    service.clock.set(1_666_648_250_000 + 65_000);
    assert_eq!(request(valid).await.problem(), (401, "token_expired"));
}

#[apply(both_engines)]
async fn own_lists_are_paginated(engine: Engine) {
    let service = service(engine).await;
    for number in 3..6 {
        let session = format!("sess_{number}");
        service.send(&fixtures::session_event("session.created", &session, "user_1", 0)).await;
    }
    let token = token("user_1", "sess_1");
    let first = get(&service, "/v1/me/sessions?limit=3", &token).await.body;
    assert_eq!(ids(first["data"].as_array().unwrap()), ["sess_1", "sess_3", "sess_4"]);
    let rest = format!("/v1/me/sessions?cursor={}", first["next_cursor"].as_str().unwrap());
    let rest = get(&service, &rest, &token).await.body;
    assert_eq!(ids(rest["data"].as_array().unwrap()), ["sess_5"]);
}
