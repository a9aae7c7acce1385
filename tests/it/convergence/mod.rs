//! Any history, delivered in any order, comes to what a model says that shares no code with the
//! service: over HTTP, over several connections, to one process and to two.
//!
//! It is the same test in two lengths. `TORTURE_SETS` sets of events are each delivered in
//! `TORTURE_ORDERS` orders; the first set comes of `TORTURE_SEED`, the next of the next number, so that
//! a set that failed is repeated alone by its own number. Without these variables it is short.

mod columns;
mod contents;
mod histories;
mod model;
mod profiles;
pub mod round;
mod shrink;

use std::ops::Range;

use self::round::Round;
use crate::harness::{Engine, apply, asked, both_engines, tell};

/// Stands in the ids of a set for what makes them those of one order. A set and its orders meet in one
/// database, and must not meet in a row.
const TAG: &str = "TAG";

/// So many sets share a database: it is read as a whole, and grows.
const TOGETHER: u64 = 20;

/// What the short form goes through.
const USUAL_SEED: u64 = 1;
const USUAL_SETS: u64 = 40;

#[apply(both_engines)]
async fn any_history_in_any_order_comes_to_what_the_model_says(engine: Engine) {
    let seed = asked("TORTURE_SEED").unwrap_or(USUAL_SEED);
    let sets = seed..seed + asked("TORTURE_SETS").unwrap_or(USUAL_SETS);
    let orders = asked("TORTURE_ORDERS").unwrap_or(4);
    let mut delivered = 0;
    for first in sets.clone().step_by(usize::try_from(TOGETHER).unwrap()) {
        let seeds: Range<u64> = first..sets.end.min(first + TOGETHER);
        // Each set to one process, and to two; each time in other orders.
        for replicas in [1, 2] {
            let orders = (0..orders).filter(|order| order % 2 == replicas - 1).collect();
            delivered += Round { engine, seeds: seeds.clone(), orders, replicas }.run().await.count;
        }
    }
    let count = sets.end - sets.start;
    let done = format!("{count} sets in {orders} orders, {delivered} deliveries");
    tell(engine, Some(seed), &done);
}
