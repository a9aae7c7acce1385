//! What should never happen, on purpose and at random, for as long as one likes.
//!
//! Among the other tests each of these is short. `TORTURE_CYCLES=300` makes them long, and
//! `TORTURE_SEED` throws the dice again that a failed one has told of:
//! `TORTURE_CYCLES=300 tests/postgres run cargo test --test it torture -- --nocapture`

mod bodies;
mod crash;
mod framing;
mod headers;
mod raw;
mod senders;
mod slow;

use std::time::Duration;

use meetvo::clock::Clock;

use crate::harness::{Dice, asked};

/// Ends a test that would hang.
const PATIENCE: Duration = Duration::from_mins(1);

/// How often something is done: some times, or as often as was asked for.
fn cycles(usual: usize) -> usize {
    asked("TORTURE_CYCLES").map_or(usual, |cycles| usize::try_from(cycles).unwrap())
}

/// Others each time, unless it was said which. Whoever fails has told which they were.
fn dice() -> Dice {
    let seed = asked("TORTURE_SEED").unwrap_or_else(|| Clock::system().now().unsigned_abs());
    eprintln!("TORTURE_SEED={seed}");
    Dice(seed)
}
