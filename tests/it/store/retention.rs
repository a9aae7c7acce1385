//! What is too old goes in small steps, and nobody waits for it.

use std::fs;

use meetvo::{
    app,
    domain::event::{Decision, Event},
    store::{
        Store,
        commit::Batch,
        retention::{ExpiredData, Sweep, SweepStep},
    },
};
use serde_json::{Value, json};

use super::{commit, event, migrated, recorded};
use crate::harness::{Database, Engine, NOW, Tables, apply, both_engines, fixtures, settings};

/// An event of a type that is not synced, which came in so much later than the first.
fn received(at: i64, later: i64) -> Event {
    let body = json!({ "type": "email.created", "data": { "id": format!("ema_{at}") } });
    Event { received_at: NOW + later, ..event(&format!("msg_{at:04}"), &body) }
}

/// Events that came in one after the other, a millisecond apart.
async fn receive(store: &Store, count: i64) {
    let events: Vec<_> = (0..count).map(|at| received(at, at)).collect();
    for batch in events.chunks(256) {
        commit(store, batch).await;
    }
}

/// Takes steps until nothing more is too old; what each of them changed.
async fn sweep(store: &Store, what: ExpiredData, before: i64) -> Vec<i64> {
    let (mut sweep, mut steps) = (Sweep::new(what), Vec::new());
    // Bounded: a sweep that does not end is a failure, not a test that never ends.
    for _ in 0..10_000 {
        let step = store.sweep(&mut sweep, before).await.unwrap();
        steps.push(step.changed);
        if step.done {
            return steps;
        }
    }
    panic!("the sweep does not end: {steps:?}");
}

/// How many events there are, and how many of them with their payloads.
async fn kept(tables: &mut Tables) -> String {
    let sql = "SELECT COUNT(*) || ' ' || COUNT(payload) FROM webhook_events";
    tables.column(sql).await.remove(0)
}

#[apply(both_engines)]
async fn payloads_that_are_too_old_are_emptied_and_nothing_else_changes(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    receive(&store, 700).await;
    let projected = fixtures::user_event("user.created", "user_1", 0);
    commit(&store, &[Event { received_at: NOW + 700, ..event("msg_0700", &projected) }]).await;
    let before = (tables.synced_tables().await, tables.rows("webhook_events").await);

    let steps = sweep(&store, ExpiredData::Payloads, NOW + 600).await;
    assert_eq!(steps.iter().sum::<i64>(), 600);
    let mut expected = before.1;
    for row in &mut expected[..600] {
        row["payload"] = Value::Null;
    }
    assert_eq!(tables.rows("webhook_events").await, expected);

    sweep(&store, ExpiredData::Payloads, NOW + 1_000).await;
    for row in &mut expected {
        row["payload"] = Value::Null;
    }
    assert_eq!(tables.rows("webhook_events").await, expected);
    assert_eq!(tables.synced_tables().await, before.0);
    let again = [event("msg_0700", &projected)];
    assert_eq!(store.commit(Batch { events: &again, secrets_used: &[] }).await.unwrap().len(), 1);
    assert_eq!(tables.rows("webhook_events").await, expected, "it is known as a duplicate");
}

#[apply(both_engines)]
async fn events_that_are_too_old_go_and_their_numbers_are_not_given_again(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    receive(&store, 700).await;
    assert_eq!(sweep(&store, ExpiredData::Events, NOW + 600).await.iter().sum::<i64>(), 600);
    assert_eq!(tables.rows("webhook_events").await[0]["id"], "msg_0600");
    // The newest stays: without it, a reader of the feed would see no difference between a feed
    // that is empty and one that it is too late for.
    assert_eq!(sweep(&store, ExpiredData::Events, NOW + 1_000).await.iter().sum::<i64>(), 99);
    assert_eq!(sweep(&store, ExpiredData::Events, NOW + 1_000).await, [0]);
    commit(&store, &[received(700, 700)]).await;
    let left = "SELECT seq || ' ' || id FROM webhook_events ORDER BY seq";
    assert_eq!(tables.column(left).await, ["700 msg_0699", "701 msg_0700"]);
}

/// Between deliveries that are under way at once, the clock and `seq` can differ a little.
#[apply(both_engines)]
async fn no_event_goes_before_an_older_number(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    commit(&store, &[received(0, 0), received(1, 20), received(2, 10), received(3, 30)]).await;
    let ids = "SELECT id FROM webhook_events ORDER BY seq";
    sweep(&store, ExpiredData::Events, NOW + 15).await;
    assert_eq!(tables.column(ids).await, ["msg_0001", "msg_0002", "msg_0003"]);
    sweep(&store, ExpiredData::Events, NOW + 25).await;
    assert_eq!(tables.column(ids).await, ["msg_0003"]);
}

