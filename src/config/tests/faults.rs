//! Verifies that all faults are reported at once, each with its setting and its remediation.

use std::fs;

use tempfile::tempdir;

use super::{Faults, KEY, SECRET, Settings, Sources, fault, load, sources, variables};

#[test]
fn all_faults_are_reported_with_their_source() {
    let folder = tempdir().unwrap();
    let file = ("production.toml", "[server]\nworkers = 'many'\n[log]\nformat = 'xml'");
    let mut from = sources(&folder, &[file, (".env", "HOST=0.0.0.0\nPORT=none")]);
    from.variables = variables([
        ("DATABASE_URL", "mysql://host/name"),
        ("CLERK_WEBHOOK_SIGNING_SECRET", "whsec_!"),
        ("MEETVO_API_KEYS", "nonsense"),
        ("MEETVO__CLERK__INSTANCE_ID", "inst_1"),
        ("MEETVO__INGEST__BATCH_SIZE", "0"),
        ("MEETVO__INGEST__BATCHES", "1"),
        ("MEETVO__LOG__FILTER", "meetvo=loud"),
    ]);
    let Faults(faults) = Settings::load(&from).unwrap_err();
    let mut settings: Vec<_> = faults.iter().map(|fault| fault.setting.as_str()).collect();
    settings.sort_unstable();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (file, dotenv) = (path("production.toml"), path(".env"));
    let expected = [
        "api.keys (from MEETVO_API_KEYS)",
        "clerk.instance_id (from MEETVO__CLERK__INSTANCE_ID)",
        "clerk.webhook_signing_secrets (from CLERK_WEBHOOK_SIGNING_SECRET)",
        "database.url (from DATABASE_URL)",
        "ingest.batch_size (from MEETVO__INGEST__BATCH_SIZE)",
        "ingest.batches (from MEETVO__INGEST__BATCHES)",
        "log.filter (from MEETVO__LOG__FILTER)",
        &format!("log.format (from {file})"),
        &format!("server.port (from PORT in {dotenv}, line 2)"),
        &format!("server.workers (from {file})"),
    ];
    assert_eq!(settings, expected);
    let text = Faults(faults).to_string();
    assert_eq!(text.lines().count(), 11, "a heading and one line per fault");
    assert!(text.starts_with("the configuration is invalid:\n  "), "{text}");
}

#[test]
fn invalid_number_reports_its_range() {
    let cases = [
        ("PORT", "65536", "a whole number from 0 to 65535"),
        ("PORT", "-1", "a whole number from 0 to 65535"),
        ("PORT", "80.5", "a whole number from 0 to 65535"),
        ("MEETVO__SERVER__WORKERS", "1025", "a whole number from 0 to 1024"),
        ("MEETVO__SERVER__MAX_BODY_BYTES", "1023", "a whole number from 1024 to 67108864"),
        ("MEETVO__SERVER__MAX_CONNECTIONS", "15", "a whole number from 16 to 1000000"),
        ("MEETVO__SERVER__MAX_PENDING_BYTES", "1048575", "a whole number from 1048576 to"),
        ("MEETVO__CLERK__TOLERANCE_SECONDS", "29", "a whole number from 30 to 3600"),
        ("MEETVO__CLERK__TOLERANCE_SECONDS", "3601", "a whole number from 30 to 3600"),
        ("MEETVO__API__KEY_SHARE_PERCENT", "0", "a whole number from 1 to 100"),
        ("MEETVO__DATABASE__MAX_CONNECTIONS", "0", "a whole number from 1 to 1000"),
        ("MEETVO__DATABASE__ACQUIRE_TIMEOUT_MS", "3600001", "a whole number from 1 to 3600000"),
        ("MEETVO__INGEST__TIMEOUT_MS", "", "a whole number from 1 to 3600000"),
    ];
    for (variable, value, expected) in cases {
        let (setting, problem) = fault([(variable, value)]);
        assert!(setting.ends_with(&format!(" (from {variable})")), "{setting}");
        assert!(problem.contains(expected), "{variable}={value}: {problem}");
    }
    for (variable, value) in [("PORT", "0"), ("PORT", "65535"), ("MEETVO__SERVER__WORKERS", "1024")]
    {
        load([(variable, value)]).unwrap();
    }
}

#[test]
fn pending_bytes_have_room_for_a_body() {
    let sizes = |body: &'static str, pending: &'static str| {
        [("MEETVO__SERVER__MAX_BODY_BYTES", body), ("MEETVO__SERVER__MAX_PENDING_BYTES", pending)]
    };
    load(sizes("1000000", "4000000")).unwrap();
    let (setting, problem) = fault(sizes("1000000", "3999999"));
    assert!(setting.starts_with("server.max_pending_bytes"), "{setting}");
    assert!(problem.contains("at least 4000000"), "{problem}");
}

/// A redelivery of an expired event is accepted as a new event.
#[test]
fn event_retention_covers_payloads_and_redelivery() {
    let days = |payloads: &'static str, events: &'static str| {
        [("MEETVO__RETENTION__PAYLOAD_DAYS", payloads), ("MEETVO__RETENTION__EVENT_DAYS", events)]
    };
    for (payloads, events) in
        [("1", "90"), ("90", "90"), ("91", "91"), ("36500", "36500"), ("1", "0"), ("0", "0")]
    {
        let retention = load(days(payloads, events)).unwrap().retention;
        assert_eq!(retention.payload_days.to_string(), payloads);
        assert_eq!(retention.event_days.to_string(), events);
    }
    for (payloads, events, expected) in [
        ("1", "89", "or at least 90:"),
        ("91", "90", "or at least 91:"),
        ("0", "365", "must be 0 (unlimited)"),
        ("1", "36501", "a whole number from 0 to 36500"),
    ] {
        let (setting, problem) = fault(days(payloads, events));
        assert_eq!(setting, "retention.event_days (from MEETVO__RETENTION__EVENT_DAYS)");
        assert!(problem.contains(expected), "{payloads}, {events}: {problem}");
    }
}

