//! Purge of expired payloads and events, in small steps and during commits.

use std::fs;

use meetvo::{
    app,
    domain::decision::Decision,
    objects::event::Event,
    store::{
        Store,
        commit::Batch,
        retention::{ExpiredData, Sweep, SweepStep},
    },
};
use serde_json::{Value, json};

use super::{commit, event, migrated, open, recorded};
use crate::harness::{Engine, NOW, Tables, apply, both_engines, fixtures, settings, started};

/// Returns an event of a type that is not synced, received `later` milliseconds after `NOW`.
fn received(number: i64, later: i64) -> Event {
    let body = json!({ "type": "email.created", "data": { "id": format!("ema_{number}") } });
    Event { received_at: NOW + later, ..event(&format!("msg_{number:04}"), &body) }
}

/// Commits events that were received one millisecond apart.
async fn receive(store: &Store, count: i64) {
    let events: Vec<_> = (0..count).map(|number| received(number, number)).collect();
    for batch in events.chunks(256) {
        commit(store, batch).await;
    }
}

/// Sweeps until no expired data is left. Returns the number of changes of each step.
async fn sweep(store: &Store, data: ExpiredData, before: i64) -> Vec<i64> {
    let (mut sweep, mut steps) = (Sweep::new(data), Vec::new());
    // With a limit, a sweep that does not end fails the test.
    for _ in 0..10_000 {
        let step = store.sweep(&mut sweep, before).await.unwrap();
        steps.push(step.changed);
        if step.done {
            return steps;
        }
    }
    panic!("the sweep does not end: {steps:?}");
}

/// Returns the number of events, and the number of events with a payload.
async fn counts(tables: &mut Tables) -> String {
    let sql = "SELECT COUNT(*) || ' ' || COUNT(payload) FROM webhook_events";
    tables.column(sql).await.remove(0)
}

#[apply(both_engines)]
async fn purge_of_payloads_changes_nothing_else(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    receive(&store, 700).await;
    let synced = fixtures::user_event("user.created", "user_1", 0);
    commit(&store, &[Event { received_at: NOW + 700, ..event("msg_0700", &synced) }]).await;
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
    let again = [event("msg_0700", &synced)];
    assert_eq!(store.commit(Batch { events: &again, secrets_used: &[] }).await.unwrap().len(), 1);
    assert_eq!(tables.rows("webhook_events").await, expected, "the event is a duplicate");
}

#[apply(both_engines)]
async fn numbers_of_purged_events_are_not_reused(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    receive(&store, 700).await;
    assert_eq!(sweep(&store, ExpiredData::Events, NOW + 600).await.iter().sum::<i64>(), 600);
    assert_eq!(tables.rows("webhook_events").await[0]["id"], "msg_0600");
    // The newest event stays. Without it, a reader of the change feed cannot tell an empty feed
    // from one whose next entries were purged.
    assert_eq!(sweep(&store, ExpiredData::Events, NOW + 1_000).await.iter().sum::<i64>(), 99);
    assert_eq!(sweep(&store, ExpiredData::Events, NOW + 1_000).await, [0]);
    commit(&store, &[received(700, 700)]).await;
    let left = "SELECT seq || ' ' || id FROM webhook_events ORDER BY seq";
    assert_eq!(tables.column(left).await, ["700 msg_0699", "701 msg_0700"]);
}

/// For concurrent deliveries, the order of `received_at` and that of `seq` can differ slightly.
#[apply(both_engines)]
async fn events_are_purged_in_order_of_seq(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    commit(&store, &[received(0, 0), received(1, 20), received(2, 10), received(3, 30)]).await;
    let ids = "SELECT id FROM webhook_events ORDER BY seq";
    sweep(&store, ExpiredData::Events, NOW + 15).await;
    assert_eq!(tables.column(ids).await, ["msg_0001", "msg_0002", "msg_0003"]);
    sweep(&store, ExpiredData::Events, NOW + 25).await;
    assert_eq!(tables.column(ids).await, ["msg_0003"]);
}

#[apply(both_engines)]
async fn sweep_continues_at_its_position(engine: Engine) {
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
    assert_eq!(counts(&mut tables).await, "21 0");
}

