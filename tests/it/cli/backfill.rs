//! `meetvo backfill`

use std::process::{Child, Stdio};

use serde_json::{Value, json};
use tokio::{
    task::block_in_place,
    time::{Duration, sleep, timeout},
};

use super::{complaint, printed};
use crate::harness::{
    Answer, Database, Delivery, Dice, Engine, NOW, Process, SECRET, apply, asked,
    backend::{self, Backend, SECRET_KEY},
    both_engines, client, fixtures, tell,
};

/// Ends a test that would hang.
const PATIENCE: Duration = Duration::from_mins(10);

/// A user of whom Clerk tells, created in the order of the numbers.
fn user(number: i64, later: i64) -> Value {
    let mut user = fixtures::user(&format!("user_{number:06}"), later);
    user["created_at"] = (NOW + number).into();
    user
}

fn clerk(users: i64) -> Backend {
    let clerk = Backend::start();
    (0..users).for_each(|number| clerk.put_user(&user(number, 0)));
    clerk
}

async fn migrated(engine: Engine) -> Database {
    let database = Database::new(engine).await;
    printed(&run(&database, None, &["migrate", "run"]));
    database
}

fn run(database: &Database, clerk: Option<&Backend>, words: &[&str]) -> std::process::Output {
    block_in_place(|| match clerk {
        Some(clerk) => Process::run(database, reaching(clerk), words),
        None => Process::run(database, [], words),
    })
}

