//! Verifies the parsers of structured settings.

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{
    super::{ApiKey, Scope},
    KEY, PUBLISHABLE, SECRET, fault, load,
};

/// Returns the labels and secrets that a setting is parsed to.
fn secrets(setting: &str) -> Vec<(String, String)> {
    let settings = load([("CLERK_WEBHOOK_SIGNING_SECRET", setting)]).unwrap();
    let secrets = settings.clerk.webhook_signing_secrets.into_iter();
    secrets.map(|it| (it.label, it.secret.expose().to_owned())).collect()
}

#[test]
fn signing_secrets_can_have_labels() {
    let padded = "whsec_c29tZWJvZHkgZWxzZSdzIG93biBzZWNyZXQuLg==";
    let own = |label: &str, secret: &str| (label.to_owned(), secret.to_owned());
    assert_eq!(secrets(""), []);
    assert_eq!(secrets(SECRET), [own("primary", SECRET)]);
    assert_eq!(secrets(padded), [own("primary", padded)], "the `=` of base64 ends no label");
    assert_eq!(secrets(&format!("old={padded}")), [own("old", padded)]);
    let both = [own("old", padded), own("new-1.b_C", SECRET)];
    assert_eq!(secrets(&format!("old={padded},new-1.b_C={SECRET}")), both);
    assert_eq!(secrets(&format!(" old = {padded} , new-1.b_C={SECRET} ,")), both, "with spaces");
    let first_without = [own("primary", padded), own("new", SECRET)];
    assert_eq!(secrets(&format!("{padded},new={SECRET}")), first_without);
}

#[test]
fn invalid_signing_secret_is_rejected_by_label() {
    let other = "whsec_c29tZWJvZHkgZWxzZSdzIG93biBzZWNyZXQuLg==";
    let long = "l".repeat(65);
    let cases = [
        (format!("{SECRET},{other}"), "needs a label for secret 2"),
        (format!("a={SECRET},a={other}"), "the label `a` twice"),
        (format!("{SECRET},primary={other}"), "the label `primary` twice"),
        (format!("={SECRET}"), "label for secret 1"),
        (format!("a b={SECRET}"), "label for secret 1"),
        (format!("a={SECRET},{long}={other}"), "label for secret 2"),
        ("whsec_".to_owned(), "whsec_"),
        ("whsec_not base64!".to_owned(), "whsec_"),
        ("new=whsec_%%%".to_owned(), "a malformed secret (`new`): copy it"),
        ("new=".to_owned(), "`whsec_` followed by base64"),
        ("dGhlIHNlY3JldA".to_owned(), "`whsec_` followed by base64"),
        ("sk_test_0123456789".to_owned(), "`whsec_` followed by base64"),
    ];
    for (setting, expected) in cases {
        let (name, problem) = fault([("CLERK_WEBHOOK_SIGNING_SECRET", &*setting)]);
        assert_eq!(name, "clerk.webhook_signing_secrets (from CLERK_WEBHOOK_SIGNING_SECRET)");
        assert!(problem.contains(expected), "{setting}: {problem}");
    }
}

#[test]
fn api_keys_can_be_plain_or_hashed() {
    let another = ApiKey::digest("another key, of at least 32 characters");
    let hash = hex::encode(another);
    let setting = format!("a:read:{KEY}, b:admin:sha256:{hash} ,c:read+admin:{KEY}:with:colons,");
    let keys = load([("MEETVO_API_KEYS", &*setting)]).unwrap().api.keys;
    let shown: Vec<_> = keys.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["a:read:[redacted]", "b:admin:[redacted]", "c:read+admin:[redacted]"]);
    assert_eq!(keys[1].sha256, another);
    assert_eq!(keys[0].sha256, ApiKey::digest(KEY));
    assert_eq!(keys[2].sha256, ApiKey::digest(&format!("{KEY}:with:colons")));
    assert_eq!(keys[2].scopes, [Scope::Read, Scope::Admin]);
    assert!(load([("MEETVO_API_KEYS", " , ")]).unwrap().api.keys.is_empty());
    let just = "x".repeat(32);
    assert_eq!(load([("MEETVO_API_KEYS", &*format!("a:read:{just}"))]).unwrap().api.keys.len(), 1);
}

