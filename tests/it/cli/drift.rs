//! `meetvo drift`.

mod deletions;
mod timer;

use std::{collections::BTreeMap, process::Output};

use serde_json::{Value, json};
use tokio::{task::block_in_place, time::Duration};

use super::{printed, stderr};
use crate::harness::{
    Database, Engine, NOW, Process, Rng, Tables, apply, both_engines, env_number,
    fake_clerk::{FakeClerk, INSTANCE, SECRET_KEY},
    fixtures, report_work,
};

/// Timeout that ends a test that hangs.
const TEST_TIMEOUT: Duration = Duration::from_mins(10);

/// Returns a user of Clerk. The order of creation is that of the numbers.
fn user(number: i64, offset: i64) -> Value {
    let mut user = fixtures::user(&id(number), offset);
    user["created_at"] = (NOW + number).into();
    user
}

fn id(number: i64) -> String {
    format!("user_{number:06}")
}

/// Returns a database and a fake Clerk with the same users.
async fn in_sync(engine: Engine, users: i64) -> (Database, FakeClerk) {
    let (database, clerk) = (Database::new(engine).await, FakeClerk::start());
    (0..users).for_each(|number| clerk.put_user(&user(number, 0)));
    printed(&run(&database, &clerk, "", &["migrate", "run"]));
    printed(&run(&database, &clerk, "", &["backfill"]));
    (database, clerk)
}

pub(super) fn run(database: &Database, clerk: &FakeClerk, pinned: &str, words: &[&str]) -> Output {
    let mut command = Process::command(database, clerk_settings(clerk, pinned));
    command.args(words);
    block_in_place(|| Process::output_within(&mut command, TEST_TIMEOUT))
}

fn clerk_settings<'a>(clerk: &'a FakeClerk, pinned: &'a str) -> [(&'static str, &'a str); 3] {
    [
        ("CLERK_SECRET_KEY", SECRET_KEY),
        ("MEETVO__CLERK__API_URL", &clerk.url),
        ("MEETVO__CLERK__INSTANCE_ID", pinned),
    ]
}

/// Runs a drift check, and returns the printed object and the exit code.
pub(super) fn drift(database: &Database, clerk: &FakeClerk, words: &[&str]) -> (Value, i32) {
    drift_of(database, clerk, INSTANCE, words)
}

fn drift_of(database: &Database, clerk: &FakeClerk, pinned: &str, words: &[&str]) -> (Value, i32) {
    let output = run(database, clerk, pinned, &[&["drift", "--json"], words].concat());
    let printed = String::from_utf8(output.stdout.clone()).unwrap();
    let printed = serde_json::from_str(&printed).unwrap_or_else(|error| {
        panic!("{error}: {printed} {}", stderr(&output));
    });
    (printed, output.status.code().unwrap())
}

/// Returns the kind and the fields of each difference, by user.
pub(super) fn rows(printed: &Value) -> BTreeMap<String, String> {
    let rows = printed["rows"].as_array().unwrap().iter().map(|row| {
        let fields = row["fields"].as_array().unwrap().iter();
        let words = [&row["differs"]].into_iter().chain(fields).map(|it| it.as_str().unwrap());
        let words = words.collect::<Vec<_>>().join(" ");
        (row["id"].as_str().unwrap().to_owned(), words)
    });
    let rows: Vec<_> = rows.collect();
    let count = rows.len();
    let rows: BTreeMap<_, _> = rows.into_iter().collect();
    assert_eq!(rows.len(), count, "each object is listed once");
    rows
}

fn no_differences() -> Value {
    json!({ "missing": 0, "extra": 0, "different": 0, "deleted": 0 })
}

/// Returns all rows that a check without repair must not change.
async fn all_rows(tables: &mut Tables) -> Vec<Value> {
    let mut rows = vec![tables.synced_tables().await];
    for table in ["webhook_events", "crawls", "checks"] {
        rows.extend(tables.rows(table).await);
    }
    rows
}

async fn deleted_ids(database: &Database) -> Vec<String> {
    let sql = "SELECT clerk_id FROM users WHERE deleted_at IS NOT NULL ORDER BY clerk_id";
    database.tables().await.column(sql).await
}

#[apply(both_engines)]
async fn synced_users_have_no_differences(engine: Engine) {
    let (database, clerk) = in_sync(engine, 1_003).await;
    let mut tables = database.tables().await;
    let before = all_rows(&mut tables).await;
    let (printed, code) = drift(&database, &clerk, &[]);
    assert_eq!((&printed["rows"], code), (&json!([]), 0), "{printed}");
    assert_eq!(printed["report"]["types"]["user"]["objects"], 1_003);
    let text = super::printed(&run(&database, &clerk, INSTANCE, &["drift"]));
    let users = "user            1003 compared\norganization       0 compared\n";
    assert!(text.starts_with(users), "{text}");
    assert!(all_rows(&mut tables).await == before, "the check changes nothing");
    let (printed, code) = drift(&database, &clerk, &["--repair"]);
    assert_eq!((&printed["report"]["types"]["user"]["applied"], code), (&json!(0), 0));
    assert_eq!(tables.rows("webhook_events").await.len(), 1_003);
}

