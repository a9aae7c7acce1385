//! Verifies that any set of events, delivered in any order, ends in the tables that a model
//! expects.
//!
//! The events are delivered over HTTP and several connections, to one process and to two. The model
//! shares no code with the service.
//!
//! `TORTURE_SETS` sets of events are each delivered in `TORTURE_ORDERS` orders. The first set has
//! the seed `TORTURE_SEED` and each further set the next number, so that a failed set can be
//! repeated alone. Without these variables the test is short.

mod columns;
mod coverage;
pub mod feed;
mod fields;
mod histories;
mod messages;
mod model;
mod organizations;
mod profiles;
pub mod round;
mod shrink;
mod waitlist;

use std::ops::Range;

use self::round::Round;
use crate::harness::{Engine, apply, both_engines, env_number, report_work};

/// Placeholder in the ids of a set. Each permutation replaces it by its own tag, because all
/// permutations share one database and must not share a row.
const TAG: &str = "TAG";

/// Number of sets that share a database. The database is read completely after each round.
const SETS_PER_DATABASE: u64 = 20;

/// Seed and number of sets without the variables.
const DEFAULT_SEED: u64 = 1;
const DEFAULT_SETS: u64 = 40;

#[apply(both_engines)]
async fn any_delivery_order_matches_the_model(engine: Engine) {
    let seed = env_number("TORTURE_SEED").unwrap_or(DEFAULT_SEED);
    let sets = seed..seed + env_number("TORTURE_SETS").unwrap_or(DEFAULT_SETS);
    let orders = env_number("TORTURE_ORDERS").unwrap_or(4);
    let mut delivered = 0;
    for first in sets.clone().step_by(usize::try_from(SETS_PER_DATABASE).unwrap()) {
        let seeds: Range<u64> = first..sets.end.min(first + SETS_PER_DATABASE);
        // Each set is delivered to one process and to two, in different orders.
        for replicas in [1, 2] {
            let orders = (0..orders).filter(|order| order % 2 == replicas - 1).collect();
            delivered += Round { engine, seeds: seeds.clone(), orders, replicas }.run().await.count;
        }
    }
    let count = sets.end - sets.start;
    let done = format!("{count} sets in {orders} orders, {delivered} deliveries");
    report_work(engine, Some(seed), &done);
}