#[test]
fn invalid_api_key_is_rejected_by_name() {
    let short = "x".repeat(31);
    let hash = hex::encode(ApiKey::digest(KEY));
    let cases = [
        (KEY.to_owned(), "a malformed key (number 1): use name:scope+scope:key"),
        (format!("a:read:{KEY},b:{KEY}"), "a malformed key (number 2): use name:scope+scope:key"),
        (format!(":read:{KEY}"), "needs a unique name for key 1"),
        (format!("a:read:{KEY},a:read:{KEY}"), "needs a unique name for key 2"),
        (format!("a:read:{KEY},b:admin:sha256:{hash}"), "repeats an earlier key as key `b`"),
        (
            format!("a:write:{KEY}"),
            "an unknown scope for key `a`: use read, admin, tokens or metrics",
        ),
        (format!("a::{KEY}"), "an unknown scope for key `a`: use read, admin, tokens or metrics"),
        (
            format!("a:read+:{KEY}"),
            "an unknown scope for key `a`: use read, admin, tokens or metrics",
        ),
        (
            format!("a:Read:{KEY}"),
            "an unknown scope for key `a`: use read, admin, tokens or metrics",
        ),
        (format!("a:read:{short}"), "at least 32 bytes for key `a`"),
        (format!("a:read:sha256:{}", &hash[1..]), "a malformed digest for key `a`: use sha256:"),
        (format!("a:read:sha256:{hash}0"), "a malformed digest for key `a`: use sha256:"),
        (format!("a:read:sha256:{}", hash.replace(&hash[..1], "g")), "64 hex digits"),
    ];
    for (setting, expected) in cases {
        let (name, problem) = fault([("MEETVO_API_KEYS", &*setting)]);
        assert_eq!(name, "api.keys (from MEETVO_API_KEYS)");
        assert!(problem.contains(expected), "{setting}: {problem}");
    }
}

/// The development secret and the development key are in a public repository.
#[test]
fn production_rejects_development_secrets() {
    let secret = "whsec_bWVldHZvIGRldmVsb3BtZW50LCBub3QgYSBzZWNyZXQ=";
    let key = "meetvo_development_key_not_a_secret";
    let hash = hex::encode(ApiKey::digest(key));
    let given = [
        ("CLERK_WEBHOOK_SIGNING_SECRET", secret.to_owned(), "clerk.webhook_signing_secrets"),
        ("CLERK_WEBHOOK_SIGNING_SECRET", format!("a={SECRET},b={secret}"), "clerk.webhook"),
        ("MEETVO_API_KEYS", format!("mine:read:{key}"), "api.keys"),
        ("MEETVO_API_KEYS", format!("mine:read:sha256:{hash}"), "api.keys"),
        ("MEETVO__API__KEYS", format!("a:read:{KEY},b:read:{key}"), "api.keys"),
    ];
    for (variable, value, setting) in given {
        let (name, problem) = fault([(variable, &*value)]);
        assert!(name.starts_with(setting) && name.contains(variable), "{name}");
        assert!(problem.contains("config/development.toml"), "{problem}");
        let development = load([("MEETVO_ENV", "development"), (variable, &*value)]);
        assert!(development.is_ok(), "{development:?}");
    }
    let built_in = load([("MEETVO_ENV", "development")]).unwrap();
    assert_eq!(built_in.clerk.webhook_signing_secrets[0].secret.expose(), secret);
    assert_eq!(built_in.api.keys[0].sha256, ApiKey::digest(key));
}

/// A short secret can be found by trying. Svix's own secrets have 24 bytes.
#[test]
fn production_rejects_short_signing_secrets() {
    let of = |bytes: usize| format!("whsec_{}", BASE64_STANDARD.encode(vec![7; bytes]));
    let list = format!("old={},new={}", of(24), of(23));
    for (secrets, label) in [(of(23), "primary"), (of(1), "primary"), (list, "new")] {
        let (name, problem) = fault([("CLERK_WEBHOOK_SIGNING_SECRET", &*secrets)]);
        assert_eq!(name, "clerk.webhook_signing_secrets (from CLERK_WEBHOOK_SIGNING_SECRET)");
        assert!(problem.contains(&format!("(`{label}`)")), "{problem}");
        assert!(problem.contains("at least 24"), "{problem}");
        let name = "CLERK_WEBHOOK_SIGNING_SECRET";
        load([("MEETVO_ENV", "development"), (name, &secrets)]).unwrap();
    }
    for bytes in [24, 25, 26, 64] {
        load([("CLERK_WEBHOOK_SIGNING_SECRET", &*of(bytes))]).unwrap();
    }
}

fn issuer<const N: usize>(given: [(&str, &str); N]) -> Option<String> {
    load(given).unwrap().clerk.session_tokens.map(|session_tokens| session_tokens.issuer)
}

