//! What should never happen, on purpose and at random, for as long as one likes.
//!
//! Among the other tests each of these is short. `TORTURE_CYCLES=300` makes them long, and
//! `TORTURE_SEED` throws the rng again that a failed one has told of:
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
pub mod senders;
mod slow;
pub mod whole;

use std::{env, process::Command, time::Duration};

use meetvo::clock::Clock;

use crate::harness::{env_number, repository::read};

/// Ends a test that would hang.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// The promise: once what was amiss is mended, the service is.
const HEALED: Duration = Duration::from_secs(5);

/// How often something is done: some times, or as often as was asked for.
pub fn cycles(usual: usize) -> usize {
    env_number("TORTURE_CYCLES").map_or(usual, |cycles| usize::try_from(cycles).unwrap())
}

/// Other rng each time, unless it was said which. Whoever fails has told which they were.
pub fn seed() -> u64 {
    let seed = env_number("TORTURE_SEED").unwrap_or_else(|| Clock::system().now().unsigned_abs());
    eprintln!("TORTURE_SEED={seed}");
    seed
}

/// `tests/torture` fails where one of them is missing, but that is seldom run.
#[test]
fn what_is_run_at_length_is_there() {
    let listed = Command::new(env::current_exe().unwrap()).arg("--list").output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let script = read("tests/torture");
    let (_, long) = script.split_once("\nlong='\n").unwrap();
    let names: Vec<_> = long.lines().take_while(|line| *line != "'").collect();
    assert!(names.len() > 8, "{names:?}");
    for name in names {
        assert!(listed.contains(&format!("{name}: test\n")), "{name}");
    }
}
