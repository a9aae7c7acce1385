//! `meetvo drift`

mod deletions;
mod timer;

use std::{collections::BTreeMap, process::Output};

use serde_json::{Value, json};
use tokio::{task::block_in_place, time::Duration};

use super::{stderr, printed};
use crate::harness::{
    Database, Rng, Engine, NOW, Process, Tables, apply, env_number,
    fake_clerk::{FakeClerk, INSTANCE, SECRET_KEY},
    both_engines, fixtures, report_work,
};

/// Ends a test that would hang.
const TEST_TIMEOUT: Duration = Duration::from_mins(10);

/// A user of whom Clerk tells, created in the order of the numbers.
fn user(number: i64, later: i64) -> Value {
    let mut user = fixtures::user(&id(number), later);
    user["created_at"] = (NOW + number).into();
    user
}

fn id(number: i64) -> String {
    format!("user_{number:06}")
}

/// Users who are here as they are at Clerk.
async fn in_step(engine: Engine, users: i64) -> (Database, FakeClerk) {
    let (database, clerk) = (Database::new(engine).await, FakeClerk::start());
    (0..users).for_each(|number| clerk.put_user(&user(number, 0)));
    printed(&run(&database, &clerk, "", &["migrate", "run"]));
    printed(&run(&database, &clerk, "", &["backfill"]));
    (database, clerk)
}

fn run(database: &Database, clerk: &FakeClerk, pinned: &str, words: &[&str]) -> Output {
    let mut command = Process::command(database, reaching(clerk, pinned));
    command.args(words);
    block_in_place(|| Process::output_within(&mut command, TEST_TIMEOUT))
}

fn reaching<'a>(clerk: &'a FakeClerk, pinned: &'a str) -> [(&'static str, &'a str); 3] {
    [
        ("CLERK_SECRET_KEY", SECRET_KEY),
        ("MEETVO__CLERK__API_URL", &clerk.url),
        ("MEETVO__CLERK__INSTANCE_ID", pinned),
    ]
}

