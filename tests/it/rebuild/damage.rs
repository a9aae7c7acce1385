//! What somebody has changed by hand is named, and mended.

use serde_json::{Value, json};

use super::{DIFFERS, assert_same, everything, rebuild, report};
use crate::harness::{Engine, Process, Service, Tables, apply, both_engines, fixtures};

/// Five users with a session each, of whom the last is deleted.
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

/// What `damage` does, as `--check` tells it.
fn told() -> Vec<Value> {
    let row = |table, user: &str, id: &str, differs, columns: &[&str]| {
        json!({
            "table": table, "user_id": user, "id": id, "differs": differs, "columns": columns,
        })
    };
    let missing = |table, user, id| row(table, user, id, "missing", &[]);
    let extra = |table, user, id| row(table, user, id, "extra", &[]);
    vec![
        missing("accounts", "user_2", "eac_user_2"),
        row("accounts", "user_3", "eac_user_3", "different", &["username"]),
        missing("sessions", "user_2", "sess_2"),
        missing("sessions", "user_3", "sess_3"),
        extra("sessions", "user_4", "sess_extra"),
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
async fn a_check_names_what_differs_and_a_rebuild_mends_it(engine: Engine) {
    let service = five_users(engine).await;
    let database = &*service.database;
    assert_same(database);
    let mut tables = service.tables().await;
    let before = everything(&mut tables).await;
    let events = tables.rows("webhook_events").await;
    damage(&mut tables).await;
    let damaged = everything(&mut tables).await;
    let (code, checked) = report(database, &["--check"]);
    assert_eq!((code, &checked["rows"]), (DIFFERS, &told().into()), "{checked}");
    assert_eq!(checked["tables"]["users"], json!({ "missing": 1, "extra": 2, "different": 2 }));
    assert_eq!(checked["repaired"], false);
    assert_eq!(everything(&mut tables).await, damaged, "it only looks");
    assert_eq!(tables.rows("webhook_events").await, events);
    let (code, mended) = report(database, &[]);
    assert_eq!((code, &mended["rows"], &mended["repaired"]), (0, &told().into(), &true.into()));
    assert_eq!(everything(&mut tables).await, before);
    assert_same(database);
    let after = tables.rows("webhook_events").await;
    assert_eq!(after[..events.len()], events, "what is kept of the events is left alone");
    let (_, again) = report(database, &[]);
    assert_eq!((&again["rows"], &again["repaired"]), (&json!([]), &false.into()));
    assert_eq!(tables.rows("webhook_events").await, after, "nothing changed, and nothing is told");
}

#[apply(both_engines)]
async fn it_says_so_in_words_too(engine: Engine) {
    let service = five_users(engine).await;
    let database = &*service.database;
    let text = |words: &[&str]| {
        let output = rebuild(database, words);
        let lines = String::from_utf8(output.stdout).unwrap();
        (output.status.code(), lines, String::from_utf8(output.stderr).unwrap())
    };
    let nothing = "12 events read, 0 rows differ\n".to_owned();
    assert_eq!(text(&["--check"]), (Some(0), nothing.clone(), String::new()));
    let mut tables = service.tables().await;
    tables.run("UPDATE users SET first_name = 'Eve' WHERE clerk_id = 'user_1'").await;
    tables.run("DELETE FROM sessions WHERE id = 'sess_3'").await;
    let (code, lines, complaint) = text(&["--check"]);
    assert_eq!(code, Some(DIFFERS));
    let expected = "\
missing    sessions user_3 sess_3
different  users user_1: first_name

table            missing     extra   different
sessions               1         0           0
users                  0         0           1

12 events read, 2 rows differ
";
    assert_eq!(lines, expected);
    assert!(complaint.contains("`meetvo rebuild` corrects them"), "{complaint}");
    let (code, lines, complaint) = text(&[]);
    assert_eq!((code, &*complaint), (Some(0), ""));
    let rest = lines.strip_prefix(expected).unwrap();
    assert!(rest.starts_with("all rows corrected in one transaction; commits waited "), "{rest}");
    assert_eq!(text(&[]).1, "14 events read, 0 rows differ\n");
}

/// Nothing is renamed: migrations go down and up again as ever.
#[apply(both_engines)]
async fn the_schema_is_what_it_was(engine: Engine) {
    let service = five_users(engine).await;
    let mut tables = service.tables().await;
    let sql = match engine {
        Engine::Sqlite => "SELECT COALESCE(sql, name) FROM sqlite_schema ORDER BY name",
        Engine::Postgres => {
            // What a connection had for itself goes with it, and a little later than its client.
            "SELECT relnamespace::regnamespace || ' ' || relname FROM pg_class \
             WHERE relpersistence <> 't' ORDER BY oid"
        }
    };
    let schema = tables.column(sql).await;
    damage(&mut tables).await;
    report(&service.database, &[]);
    assert_eq!(tables.column(sql).await, schema);
    let database = service.stop().await;
    for words in [["migrate", "revert"], ["migrate", "revert"], ["migrate", "run"]] {
        let output = Process::run(&*database, [], &words);
        assert!(output.status.success(), "{output:?}");
    }
    assert_eq!(tables.column(sql).await.len(), schema.len());
}
