//! `kill -9` at any moment, again and again, and the database is kept: every event that was answered
//! is there, no event is without its effect, and no effect without its event.

use std::{process::Stdio, time::Duration};

use tokio::time::sleep;

use super::{
    cycles, seed,
    load::Senders,
    invariants::{assert_same_as_undisturbed_service, assert_invariants},
};
use crate::harness::{Database, Rng, Engine, Process, apply, both_engines, report_work};

/// Within a batch and the time between two.
const MOMENT_US: usize = 20_000;

/// Within the start of a process.
const START_US: usize = 200_000;

/// What a cycle is killed after, at the most.
const ANSWERS: usize = 150;

#[apply(both_engines)]
async fn accepted_events_survive_kill_at_any_moment(engine: Engine) {
    let seed = seed();
    let mut rng = Rng(seed);
    let database = Database::new(engine).await;
    let mut senders = Senders::new(&mut rng);
    let (cycles, mut kills) = (cycles(5), 0);
    for _ in 0..cycles {
        if rng.below(3) == 0 {
            kill_at_start(&database, &mut rng).await;
            kills += 1;
        }
        let mut process = Process::serve(&database, []);
        // What the one before left behind, and nobody but the service has recovered.
        assert_invariants(&mut database.tables().await, &senders).await;
        let load = senders.start(&[&process.url]);
        load.wait_for_accepted(rng.below(ANSWERS)).await;
        // No condition is waited for: in the middle of whatever it is at.
        sleep(Duration::from_micros(rng.below(MOMENT_US) as u64)).await;
        process.kill();
        kills += 1;
        senders = load.end().await;
    }
    let process = Process::serve(&database, []);
    assert_invariants(&mut database.tables().await, &senders).await;
    let senders = senders.start(&[&process.url]).finish().await;
    assert_invariants(&mut database.tables().await, &senders).await;
    let events = senders.accepted().count();
    assert!(events > 10 * cycles, "{events}: it was no load");
    assert_same_as_undisturbed_service(&database, &senders).await;
    report_work(engine, Some(seed), &format!("{kills} kills, {events} events"));
}

/// Kills a process that has just been started, and is recovering from what happened to the last.
async fn kill_at_start(database: &Database, rng: &mut Rng) {
    let mut command = Process::command(database, []);
    let command = command.arg("serve").stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    sleep(Duration::from_micros(rng.below(START_US) as u64)).await;
    child.kill().unwrap();
    child.wait().unwrap();
}
