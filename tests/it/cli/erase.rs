//! `meetvo erase`.

mod invitations;

use std::{
    fs::File,
    io::{Read, Write},
    process::Stdio,
};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::{Value, json};

use super::{printed, stderr};
use crate::harness::{
    ApiResponse, Database, Delivery, Engine, KEY, Process, SECRET, Tables, apply, both_engines,
    client, fixtures,
};

/// Starts a service with two users, their sessions, accounts, verifications and events.
async fn start_with_two_users(database: &Database) -> Process {
    let process = Process::serve(database, []);
    for user in ["user_1", "user_2"] {
        let session = fixtures::session_event("session.created", &format!("sess_{user}"), user, 0);
        let email = json!({ "id": "ema_1", "user_id": user, "to_email_address": "a@example.com" });
        let mut failing = fixtures::user_event("user.updated", user, 1);
        failing["data"]["updated_at"] = "no".into();
        for (kind, body, decision) in [
            ("created", fixtures::user_event("user.created", user, 0), "applied"),
            ("session", session, "applied"),
            ("email", fixtures::event("email.created", email, 0), "ignored"),
            ("failing", failing, "failed"),
        ] {
            let id = format!("msg_{user}_{kind}");
            assert_eq!(send(&process, &id, &body).await, decision, "{body}");
        }
    }
    process
}