#[test]
fn unknown_setting_lists_its_section() {
    let (setting, problem) = fault([("MEETVO__DATABASE__URI", "sqlite:x.db")]);
    assert_eq!(setting, "database.uri (from MEETVO__DATABASE__URI)");
    let known = "`database.acquire_timeout_ms`, `database.commit_timeout_ms`, \
                 `database.max_connections`, `database.migration_lock_timeout_ms`, \
                 `database.schema`, `database.url`";
    assert_eq!(problem, format!("is not a setting; known settings: {known}"));
    // In an unknown section, the fault lists all settings. A prefix of a section is unknown too.
    for section in ["DATA", "A", "NONSENSE"] {
        let (_, problem) = fault([(&*format!("MEETVO__{section}__URL"), "x")]);
        for known in ["`database.url`", "`api.keys`", "`log.format`", "`server.port`"] {
            assert!(problem.contains(known), "{section}: {problem}");
        }
    }
    let folder = tempdir().unwrap();
    let from = sources(&folder, &[("default.toml", "[server]\nprot = 80\n")]);
    let Faults(faults) = Settings::load(&from).unwrap_err();
    let file = folder.path().join("default.toml");
    assert_eq!(faults[0].setting, format!("server.prot (from {})", file.display()));
    assert!(faults[0].problem.contains("`server.port`"), "{faults:?}");
}

/// A malformed variable name must not become an error that names no variable.
#[test]
fn malformed_variable_name_is_reported() {
    for variable in
        ["MEETVO__", "MEETVO__SERVER__", "MEETVO__SERVER__PO RT", "MEETVO__A[B", "MEETVO__X"]
    {
        let Faults(faults) = load([(variable, "1")]).unwrap_err();
        assert!(!faults.is_empty(), "{variable}");
        assert!(faults.iter().any(|fault| fault.setting.contains(variable)), "{faults:?}");
    }
}

/// A value in place of a section hides the settings of the section.
#[test]
fn value_in_place_of_section_is_reported() {
    let Faults(faults) = load([("MEETVO__SERVER", "localhost")]).unwrap_err();
    let settings: Vec<_> = faults.iter().map(|fault| fault.setting.as_str()).collect();
    assert!(settings.contains(&"server (from MEETVO__SERVER)"), "{settings:?}");
}

#[test]
fn unreadable_file_is_reported() {
    let folder = tempdir().unwrap();
    // Not even root can read a directory as a file.
    fs::create_dir(folder.path().join("production.toml")).unwrap();
    let Faults(faults) = Settings::load(&sources(&folder, &[])).unwrap_err();
    assert!(faults[0].setting.ends_with("production.toml"), "{faults:?}");
    assert!(faults[0].problem.starts_with("cannot be read: "), "{faults:?}");

    let nowhere = Some(folder.path().join("nowhere"));
    let from = Sources { folder: nowhere, ..Sources::default() };
    let Faults(faults) = Settings::load(&from).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].setting.ends_with("nowhere"), "{faults:?}");

    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join(".env")).unwrap();
    let Faults(faults) = Settings::load(&sources(&folder, &[])).unwrap_err();
    assert!(faults[0].setting.ends_with("/.env"), "{faults:?}");
}

#[test]
fn malformed_toml_is_reported_with_its_line() {
    let folder = tempdir().unwrap();
    let from =
        sources(&folder, &[("default.toml", "[server]\nport 80\n"), ("production.toml", "=")]);
    let Faults(faults) = Settings::load(&from).unwrap_err();
    assert_eq!(faults.len(), 2, "both at once: {faults:?}");
    assert!(faults[0].setting.ends_with("default.toml"), "{faults:?}");
    assert!(faults[0].problem.contains("line 2"), "{faults:?}");
    assert!(faults[1].setting.ends_with("production.toml"), "{faults:?}");
}

#[test]
fn missing_files_and_foreign_variables_are_ignored() {
    let folder = tempdir().unwrap();
    Settings::load(&sources(&folder, &[])).unwrap();
    load([]).unwrap();
    // These names are neither short names nor do they have the prefix `MEETVO__`.
    load([("MEETVOX", "1"), ("PATH", "/bin"), ("MEETVO_OTHER", "1"), ("PORTS", "x")]).unwrap();
}

#[test]
fn serving_requires_signing_secret() {
    let settings = load([("MEETVO_API_KEYS", &*format!("a:read:{KEY}"))]).unwrap();
    let Faults(faults) = settings.require_signing_secret().unwrap_err();
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].setting, "clerk.webhook_signing_secrets");
    assert!(faults[0].problem.contains("CLERK_WEBHOOK_SIGNING_SECRET"), "the remediation");
    load([("CLERK_WEBHOOK_SIGNING_SECRET", SECRET)]).unwrap().require_signing_secret().unwrap();
}

#[test]
fn drift_check_requires_secret_key() {
    let hourly = ("MEETVO__DRIFT__INTERVAL_HOURS", "1");
    let (setting, problem) = fault([hourly]);
    assert_eq!(setting, "drift.interval_hours (from MEETVO__DRIFT__INTERVAL_HOURS)");
    assert!(problem.contains("CLERK_SECRET_KEY"), "{problem}");
    let settings = load([hourly, ("CLERK_SECRET_KEY", "sk_test_1")]).unwrap();
    assert_eq!(settings.drift.interval_hours, 1);
}
