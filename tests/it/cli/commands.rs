//! `meetvo --help`, `config`, `keys` and `migrate`.

use std::fs;

use serde_json::Value;
use tempfile::tempdir;

use super::printed;
use crate::harness::{
    ApiResponse, Database, Engine, KEY, Process, SECRET, apply, both_engines, client,
};

#[test]
fn help_lists_commands_and_exit_codes() {
    let folder = tempdir().unwrap();
    let help = printed(&Process::run(folder.path(), [], &["--help"]));
    for word in ["serve", "migrate", "config", "keys", "--config", "Exit codes", "78"] {
        assert!(help.contains(word), "{word}: {help}");
    }
    for command in [["migrate", "--help"], ["keys", "--help"], ["config", "--help"]] {
        assert!(printed(&Process::run(folder.path(), [], &command)).contains("Usage:"));
    }
    let version = printed(&Process::run(folder.path(), [], &["--version"]));
    let (number, built_from) = (env!("CARGO_PKG_VERSION"), env!("MEETVO_REVISION"));
    assert_eq!(version, format!("meetvo {number} ({built_from})\n"));
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none(), "help creates no file");
}

#[test]
fn color_follows_environment_variables() {
    let folder = tempdir().unwrap();
    let is_colored = |overrides: [(&str, &str); 2]| {
        printed(&Process::run(folder.path(), overrides, &["--help"])).contains('\u{1b}')
    };
    assert!(!is_colored([("CLICOLOR_FORCE", ""), ("NO_COLOR", "")]), "a pipe is no terminal");
    assert!(is_colored([("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")]));
    assert!(!is_colored([("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}

#[test]
fn completions_cover_commands_and_options() {
    let folder = tempdir().unwrap();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = printed(&Process::run(folder.path(), [], &["completions", shell]));
        for word in ["replay", "migrate", "revert", "shuffle"] {
            assert!(script.contains(word), "{shell} lacks {word}");
        }
    }
}

#[test]
fn config_prints_settings_without_secrets() {
    let folder = tempdir().unwrap();
    let differ = [
        ("DATABASE_URL", "postgres://meetvo:c4n4ry@db.internal/meetvo"),
        ("PORT", "9000"),
        ("MEETVO__LOG__FILTER", "warn"),
    ];
    let text = printed(&Process::run(folder.path(), differ, &["config"]));
    let json = printed(&Process::run(folder.path(), differ, &["config", "--json"]));
    for shown in [&text, &json] {
        for secret in ["c4n4ry", KEY, SECRET, &SECRET[6..]] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
    let json: Value = serde_json::from_str(&json).unwrap();
    let expected = [
        ("server.port", Value::from(9000)),
        ("database.url", "postgres://meetvo:[redacted]@db.internal/meetvo".into()),
        ("clerk.webhook_signing_secrets", "primary=[redacted]".into()),
        ("api.keys", "tests:read+admin+tokens:[redacted]".into()),
        ("log.filter", "warn".into()),
    ];
    for (name, value) in expected {
        assert_eq!(json[name], value, "{name}");
        assert!(text.lines().any(|line| line == format!("{name} = {value}")), "{name}: {text}");
    }
    assert!(text.starts_with("# effective settings of the environment production\n"), "{text}");
    // The command does not use the database, and creates none.
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
}

/// The default folder is `config` in the working directory.
#[test]
fn config_reads_default_or_named_folder() {
    let folder = tempdir().unwrap();
    for (name, workers) in [("config", 11), ("elsewhere", 12)] {
        fs::create_dir(folder.path().join(name)).unwrap();
        let file = folder.path().join(name).join("production.toml");
        fs::write(file, format!("[server]\nmax_body_bytes = {}\n", workers * 1_000)).unwrap();
    }
    fs::write(folder.path().join(".env"), "MEETVO__INGEST__BATCH_SIZE=5\n").unwrap();
    let shown = |words: &[&str]| {
        let json = printed(&Process::run(folder.path(), [], words));
        let json: Value = serde_json::from_str(&json).unwrap();
        (json["server.max_body_bytes"].clone(), json["ingest.batch_size"].clone())
    };
    assert_eq!(shown(&["config", "--json"]), (11_000.into(), 5.into()));
    assert_eq!(shown(&["--config", "elsewhere", "config", "--json"]), (12_000.into(), 5.into()));
    assert_eq!(shown(&["config", "--json", "--config", "elsewhere"]), (12_000.into(), 5.into()));
}

/// The command was run in the wrong folder, or with a typing error in `DATABASE_URL`.
#[test]
fn inspecting_commands_create_no_database() {
    let folder = tempdir().unwrap();
    for words in [
        ["keys", "list"].as_slice(),
        &["keys", "new", "--name", "web"],
        &["keys", "revoke", "web"],
        &["why", "user_1"],
        &["digest"],
        &["erase", "user_1", "--yes"],
        &["reprocess", "--decision", "failed"],
        &["dismiss", "--list"],
        &["rebuild", "--check"],
        &["migrate", "info"],
        &["migrate", "revert"],
    ] {
        let output = Process::run(folder.path(), [], words);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{words:?}: {error}");
        assert!(error.contains("file not found; run `meetvo migrate run` to create it"), "{error}");
        assert!(fs::read_dir(folder.path()).unwrap().next().is_none(), "{words:?}");
    }
}

async fn status(process: &Process, path: &str, key: &str) -> u16 {
    let request = client().get(format!("{}{path}", process.url)).bearer_auth(key);
    ApiResponse::fetch(request).await.status.as_u16()
}

#[apply(both_engines)]
async fn printed_setting_accepts_new_key(engine: Engine) {
    let database = Database::new(engine).await;
    let text =
        printed(&Process::run(&database, [], &["keys", "new", "--name", "dashboard", "--setting"]));
    let line = |prefix: &str| {
        let line = text.lines().find(|line| line.trim().starts_with(prefix));
        line.unwrap_or_else(|| panic!("{text}")).trim().to_owned()
    };
    let (key, setting) = (line("meetvo_key_"), line("MEETVO_API_KEYS="));
    let reader = setting.strip_prefix("MEETVO_API_KEYS=").unwrap();
    assert!(reader.starts_with("dashboard:read:sha256:"), "{reader}");
    assert!(!reader.contains(&key), "the setting contains only the hash");

    let words = [
        "keys",
        "new",
        "--name",
        "ops",
        "--scope",
        "read",
        "--scope",
        "admin",
        "--setting",
        "--json",
    ];
    let json: Value = serde_json::from_str(&printed(&Process::run(&database, [], &words))).unwrap();
    assert_eq!(
        (&json["name"], &json["scopes"]),
        (&"ops".into(), &serde_json::json!(["read", "admin"]))
    );
    let (ops, other) = (json["setting"].as_str().unwrap(), json["key"].as_str().unwrap());
    assert_ne!(other, key, "each key is new");

    let both = format!("{reader},{ops}");
    let process = Process::serve(&database, [("MEETVO_API_KEYS", &both)]);
    assert_eq!(status(&process, "/v1/users", &key).await, 200);
    assert_eq!(status(&process, "/v1/events", &key).await, 403);
    assert_eq!(status(&process, "/v1/users", other).await, 200);
    assert_eq!(status(&process, "/v1/events", other).await, 200);
    assert_eq!(status(&process, "/v1/users", KEY).await, 401);
}

/// Returns lines such as `1 projection applied`, with single spaces between the columns.
fn steps(database: &Database, words: &[&str]) -> Vec<String> {
    let text = printed(&Process::run(database, [], words));
    text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[apply(both_engines)]
async fn migrations_run_and_revert(engine: Engine) {
    let database = Database::new(engine).await;
    let names = [
        (1, "projection"),
        (2, "webhook_events"),
        (3, "api_keys"),
        (4, "crawls"),
        (5, "checks"),
        (6, "account_tokens"),
        (7, "dismissals"),
        (8, "dashboard_sessions"),
        (9, "partial_users"),
        (10, "email_owners"),
        (11, "field_versions"),
        (12, "organizations"),
        (13, "event_objects"),
        (15, "lists"),
    ];
    let applied = |count: usize| {
        let line = |(at, (version, name)): (usize, &(u32, &str))| {
            let state = if at < count { "applied" } else { "pending" };
            format!("{version} {name} {state}")
        };
        names.iter().enumerate().map(line).collect::<Vec<_>>()
    };
    let all = names.len();
    if engine == Engine::Sqlite {
        fs::write(database.folder().join("meetvo.db"), "").unwrap();
    }
    assert_eq!(steps(&database, &["migrate", "info"]), applied(0));
    assert_eq!(steps(&database, &["migrate", "run"]), applied(all));
    assert_eq!(
        steps(&database, &["migrate", "run"]),
        applied(all),
        "the second run changes nothing"
    );
    for left in (0..all).rev() {
        let reverted = steps(&database, &["migrate", "revert", "--yes"]);
        let (version, name) = names[left];
        assert_eq!(reverted[0], format!("reverted {version} {name}"));
        assert_eq!(reverted[1..], applied(left));
        assert_eq!(steps(&database, &["migrate", "info"]), applied(left));
    }
    assert_eq!(steps(&database, &["migrate", "revert", "--yes"])[0], "nothing to revert");
    assert_eq!(steps(&database, &["migrate", "run"]), applied(all), "all migrations run again");
    // No signing secret is needed, because a deployment migrates before it has one.
    let without_secret = [("CLERK_WEBHOOK_SIGNING_SECRET", "")];
    printed(&Process::run(&database, without_secret, &["migrate", "info"]));
}