async fn send(process: &Process, id: &str, body: &Value) -> String {
    let now = meetvo::clock::Clock::system().now();
    let delivery = Delivery::signed(SECRET, id, now, body.to_string());
    let answer = ApiResponse::fetch(delivery.request(&client(), &process.url)).await;
    answer.body["decision"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned()
}

async fn read(process: &Process, path: &str) -> ApiResponse {
    ApiResponse::fetch(client().get(format!("{}{path}", process.url)).bearer_auth(KEY)).await
}

/// Erases, and returns the report without the tables of which no row was erased.
fn erase(database: &Database, words: &[&str]) -> Value {
    let words = [&["erase", "--yes", "--json"], words].concat();
    let mut report: Value =
        serde_json::from_str(&printed(&Process::run(database, [], &words))).unwrap();
    for part in ["users", "addresses"] {
        for erased in report[part].as_array_mut().unwrap() {
            erased["rows"].as_object_mut().unwrap().retain(|_, rows| *rows != 0);
        }
    }
    report
}

/// Returns the number of a user's events, and of those with a payload.
async fn events_of(tables: &mut Tables, user: &str) -> String {
    let sql = "SELECT COUNT(*) || ' ' || COUNT(payload) FROM webhook_events WHERE subject = ";
    tables.column(&format!("{sql}'{user}'")).await.remove(0)
}

#[apply(both_engines)]
async fn erased_user_becomes_tombstone_in_feed(engine: Engine) {
    let database = Database::new(engine).await;
    let process = start_with_two_users(&database).await;
    let mut tables = database.tables().await;
    let before = tables.synced_tables().await;
    let cursor = read(&process, "/v1/changes?limit=500").await.body["next_cursor"].clone();

    let report = erase(&database, &["user_1"]);

    let rows = json!({ "sessions": 1, "accounts": 1, "verifications": 2 });
    let expected = json!({
        "id": "user_1", "was": "live", "erased": true, "rows": rows, "payloads": 4,
    });
    assert_eq!(report, json!({ "users": [expected], "addresses": [], "vacuum": "done" }));
    let after = tables.synced_tables().await;
    for table in ["sessions", "accounts", "verifications"] {
        let owners = |all: &Value| -> Vec<Value> {
            all[table].as_array().unwrap().iter().map(|row| row["user_id"].clone()).collect()
        };
        assert!(owners(&before).contains(&json!("user_1")), "{table}");
        assert!(owners(&after).iter().all(|owner| owner == "user_2"), "{table}");
        assert!(!owners(&after).is_empty(), "{table}");
    }
    assert_eq!(after["users"][1], before["users"][1]);
    let row = after["users"][0].as_object().unwrap();
    let kept: Vec<_> = row.iter().filter(|(_, value)| !value.is_null()).map(|it| &**it.0).collect();
    let version = ["version_event_id", "version_occurred_at", "version_updated_at"];
    assert_eq!(kept, [&["clerk_id", "deleted_at"], &version[..]].concat());
    assert_eq!(version.map(|name| &row[name]), [&json!(""), &json!(0), &json!(0)]);
    assert_eq!(events_of(&mut tables, "user_1").await, "5 0");
    assert_eq!(events_of(&mut tables, "user_2").await, "4 4");
    let terms = tables.column("SELECT DISTINCT user_id FROM user_terms").await;
    assert_eq!(terms, ["user_2"]);

    let events = read(&process, "/v1/events?subject=user_1&type=meetvo.user.erased").await;
    let event = &events.body["data"][0];
    assert_eq!(event["id"], "meetvo.user.erased:user_1");
    assert_eq!((&event["decision"], &event["secret"]), (&json!("applied"), &Value::Null));
    let cursor = cursor.as_str().unwrap();
    let changes = read(&process, &format!("/v1/changes?after={cursor}")).await.body;
    let entries = changes["data"].as_array().unwrap();
    assert_eq!(entries.len(), 1, "{changes}");
    assert_eq!((&entries[0]["id"], &entries[0]["deleted"]), (&json!("user_1"), &json!(true)));
    assert_eq!(read(&process, "/v1/users/user_1").await.status, 404);
    assert_eq!(read(&process, "/v1/users/user_2").await.status, 200);
}

#[apply(both_engines)]
async fn later_events_lose_their_payload(engine: Engine) {
    let database = Database::new(engine).await;
    let process = start_with_two_users(&database).await;
    erase(&database, &["user_1"]);
    let mut tables = database.tables().await;
    let before = tables.synced_tables().await;
    let far = 1_000_000_000_000;
    let member = json!({
        "id": "orgmem_1",
        "public_user_data": { "user_id": "user_1", "first_name": "Ada" },
    });
    for (id, body, decision) in [
        ("msg_1", fixtures::user_event("user.updated", "user_1", far), "tombstoned"),
        (
            "msg_2",
            fixtures::session_event("session.created", "sess_9", "user_1", far),
            "tombstoned",
        ),
        ("msg_3", fixtures::user_deleted("user_1", far), "stale"),
        ("msg_4", fixtures::event("organizationMembership.created", member, far), "failed"),
        ("msg_user_1_failing", fixtures::user_event("user.updated", "user_1", far), "tombstoned"),
    ] {
        assert_eq!(send(&process, id, &body).await, decision, "{id}");
    }
    assert_eq!(tables.synced_tables().await, before);
    assert_eq!(events_of(&mut tables, "user_1").await, "9 0");
    // Clerk's deletion is earlier than the erasure, so its time wins.
    let deleted = fixtures::user_deleted("user_1", -far);
    assert_eq!(send(&process, "msg_5", &deleted).await, "applied");
    let at = "SELECT deleted_at || '' FROM users WHERE clerk_id = 'user_1'";
    assert_eq!(tables.column(at).await, [deleted["timestamp"].to_string()]);
}

#[apply(both_engines)]
async fn repeated_erasure_purges_only_remaining_payloads(engine: Engine) {
    let database = Database::new(engine).await;
    let process = start_with_two_users(&database).await;
    assert_eq!(send(&process, "msg_1", &fixtures::user_deleted("user_2", 5)).await, "applied");
    erase(&database, &["user_1"]);
    let mut tables = database.tables().await;
    let before = tables.rows("webhook_events").await;
    let users = tables.synced_tables().await;
    let report = erase(&database, &["user_1", "user_1", "user_2"]);
    let was =
        |at: usize| (report["users"][at]["was"].clone(), report["users"][at]["payloads"].clone());
    assert_eq!([was(0), was(1)], [(json!("deleted"), json!(0)), (json!("deleted"), json!(0))]);
    assert_eq!(report["users"].as_array().unwrap().len(), 2);
    let after = tables.rows("webhook_events").await;
    assert_eq!(after[..before.len()], before);
    let new: Vec<_> = after[before.len()..].iter().map(|it| (&it["id"], &it["decision"])).collect();
    assert_eq!(new, [(&json!("meetvo.user.erased:user_2"), &json!("stale"))]);
    assert_eq!(tables.synced_tables().await, users);

    // A payload that another program has written.
    tables.run("UPDATE webhook_events SET payload = '{}' WHERE id = 'msg_user_1_email'").await;
    assert_eq!(erase(&database, &["user_1"])["users"][0]["payloads"], 1);
    assert_eq!(events_of(&mut tables, "user_1").await, "5 0");
}

#[apply(both_engines)]
async fn unknown_user_gets_tombstone_on_request(engine: Engine) {
    let database = Database::new(engine).await;
    let process = start_with_two_users(&database).await;
    let mut tables = database.tables().await;
    let before = (tables.synced_tables().await, tables.rows("webhook_events").await);
    let output = Process::run(&database, [], &["erase", "--yes", "user_1", "user_3"]);
    assert_eq!(output.status.code(), Some(1));
    let cause = "no data and no event of the user user_3, so no user was erased";
    assert!(stderr(&output).contains(cause), "{}", stderr(&output));
    let after = (tables.synced_tables().await, tables.rows("webhook_events").await);
    assert_eq!(after, before);

    let report = erase(&database, &["--unknown", "--no-vacuum", "user_3"]);
    assert_eq!(report["users"][0]["was"], "unknown");
    assert_eq!(report["vacuum"], "skipped");
    let created = fixtures::user_event("user.created", "user_3", 0);
    assert_eq!(send(&process, "msg_1", &created).await, "tombstoned");
    assert_eq!(events_of(&mut tables, "user_3").await, "2 0");
}

#[apply(both_engines)]
async fn invalid_arguments_are_rejected(engine: Engine) {
    let database = Database::new(engine).await;
    let assert_fails = |words: &[&str], code: i32, why: &str| {
        let output = Process::run(&database, [], words);
        assert_eq!(output.status.code(), Some(code), "{words:?}");
        assert!(stderr(&output).contains(why), "{words:?}: {}", stderr(&output));
    };
    assert_fails(&["erase", "--yes", "user_1"], 1, "`meetvo migrate run`");
    drop(start_with_two_users(&database).await);
    assert_fails(
        &["erase", "user_1"],
        1,
        "no user was erased, because the erasure was not confirmed",
    );
    assert_fails(&["erase", "--yes"], 2, "USER");
    for id in ["ada@example.com", "sess_1", "user_", "1", "user_1,user_2"] {
        assert_fails(&["erase", "--yes", id], 2, "expected the ID of a user");
    }
    assert_eq!(events_of(&mut database.tables().await, "user_1").await, "4 4");
}

#[apply(both_engines)]
async fn terminal_asks_for_confirmation(engine: Engine) {
    let database = Database::new(engine).await;
    drop(start_with_two_users(&database).await);
    for (answer, erased) in [("y\n", false), ("\n", false), ("yes\n", true)] {
        let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&controller).unwrap();
        unlockpt(&controller).unwrap();
        let name = ptsname(&controller, Vec::new()).unwrap().into_string().unwrap();
        let terminal = File::options().read(true).write(true).open(name).unwrap();
        let mut command = Process::command(&database, []);
        command.args(["erase", "user_1", "user_2"]).stdout(Stdio::piped());
        command.stdin(terminal.try_clone().unwrap()).stderr(terminal);
        let child = command.spawn().unwrap();
        // Only the program keeps the terminal open, so the read ends when the program does.
        drop(command);
        let mut controller = File::from(controller);
        controller.write_all(answer.as_bytes()).unwrap();
        let mut screen = Vec::new();
        drop(controller.read_to_end(&mut screen));
        let output = child.wait_with_output().unwrap();
        let screen = String::from_utf8_lossy(&screen);
        assert!(screen.contains("Erase user_1, user_2 from "), "{screen}");
        assert!(screen.contains("This cannot be undone."), "{screen}");
        assert_eq!(output.status.success(), erased, "{screen}");
        assert_eq!(screen.contains("The database files were vacuumed."), erased, "{screen}");
        assert_eq!(screen.contains("no user was erased"), !erased, "{screen}");
    }
    assert_eq!(events_of(&mut database.tables().await, "user_2").await, "5 0");
}
