//! `meetvo backfill`.

use std::process::{Child, Stdio};

use serde_json::{Value, json};
use tokio::{
    task::block_in_place,
    time::{Duration, sleep, timeout},
};

use super::{printed, stderr};
use crate::harness::{
    ApiResponse, Database, Delivery, Engine, NOW, Process, Rng, SECRET, apply, both_engines,
    client, env_number,
    fake_clerk::{self, FakeClerk, SECRET_KEY},
    fixtures, report_work,
};

/// Timeout that ends a test that hangs.
const TEST_TIMEOUT: Duration = Duration::from_mins(10);

/// Returns a user of Clerk. The order of creation is that of the numbers.
fn user(number: i64, offset: i64) -> Value {
    let mut user = fixtures::user(&format!("user_{number:06}"), offset);
    user["created_at"] = (NOW + number).into();
    user
}

fn clerk_with_users(users: i64) -> FakeClerk {
    let clerk = FakeClerk::start();
    (0..users).for_each(|number| clerk.put_user(&user(number, 0)));
    clerk
}

async fn migrated(engine: Engine) -> Database {
    let database = Database::new(engine).await;
    printed(&run(&database, None, &["migrate", "run"]));
    database
}

fn run(database: &Database, clerk: Option<&FakeClerk>, words: &[&str]) -> std::process::Output {
    block_in_place(|| match clerk {
        Some(clerk) => Process::run(database, clerk_settings(clerk), words),
        None => Process::run(database, [], words),
    })
}

