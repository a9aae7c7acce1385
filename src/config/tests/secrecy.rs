//! Verifies that no output contains a secret, neither a valid nor a malformed one.

use tempfile::tempdir;

use super::{Faults, Settings, load, sources, variables};

/// Text that is part of every secret below.
const CANARY: &str = "c4n4ry";

/// Returns every displayed form of a result: its faults, or its settings.
fn shown(result: &Result<Settings, Faults>) -> String {
    match result {
        Ok(settings) => {
            let effective = settings.effective();
            let serve = settings.require_signing_secret();
            format!(
                "{settings:?}\n{settings:#?}\n{effective:?}\n{serve:?}\n{}",
                settings.database.url
            )
        }
        Err(faults) => format!("{faults}\n{faults:?}\n{faults:#?}"),
    }
}

fn assert_hidden(result: &Result<Settings, Faults>, case: &str) {
    let shown = shown(result);
    assert!(!shown.to_lowercase().contains(CANARY), "{case} shows: {shown}");
}

#[test]
fn valid_secrets_are_not_shown() {
    let secret = format!("whsec_{}AA", CANARY.repeat(5));
    let key = format!("{CANARY}_{}", "x".repeat(32));
    for url in ["postgres://u:c4n4ry@h/n", "postgres://h/n?user=u&password=c4n4ry"] {
        let result = load([
            ("DATABASE_URL", url),
            ("CLERK_WEBHOOK_SIGNING_SECRET", &*secret),
            ("MEETVO_API_KEYS", &*format!("tests:read:{key}")),
            ("MEETVO_TOKEN_KEYS", &*format!("first={}", encryption_key())),
            ("MEETVO_PUSH_KEYS", &*format!("first={}", encryption_key())),
            ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20c4n4ry"),
        ]);
        assert!(result.is_ok(), "{result:?}");
        assert_hidden(&result, url);
        assert!(shown(&result).contains("[redacted]"), "a placeholder is shown");
    }
}

/// Returns the base64 of 32 bytes, beginning with the canary.
fn encryption_key() -> String {
    format!("{CANARY}{}A=", "A".repeat(36))
}

#[test]
fn malformed_token_keys_are_not_shown() {
    let valid = encryption_key();
    for keys in [
        valid.clone(),
        valid.trim_end_matches('=').to_owned(),
        format!("{valid}=first"),
        format!("first:{valid}"),
        format!("first={valid}A"),
        "first=c4n4ry".to_owned(),
        "first=c4n4ry!".to_owned(),
        format!("fir st={valid}"),
        format!("={valid}"),
        format!("first={valid},{valid}"),
        format!("first={valid},first={valid}"),
        format!("first={valid},second={valid}"),
        format!("{}={valid}", CANARY.repeat(11)),
    ] {
        let result = load([("MEETVO_TOKEN_KEYS", &*keys)]);
        assert!(result.is_err(), "{keys} is malformed");
        assert_hidden(&result, &keys);
    }
}

