//! Process replacements under load: two processes in turn on PostgreSQL, the only process on
//! SQLite.

use std::time::Duration;

use tokio::{
    task::block_in_place,
    time::{Instant, timeout},
};

use super::{
    RECOVERY_LIMIT, cycles,
    invariants::{assert_invariants, assert_same_as_undisturbed_service},
    load::{Load, Senders},
    seed,
};
use crate::harness::{
    BUSY_MACHINE, DEFAULT_TIMEOUTS, Database, Engine, Process, Rng, apply, both_engines,
    report_work,
};

/// Maximum number of accepted deliveries between two replacements.
const MAX_DELIVERIES: usize = 100;

/// Maximum duration of a shutdown. A delivery in progress is answered within two seconds.
const SHUTDOWN_LIMIT: Duration = BUSY_MACHINE.saturating_add(Duration::from_secs(2));

/// Default timeouts, except the one for a connection to the database. On a busy machine, it could pass
/// while a service starts, or before a delivery is answered with `commit_late`.
fn timeouts() -> [(&'static str, &'static str); 4] {
    let [_, commit, ingest, api] = DEFAULT_TIMEOUTS;
    [("MEETVO__DATABASE__ACQUIRE_TIMEOUT_MS", "60000"), commit, ingest, api]
}

fn urls(processes: &[Process]) -> Vec<&str> {
    processes.iter().map(|process| &*process.url).collect()
}

/// Stops a process with SIGTERM, as a rolling update does, and checks its exit.
async fn stop(process: Process) {
    let signaled_at = Instant::now();
    process.terminate();
    let stopped = tokio::task::spawn_blocking(move || process.wait());
    let (status, log) = stopped.await.unwrap();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("\"stopped\""), "{log}");
    assert!(
        signaled_at.elapsed() < SHUTDOWN_LIMIT,
        "the shutdown took {:?}",
        signaled_at.elapsed()
    );
}

/// Replaces a process by a new one, to which the load continues.
async fn replace(
    processes: &mut Vec<Process>,
    load: Load,
    database: &Database,
    rng: &mut Rng,
) -> Load {
    let old = processes.remove(0);
    if processes.is_empty() {
        // No process runs meanwhile, so all senders stop.
        let (senders, ()) = tokio::join!(load.wait_until_stopped(), stop(old));
        assert_invariants(&mut database.tables().await, &senders).await;
        processes.push(Process::serve(database, timeouts()));
        return senders.start(&urls(processes));
    }
    // The other process accepts all deliveries.
    tokio::join!(stop(old), load.wait_for_accepted(rng.below(MAX_DELIVERIES)));
    processes.push(block_in_place(|| Process::serve(database, timeouts())));
    load.set_urls(&urls(processes));
    load
}

#[apply(both_engines)]
async fn restarts_under_load_lose_no_event(engine: Engine) {
    let seed = seed();
    let mut rng = Rng(seed);
    let database = Database::new(engine).await;
    let count = if engine == Engine::Postgres { 2 } else { 1 };
    let mut processes: Vec<_> = (0..count).map(|_| Process::serve(&database, timeouts())).collect();
    let mut load = Senders::new(&mut rng).start(&urls(&processes));
    let cycles = cycles(4);
    for _ in 0..cycles {
        load.wait_for_accepted(1 + rng.below(MAX_DELIVERIES)).await;
        load = replace(&mut processes, load, &database, &mut rng).await;
        timeout(RECOVERY_LIMIT, load.wait_for_accepted(1))
            .await
            .expect("deliveries are accepted again");
    }
    let senders = load.finish().await;
    for process in processes {
        stop(process).await;
    }
    assert_invariants(&mut database.tables().await, &senders).await;
    assert_same_as_undisturbed_service(&database, &senders).await;
    let (decisions, rejections) = (senders.decisions(), senders.rejections());
    // A delivery that was rejected with 503 was not stored, unless its commit exceeded the timeout.
    let late = rejections.get("commit_late").copied().unwrap_or_default();
    let duplicates = decisions.get("duplicate").copied().unwrap_or_default();
    assert!(
        duplicates <= late,
        "{duplicates} events were stored without a response, {late} commits were late"
    );
    let known = ["stopping", "commit_late"];
    assert!(rejections.keys().all(|code| known.contains(code)), "{rejections:?}");
    let events = senders.accepted().count();
    report_work(engine, Some(seed), &format!("{cycles} restarts, {events} events"));
}
