//! `kill -9` at random moments, again and again, on the same database. Every accepted event is
//! stored, every stored event has its effect, and every effect has its event.

use std::{process::Stdio, time::Duration};

use tokio::time::sleep;

use super::{
    cycles,
    invariants::{assert_invariants, assert_same_as_undisturbed_service},
    load::Senders,
    seed,
};
use crate::harness::{Database, Engine, Process, Rng, apply, both_engines, report_work};

/// Maximum delay before a kill, in microseconds: about one batch and the time until the next.
const KILL_DELAY_US: usize = 20_000;

/// Maximum delay of a kill during the start, in microseconds.
const START_KILL_DELAY_US: usize = 200_000;

/// Maximum number of accepted deliveries before a kill.
const MAX_DELIVERIES: usize = 150;

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
        // Checks the state before the new process has received a delivery.
        assert_invariants(&mut database.tables().await, &senders).await;
        let load = senders.start(&[&process.url]);
        load.wait_for_accepted(rng.below(MAX_DELIVERIES)).await;
        // A random delay without a condition, so that the kill hits any operation.
        sleep(Duration::from_micros(rng.below(KILL_DELAY_US) as u64)).await;
        process.kill();
        kills += 1;
        senders = load.wait_until_stopped().await;
    }
    let process = Process::serve(&database, []);
    assert_invariants(&mut database.tables().await, &senders).await;
    let senders = senders.start(&[&process.url]).finish().await;
    assert_invariants(&mut database.tables().await, &senders).await;
    let events = senders.accepted().count();
    assert!(events > 10 * cycles, "only {events} events were accepted");
    assert_same_as_undisturbed_service(&database, &senders).await;
    report_work(engine, Some(seed), &format!("{kills} kills, {events} events"));
}

/// Kills a process during its start, while it recovers from the previous kill.
async fn kill_at_start(database: &Database, rng: &mut Rng) {
    let mut command = Process::command(database, []);
    let command = command.arg("serve").stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    sleep(Duration::from_micros(rng.below(START_KILL_DELAY_US) as u64)).await;
    child.kill().unwrap();
    child.wait().unwrap();
}