/// What it prints, and how it exits.
fn drift(database: &Database, clerk: &FakeClerk, words: &[&str]) -> (Value, i32) {
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

/// Who differs, how, and in what.
fn rows(printed: &Value) -> BTreeMap<String, String> {
    let rows = printed["rows"].as_array().unwrap().iter().map(|row| {
        let fields = row["fields"].as_array().unwrap().iter();
        let words = [&row["differs"]].into_iter().chain(fields).map(|it| it.as_str().unwrap());
        let words = words.collect::<Vec<_>>().join(" ");
        (row["user_id"].as_str().unwrap().to_owned(), words)
    });
    let rows: Vec<_> = rows.collect();
    let count = rows.len();
    let rows: BTreeMap<_, _> = rows.into_iter().collect();
    assert_eq!(rows.len(), count, "nobody is named twice");
    rows
}

fn none() -> Value {
    json!({ "missing": 0, "extra": 0, "different": 0, "deleted": 0 })
}

/// All that a comparison must leave as it is.
async fn everything(tables: &mut Tables) -> Vec<Value> {
    let mut everything = vec![tables.synced_tables().await];
    for table in ["webhook_events", "crawls", "checks"] {
        everything.extend(tables.rows(table).await);
    }
    everything
}

async fn deleted(database: &Database) -> Vec<String> {
    let sql = "SELECT clerk_id FROM users WHERE deleted_at IS NOT NULL ORDER BY clerk_id";
    database.tables().await.column(sql).await
}

#[apply(both_engines)]
async fn who_is_in_step_is_so(engine: Engine) {
    let (database, clerk) = in_step(engine, 1_003).await;
    let mut tables = database.tables().await;
    let before = everything(&mut tables).await;
    let (printed, code) = drift(&database, &clerk, &[]);
    assert_eq!((&printed["rows"], code), (&json!([]), 0), "{printed}");
    assert_eq!(printed["report"]["users"], 1_003);
    let text = super::printed(&run(&database, &clerk, INSTANCE, &["drift"]));
    assert_eq!(text, "      1003  users of Clerk's were compared\n");
    assert!(everything(&mut tables).await == before, "it only compares");
    let (printed, code) = drift(&database, &clerk, &["--repair"]);
    assert_eq!((&printed["report"]["applied"], code), (&json!(0), 0));
    assert_eq!(tables.rows("webhook_events").await.len(), 1_003);
}

/// What happened at Clerk while no webhook came, and how it is called.
fn a_week(clerk: &FakeClerk, users: i64, rng: &mut Rng) -> BTreeMap<String, String> {
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
                // A sign-in, of which no webhook tells.
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

/// Those who are here, and how Clerk has them.
async fn assert_equal(database: &Database, clerk: &FakeClerk, seed: u64) {
    let sql = "SELECT clerk_id || ' ' || first_name || ' ' || version_updated_at || ' ' || \
               (SELECT COUNT(*) FROM accounts WHERE user_id = clerk_id) FROM users \
               WHERE deleted_at IS NULL ORDER BY clerk_id";
    let here = database.tables().await.column(sql).await;
    let word = |user: &Value| {
        let accounts = user["external_accounts"].as_array().unwrap().len();
        let [id, name] = ["id", "first_name"].map(|it| user[it].as_str().unwrap());
        format!("{id} {name} {} {accounts}", user["updated_at"])
    };
    let there: Vec<_> = clerk.users().iter().map(word).collect();
    assert!(here == there, "seed {seed}: {} here, {} there", here.len(), there.len());
}

/// `TORTURE_USERS=100000` makes it long.
#[apply(both_engines)]
async fn a_week_of_withheld_events_is_named_and_mended(engine: Engine) {
    let users = env_number("TORTURE_USERS").unwrap_or(1_700).cast_signed();
    let seed = env_number("TORTURE_SEED").unwrap_or(1);
    let (database, clerk) = in_step(engine, users).await;
    let expected = a_week(&clerk, users, &mut Rng(seed));
    let of = |kind: &str| expected.values().filter(|it| it.starts_with(kind)).count();
    let counts = json!({
        "missing": of("missing"), "extra": of("extra"), "different": of("different"), "deleted": 0,
    });
    let gone: Vec<_> =
        expected.iter().filter(|it| it.1 == "extra").map(|(id, _)| id.clone()).collect();
    assert!(gone.len() > 3, "seed {seed}: more than would be deleted of a few");
    clerk.inject_failures(seed, 5);

    let mut tables = database.tables().await;
    let before = everything(&mut tables).await;
    let (printed, code) = drift(&database, &clerk, &[]);
    assert_eq!((rows(&printed), code), (expected.clone(), 3), "seed {seed}");
    let report = &printed["report"];
    assert_eq!((&report["found"], &report["left"]), (&counts, &counts), "seed {seed}");
    assert!(everything(&mut tables).await == before, "it only compares");

    let (printed, code) = drift(&database, &clerk, &["--repair"]);
    assert_eq!((rows(&printed), code), (expected, 0), "seed {seed}: {}", printed["report"]);
    assert_eq!((&printed["report"]["left"], &printed["report"]["found"]), (&none(), &counts));
    assert_eq!(printed["report"]["ended"], gone.len());
    assert_eq!(deleted(&database).await, gone, "seed {seed}");
    assert_equal(&database, &clerk, seed).await;
    let told = "SELECT object_id FROM webhook_events WHERE type = 'meetvo.user.missing' \
                AND decision = 'applied' ORDER BY object_id";
    assert_eq!(tables.column(told).await, gone, "whoever follows is told");

    let (printed, code) = drift(&database, &clerk, &[]);
    assert_eq!((rows(&printed), code), (BTreeMap::new(), 0), "seed {seed}");
    assert_eq!(clerk.rejected_by_rate_limit(), 0, "seed {seed}");
    report_work(engine, Some(seed), &format!("{users} users, {counts}"));
}

/// What cannot be mended is told, each time.
#[apply(both_engines)]
async fn what_no_repair_changes_is_left(engine: Engine) {
    let (database, clerk) = in_step(engine, 3).await;
    printed(&run(&database, &clerk, "", &["erase", "--yes", "--no-vacuum", &id(0)]));
    let long_ago = format!("UPDATE users SET deleted_at = {NOW} WHERE deleted_at IS NOT NULL");
    let slip = "UPDATE users SET username = 'slip' WHERE clerk_id = 'user_000002'";
    database.tables().await.run(&format!("{long_ago}; {slip}")).await;
    let expected =
        BTreeMap::from([(id(0), "deleted".to_owned()), (id(2), "different username".to_owned())]);
    for words in [&[][..], &["--repair"]] {
        let (printed, code) = drift(&database, &clerk, words);
        assert_eq!((rows(&printed), code), (expected.clone(), 3), "{printed}");
    }
    let output = run(&database, &clerk, INSTANCE, &["drift", "--repair"]);
    let told = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(told.contains("deleted    user_000000\n"), "{told}");
    assert!(told.contains("different  user_000002: username\n"), "{told}");
    let stderr = stderr(&output);
    assert!(stderr.contains("2 users are not as Clerk has them"), "{stderr}");
    assert!(stderr.contains("delete them at Clerk") && stderr.contains("rebuild --check"));
}

/// A state that was fetched is not applied twice: only the events can bring back what somebody deleted.
#[apply(both_engines)]
async fn who_was_fetched_and_lost_since_is_left_to_a_rebuild(engine: Engine) {
    let (database, clerk) = in_step(engine, 3).await;
    database.tables().await.run("DELETE FROM users WHERE clerk_id = 'user_000001'").await;
    let expected = BTreeMap::from([(id(1), "missing".to_owned())]);
    let (printed, code) = drift(&database, &clerk, &["--repair"]);
    assert_eq!((rows(&printed), code), (expected, 3), "{printed}");
    assert_eq!(printed["report"]["left"]["missing"], 1);
    let stderr = stderr(&run(&database, &clerk, INSTANCE, &["drift", "--repair"]));
    assert!(stderr.contains("`meetvo rebuild` brings them back"), "{stderr}");
    assert!(run(&database, &clerk, INSTANCE, &["rebuild"]).status.success());
    let (printed, code) = drift(&database, &clerk, &[]);
    assert_eq!((rows(&printed), code), (BTreeMap::new(), 0), "{printed}");
}

#[apply(both_engines)]
async fn what_may_be_on_its_way_is_no_difference_yet(engine: Engine) {
    let (database, clerk) = in_step(engine, 3).await;
    let now = meetvo::clock::Clock::system().now();
    let mut changed = user(1, 0);
    changed["updated_at"] = now.into();
    changed["first_name"] = "Ada now".into();
    clerk.put_user(&changed);
    let mut created = user(3, 0);
    created["created_at"] = now.into();
    created["updated_at"] = now.into();
    clerk.put_user(&created);
    // Deleted here by a webhook that was faster than the page.
    printed(&run(&database, &clerk, "", &["erase", "--yes", "--no-vacuum", &id(0)]));
    let (printed, code) = drift(&database, &clerk, &[]);
    assert_eq!((rows(&printed), code), (BTreeMap::new(), 0), "{printed}");
    assert_eq!(printed["report"]["on_their_way"], 3);
    // Whoever repairs has it at once.
    assert_eq!(drift(&database, &clerk, &["--repair"]).0["report"]["applied"], 2);
    let rows = database.tables().await.rows("users").await;
    assert_eq!((rows.len(), &rows[1]["first_name"]), (4, &json!("Ada now")));
}

#[apply(both_engines)]
async fn one_that_is_not_understood_is_said_to_be_so(engine: Engine) {
    let (database, clerk) = in_step(engine, 3).await;
    let mut odd = user(1, 5);
    odd["email_addresses"] = json!("none");
    clerk.put_user(&odd);
    let output = run(&database, &clerk, INSTANCE, &["drift"]);
    assert_eq!(output.status.code(), Some(1));
    let expected = "1 of Clerk's users were not understood, and so not compared";
    assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    let failed = "SELECT id FROM webhook_events WHERE decision = 'failed'";
    assert_eq!(database.tables().await.column(failed).await, Vec::<String>::new());
    let output = run(&database, &clerk, INSTANCE, &["drift", "--repair"]);
    assert!(stderr(&output).contains("meetvo reprocess"), "{}", stderr(&output));
    let kept = database.tables().await.column(failed).await;
    assert_eq!(kept, ["meetvo.user.fetched:user_000001"]);
    assert_eq!(deleted(&database).await, Vec::<String>::new(), "Clerk has it");
}