#[apply(both_engines)]
async fn a_sweep_goes_on_where_it_was(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    receive(&store, 20).await;
    let mut sweep = Sweep::new(ExpiredData::Payloads);
    for (before, changed) in [(0, 0), (5, 5), (5, 0), (3, 0), (20, 15), (30, 0)] {
        let step = store.sweep(&mut sweep, NOW + before).await.unwrap();
        assert_eq!(step, SweepStep { changed, done: true }, "{before}");
    }
    receive(&store, 21).await;
    let step = store.sweep(&mut sweep, NOW + 30).await.unwrap();
    assert_eq!(step, SweepStep { changed: 1, done: true });
    assert_eq!(kept(&mut tables).await, "21 0");
}

#[apply(both_engines)]
async fn steps_are_small_in_rows_and_in_bytes(engine: Engine) {
    let (_database, store, _) = migrated(engine).await;
    receive(&store, 150).await;
    assert_eq!(sweep(&store, ExpiredData::Payloads, NOW + 149).await, [64, 64, 21]);
    assert_eq!(sweep(&store, ExpiredData::Events, NOW + 149).await, [64, 64, 21]);

    let large =
        |at: i64, bytes: usize| Event { payload: Some("x".repeat(bytes)), ..received(at, at) };
    let sizes = [200_000, 200_000, 200_000, 900_000, 900_000, 10];
    let events: Vec<_> = (150..).zip(sizes).map(|(at, bytes)| large(at, bytes)).collect();
    commit(&store, &events).await;
    assert_eq!(sweep(&store, ExpiredData::Payloads, NOW + 1_000).await, [3, 1, 1, 1, 1]);
}

/// A step that finds nothing to do costs as little, however many events there are.
#[apply(both_engines)]
async fn a_sweep_passes_what_is_emptied_already(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    receive(&store, 1_100).await;
    tables.run("UPDATE webhook_events SET payload = NULL WHERE seq <= 1090").await;
    assert_eq!(sweep(&store, ExpiredData::Payloads, NOW + 1_095).await, [0, 0, 5]);
}

#[apply(both_engines)]
async fn what_another_transaction_holds_is_left_for_later(engine: Engine) {
    let (database, store, mut tables) = migrated(engine).await;
    receive(&store, 10).await;
    let hasty = settings(&database, [("MEETVO__DATABASE__ACQUIRE_TIMEOUT_MS", "500")]);
    let store = app::open_store(&hasty.database).await.unwrap();
    for (what, left) in [(ExpiredData::Payloads, "10 0"), (ExpiredData::Events, "1 0")] {
        let before = tables.rows("webhook_events").await;
        // On SQLite whoever writes holds everything.
        tables.run("BEGIN; UPDATE webhook_events SET reason = reason WHERE id = 'msg_0005'").await;
        let mut sweep = Sweep::new(what);
        match store.sweep(&mut sweep, NOW + 100).await {
            Ok(step) => assert_eq!(step, SweepStep { changed: 0, done: false }),
            Err(_) => assert_eq!(engine, Engine::Sqlite),
        }
        tables.run("ROLLBACK").await;
        assert_eq!(tables.rows("webhook_events").await, before, "all of a step, or nothing");
        assert!(store.sweep(&mut sweep, NOW + 100).await.unwrap().done);
        assert_eq!(kept(&mut tables).await, left);
    }
}

/// Two processes sweep while a third takes users' deletions, which empty payloads as well, and what
/// had failed and is understood now.
#[apply(both_engines)]
async fn sweeps_and_commits_do_not_get_into_each_others_way(engine: Engine) {
    const USERS: i64 = 60;
    let (database, store, mut tables) = migrated(engine).await;
    let others = [another(&database).await, another(&database).await];
    let user = |at: i64| format!("user_{at:02}");
    let created = |at: i64| fixtures::user_event("user.created", &user(at), 0);
    for pass in 0..5 {
        let events: Vec<_> = (0..USERS)
            .map(|at| match pass {
                4 => event(&format!("msg_failed_{at}"), &json!({ "type": "user.created" })),
                _ => event(&format!("msg_{pass}_{at}"), &created(at)),
            })
            .collect();
        commit(&store, &events).await;
    }
    let commits = async {
        for at in 0..USERS {
            let stale = fixtures::user_event("user.updated", &user(at), -1);
            let understood = event(&format!("msg_failed_{at}"), &stale);
            let deleted = event(&format!("msg_gone_{at}"), &fixtures::user_deleted(&user(at), 9));
            let outcomes = commit(&store, &[understood, deleted]).await;
            assert_eq!(outcomes, recorded(&[Decision::Stale, Decision::Applied]));
        }
    };
    let before = NOW + 1;
    let sweeps = others.each_ref().map(|store| sweep(store, ExpiredData::Payloads, before));
    let [one, other] = sweeps;
    tokio::join!(commits, one, other);
    sweep(&store, ExpiredData::Payloads, before).await;
    assert_eq!(kept(&mut tables).await, format!("{} 0", 6 * USERS));
    let sweeps = others.each_ref().map(|store| sweep(store, ExpiredData::Events, before));
    let [one, other] = sweeps;
    let (one, other) = tokio::join!(one, other);
    assert_eq!(one.iter().chain(&other).sum::<i64>(), 6 * USERS - 1, "none of them twice");
    assert_eq!(kept(&mut tables).await, "1 0");
}

