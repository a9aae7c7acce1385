//! `kill -9`: nothing is finished, nothing is flushed, and still nothing that was answered is lost.

use std::collections::BTreeMap;

use super::load::{self, Load};
use crate::harness::{Database, Engine, Process, apply, both_engines};

const ROUNDS: usize = 5;

#[apply(both_engines)]
async fn what_was_answered_before_a_kill_is_kept(engine: Engine) {
    let database = Database::new(engine).await;
    let mut promises = Vec::new();
    for round in 0..ROUNDS {
        // On the same database: each round recovers what the one before left behind.
        let mut process = Process::serve(&database, []);
        let load = Load::start(&process);
        // Not at the same point each time.
        load.until(100 + 37 * round).await;
        process.kill();
        promises.extend(load.end().await);
    }
    assert!(promises.len() >= 100 * ROUNDS);
    let process = Process::serve(&database, []);
    let decisions = load::find(&process, &promises).await;
    assert_eq!(decisions, BTreeMap::from([("applied".to_owned(), promises.len())]));
}
