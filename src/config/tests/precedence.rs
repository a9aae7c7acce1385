//! Verifies the precedence of the sources.

use super::{
    super::{DatabaseUrl, Environment, Faults, Secret},
    KEY, PUBLISHABLE, SECRET, Settings, Sources, TOKEN_KEY, effective, load, sources, sqlite,
};
use tempfile::tempdir;

#[test]
fn every_short_name_sets_its_setting() {
    let settings = load([
        ("DATABASE_URL", "sqlite:usual.db"),
        ("CLERK_WEBHOOK_SIGNING_SECRET", SECRET),
        ("HOST", "::1"),
        ("PORT", "9001"),
        ("MEETVO_API_KEYS", &format!("tests:read:{KEY}")),
        ("CLERK_PUBLISHABLE_KEY", PUBLISHABLE),
        ("CLERK_JWT_KEY", "-----BEGIN PUBLIC KEY-----"),
        ("CLERK_SECRET_KEY", "sk_test_usual"),
        ("MEETVO_TOKEN_KEYS", &format!("first={TOKEN_KEY}")),
        ("MEETVO_PUSH_KEYS", &format!("second={TOKEN_KEY}")),
    ])
    .unwrap();
    let secret_key = settings.clerk.secret_key.as_ref();
    assert_eq!(secret_key.map(Secret::expose), Some("sk_test_usual"));
    let session_tokens = settings.clerk.session_tokens.unwrap();
    assert_eq!(session_tokens.issuer, "https://clerk.example.com");
    assert_eq!(session_tokens.jwt_key.as_deref(), Some("-----BEGIN PUBLIC KEY-----"));
    assert_eq!(settings.database.url, sqlite("usual.db"));
    assert_eq!(settings.clerk.webhook_signing_secrets[0].secret.expose(), SECRET);
    assert_eq!((settings.server.host.as_str(), settings.server.port), ("::1", 9001));
    assert_eq!(settings.api.keys[0].name, "tests");
    let key = &settings.tokens.keys[0];
    assert_eq!((&*key.id, key.expose()), ("first", b"meetvo: a key of the tests alone"));
    assert_eq!(settings.push.keys[0].id, "second");
    // Clerk's older guides use this name. The newer name takes precedence.
    let settings = load([("CLERK_WEBHOOK_SECRET", SECRET)]).unwrap();
    assert_eq!(settings.clerk.webhook_signing_secrets[0].secret.expose(), SECRET);
    let both = load([
        ("CLERK_WEBHOOK_SECRET", &*format!("older={SECRET}")),
        ("CLERK_WEBHOOK_SIGNING_SECRET", &*format!("newer={SECRET}")),
    ]);
    assert_eq!(both.unwrap().clerk.webhook_signing_secrets[0].label, "newer");
}

/// A value other than the default for each setting, except the lists of keys.
const OTHER_VALUES: [(&str, &str); 53] = [
    ("server.host", "0.0.0.0"),
    ("server.port", "9002"),
    ("server.workers", "3"),
    ("server.max_connections", "28"),
    ("server.max_body_bytes", "2048"),
    ("server.max_pending_bytes", "2097152"),
    ("server.header_timeout_ms", "11"),
    ("server.body_timeout_ms", "12"),
    ("server.write_timeout_ms", "24"),
    ("server.shutdown_timeout_ms", "13"),
    ("database.url", "sqlite:other.db"),
    ("database.schema", "other"),
    ("database.max_connections", "14"),
    ("database.acquire_timeout_ms", "15"),
    ("database.commit_timeout_ms", "19"),
    ("database.migration_lock_timeout_ms", "28"),
    ("api.timeout_ms", "20"),
    ("clerk.webhook_signing_secrets", SECRET),
    ("clerk.tolerance_seconds", "30"),
    ("clerk.instance_id", "ins_1"),
    ("clerk.publishable_key", PUBLISHABLE),
    ("clerk.issuer", "https://clerk.example.org"),
    ("clerk.jwt_key", "-----BEGIN PUBLIC KEY-----"),
    ("clerk.authorized_parties", "https://a.example.com"),
    ("clerk.secret_key", "sk_live_1"),
    ("clerk.api_url", "https://clerk.example.net"),
    ("api.allowed_origins", "https://a.example.com"),
    ("api.allowed_headers", "x-tenant"),
    ("api.failure_rate", "28"),
    ("api.dashboard_session_hours", "29"),
    ("api.key_rate", "25"),
    ("api.session_rate", "26"),
    ("api.max_waits", "22"),
    ("api.max_streams", "23"),
    ("api.key_share_percent", "29"),
    ("api.public_profiles", "true"),
    ("api.members_see_members", "true"),
    ("ingest.queue_capacity", "16"),
    ("ingest.batch_size", "17"),
    ("ingest.timeout_ms", "18"),
    ("ingest.writers", "3"),
    ("metrics.listen", "127.0.0.1:9464"),
    ("retention.payload_days", "21"),
    ("retention.event_days", "400"),
    ("drift.interval_hours", "27"),
    ("log.filter", "warn"),
    ("log.format", "json"),
    ("telemetry.otlp_endpoint", "https://otel.example.com/meetvo"),
    ("telemetry.otlp_headers", "x-tenant=a"),
    ("telemetry.metrics_interval_ms", "30"),
    ("push.allow_private_addresses", "true"),
    ("push.timeout_ms", "31"),
    ("push.attempt_days", "32"),
];