#[apply(both_engines)]
async fn steps_are_limited_in_rows_and_bytes(engine: Engine) {
    let (_database, store, _) = migrated(engine).await;
    receive(&store, 150).await;
    assert_eq!(sweep(&store, ExpiredData::Payloads, NOW + 149).await, [64, 64, 21]);
    assert_eq!(sweep(&store, ExpiredData::Events, NOW + 149).await, [64, 64, 21]);

    let large = |number: i64, bytes: usize| Event {
        payload: Some("x".repeat(bytes)),
        ..received(number, number)
    };
    let sizes = [200_000, 200_000, 200_000, 900_000, 900_000, 10];
    let events: Vec<_> = (150..).zip(sizes).map(|(number, bytes)| large(number, bytes)).collect();
    commit(&store, &events).await;
    assert_eq!(sweep(&store, ExpiredData::Payloads, NOW + 1_000).await, [3, 1, 1, 1, 1]);
}

/// A step that finds nothing to purge is limited too.
#[apply(both_engines)]
async fn sweep_passes_emptied_payloads(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    receive(&store, 1_100).await;
    tables.run("UPDATE webhook_events SET payload = NULL WHERE seq <= 1090").await;
    assert_eq!(sweep(&store, ExpiredData::Payloads, NOW + 1_095).await, [0, 0, 5]);
}

#[apply(both_engines)]
async fn locked_events_are_purged_later(engine: Engine) {
    let (database, store, mut tables) = migrated(engine).await;
    receive(&store, 10).await;
    // On SQLite, the first sweep waits for the lock of the file.
    let limit = if engine == Engine::Sqlite { "2000" } else { "60000" };
    let short_timeout = settings(&database, [("MEETVO__DATABASE__ACQUIRE_TIMEOUT_MS", limit)]);
    let store = started(async || app::open_store(&short_timeout.database).await).await;
    for (data, left) in [(ExpiredData::Payloads, "10 0"), (ExpiredData::Events, "1 0")] {
        let before = tables.rows("webhook_events").await;
        // On SQLite, a transaction that writes locks the whole database.
        tables.run("BEGIN; UPDATE webhook_events SET reason = reason WHERE id = 'msg_0005'").await;
        let mut sweep = Sweep::new(data);
        match store.sweep(&mut sweep, NOW + 100).await {
            Ok(step) => assert_eq!(step, SweepStep { changed: 0, done: false }),
            Err(_) => assert_eq!(engine, Engine::Sqlite),
        }
        tables.run("ROLLBACK").await;
        assert_eq!(tables.rows("webhook_events").await, before, "a step is atomic");
        assert!(store.sweep(&mut sweep, NOW + 100).await.unwrap().done);
        assert_eq!(counts(&mut tables).await, left);
    }
}

/// Two stores sweep. Meanwhile a third commits deletions, which empty payloads too, and corrected
/// deliveries of failed events.
#[apply(both_engines)]
async fn concurrent_sweeps_and_commits_succeed(engine: Engine) {
    const USERS: i64 = 60;
    let (database, _, mut tables) = migrated(engine).await;
    let store = open(&database).await;
    let others = [open(&database).await, open(&database).await];
    let user = |number: i64| format!("user_{number:02}");
    let created = |number: i64| fixtures::user_event("user.created", &user(number), 0);
    for pass in 0..5 {
        let events: Vec<_> = (0..USERS)
            .map(|number| match pass {
                4 => event(&format!("msg_failed_{number}"), &json!({ "type": "user.created" })),
                _ => event(&format!("msg_{pass}_{number}"), &created(number)),
            })
            .collect();
        commit(&store, &events).await;
    }
    let commits = async {
        for number in 0..USERS {
            let stale = fixtures::user_event("user.updated", &user(number), -1);
            let corrected = event(&format!("msg_failed_{number}"), &stale);
            let deletion = fixtures::user_deleted(&user(number), 9);
            let deletion = event(&format!("msg_deleted_{number}"), &deletion);
            let outcomes = commit(&store, &[corrected, deletion]).await;
            assert_eq!(outcomes, recorded(&[Decision::Stale, Decision::Applied]));
        }
    };
    let before = NOW + 1;
    let sweeps = others.each_ref().map(|store| sweep(store, ExpiredData::Payloads, before));
    let [one, other] = sweeps;
    tokio::join!(commits, one, other);
    sweep(&store, ExpiredData::Payloads, before).await;
    assert_eq!(counts(&mut tables).await, format!("{} 0", 6 * USERS));
    let sweeps = others.each_ref().map(|store| sweep(store, ExpiredData::Events, before));
    let [one, other] = sweeps;
    let (one, other) = tokio::join!(one, other);
    assert_eq!(one.iter().chain(&other).sum::<i64>(), 6 * USERS - 1, "each event is purged once");
    assert_eq!(counts(&mut tables).await, "1 0");
}