#[test]
fn malformed_collectors_are_not_shown() {
    for headers in ["c4n4ry", "authorization c4n4ry", "a=b,c4n4ry", "a=%0ac4n4ry", "a b=c4n4ry"] {
        let result = load([("OTEL_EXPORTER_OTLP_HEADERS", headers)]);
        assert!(result.is_err(), "{headers} is malformed");
        assert_hidden(&result, headers);
    }
    for endpoint in ["https://u:c4n4ry@h", "https://h/?key=c4n4ry", "c4n4ry"] {
        let result = load([("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)]);
        assert!(result.is_err(), "{endpoint} is malformed");
        assert_hidden(&result, endpoint);
    }
}

#[test]
fn malformed_signing_secrets_are_not_shown() {
    let valid = format!("whsec_{}AA", CANARY.repeat(5));
    let malformed = [
        "c4n4ry".to_owned(),
        "c4n4ry==".to_owned(),
        "c4n4ry=AAAA".to_owned(),
        "whsec_c4n4ry!".to_owned(),
        "whsec-c4n4ryAAAA==".to_owned(),
        "label=c4n4ry".to_owned(),
        "label=whsec_c4n4ry!".to_owned(),
        "label:whsec_c4n4ry".to_owned(),
        "whsec_ c4n4ry".to_owned(),
        "c4n4ry c4n4ry=AAAA".to_owned(),
        format!("{valid},{valid}"),
        format!("{valid};{valid}"),
        format!("a={valid},a={valid}"),
        format!("{valid},c4n4ry=="),
        format!("{valid},c4n4ry=x,c4n4ry=y"),
    ];
    for secret in malformed {
        let result = load([("CLERK_WEBHOOK_SIGNING_SECRET", &*secret)]);
        assert!(result.is_err(), "{secret} is malformed");
        assert_hidden(&result, &secret);
    }
}

#[test]
fn malformed_api_keys_are_not_shown() {
    let key = format!("{CANARY}_{}", "x".repeat(32));
    let malformed = [
        key.clone(),
        format!("tests:{key}"),
        format!("read:{key}:tests"),
        format!("{key}:tests:read"),
        format!("{key}:read:tests"),
        format!("tests:read:{CANARY}"),
        format!("tests:read:sha256:{key}"),
        format!("tests:{key}:read"),
        format!("tests:read:{key},{key}"),
        format!("a:read:{key},a:read:{key}"),
    ];
    for keys in malformed {
        let result = load([("MEETVO_API_KEYS", &*keys)]);
        assert!(result.is_err(), "{keys} is malformed");
        assert_hidden(&result, &keys);
    }
}

/// Passwords can contain any character, also one that must be escaped in a URL.
#[test]
fn malformed_database_urls_are_not_shown() {
    let urls = [
        "c4n4ry@host:5432/name",
        "user:c4n4ry@host/name",
        "postgres:user:c4n4ry@host/name",
        "postgres://user:x?c4n4ry@host/name",
        "postgres://user:c4n4ry?x@host/name",
        "postgres://user:c4n4ry#x@host/name",
        "postgres://user:c4n4ry/x@host/name",
        "postgres://user:x@c4n4ry@host/name",
        "postgres://user:c4n4ry",
        "postgres://user:c4n4ry/name",
        "postgres://user@host/name#c4n4ry",
        "mysql://user:c4n4ry@host/name",
        "sqlite://user:c4n4ry@host/name?x",
    ];
    for url in urls {
        assert_hidden(&load([("DATABASE_URL", url)]), url);
    }
}

#[test]
fn misplaced_secrets_are_not_shown() {
    for variable in ["MEETVO__CLERK__SECRET", "MEETVO__API", "MEETVO__CLERK__KEYS__FIRST", "PORT"] {
        let result = load([(variable, CANARY)]);
        assert!(result.is_err(), "{variable}");
        assert_hidden(&result, variable);
    }
}

#[test]
fn malformed_lines_of_variables_are_not_shown() {
    let folder = tempdir().unwrap();
    for line in [
        "CLERK_WEBHOOK_SIGNING_SECRET whsec_c4n4ry",
        "CLERK_WEBHOOK_SIGNING_SECRET=\"whsec_c4n4ry",
        "DATABASE_URL='postgres://u:c4n4ry@h/n",
        "MEETVO_API_KEYS=a:read:c4n4ry with blanks",
        "MEETVO_API_KEYS=a:read:\\c4n4ry",
        "CLERK_SECRET_KEY: sk_test_c4n4ry",
        "CLERK_SECRET_KEY='sk_test_'c4n4ry'",
        "CLERK_JWT_KEY=-----BEGIN c4n4ry",
        "MEETVO__CLERK__SECRET_KEY c4n4ry",
        "CLERK_SECRET_KEY_FILE c4n4ry",
    ] {
        let result = Settings::load(&sources(&folder, &[(".env", line)]));
        let Err(Faults(faults)) = &result else { panic!("{line} is malformed") };
        assert!(faults[0].setting.contains("/.env, line 1"), "{faults:?}");
        assert_hidden(&result, line);
    }
}

/// Returns the variables of secrets that a file can contain, each with a valid value.
fn secrets_in_files() -> [(&'static str, String); 5] {
    [
        ("DATABASE_URL_FILE", "postgres://u:c4n4ry@h/n".to_owned()),
        ("CLERK_WEBHOOK_SIGNING_SECRET_FILE", format!("whsec_{}AA", CANARY.repeat(5))),
        ("CLERK_SECRET_KEY_FILE", format!("sk_live_{CANARY}")),
        ("MEETVO_API_KEYS_FILE", format!("tests:read:{}", CANARY.repeat(6))),
        ("MEETVO_TOKEN_KEYS_FILE", format!("first={}", encryption_key())),
    ]
}

/// A file can contain a faulty secret, and a variable can contain the secret in place of the path.
#[test]
fn secrets_in_files_are_not_shown() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("secret");
    let issuer = ("MEETVO__CLERK__ISSUER", "https://clerk.example.com");
    for (variable, value) in secrets_in_files() {
        for content in
            [value.clone(), format!("\"{value}"), format!("{value}\nc4n4ry"), "c4n4ry".into()]
        {
            std::fs::write(&path, content).unwrap();
            let result = load([(variable, path.to_str().unwrap()), issuer]);
            assert_hidden(&result, variable);
        }
        for misplaced in [&*value, "c4n4ry", &format!("\"{value}\""), &format!("/{value}")] {
            let result = load([(variable, misplaced), issuer]);
            assert!(result.is_err(), "{variable}={misplaced} names no file");
            assert_hidden(&result, misplaced);
        }
    }
}

#[test]
fn short_signing_secrets_are_not_shown() {
    let short = format!("whsec_{CANARY}{CANARY}AAAA");
    let result = load([("CLERK_WEBHOOK_SIGNING_SECRET", &*short)]);
    assert!(result.is_err(), "{short} is short");
    assert_hidden(&result, &short);
}

/// An unescaped character of a password can make a part of it look like something else.
#[test]
fn parameters_of_database_urls_are_not_shown() {
    for url in [
        "postgres://user:55?c4n4ry@host/name",
        "postgres://user:55?c4n4ry=1&x@host/name",
        "postgres://user:55?c4n4ry",
        "postgres://host/name?user=u&password=a&c4n4ry=b",
        "postgres://host/name?password=a&c4n4ry",
        "postgres://user:55/c4n4ry@host/name",
        "postgres://user:1@2:c4n4ry/name",
        "postgresql+asyncpg://user:c4n4ry@host/name?schema=PUBLIC",
    ] {
        let result = load([("DATABASE_URL", url)]);
        assert!(result.is_err(), "{url} is malformed");
        assert_hidden(&result, url);
    }
}

#[test]
fn malformed_files_are_not_shown() {
    let folder = tempdir().unwrap();
    for text in [
        "[clerk]\nwebhook_signing_secrets = whsec_c4n4ry",
        "[clerk]\nwebhook_signing_secrets = \"whsec_c4n4ry",
        "[clerk]\nwebhook_signing_secrets = \"whsec_c4n4ry\"\nwebhook_signing_secrets = 1",
        "[clerk]\nwebhook_signing_secrets = [\"whsec_c4n4ry\"]",
        "[clerk]\nwebhook_signing_secrets = { first = \"whsec_c4n4ry\" }",
        "[api]\nkeys = \"\\c4n4ry\"",
        "[api]\nkeys = \"a:read:c4n4ry\"",
        "[api]\nkeys = [\"a:read:c4n4ry\", 1]",
        "[database]\nurl = \"mysql://u:c4n4ry@h/n\"",
        "[server]\nport = \"c4n4ry\"",
        "api = \"c4n4ry\"",
        "clerk = [\"c4n4ry\"]",
    ] {
        let result = Settings::load(&sources(&folder, &[("default.toml", text)]));
        assert!(result.is_err(), "{text}");
        assert_hidden(&result, text);
    }
}

#[test]
fn sources_do_not_show_their_values() {
    let mut from = sources(&tempdir().unwrap(), &[]);
    from.variables = variables([("CLERK_WEBHOOK_SIGNING_SECRET", CANARY)]);
    assert!(!format!("{from:?}").contains(CANARY), "{from:?}");
}