fn reaching(clerk: &Backend) -> [(&'static str, &str); 2] {
    [("CLERK_SECRET_KEY", SECRET_KEY), ("MEETVO__CLERK__API_URL", &clerk.url)]
}

fn backfilled(database: &Database, clerk: &Backend, words: &[&str]) -> Value {
    let words = [&["backfill", "--json"], words].concat();
    serde_json::from_str(&printed(&run(database, Some(clerk), &words))).unwrap()
}

fn tally(applied: u64, unchanged: u64) -> Value {
    json!({ "applied": applied, "unchanged": unchanged, "tombstoned": 0, "failed": 0 })
}

async fn events(database: &Database) -> usize {
    database.tables().await.rows("webhook_events").await.len()
}

#[apply(both_engines)]
async fn everybody_comes_once(engine: Engine) {
    let (database, clerk) = (migrated(engine).await, clerk(1_003));
    let first = backfilled(&database, &clerk, &[]);
    assert_eq!((&first["reached"], &first["users"]), (&json!(1_003), &tally(1_003, 0)));
    let users = database.tables().await.rows("users").await;
    assert_eq!((users.len(), events(&database).await), (1_003, 1_003));
    assert_eq!(users[7]["email"], "user_000007@example.com");
    assert_eq!(users[7]["version_event_id"], "");
    let again = backfilled(&database, &clerk, &[]);
    assert_eq!(again["users"], tally(0, 1_003));
    assert_eq!(events(&database).await, 1_003, "what brings nothing leaves nothing");
    clerk.put_user(&user(7, 1));
    assert_eq!(backfilled(&database, &clerk, &[])["users"], tally(1, 1_002));
    let text = printed(&run(&database, Some(&clerk), &["backfill"]));
    assert_eq!(text, "users           1003\n      1003  unchanged\n");
}

/// Whichever way it comes, what is newer counts, and who is deleted stays so.
#[apply(both_engines)]
async fn webhooks_and_it_do_not_get_in_each_others_way(engine: Engine) {
    let (database, clerk) = (Database::new(engine).await, clerk(4));
    let service = Process::serve(&database, []);
    let client = client();
    let send = async |id: &str, event: &Value| {
        let now = meetvo::clock::Clock::system().now();
        let delivery = Delivery::signed(SECRET, id, now, event.to_string());
        Answer::of(delivery.request(&client, &service.url)).await.body["decision"].clone()
    };
    send("msg_newer", &fixtures::user_event("user.updated", "user_000001", 5)).await;
    send("msg_gone", &fixtures::user_deleted("user_000002", 5)).await;
    send("msg_older", &fixtures::user_event("user.created", "user_000003", -5)).await;
    let report = backfilled(&database, &clerk, &[]);
    let expected = json!({ "applied": 2, "unchanged": 1, "tombstoned": 1, "failed": 0 });
    assert_eq!(report["users"], expected);
    let rows = database.tables().await.rows("users").await;
    let names: Vec<_> = rows.iter().map(|row| row["first_name"].clone()).collect();
    assert_eq!(names, [json!("Ada 0"), json!("Ada 5"), Value::Null, json!("Ada 0")]);
    // The webhook of the same state comes late: it is the same state.
    let late = send("msg_late", &fixtures::user_event("user.created", "user_000000", 0)).await;
    assert_eq!(late, "applied", "by its id it is the greater version");
    assert_eq!(backfilled(&database, &clerk, &[])["users"]["applied"], 0);
}

#[apply(both_engines)]
async fn sessions_come_where_they_are_asked_for(engine: Engine) {
    let (database, clerk) = (migrated(engine).await, clerk(3));
    for (id, owner) in
        [("sess_a", "user_000000"), ("sess_b", "user_000002"), ("sess_c", "user_000002")]
    {
        let event = fixtures::session_event("session.created", id, owner, 0);
        clerk.put_session(&event["data"]);
    }
    assert_eq!(backfilled(&database, &clerk, &[])["sessions"], tally(0, 0));
    let report = backfilled(&database, &clerk, &["--sessions"]);
    assert_eq!((&report["users"], &report["sessions"]), (&tally(0, 3), &tally(3, 0)));
    let rows = database.tables().await.rows("sessions").await;
    let owners: Vec<_> = rows.iter().map(|row| row["user_id"].as_str().unwrap()).collect();
    assert_eq!(owners, ["user_000000", "user_000002", "user_000002"]);
    assert!(rows.iter().all(|row| row["ip_address"].is_null() && row["status"] == "active"));
}

#[apply(both_engines)]
async fn one_that_is_not_understood_keeps_nobody_out(engine: Engine) {
    let (database, clerk) = (migrated(engine).await, clerk(3));
    let mut odd = user(1, 0);
    odd["email_addresses"] = json!("none");
    clerk.put_user(&odd);
    let output = run(&database, Some(&clerk), &["backfill"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("1 answers of Clerk's were not understood"));
    let rows = database.tables().await.rows("webhook_events").await;
    let failed: Vec<_> = rows.iter().filter(|row| row["decision"] == "failed").collect();
    assert_eq!((rows.len(), failed.len()), (3, 1));
    assert_eq!(failed[0]["id"], "meetvo.user.fetched:user_000001");
    assert!(failed[0]["reason"].as_str().unwrap().contains("email_addresses"));
    clerk.put_user(&user(1, 0));
    assert_eq!(backfilled(&database, &clerk, &[])["users"], tally(1, 2));
}

#[apply(both_engines)]
async fn what_cannot_be_done_is_said(engine: Engine) {
    let (database, clerk) = (migrated(engine).await, clerk(1));
    let output = run(&database, None, &["backfill"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("CLERK_SECRET_KEY"), "{}", complaint(&output));
    let refused =
        backend::Answer::Status(401, backend::error("clerk_key_invalid").to_string(), None);
    clerk.answer_next([refused]);
    let output = run(&database, Some(&clerk), &["backfill"]);
    let complaint = complaint(&output);
    assert!(complaint.contains("Clerk rejected the request: 401 clerk_key_invalid"), "{complaint}");
    assert!(!complaint.contains(SECRET_KEY));
}

#[apply(both_engines)]
async fn another_instances_users_are_left_where_they_are(engine: Engine) {
    let (database, clerk) = (migrated(engine).await, clerk(2));
    let with = |pinned: &'static str| {
        let [key, url] = reaching(&clerk);
        let differ = [key, url, ("MEETVO__CLERK__INSTANCE_ID", pinned)];
        block_in_place(|| Process::run(&database, differ, &["backfill"]))
    };
    let output = with("ins_other");
    assert_eq!(output.status.code(), Some(1));
    let expected = "the secret key belongs to instance ins_";
    assert!(complaint(&output).contains(expected), "{}", complaint(&output));
    assert_eq!(events(&database).await, 0);
    printed(&with(backend::INSTANCE));
    assert_eq!(events(&database).await, 2);
}

/// The one behind whom it was to go on is gone, and so are some before.
#[apply(both_engines)]
async fn it_goes_on_behind_somebody_who_is_still_there(engine: Engine) {
    let (database, clerk) = (migrated(engine).await, clerk(1_200));
    let mut child = start(&database, &clerk);
    clerk.answer_next([]);
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

fn start(database: &Database, clerk: &Backend) -> Child {
    let mut command = Process::command(database, reaching(clerk));
    command.args(["backfill"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

async fn wait_for(clerk: &Backend, requests: usize) {
    let many = async {
        while clerk.asked().len() < requests {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(PATIENCE, many).await.expect("Clerk is asked");
}

/// In the long form (`TORTURE_USERS=100000`) it is killed twenty times on the way.
#[apply(both_engines)]
async fn killed_and_troubled_it_comes_to_the_end_and_never_asks_too_much(engine: Engine) {
    let count = asked("TORTURE_USERS").unwrap_or(4_000);
    let kills = if count > 50_000 { 20 } else { 4 };
    let seed = asked("TORTURE_SEED").unwrap_or(1);
    let mut dice = Dice(seed);
    let (database, clerk) = (migrated(engine).await, clerk(count.cast_signed()));
    clerk.make_trouble(seed, 10);
    let pages = usize::try_from(count / 500).unwrap();
    let mut memory = 0;
    for _ in 0..kills {
        let so_far = clerk.asked().len();
        let mut child = start(&database, &clerk);
        // Never so far that it might come to its end.
        wait_for(&clerk, so_far + 2 + dice.below(pages / (kills + 1))).await;
        memory = memory.max(crate::harness::resident(child.id()));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let mut child = start(&database, &clerk);
    let end = async {
        loop {
            match child.try_wait().unwrap() {
                Some(status) => break status,
                None => memory = memory.max(crate::harness::resident(child.id())),
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    let status = timeout(PATIENCE, end).await.expect("it comes to its end");
    assert!(status.success(), "seed {seed}");
    let mut tables = database.tables().await;
    let there = tables.column("SELECT clerk_id FROM users ORDER BY clerk_id").await;
    let clerks: Vec<_> =
        clerk.users().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect();
    assert!(there == clerks, "seed {seed}: {} of {}", there.len(), clerks.len());
    assert_eq!(clerk.beyond_the_limit(), 0, "seed {seed}");
    // Each run asks how many there are, and again for the page in which the last one was killed.
    let asked = clerk.asked().len();
    let most = (pages + 1 + 3 * (kills + 1)) * 3 / 2;
    assert!(asked < most, "seed {seed}: {asked} requests for {pages} pages and {kills} kills");
    let done =
        format!("{count} users, {kills} kills, {asked} requests, {} MB at most", memory >> 20);
    tell(engine, Some(seed), &done);
}