/// Changes users at Clerk without webhooks, and returns the expected differences.
fn withhold_events(clerk: &FakeClerk, users: i64, rng: &mut Rng) -> BTreeMap<String, String> {
    let mut expected = BTreeMap::new();
    for number in 0..users {
        let words = match rng.below(150) {
            0 => {
                clerk.remove_user(&id(number));
                "extra"
            }
            1..=4 => {
                clerk.put_user(&user(number, 1_000));
                "different first_name"
            }
            5..=8 => {
                let mut changed = user(number, 1_000);
                changed["first_name"] = "Ada 0".into();
                changed["external_accounts"] = json!([]);
                changed["private_metadata"] = json!({ "plan": "paid" });
                clerk.put_user(&changed);
                "different private_metadata accounts verifications"
            }
            9..=12 => {
                // A sign-in, which sends no webhook.
                let mut changed = user(number, 1_000);
                changed["first_name"] = "Ada 0".into();
                changed["last_sign_in_at"] = (NOW + 1_000).into();
                clerk.put_user(&changed);
                continue;
            }
            _ => continue,
        };
        expected.insert(id(number), words.to_owned());
    }
    for number in users..users + 1 + users / 50 {
        clerk.put_user(&user(number, 1_000));
        expected.insert(id(number), "missing".to_owned());
    }
    expected
}

/// Asserts that the database contains the users of Clerk.
async fn assert_in_sync(database: &Database, clerk: &FakeClerk, seed: u64) {
    let sql = "SELECT clerk_id || ' ' || first_name || ' ' || version_updated_at || ' ' || \
               (SELECT COUNT(*) FROM accounts WHERE user_id = clerk_id) FROM users \
               WHERE deleted_at IS NULL ORDER BY clerk_id";
    let stored = database.tables().await.column(sql).await;
    let summary = |user: &Value| {
        let accounts = user["external_accounts"].as_array().unwrap().len();
        let [id, name] = ["id", "first_name"].map(|it| user[it].as_str().unwrap());
        format!("{id} {name} {} {accounts}", user["updated_at"])
    };
    let expected: Vec<_> = clerk.users().iter().map(summary).collect();
    let counts = (stored.len(), expected.len());
    assert!(stored == expected, "seed {seed}: {} stored, {} at Clerk", counts.0, counts.1);
}

/// The long form has `TORTURE_USERS=100000`.
#[apply(both_engines)]
async fn withheld_events_are_reported_and_repaired(engine: Engine) {
    let users = env_number("TORTURE_USERS").unwrap_or(1_700).cast_signed();
    let seed = env_number("TORTURE_SEED").unwrap_or(1);
    let (database, clerk) = in_sync(engine, users).await;
    let expected = withhold_events(&clerk, users, &mut Rng(seed));
    let count = |kind: &str| expected.values().filter(|it| it.starts_with(kind)).count();
    let counts = json!({
        "missing": count("missing"), "extra": count("extra"),
        "different": count("different"), "deleted": 0,
    });
    let extra: Vec<_> =
        expected.iter().filter(|it| it.1 == "extra").map(|(id, _)| id.clone()).collect();
    assert!(extra.len() > 3, "seed {seed}: more than the absolute limit of deletions");
    clerk.inject_failures(seed, 5);

    let mut tables = database.tables().await;
    let before = all_rows(&mut tables).await;
    let (printed, code) = drift(&database, &clerk, &[]);
    assert_eq!((rows(&printed), code), (expected.clone(), 3), "seed {seed}");
    let report = &printed["report"];
    assert_eq!((&report["found"], &report["left"]), (&counts, &counts), "seed {seed}");
    assert!(all_rows(&mut tables).await == before, "the check changes nothing");

    let (printed, code) = drift(&database, &clerk, &["--repair"]);
    assert_eq!((rows(&printed), code), (expected, 0), "seed {seed}: {}", printed["report"]);
    assert_eq!(
        (&printed["report"]["left"], &printed["report"]["found"]),
        (&no_differences(), &counts)
    );
    assert_eq!(printed["report"]["types"]["user"]["ended"], extra.len());
    assert_eq!(deleted_ids(&database).await, extra, "seed {seed}");
    assert_in_sync(&database, &clerk, seed).await;
    let local_events = "SELECT object_id FROM webhook_events WHERE type = 'meetvo.user.missing' \
                AND decision = 'applied' ORDER BY object_id";
    assert_eq!(tables.column(local_events).await, extra, "the change feed has the deletions");
    let sources = "SELECT DISTINCT source FROM webhook_events ORDER BY 1";
    assert_eq!(tables.column(sources).await, ["backfill", "repair"]);

    let (printed, code) = drift(&database, &clerk, &[]);
    assert_eq!((rows(&printed), code), (BTreeMap::new(), 0), "seed {seed}");
    assert_eq!(clerk.rejected_by_rate_limit(), 0, "seed {seed}");
    report_work(engine, Some(seed), &format!("{users} users, {counts}"));
}