/// The sweep has passed the event, and never purges it again.
#[apply(both_engines)]
async fn purged_payload_is_not_restored_by_redelivery(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let failed = event("msg_1", &json!({ "type": "user.created", "data": { "updated_at": "no" } }));
    assert_eq!(commit(&store, &[failed]).await, recorded(&[Decision::Failed]));
    sweep(&store, ExpiredData::Payloads, NOW + 1).await;
    let corrected = event("msg_1", &fixtures::user_event("user.created", "user_1", 0));
    assert_eq!(commit(&store, &[corrected]).await, recorded(&[Decision::Applied]));
    assert_eq!(counts(&mut tables).await, "2 0");
}

/// The clock of the machine that wrote an event was fast by a year.
#[apply(both_engines)]
async fn fast_clock_does_not_stop_sweep(engine: Engine) {
    for (data, left) in [(ExpiredData::Payloads, "4 1"), (ExpiredData::Events, "1 1")] {
        let (_database, store, mut tables) = migrated(engine).await;
        for (number, later) in [(0, 0), (1, 31_536_000_000), (2, 2), (3, 5_000)] {
            commit(&store, &[received(number, later)]).await;
        }
        assert_eq!(sweep(&store, data, NOW + 1_000).await.iter().sum::<i64>(), 3);
        assert_eq!(counts(&mut tables).await, left);
    }
}

/// Runs only on SQLite, because PostgreSQL maintains its files itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_file_shrinks_during_commits() {
    let (database, store, mut tables) = migrated(Engine::Sqlite).await;
    let file = database.folder().join("meetvo.db");
    let length = || fs::metadata(&file).unwrap().len();
    let mut events: Vec<_> = (0..3_000)
        .map(|number| Event { payload: Some("x".repeat(1_800)), ..received(number, 0) })
        .collect();
    for batch in events.chunks(256) {
        commit(&store, batch).await;
    }
    tables.checkpoint().await;
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
        // A commit changes the file only when a checkpoint copies it from the log.
        let mut number = 3_000;
        while length() > full / 3 {
            commit(&store, &[received(number, 1)]).await;
            number += 1;
            assert!(number < 10_000, "the file does not shrink");
        }
        number
    };
    let (steps, sent) = tokio::select! {
        ended = store.run_checkpoints() => panic!("{ended:?}"),
        done = async { tokio::join!(shrink, ingest) } => done,
    };
    assert!(steps < full / 4096 / 8, "each of {steps} steps releases several pages");
    assert_eq!(counts(&mut tables).await, format!("{sent} {}", sent - 3_000));
    assert_eq!(tables.column("PRAGMA integrity_check").await, ["ok"]);

    // New events use the free pages before the file grows.
    events.truncate(50);
    for event in &mut events {
        event.id.push_str("_again");
    }
    tables.checkpoint().await;
    let shorter = length();
    commit(&store, &events).await;
    tables.checkpoint().await;
    assert_eq!(length(), shorter);
}

/// The write-ahead log of SQLite grows during a long read.
#[tokio::test]
async fn sqlite_log_is_truncated_after_long_read() {
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
    // The first commit finds the log too long and runs a checkpoint. The second restarts the log.
    commit(&store, &[received(0, 0)]).await;
    commit(&store, &[received(1, 0)]).await;
    assert_eq!(length(), 32 << 20);
}