fn clerk_settings(clerk: &FakeClerk) -> [(&'static str, &str); 2] {
    [("CLERK_SECRET_KEY", SECRET_KEY), ("MEETVO__CLERK__API_URL", &clerk.url)]
}

fn backfilled(database: &Database, clerk: &FakeClerk, words: &[&str]) -> Value {
    let words = [&["backfill", "--json"], words].concat();
    serde_json::from_str(&printed(&run(database, Some(clerk), &words))).unwrap()
}

/// Returns what the command prints about a type.
fn counts(applied: u64, unchanged: u64) -> Value {
    let reached = applied + unchanged;
    json!({
        "enabled": true, "reached": reached, "applied": applied, "unchanged": unchanged,
        "tombstoned": 0, "failed": 0,
    })
}

async fn events(database: &Database) -> usize {
    database.tables().await.rows("webhook_events").await.len()
}

#[apply(both_engines)]
async fn each_user_is_imported_once(engine: Engine) {
    let (database, clerk) = (migrated(engine).await, clerk_with_users(1_003));
    let first = backfilled(&database, &clerk, &[]);
    assert_eq!(first["user"], counts(1_003, 0));
    let users = database.tables().await.rows("users").await;
    assert_eq!((users.len(), events(&database).await), (1_003, 1_003));
    assert_eq!(users[7]["email"], "user_000007@example.com");
    assert_eq!(users[7]["version_event_id"], "");
    let sources = "SELECT DISTINCT source || ' ' || operation FROM webhook_events";
    let sources = database.tables().await.column(sources).await;
    assert_eq!(sources, ["backfill created"]);
    let second = backfilled(&database, &clerk, &[]);
    assert_eq!(second["user"], counts(0, 1_003));
    assert_eq!(events(&database).await, 1_003, "unchanged users add no events");
    clerk.put_user(&user(7, 1));
    assert_eq!(backfilled(&database, &clerk, &[])["user"], counts(1, 1_002));
    let text = printed(&run(&database, Some(&clerk), &["backfill"]));
    let user = "user            1003\n      1003  unchanged\norganization       0\n";
    assert!(text.starts_with(user), "{text}");
}

/// The newer state wins from both sources, and a deletion is permanent.
#[apply(both_engines)]
async fn webhooks_and_backfill_merge(engine: Engine) {
    let (database, clerk) = (Database::new(engine).await, clerk_with_users(4));
    let service = Process::serve(&database, []);
    let client = client();
    let send = async |id: &str, event: &Value| {
        let now = meetvo::clock::Clock::system().now();
        let delivery = Delivery::signed(SECRET, id, now, event.to_string());
        ApiResponse::fetch(delivery.request(&client, &service.url)).await.body["decision"].clone()
    };
    send("msg_newer", &fixtures::user_event("user.updated", "user_000001", 5)).await;
    send("msg_gone", &fixtures::user_deleted("user_000002", 5)).await;
    send("msg_older", &fixtures::user_event("user.created", "user_000003", -5)).await;
    let report = backfilled(&database, &clerk, &[]);
    let outcomes = ["applied", "unchanged", "tombstoned", "failed"];
    assert_eq!(outcomes.map(|it| report["user"][it].as_u64().unwrap()), [2, 1, 1, 0]);
    let rows = database.tables().await.rows("users").await;
    let names: Vec<_> = rows.iter().map(|row| row["first_name"].clone()).collect();
    assert_eq!(names, [json!("Ada 0"), json!("Ada 5"), Value::Null, json!("Ada 0")]);
    // The webhook of an imported state arrives late.
    let late = send("msg_late", &fixtures::user_event("user.created", "user_000000", 0)).await;
    assert_eq!(late, "applied", "its event ID makes the version greater");
    assert_eq!(backfilled(&database, &clerk, &[])["user"]["applied"], 0);
}

#[apply(both_engines)]
async fn sessions_are_imported_on_request(engine: Engine) {
    let (database, clerk) = (migrated(engine).await, clerk_with_users(3));
    for (id, owner) in
        [("sess_a", "user_000000"), ("sess_b", "user_000002"), ("sess_c", "user_000002")]
    {
        let event = fixtures::session_event("session.created", id, owner, 0);
        clerk.put_session(&event["data"]);
    }
    assert_eq!(backfilled(&database, &clerk, &[])["session"], Value::Null);
    let report = backfilled(&database, &clerk, &["--sessions"]);
    assert_eq!((&report["user"], &report["session"]), (&counts(0, 3), &counts(3, 0)));
    let rows = database.tables().await.rows("sessions").await;
    let owners: Vec<_> = rows.iter().map(|row| row["user_id"].as_str().unwrap()).collect();
    assert_eq!(owners, ["user_000000", "user_000002", "user_000002"]);
    assert!(rows.iter().all(|row| row["ip_address"].is_null() && row["status"] == "active"));
}

/// Clerk states the end of a session by its status only.
#[apply(both_engines)]
async fn session_without_status_is_not_ended(engine: Engine) {
    let (database, clerk) = (migrated(engine).await, clerk_with_users(1));
    for (id, status) in
        [("sess_a", None), ("sess_b", Some(json!(null))), ("sess_c", Some(json!(7)))]
    {
        let mut data =
            fixtures::session_event("session.created", id, "user_000000", 0)["data"].clone();
        data.as_object_mut().unwrap().remove("status");
        if let Some(status) = status {
            data["status"] = status;
        }
        clerk.put_session(&data);
    }
    backfilled(&database, &clerk, &["--sessions"]);
    let statuses = database.tables().await.column("SELECT status FROM sessions ORDER BY id").await;
    assert_eq!(statuses, ["active", "active", "active"]);
}

#[apply(both_engines)]
async fn undecodable_user_does_not_stop_import(engine: Engine) {
    let (database, clerk) = (migrated(engine).await, clerk_with_users(3));
    let mut odd = user(1, 0);
    odd["updated_at"] = json!("soon");
    clerk.put_user(&odd);
    let output = run(&database, Some(&clerk), &["backfill"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("1 of Clerk's objects could not be decoded"));
    let rows = database.tables().await.rows("webhook_events").await;
    let failed: Vec<_> = rows.iter().filter(|row| row["decision"] == "failed").collect();
    assert_eq!((rows.len(), failed.len()), (3, 1));
    assert_eq!(failed[0]["id"], "meetvo.user.fetched:user_000001");
    assert!(failed[0]["reason"].as_str().unwrap().contains("updated_at"));
    clerk.put_user(&user(1, 0));
    assert_eq!(backfilled(&database, &clerk, &[])["user"], counts(1, 2));
}

#[apply(both_engines)]
async fn missing_or_rejected_key_fails(engine: Engine) {
    let (database, clerk) = (migrated(engine).await, clerk_with_users(1));
    let output = run(&database, None, &["backfill"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("CLERK_SECRET_KEY"), "{}", stderr(&output));
    let rejection = fake_clerk::ScriptedResponse::Status(
        401,
        fake_clerk::error("clerk_key_invalid").to_string(),
        None,
    );
    clerk.script_responses([rejection]);
    let output = run(&database, Some(&clerk), &["backfill"]);
    let stderr = stderr(&output);
    assert!(stderr.contains("Clerk rejected the request: 401 clerk_key_invalid"), "{stderr}");
    assert!(!stderr.contains(SECRET_KEY));
}

#[apply(both_engines)]
async fn retries_are_shown_on_standard_error(engine: Engine) {
    let (database, clerk) = (migrated(engine).await, clerk_with_users(3));
    let rate_limit = fake_clerk::error("too_many_requests").to_string();
    clerk.script_responses([
        fake_clerk::ScriptedResponse::Status(503, String::new(), None),
        fake_clerk::ScriptedResponse::Status(429, rate_limit, Some(1)),
    ]);
    let output = run(&database, Some(&clerk), &["backfill", "--json"]);
    let report: Value = serde_json::from_str(&printed(&output)).unwrap();
    assert_eq!(report["user"], counts(3, 0));
    let text = stderr(&output);
    let lines: Vec<_> = text.lines().collect();
    let request = |attempt: u8, reason: &str| {
        format!("attempt {attempt} of 12 of a request to Clerk failed ({reason}); the next one")
    };
    assert!(lines[0].starts_with(&request(1, "status 503")), "{text}");
    assert!(lines[1].starts_with(&request(2, "rate limit exceeded")), "{text}");
    assert_eq!(lines.len(), 2, "{text}");
}

#[apply(both_engines)]
async fn users_of_other_instance_are_rejected(engine: Engine) {
    let (database, clerk) = (migrated(engine).await, clerk_with_users(2));
    let with = |pinned: &'static str| {
        let [key, url] = clerk_settings(&clerk);
        let differ = [key, url, ("MEETVO__CLERK__INSTANCE_ID", pinned)];
        block_in_place(|| Process::run(&database, differ, &["backfill"]))
    };
    let output = with("ins_other");
    assert_eq!(output.status.code(), Some(1));
    let expected = "the secret key belongs to instance ins_";
    assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    assert_eq!(events(&database).await, 0);
    printed(&with(fake_clerk::INSTANCE));
    assert_eq!(events(&database).await, 2);
}

/// The user of the stored cursor was deleted at Clerk, and so were some users before it.
#[apply(both_engines)]
async fn resume_survives_deletion_of_cursor_user(engine: Engine) {
    let (database, clerk) = (migrated(engine).await, clerk_with_users(1_200));
    let mut child = start(&database, &clerk);
    clerk.script_responses([]);
    wait_for(&clerk, 3).await;
    child.kill().unwrap();
    child.wait().unwrap();
    for number in [499, 498, 497, 999, 998] {
        clerk.remove_user(&format!("user_{number:06}"));
    }
    let report = backfilled(&database, &clerk, &[]);
    let users = database.tables().await.rows("users").await;
    let there: Vec<_> = users.iter().map(|row| row["clerk_id"].clone()).collect();
    for user in clerk.users() {
        assert!(there.contains(&user["id"]), "{} {report}", user["id"]);
    }
}

fn start(database: &Database, clerk: &FakeClerk) -> Child {
    let mut command = Process::command(database, clerk_settings(clerk));
    command.args(["backfill"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

async fn wait_for(clerk: &FakeClerk, requests: usize) {
    let many = async {
        while clerk.requests().len() < requests {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(TEST_TIMEOUT, many).await.expect("the requests arrive");
}

/// The long form (`TORTURE_USERS=100000`) kills the backfill twenty times.
#[apply(both_engines)]
async fn killed_backfill_completes_within_rate_limit(engine: Engine) {
    let count = env_number("TORTURE_USERS").unwrap_or(4_000);
    let kills = if count > 50_000 { 20 } else { 4 };
    let seed = env_number("TORTURE_SEED").unwrap_or(1);
    let mut rng = Rng(seed);
    let (database, clerk) = (migrated(engine).await, clerk_with_users(count.cast_signed()));
    clerk.inject_failures(seed, 10);
    let pages = usize::try_from(count / 500).unwrap();
    let mut memory = 0;
    for _ in 0..kills {
        let so_far = clerk.requests().len();
        let mut child = start(&database, &clerk);
        // Early enough that the backfill cannot complete.
        wait_for(&clerk, so_far + 2 + rng.below(pages / (kills + 1))).await;
        memory = memory.max(crate::harness::peak_memory(child.id()));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let mut child = start(&database, &clerk);
    let end = async {
        loop {
            match child.try_wait().unwrap() {
                Some(status) => break status,
                None => memory = memory.max(crate::harness::peak_memory(child.id())),
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    let status = timeout(TEST_TIMEOUT, end).await.expect("the backfill completes");
    assert!(status.success(), "seed {seed}");
    let mut tables = database.tables().await;
    let there = tables.column("SELECT clerk_id FROM users ORDER BY clerk_id").await;
    let clerks: Vec<_> =
        clerk.users().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect();
    assert!(there == clerks, "seed {seed}: {} of {}", there.len(), clerks.len());
    assert_eq!(clerk.rejected_by_rate_limit(), 0, "seed {seed}");
    // Each run fetches the count, and repeats the page during which the previous run was killed. The
    // six other types have no objects.
    let requests = clerk.requests().len();
    let most = (pages + 1 + 3 * (kills + 1) + 12) * 3 / 2;
    assert!(
        requests < most,
        "seed {seed}: {requests} requests for {pages} pages and {kills} kills"
    );
    let work =
        format!("{count} users, {kills} kills, {requests} requests, {} MB at most", memory >> 20);
    report_work(engine, Some(seed), &work);
}