/// Differences that cannot be repaired are reported by each check.
#[apply(both_engines)]
async fn unrepairable_differences_remain(engine: Engine) {
    let (database, clerk) = in_sync(engine, 3).await;
    printed(&run(&database, &clerk, "", &["erase", "--yes", "--no-vacuum", &id(0)]));
    let long_ago = format!("UPDATE users SET deleted_at = {NOW} WHERE deleted_at IS NOT NULL");
    let manual = "UPDATE users SET username = 'manual' WHERE clerk_id = 'user_000002'";
    database.tables().await.run(&format!("{long_ago}; {manual}")).await;
    let expected =
        BTreeMap::from([(id(0), "deleted".to_owned()), (id(2), "different username".to_owned())]);
    for words in [&[][..], &["--repair"]] {
        let (printed, code) = drift(&database, &clerk, words);
        assert_eq!((rows(&printed), code), (expected.clone(), 3), "{printed}");
    }
    let output = run(&database, &clerk, INSTANCE, &["drift", "--repair"]);
    let stdout = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(stdout.contains("deleted    user         user_000000\n"), "{stdout}");
    assert!(stdout.contains("different  user         user_000002: username\n"), "{stdout}");
    let stderr = stderr(&output);
    assert!(stderr.contains("2 objects differ from Clerk"), "{stderr}");
    assert!(stderr.contains("delete them at Clerk") && stderr.contains("rebuild --check"));
}

/// A fetched state is not applied twice, so only the event log can restore a row that an operator
/// deleted.
#[apply(both_engines)]
async fn deleted_row_is_left_to_rebuild(engine: Engine) {
    let (database, clerk) = in_sync(engine, 3).await;
    database.tables().await.run("DELETE FROM users WHERE clerk_id = 'user_000001'").await;
    let expected = BTreeMap::from([(id(1), "missing".to_owned())]);
    let (printed, code) = drift(&database, &clerk, &["--repair"]);
    assert_eq!((rows(&printed), code), (expected, 3), "{printed}");
    assert_eq!(printed["report"]["left"]["missing"], 1);
    let stderr = stderr(&run(&database, &clerk, INSTANCE, &["drift", "--repair"]));
    assert!(stderr.contains("`meetvo rebuild` restores them"), "{stderr}");
    assert!(run(&database, &clerk, INSTANCE, &["rebuild"]).status.success());
    let (printed, code) = drift(&database, &clerk, &[]);
    assert_eq!((rows(&printed), code), (BTreeMap::new(), 0), "{printed}");
}

#[apply(both_engines)]
async fn recent_changes_are_not_reported(engine: Engine) {
    let (database, clerk) = in_sync(engine, 3).await;
    let now = meetvo::clock::Clock::system().now();
    let mut changed = user(1, 0);
    changed["updated_at"] = now.into();
    changed["first_name"] = "Ada now".into();
    clerk.put_user(&changed);
    let mut created = user(3, 0);
    created["created_at"] = now.into();
    created["updated_at"] = now.into();
    clerk.put_user(&created);
    // Deleted in the database, as by a webhook that arrived before the page.
    printed(&run(&database, &clerk, "", &["erase", "--yes", "--no-vacuum", &id(0)]));
    let (printed, code) = drift(&database, &clerk, &[]);
    assert_eq!((rows(&printed), code), (BTreeMap::new(), 0), "{printed}");
    assert_eq!(printed["report"]["types"]["user"]["on_their_way"], 3);
    // A repair applies recent changes immediately.
    assert_eq!(drift(&database, &clerk, &["--repair"]).0["report"]["types"]["user"]["applied"], 2);
    let rows = database.tables().await.rows("users").await;
    assert_eq!((rows.len(), &rows[1]["first_name"]), (4, &json!("Ada now")));
}

#[apply(both_engines)]
async fn undecodable_user_is_reported(engine: Engine) {
    let (database, clerk) = in_sync(engine, 3).await;
    let mut odd = user(1, 5);
    odd["updated_at"] = json!("soon");
    clerk.put_user(&odd);
    let output = run(&database, &clerk, INSTANCE, &["drift"]);
    assert_eq!(output.status.code(), Some(1));
    let expected = "1 of Clerk's objects could not be decoded and were not compared";
    assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    let failed = "SELECT id FROM webhook_events WHERE decision = 'failed'";
    assert_eq!(database.tables().await.column(failed).await, Vec::<String>::new());
    let output = run(&database, &clerk, INSTANCE, &["drift", "--repair"]);
    assert!(stderr(&output).contains("meetvo reprocess"), "{}", stderr(&output));
    let events = database.tables().await.column(failed).await;
    assert_eq!(events, ["meetvo.user.fetched:user_000001"]);
    assert_eq!(deleted_ids(&database).await, Vec::<String>::new(), "Clerk has it");
}
