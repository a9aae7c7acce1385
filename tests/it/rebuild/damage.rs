//! Rows changed by hand are reported and repaired.

use serde_json::{Value, json};

use super::{DIFFERS, all_rows, assert_same, rebuild, report};
use crate::harness::{Engine, Process, Service, Tables, apply, both_engines, fixtures};

/// Starts a service with five users with a session each. The last user is deleted.
async fn five_users(engine: Engine) -> Service {
    let service = Service::start(engine).await;
    for number in 1..=5 {
        let (user, session) = (format!("user_{number}"), format!("sess_{number}"));
        service.send(&fixtures::user_event("user.created", &user, 0)).await;
        service.send(&fixtures::session_event("session.created", &session, &user, 0)).await;
    }
    service.send(&fixtures::user_event("user.updated", "user_1", 5)).await;
    service.send(&fixtures::user_deleted("user_5", 9)).await;
    service
}

async fn damage(tables: &mut Tables) {
    for sql in [
        "UPDATE users SET first_name = 'Eve', banned = TRUE WHERE clerk_id = 'user_1'",
        "DELETE FROM users WHERE clerk_id = 'user_2'",
        "DELETE FROM sessions WHERE id = 'sess_3'",
        "UPDATE accounts SET username = NULL WHERE user_id = 'user_3'",
        "DELETE FROM verifications WHERE user_id = 'user_4' AND id = 'idn_user_4'",
        "INSERT INTO sessions (id, user_id, status, version_updated_at, version_occurred_at, \
         version_event_id) VALUES ('sess_extra', 'user_4', 'active', 1, 1, 'msg_extra')",
        "INSERT INTO users (clerk_id, email, version_updated_at, version_event_id) \
         VALUES ('user_extra', 'eve@example.com', 1, 'msg_extra')",
        "INSERT INTO users (clerk_id) VALUES ('user_stub')",
        "UPDATE users SET deleted_at = NULL, first_name = 'Lazarus' WHERE clerk_id = 'user_5'",
    ] {
        tables.run(sql).await;
    }
}

/// Returns the report of `--check` about the rows that `damage` changes.
fn expected_rows() -> Vec<Value> {
    let row = |table, object: &str, id: &str, differs, columns: &[&str]| {
        json!({
            "table": table, "object_id": object, "id": id, "differs": differs, "columns": columns,
        })
    };
    let missing = |table, object, id| row(table, object, id, "missing", &[]);
    let extra = |table, object, id| row(table, object, id, "extra", &[]);
    vec![
        missing("accounts", "user_2", "eac_user_2"),
        row("accounts", "user_3", "eac_user_3", "different", &["username"]),
        missing("sessions", "sess_2", "sess_2"),
        missing("sessions", "sess_3", "sess_3"),
        extra("sessions", "sess_extra", "sess_extra"),
        row("users", "user_1", "user_1", "different", &["first_name", "banned"]),
        missing("users", "user_2", "user_2"),
        row("users", "user_5", "user_5", "different", &["first_name", "deleted_at"]),
        extra("users", "user_extra", "user_extra"),
        extra("users", "user_stub", "user_stub"),
        missing("verifications", "user_2", "eac_user_2"),
        missing("verifications", "user_2", "idn_user_2"),
        missing("verifications", "user_4", "idn_user_4"),
    ]
}

#[apply(both_engines)]
async fn check_reports_and_rebuild_repairs_damage(engine: Engine) {
    let service = five_users(engine).await;
    let database = &*service.database;
    assert_same(database);
    let mut tables = service.tables().await;
    let before = all_rows(&mut tables).await;
    let events = tables.rows("webhook_events").await;
    damage(&mut tables).await;
    let damaged = all_rows(&mut tables).await;
    let (code, checked) = report(database, &["--check"]);
    assert_eq!((code, &checked["rows"]), (DIFFERS, &expected_rows().into()), "{checked}");
    assert_eq!(checked["tables"]["users"], json!({ "missing": 1, "extra": 2, "different": 2 }));
    assert_eq!(checked["repaired"], false);
    assert_eq!(all_rows(&mut tables).await, damaged, "a check changes nothing");
    assert_eq!(tables.rows("webhook_events").await, events);
    let (code, repaired) = report(database, &[]);
    let expected = (0, &expected_rows().into(), &true.into());
    assert_eq!((code, &repaired["rows"], &repaired["repaired"]), expected);
    assert_eq!(all_rows(&mut tables).await, before);
    assert_same(database);
    let after = tables.rows("webhook_events").await;
    assert_eq!(after[..events.len()], events, "stored events stay unchanged");
    let (_, again) = report(database, &[]);
    assert_eq!((&again["rows"], &again["repaired"]), (&json!([]), &false.into()));
    let unchanged = "no event is appended if nothing changed";
    assert_eq!(tables.rows("webhook_events").await, after, "{unchanged}");
}

#[apply(both_engines)]
async fn text_output_lists_differences(engine: Engine) {
    let service = five_users(engine).await;
    let database = &*service.database;
    let text = |arguments: &[&str]| {
        let output = rebuild(database, arguments);
        let lines = String::from_utf8(output.stdout).unwrap();
        (output.status.code(), lines, String::from_utf8(output.stderr).unwrap())
    };
    let no_difference = "12 events read, 0 rows differ\n".to_owned();
    assert_eq!(text(&["--check"]), (Some(0), no_difference, String::new()));
    let mut tables = service.tables().await;
    tables.run("UPDATE users SET first_name = 'Eve' WHERE clerk_id = 'user_1'").await;
    tables.run("DELETE FROM sessions WHERE id = 'sess_3'").await;
    let (code, lines, stderr) = text(&["--check"]);
    assert_eq!(code, Some(DIFFERS));
    let expected = "\
missing    sessions sess_3
different  users user_1: first_name

table                        missing     extra   different
sessions                           1         0           0
users                              0         0           1

12 events read, 2 rows differ
";
    assert_eq!(lines, expected);
    assert!(stderr.contains("`meetvo rebuild` corrects them"), "{stderr}");
    let (code, lines, stderr) = text(&[]);
    assert_eq!((code, &*stderr), (Some(0), ""));
    let rest = lines.strip_prefix(expected).unwrap();
    assert!(rest.starts_with("all rows corrected in one transaction; commits waited "), "{rest}");
    assert_eq!(text(&[]).1, "14 events read, 0 rows differ\n");
}

/// A rebuild renames nothing, so that migrations can be reverted and run afterwards.
#[apply(both_engines)]
async fn rebuild_leaves_schema_unchanged(engine: Engine) {
    let service = five_users(engine).await;
    let mut tables = service.tables().await;
    let sql = match engine {
        Engine::Sqlite => "SELECT COALESCE(sql, name) FROM sqlite_schema ORDER BY name",
        Engine::Postgres => {
            // The server drops temporary tables a little later than the client disconnects.
            "SELECT relnamespace::regnamespace || ' ' || relname FROM pg_class \
             WHERE relpersistence <> 't' ORDER BY oid"
        }
    };
    let schema = tables.column(sql).await;
    damage(&mut tables).await;
    report(&service.database, &[]);
    assert_eq!(tables.column(sql).await, schema);
    let database = service.stop().await;
    let revert = &["migrate", "revert", "--yes", "--delete-data"][..];
    for words in [revert, revert, &["migrate", "run"]] {
        let output = Process::run(&*database, [], words);
        assert!(output.status.success(), "{output:?}");
    }
    assert_eq!(tables.column(sql).await.len(), schema.len());
}