async fn another(database: &Database) -> Store {
    app::open_store(&settings(database, []).database).await.unwrap()
}

/// Nobody would come by again to empty it.
#[apply(both_engines)]
async fn a_payload_that_is_gone_does_not_come_back_with_a_repetition(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let failed = event("msg_1", &json!({ "type": "user.created", "data": { "banned": "no" } }));
    assert_eq!(commit(&store, &[failed]).await, recorded(&[Decision::Failed]));
    sweep(&store, ExpiredData::Payloads, NOW + 1).await;
    let understood = event("msg_1", &fixtures::user_event("user.created", "user_1", 0));
    assert_eq!(commit(&store, &[understood]).await, recorded(&[Decision::Applied]));
    assert_eq!(kept(&mut tables).await, "2 0");
}

/// The clock of whoever ran a command was a year ahead.
#[apply(both_engines)]
async fn a_row_of_the_future_stops_nothing(engine: Engine) {
    for (what, left) in [(ExpiredData::Payloads, "4 1"), (ExpiredData::Events, "1 1")] {
        let (_database, store, mut tables) = migrated(engine).await;
        for (at, later) in [(0, 0), (1, 31_536_000_000), (2, 2), (3, 5_000)] {
            commit(&store, &[received(at, later)]).await;
        }
        assert_eq!(sweep(&store, what, NOW + 1_000).await.iter().sum::<i64>(), 3);
        assert_eq!(kept(&mut tables).await, left);
    }
}

/// SQLite alone: PostgreSQL looks after its files itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlites_file_becomes_shorter_and_takes_events_meanwhile() {
    let (database, store, mut tables) = migrated(Engine::Sqlite).await;
    let file = database.folder().join("meetvo.db");
    let length = || fs::metadata(&file).unwrap().len();
    let mut events: Vec<_> = (0..3_000)
        .map(|at| Event { payload: Some("x".repeat(1_800)), ..received(at, 0) })
        .collect();
    for batch in events.chunks(256) {
        commit(&store, batch).await;
    }
    tables.run("PRAGMA wal_checkpoint(TRUNCATE)").await;
    let full = length();
    assert!(full > 3_000 * 1_800);

    let shrink = async {
        sweep(&store, ExpiredData::Payloads, NOW + 1).await;
        let mut steps = 0;
        while store.release_free_pages().await.unwrap() {
            steps += 1;
        }
        steps
    };
    let ingest = async {
        // What was committed reaches the file when it is carried over from the log.
        let mut at = 3_000;
        while length() > full / 3 {
            commit(&store, &[received(at, 1)]).await;
            at += 1;
            assert!(at < 10_000, "the file stays as long as it is");
        }
        at
    };
    let (steps, sent) = tokio::select! {
        died = store.run_checkpoints() => panic!("{died:?}"),
        done = async { tokio::join!(shrink, ingest) } => done,
    };
    assert!(steps < full / 4096 / 8, "each of {steps} steps gives back more than a page or two");
    assert_eq!(kept(&mut tables).await, format!("{sent} {}", sent - 3_000));
    assert_eq!(tables.column("PRAGMA integrity_check").await, ["ok"]);

    // What is free is taken before the file grows again.
    events.truncate(50);
    for event in &mut events {
        event.id.push_str("_again");
    }
    tables.run("PRAGMA wal_checkpoint(TRUNCATE)").await;
    let shorter = length();
    commit(&store, &events).await;
    tables.run("PRAGMA wal_checkpoint(TRUNCATE)").await;
    assert_eq!(length(), shorter);
}

/// SQLite alone: a log that grew because somebody read for long does not stay that long.
#[tokio::test]
async fn sqlites_log_is_cut_after_a_long_reader() {
    let (database, store, mut tables) = migrated(Engine::Sqlite).await;
    let log = database.folder().join("meetvo.db-wal");
    let length = || fs::metadata(&log).unwrap().len();
    let mut reader = database.tables().await;
    reader.run("BEGIN; SELECT COUNT(*) FROM users").await;
    tables
        .run("CREATE TABLE large (it BLOB); INSERT INTO large VALUES (randomblob(50000000))")
        .await;
    assert!(length() > 50_000_000);
    reader.run("ROLLBACK").await;
    // The first finds the log too long and carries it over, the second starts it anew.
    commit(&store, &[received(0, 0)]).await;
    commit(&store, &[received(1, 0)]).await;
    assert_eq!(length(), 32 << 20);
}
