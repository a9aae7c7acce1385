//! `meetvo doctor`, with each problem that it reports.

use std::process::Output;

use meetvo::clock::Clock;
use serde_json::{Value, json};
use tempfile::tempdir;
use tokio::task::block_in_place;

use super::{printed, stderr};
use crate::harness::{
    ApiResponse, Database, Delivery, Engine, Process, ReservedPort, apply, both_engines, client,
    fake_clerk::{self, FakeClerk, SECRET_KEY},
    fixtures, repeated, repeated_until_success,
};

/// Returns the grade of a check, and its message with the remediation.
pub(super) fn found(output: &Output, check: &str) -> (String, String) {
    let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
    let finding = findings.as_array().unwrap().iter().find(|it| it["check"] == check);
    let finding = finding.unwrap_or_else(|| panic!("{check}: {findings:#}"));
    let remediation = finding["remediation"].as_str().unwrap_or_default();
    let text = |name: &str| finding[name].as_str().unwrap();
    (text("grade").to_owned(), format!("{}; {remediation}", text("message")))
}

pub(super) fn assert_found(output: &Output, check: &str, grade: &str, words: &[&str]) {
    let (actual, text) = found(output, check);
    assert_eq!(actual, grade, "{check}: {text}");
    for word in words {
        assert!(text.contains(word), "{word}: {text}");
    }
}

#[apply(both_engines)]
async fn healthy_service_stores_one_probe_event(engine: Engine) {
    let database = Database::new(engine).await;
    let pinned = [("MEETVO__CLERK__INSTANCE_ID", "ins_tests")];
    let process = Process::serve(&database, pinned);
    for _ in 0..2 {
        let doctor = || Process::run(&database, pinned, &["doctor", "--to", &process.url]);
        let text = printed(&repeated_until_success(doctor));
        let grades: Vec<_> = text.lines().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(
            grades,
            ["ok", "ok", "ok", "ok", "skipped", "skipped", "skipped", "skipped", "ok", "ok"],
            "{text}"
        );
    }
    let rows = database.tables().await.rows("webhook_events").await;
    assert_eq!((rows.len(), &rows[0]["decision"]), (1, &json!("ignored")));
    let used = database.tables().await.column("SELECT label FROM webhook_secrets").await;
    assert_eq!(used, [""; 0], "the probe does not count as a use of the secret");
    let other = [("CLERK_WEBHOOK_SIGNING_SECRET", "whsec_b3RoZXIgc2VjcmV0IG9mIGFub3RoZXIgb25l")];
    let words = ["doctor", "--json", "--to", &process.url];
    let output = Process::run(&database, other, &words);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("failed checks: 1"), "{}", stderr(&output));
    assert_found(&output, "delivery path", "error", &["its signing secret differs"]);
    let wrong = format!("{}/webhook", process.url);
    let output = Process::run(&database, [], &["doctor", "--json", "--to", &wrong]);
    assert_found(&output, "delivery path", "error", &["does not exist", "/webhooks/clerk"]);
}

/// Without a secret key, the stored events show which instance sends them.
#[apply(both_engines)]
async fn instance_of_quarantined_events_is_named(engine: Engine) {
    let database = Database::new(engine).await;
    let pinned = [("MEETVO__CLERK__INSTANCE_ID", "ins_2fDev")];
    let process = Process::serve(&database, pinned);
    for number in 0..3 {
        let mut event = fixtures::user_event("user.created", &format!("user_{number}"), 0);
        event["instance_id"] = "ins_2fProd".into();
        let delivery = Delivery::new(&event, Clock::system().now());
        let answer = ApiResponse::fetch(delivery.request(&client(), &process.url)).await;
        assert_eq!(answer.body["decision"], "quarantined");
    }
    let output = Process::run(&database, pinned, &["doctor", "--json"]);
    let words = ["ins_2fProd", "clerk.instance_id is ins_2fDev", "MEETVO__CLERK__INSTANCE_ID"];
    assert_found(&output, "events", "error", &words);
}

#[apply(both_engines)]
async fn pending_migration_is_an_error(engine: Engine) {
    let database = Database::new(engine).await;
    printed(&Process::run(&database, [], &["migrate", "run"]));
    printed(&Process::run(&database, [], &["migrate", "revert", "--yes"]));
    let output = Process::run(&database, [], &["doctor", "--json"]);
    assert_found(&output, "schema", "error", &["1 pending migrations", "meetvo migrate run"]);
    assert_found(&output, "database", "ok", &["answers"]);
}

#[test]
fn missing_database_is_not_created() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("none.db");
    let url = format!("sqlite:{}", file.display());
    let output = Process::run(folder.path(), [("DATABASE_URL", &*url)], &["doctor", "--json"]);
    assert_found(&output, "database", "warning", &["does not exist yet", "meetvo serve"]);
    assert!(!file.exists());
    let port = ReservedPort::new();
    let free = port.address;
    let url = format!("postgres://nobody:secret-of-nobody@{free}/none");
    let output = Process::run(folder.path(), [("DATABASE_URL", &*url)], &["doctor", "--json"]);
    assert_found(&output, "database", "error", &["cannot be used", "DATABASE_URL"]);
    assert!(!String::from_utf8_lossy(&output.stdout).contains("secret-of-nobody"));
}

#[test]
fn faulty_settings_are_named() {
    let folder = tempdir().unwrap();
    let differ = [("PORT", "many"), ("MEETVO__LOG__FORMAT", "xml")];
    let output = Process::run(folder.path(), differ, &["doctor", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
    let messages: Vec<_> =
        findings.as_array().unwrap().iter().map(|it| it["message"].to_string()).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages.iter().any(|it| it.contains("server.port")), "{messages:?}");
    let none = [("CLERK_WEBHOOK_SIGNING_SECRET", "")];
    let output = Process::run(folder.path(), none, &["doctor", "--json"]);
    assert_found(
        &output,
        "signing secrets",
        "error",
        &["none is configured", "CLERK_WEBHOOK_SIGNING_SECRET"],
    );
}

/// Uses neither SQLite nor PostgreSQL, because these checks ask only Clerk.
#[tokio::test(flavor = "multi_thread")]
async fn secret_key_and_clock_are_checked() {
    let (clerk, folder) = (FakeClerk::start(), tempdir().unwrap());
    let with = |key: &str, pinned: &str| {
        let differ = [
            ("CLERK_SECRET_KEY", key),
            ("MEETVO__CLERK__API_URL", &*clerk.url),
            ("MEETVO__CLERK__INSTANCE_ID", pinned),
        ];
        block_in_place(|| Process::run(folder.path(), differ, &["doctor", "--json"]))
    };
    // The clocks are compared in whole seconds, and a slow answer counts as a difference.
    let is_equal = |output: &Output| found(output, "clock").1 == "equals Clerk's";
    let output = repeated(|| with(SECRET_KEY, fake_clerk::INSTANCE), is_equal);
    assert_found(&output, "secret key", "ok", &[fake_clerk::INSTANCE, "production"]);
    assert_found(&output, "clock", "ok", &["equals Clerk's"]);
    let other = with(SECRET_KEY, "ins_other");
    assert_found(&other, "secret key", "error", &["clerk.instance_id is ins_other"]);
    assert_found(&with(SECRET_KEY, ""), "secret key", "warning", &["set clerk.instance_id to"]);
    let rejected = with("sk_live_anotherOne", fake_clerk::INSTANCE);
    assert_found(&rejected, "secret key", "error", &["401", "CLERK_SECRET_KEY"]);
    assert!(!String::from_utf8_lossy(&rejected.stdout).contains("sk_live_anotherOne"));
}
