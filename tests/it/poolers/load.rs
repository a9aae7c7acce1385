//! Load through a transaction pool: rebuilds, restarts of the pooler, several replicas.

use std::{
    process::{Child, Stdio},
    thread,
};

use meetvo::clock::Clock;
use tokio::task::block_in_place;

use super::{TRANSACTION_POOL, assert_nothing_left, start};
use crate::{
    harness::{Database, Delivery, Process, Rng, client, fixtures, report_work, retried},
    replicas::crashes::assert_frozen_replica_heals,
    torture::{invariants, load::Senders, seed},
};

/// Number of accepted deliveries between two disturbances.
const DELIVERIES: usize = 60;

/// Temporary tables of a rebuild never take a delivery. Only on PostgreSQL, which has poolers.
#[tokio::test(flavor = "multi_thread")]
async fn rebuilds_and_restarts_lose_no_event() {
    let seed = seed();
    let pooler = start(TRANSACTION_POOL);
    let database = Database::behind(&pooler).await;
    let services: Vec<_> =
        block_in_place(|| (0..2).map(|_| Process::serve(&database, [])).collect());
    let urls: Vec<&str> = services.iter().map(|service| &*service.url).collect();
    let load = Senders::new(&mut Rng(seed)).start(&urls);
    for command in [&["rebuild", "--check"][..], &["rebuild"]] {
        load.wait_for_accepted(DELIVERIES).await;
        let output = block_in_place(|| Process::run(&database, [], command));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        load.wait_for_accepted(DELIVERIES).await;
        block_in_place(|| pooler.restart());
    }
    load.wait_for_accepted(DELIVERIES).await;
    let senders = load.finish().await;
    assert_nothing_left(&database).await;
    let events = senders.accepted().count();
    invariants::assert_same_as_undisturbed_service(&database, &senders).await;
    report_work(database.engine, Some(seed), &format!("{events} events through a pooler"));
}

/// Only on PostgreSQL, which has poolers.
#[tokio::test(flavor = "multi_thread")]
async fn four_starts_at_once_migrate_once() {
    let pooler = start(TRANSACTION_POOL);
    let database = Database::behind(&pooler).await;
    let processes: Vec<_> = block_in_place(|| {
        thread::scope(|scope| {
            let starting: Vec<_> =
                (0..4).map(|_| scope.spawn(|| Process::serve(&database, []))).collect();
            starting.into_iter().map(|it| it.join().unwrap()).collect()
        })
    });
    let applied = "SELECT (COUNT(*) = COUNT(DISTINCT version))::text FROM _sqlx_migrations";
    assert_eq!(database.tables().await.column(applied).await, ["true"]);
    for (number, process) in processes.iter().enumerate() {
        let body = fixtures::user_event("user.created", &format!("user_{number}"), 0);
        let delivery = Delivery::new(&body, Clock::system().now());
        let client = client();
        let response = retried(|| delivery.request(&client, &process.url)).await;
        assert_eq!(response.body["decision"], "applied");
    }
}

/// A connection of the pooler knows from before that the schema does not exist. Another process
/// creates it while a migration waits. Only on PostgreSQL, which has poolers.
#[tokio::test(flavor = "multi_thread")]
async fn schema_created_meanwhile_is_found() {
    let pooler = start(TRANSACTION_POOL);
    let database = Database::behind(&pooler).await;
    let (mut other, mut watcher) = (database.tables().await, database.tables().await);
    let limit = [("MEETVO__DATABASE__MIGRATION_LOCK_TIMEOUT_MS", "60000")];
    let migrate = || {
        let mut command = Process::command(&database, limit);
        let command = command.args(["migrate", "run"]).stdout(Stdio::piped());
        command.stderr(Stdio::piped()).spawn().unwrap()
    };
    let finish = |child: Child| block_in_place(|| child.wait_with_output()).unwrap();
    assert!(finish(migrate()).status.success());
    other.run("DROP SCHEMA clerk CASCADE").await;
    other.run("BEGIN; SELECT pg_advisory_xact_lock(x'6d656574'::int, 3)").await;
    let waiting = migrate();
    watcher.wait_for_lock_waiters(1).await;
    other.run("CREATE SCHEMA clerk; COMMIT").await;
    let output = finish(waiting);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A frozen replica keeps its connection to the pooler open, and with it a transaction that holds
/// the lock of all commits. Only on PostgreSQL, which has poolers.
#[tokio::test(flavor = "multi_thread")]
async fn frozen_replica_blocks_at_most_commit_timeout() {
    let pooler = start(TRANSACTION_POOL);
    assert_frozen_replica_heals(&Database::behind(&pooler).await).await;
}
