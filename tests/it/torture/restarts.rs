//! New processes take the place of old ones while deliveries come: by turns, of two on PostgreSQL; on
//! SQLite the only one.

use std::time::Duration;

use tokio::{
    task::block_in_place,
    time::{Instant, timeout},
};

use super::{
    HEALED, cycles, seed,
    senders::{Load, Senders},
    whole::{assert_as_if_nothing_had_happened, assert_whole},
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
        assert_whole(&mut database.tables().await, &senders).await;
        processes.push(Process::serve(database, []));
        return senders.start(&urls(processes));
    }
    // The other takes all of it.
    tokio::join!(end(old), load.goes_on(rng.below(ANSWERS)));
    processes.push(block_in_place(|| Process::serve(database, [])));
    load.goes_to(&urls(processes));
    load
}

#[apply(both_engines)]
async fn restarted_under_load_nothing_is_lost_and_everything_taken_is_answered(engine: Engine) {
    let seed = seed();
    let mut rng = Rng(seed);
    let database = Database::new(engine).await;
    let count = if engine == Engine::Postgres { 2 } else { 1 };
    let mut processes: Vec<_> = (0..count).map(|_| Process::serve(&database, [])).collect();
    let mut load = Senders::new(&mut rng).start(&urls(&processes));
    let cycles = cycles(4);
    for _ in 0..cycles {
        load.goes_on(1 + rng.below(ANSWERS)).await;
        load = replace(&mut processes, load, &database, &mut rng).await;
        timeout(HEALED, load.goes_on(1)).await.expect("it is taken again");
    }
    let senders = load.finish().await;
    for process in processes {
        end(process).await;
    }
    assert_whole(&mut database.tables().await, &senders).await;
    assert_as_if_nothing_had_happened(&database, &senders).await;
    let (decisions, refusals) = (senders.decisions(), senders.refusals());
    // Whoever was told to come again was told before anything was taken, unless it took too long.
    let late = refusals.get("commit_late").copied().unwrap_or_default();
    let again = decisions.get("duplicate").copied().unwrap_or_default();
    assert!(again <= late, "{again} were taken without an answer, {late} late");
    let known = ["stopping", "commit_late"];
    assert!(refusals.keys().all(|code| known.contains(code)), "{refusals:?}");
    let events = senders.answered().count();
    report_work(engine, Some(seed), &format!("{cycles} restarts, {events} events"));
}
