//! What should never happen, on purpose and at random, for as long as one likes.
//!
//! Among the other tests each of these is short. `TORTURE_CYCLES=300` makes them long, and
//! `TORTURE_SEED` throws the dice again that a failed one has told of:
//! `TORTURE_CYCLES=300 tests/postgres run cargo test --test it torture -- --nocapture`
//!
//! `make torture` runs the long forms one by one, and makes a table of what they tell.

mod bodies;
mod crash;
mod cuts;
mod disk;
mod framing;
mod headers;
mod raw;
mod restarts;
mod senders;
mod slow;
mod whole;

use std::time::Duration;

use meetvo::clock::Clock;

use crate::harness::asked;

/// Ends a test that would hang.
const PATIENCE: Duration = Duration::from_mins(1);

/// The promise: once what was amiss is mended, the service is.
const HEALED: Duration = Duration::from_secs(5);

/// How often something is done: some times, or as often as was asked for.
fn cycles(usual: usize) -> usize {
    asked("TORTURE_CYCLES").map_or(usual, |cycles| usize::try_from(cycles).unwrap())
}

/// Other dice each time, unless it was said which. Whoever fails has told which they were.
fn seed() -> u64 {
    let seed = asked("TORTURE_SEED").unwrap_or_else(|| Clock::system().now().unsigned_abs());
    eprintln!("TORTURE_SEED={seed}");
    seed
}
