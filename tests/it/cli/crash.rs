//! `kill -9` under load: no delivery that was answered with 200 is lost.

use std::collections::BTreeMap;

use super::load::{self, Load};
use crate::harness::{Database, Engine, Process, apply, both_engines};

const ROUNDS: usize = 5;

#[apply(both_engines)]
async fn answered_deliveries_survive_kill(engine: Engine) {
    let database = Database::new(engine).await;
    let mut promises = Vec::new();
    for round in 0..ROUNDS {
        // On the same database, so that each round recovers the files of the previous one.
        let mut process = Process::serve(&database, []);
        let load = Load::start(&process);
        // At another point in each round.
        load.until(100 + 37 * round).await;
        process.kill();
        promises.extend(load.end().await);
    }
    assert!(promises.len() >= 100 * ROUNDS);
    let process = Process::serve(&database, []);
    let decisions = load::find(&process, &promises).await;
    assert_eq!(decisions, BTreeMap::from([("applied".to_owned(), promises.len())]));
}