/// Each setting gets another value by its systematic name.
#[test]
fn every_setting_has_a_variable() {
    let (keys, encryption_keys) = (format!("tests:read:{KEY}"), format!("first={TOKEN_KEY}"));
    let mut given = OTHER_VALUES.to_vec();
    given.extend([
        ("api.keys", &*keys),
        ("tokens.keys", &*encryption_keys),
        ("push.keys", &*encryption_keys),
    ]);
    let variables = given.iter().map(|(setting, value)| (variable(setting), (*value).to_owned()));
    let sources = Sources { variables: variables.collect(), ..Sources::default() };
    let settings = Settings::load(&sources).unwrap();
    for (setting, value) in &given {
        let expected = match *setting {
            "clerk.webhook_signing_secrets" => "primary=[redacted]",
            "api.keys" => "tests:read:[redacted]",
            "tokens.keys" | "push.keys" => "first=[redacted]",
            "clerk.jwt_key" => "[PEM]",
            "clerk.secret_key" => "[redacted]",
            "telemetry.otlp_headers" => "x-tenant=[redacted]",
            _ => *value,
        };
        assert_eq!(effective(&settings, setting), expected, "{setting}");
    }
    assert_eq!(given.len(), settings.effective().len(), "this list is complete");
}

/// Returns the systematic name of a setting's variable.
fn variable(setting: &str) -> String {
    format!("MEETVO__{}", setting.replace('.', "__").to_uppercase())
}

#[test]
fn files_dotenv_and_environment_override_defaults() {
    let folder = tempdir().unwrap();
    let mut from = sources(&folder, &[]);
    let port = |from: &Sources| Settings::load(from).unwrap().server.port;
    assert_eq!(port(&from), 8080);
    from = sources(&folder, &[("default.toml", "[server]\nport = 1001")]);
    assert_eq!(port(&from), 1001);
    from = sources(&folder, &[("production.toml", "[server]\nport = 1002")]);
    assert_eq!(port(&from), 1002);
    sources(&folder, &[("development.toml", "[server]\nport = 1003")]);
    assert_eq!(port(&from), 1002, "the file of another environment is not read");
    from = sources(&folder, &[(".env", "MEETVO__SERVER__PORT=1004")]);
    assert_eq!(port(&from), 1004);
    from.variables = super::variables([("MEETVO__SERVER__PORT", "1005")]);
    assert_eq!(port(&from), 1005);
    from.variables = super::variables([("MEETVO__SERVER__WORKERS", "1")]);
    assert_eq!(port(&from), 1004, "another variable does not hide the one in .env");
}

