//! New processes take the place of old ones while deliveries come: by turns, of two on PostgreSQL; on
//! SQLite the only one.

use std::time::Duration;

use tokio::{
    task::block_in_place,
    time::{Instant, timeout},
};

use super::{
    RECOVERY_LIMIT, cycles, seed,
    load::{Load, Senders},
    invariants::{assert_same_as_undisturbed_service, assert_invariants},
};
use crate::harness::{Database, Rng, Engine, Process, apply, both_engines, report_work};

/// How many answers there are between two steps, at the most.
const ANSWERS: usize = 100;

/// Longer than what is under way may take: a delivery is answered in two seconds.
const ENDED: Duration = Duration::from_secs(8);

fn urls(processes: &[Process]) -> Vec<&str> {
    processes.iter().map(|process| &*process.url).collect()
}

/// Ends a process as whoever rolls out the next one does.
async fn end(process: Process) {
    let told = Instant::now();
    process.terminate();
    let ended = tokio::task::spawn_blocking(move || process.wait());
    let (status, log) = ended.await.unwrap();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("\"stopped\""), "{log}");
    assert!(told.elapsed() < ENDED, "it took {:?}", told.elapsed());
}

/// The next takes its place; the load finds it.
async fn replace(
    processes: &mut Vec<Process>,
    load: Load,
    database: &Database,
    rng: &mut Rng,
) -> Load {
    let old = processes.remove(0);
    if processes.is_empty() {
        // Nobody is there meanwhile, and everybody notices.
        let (senders, ()) = tokio::join!(load.end(), end(old));
        assert_invariants(&mut database.tables().await, &senders).await;
        processes.push(Process::serve(database, []));
        return senders.start(&urls(processes));
    }
    // The other takes all of it.
    tokio::join!(end(old), load.wait_for_accepted(rng.below(ANSWERS)));
    processes.push(block_in_place(|| Process::serve(database, [])));
    load.set_urls(&urls(processes));
    load
}

#[apply(both_engines)]
async fn restarts_under_load_lose_no_event(engine: Engine) {
    let seed = seed();
    let mut rng = Rng(seed);
    let database = Database::new(engine).await;
    let count = if engine == Engine::Postgres { 2 } else { 1 };
    let mut processes: Vec<_> = (0..count).map(|_| Process::serve(&database, [])).collect();
    let mut load = Senders::new(&mut rng).start(&urls(&processes));
    let cycles = cycles(4);
    for _ in 0..cycles {
        load.wait_for_accepted(1 + rng.below(ANSWERS)).await;
        load = replace(&mut processes, load, &database, &mut rng).await;
        timeout(RECOVERY_LIMIT, load.wait_for_accepted(1)).await.expect("it is taken again");
    }
    let senders = load.finish().await;
    for process in processes {
        end(process).await;
    }
    assert_invariants(&mut database.tables().await, &senders).await;
    assert_same_as_undisturbed_service(&database, &senders).await;
    let (decisions, rejections) = (senders.decisions(), senders.rejections());
    // Whoever was told to come again was told before anything was taken, unless it took too long.
    let late = rejections.get("commit_late").copied().unwrap_or_default();
    let again = decisions.get("duplicate").copied().unwrap_or_default();
    assert!(again <= late, "{again} were taken without an answer, {late} late");
    let known = ["stopping", "commit_late"];
    assert!(rejections.keys().all(|code| known.contains(code)), "{rejections:?}");
    let events = senders.accepted().count();
    report_work(engine, Some(seed), &format!("{cycles} restarts, {events} events"));
}