#[test]
fn issuer_comes_from_setting_or_publishable_key() {
    assert_eq!(issuer([]), None, "without an issuer, session tokens are rejected");
    let host = Some("https://clerk.example.com".to_owned());
    assert_eq!(issuer([("CLERK_PUBLISHABLE_KEY", PUBLISHABLE)]), host);
    assert_eq!(issuer([("CLERK_PUBLISHABLE_KEY", &PUBLISHABLE.replace("test", "live"))]), host);
    let of = |address| issuer([("MEETVO__CLERK__ISSUER", address)]);
    assert_eq!(of("https://clerk.example.com"), host);
    assert_eq!(of("https://clerk.example.com/"), host, "`iss` has no trailing slash");
    assert_eq!(of("https://example.com/__clerk").unwrap(), "https://example.com/__clerk");
    assert_eq!(of("http://localhost:4000").unwrap(), "http://localhost:4000");
    let both = [
        ("CLERK_PUBLISHABLE_KEY", PUBLISHABLE),
        ("MEETVO__CLERK__ISSUER", "https://proxy.example.com"),
    ];
    assert_eq!(issuer(both).unwrap(), "https://proxy.example.com");
}

#[test]
fn invalid_issuer_is_rejected() {
    let base64 = "pk_test_aHR0cDovL3g"; // without the `$`
    for key in ["pk_test_$", "pk_test_!", "pk_prod_Y2xlcmsuZXhhbXBsZS5jb20k", "sk_test_x", base64] {
        let (setting, problem) = fault([("CLERK_PUBLISHABLE_KEY", key)]);
        assert_eq!(setting, "clerk.publishable_key (from CLERK_PUBLISHABLE_KEY)", "{key}");
        assert!(problem.contains("pk_live_") && !problem.contains(key), "{problem}");
    }
    for address in
        ["clerk.example.com", "http://clerk.example.com", "https://a.com?b", "https://u@a.com"]
    {
        let (setting, problem) = fault([("MEETVO__CLERK__ISSUER", address)]);
        assert_eq!(setting, "clerk.issuer (from MEETVO__CLERK__ISSUER)", "{address}");
        assert!(problem.contains("https://HOST"), "{problem}");
    }
}

#[test]
fn jwt_key_requires_an_issuer() {
    let pem = ("CLERK_JWT_KEY", "-----BEGIN PUBLIC KEY-----\nMIIB");
    let (setting, problem) = fault([pem]);
    assert_eq!(setting, "clerk.jwt_key (from CLERK_JWT_KEY)");
    assert!(problem.contains("CLERK_PUBLISHABLE_KEY"), "{problem}");
    let (_, problem) =
        fault([("CLERK_PUBLISHABLE_KEY", PUBLISHABLE), ("CLERK_JWT_KEY", "MIIBIjANBgkq")]);
    assert!(problem.contains("BEGIN PUBLIC KEY") && !problem.contains("MIIB"), "{problem}");
}

#[test]
fn collector_is_parsed() {
    let settings = load([
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://otel.example.com/base/"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Bearer%20a%3Db, x-tenant=1,"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "30000"),
    ]);
    let telemetry = settings.unwrap().telemetry;
    assert_eq!(telemetry.otlp_endpoint.as_deref(), Some("https://otel.example.com/base"));
    let headers = telemetry.otlp_headers.iter().map(|(name, value)| (&**name, value.expose()));
    let expected = [("authorization", "Bearer a=b"), ("x-tenant", "1")];
    assert_eq!(headers.collect::<Vec<_>>(), expected);
    assert_eq!(telemetry.metrics_interval.as_secs(), 30);
    assert_eq!(load([]).unwrap().telemetry.otlp_endpoint, None);
}

#[test]
fn invalid_collector_names_the_remediation() {
    for (endpoint, problem) in [
        ("localhost:4318", "must be the URL of a collector, such as http://localhost:4318"),
        ("grpc://localhost:4318", "must be the URL of a collector"),
        ("http://localhost:4317", "has the port of OTLP over gRPC"),
        ("http://u:p@localhost:4318", "set telemetry.otlp_headers"),
        ("http://localhost:4318/?x=1", "must have no query"),
    ] {
        let (_, found) = fault([("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)]);
        assert!(found.contains(problem), "{found}");
    }
    let (_, found) = fault([("OTEL_EXPORTER_OTLP_HEADERS", "a=1,b")]);
    assert!(found.ends_with("the item 2 is not"), "{found}");
}