/// The source takes precedence over the form of the name.
#[test]
fn environment_beats_dotenv_under_either_name() {
    let folder = tempdir().unwrap();
    let (short, systematic) = ("PORT", "MEETVO__SERVER__PORT");
    let names =
        [(short, short), (short, systematic), (systematic, short), (systematic, systematic)];
    for (in_dotenv, in_environment) in names {
        let mut from = sources(&folder, &[(".env", &format!("{in_dotenv}=1001"))]);
        from.variables = super::variables([(in_environment, "1002")]);
        let settings = Settings::load(&from).unwrap();
        assert_eq!(
            settings.server.port, 1002,
            "{in_dotenv} in .env, {in_environment} in the environment"
        );
    }
    let both = load([(systematic, "1001"), (short, "1002")]).unwrap();
    assert_eq!(both.server.port, 1002, "in one source the short name wins");
}

#[test]
fn empty_short_name_is_ignored() {
    let folder = tempdir().unwrap();
    let mut from = sources(&folder, &[(".env", "PORT=1001")]);
    from.variables = super::variables([("PORT", ""), ("HOST", ""), ("DATABASE_URL", "")]);
    let settings = Settings::load(&from).unwrap();
    assert_eq!(settings.server.port, 1001, "as if the variable were not set");
    assert_eq!(settings.server.host, "0.0.0.0");
    assert_eq!(settings.database.url, DatabaseUrl::Unset);
}

#[test]
fn environment_defaults_to_production() {
    for given in ["production", ""] {
        let settings = load([("MEETVO_ENV", given)]).unwrap();
        assert_eq!(settings.environment, Environment::Production);
    }
    let production = load([]).unwrap();
    assert_eq!(production.environment, Environment::Production);
    assert_eq!(effective(&production, "server.host"), "0.0.0.0");
    assert_eq!(effective(&production, "database.url"), "");
    let Faults(missing) = production.require_for_service().unwrap_err();
    let missing: Vec<_> = missing.iter().map(|fault| &*fault.setting).collect();
    assert_eq!(missing, ["clerk.webhook_signing_secrets", "database.url"], "none is built in");

    let development = load([("MEETVO_ENV", "development")]).unwrap();
    assert_eq!(development.environment, Environment::Development);
    assert_eq!(effective(&development, "server.host"), "127.0.0.1");
    assert_eq!(effective(&development, "database.url"), "sqlite:meetvo-development.db");
    assert_eq!(effective(&development, "log.filter"), "info");
    development.require_for_service().unwrap();

    let (setting, problem) = super::fault([("MEETVO_ENV", "staging")]);
    assert_eq!(setting, "MEETVO_ENV");
    assert!(problem.contains("production") && problem.contains("development"), "{problem}");
}

#[test]
fn dotenv_can_set_the_environment() {
    let folder = tempdir().unwrap();
    let mut from = sources(&folder, &[(".env", "MEETVO_ENV=development")]);
    assert_eq!(Settings::load(&from).unwrap().environment, Environment::Development);
    from.variables = super::variables([("MEETVO_ENV", "production")]);
    assert_eq!(Settings::load(&from).unwrap().environment, Environment::Production);
}

/// `config/default.toml` is the reference manual, so it must list exactly the effective settings.
#[test]
fn default_file_lists_every_setting() {
    let text = include_str!("../../../config/default.toml");
    let (mut section, mut documented) = ("", Vec::new());
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        match line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(name) => section = name,
            None => documented.push(format!("{section}.{}", line.split(' ').next().unwrap())),
        }
    }
    documented.sort();
    let settings = load([]).unwrap();
    let effective: Vec<_> = settings.effective().into_keys().collect();
    assert_eq!(documented, effective);
}

/// `meetvo dev` ignores the variables of Clerk.
#[test]
fn ignored_variables_keep_other_precedence() {
    let folder = tempdir().unwrap();
    let mut from = sources(
        &folder,
        &[(".env", "PORT=8000\nCLERK_SECRET_KEY=sk_test_of_a_file\nMEETVO__LOG__FILTER=warn\n")],
    );
    from.variables =
        super::variables([("MEETVO__SERVER__PORT", "9000"), ("CLERK_JWT_KEY", "of no use alone")]);
    let settings = Settings::load(&from.ignoring(&["CLERK_"])).unwrap();
    assert_eq!(settings.server.port, 9000, "the environment still overrides .env");
    assert!(settings.clerk.secret_key.is_none());
    assert_eq!(settings.log.filter, "warn");
}
