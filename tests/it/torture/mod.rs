//! Failures under load, produced on purpose and at random, for as long as required.
//!
//! Each test is short by default. `TORTURE_CYCLES=300` makes them long, and `TORTURE_SEED` repeats
//! the random choices of a failed test, which prints its seed:
//!
//! `TORTURE_CYCLES=300 tests/postgres run cargo test --test it torture -- --nocapture`
//!
//! `make torture` runs the long forms one by one and prints a table of their results.

mod bodies;
mod connection_cuts;
mod crash;
mod disk;
mod framing;
mod headers;
pub mod invariants;
pub mod load;
mod raw_connection;
mod restarts;
mod slow;
mod unverified;

use std::{env, process::Command, time::Duration};

use meetvo::clock::Clock;

use crate::harness::{BUSY_MACHINE, env_number, repository::read};

/// Maximum time from the end of a disturbance until the service accepts deliveries. It guarantees five
/// seconds.
const RECOVERY_LIMIT: Duration = BUSY_MACHINE.saturating_add(Duration::from_secs(5));

/// Returns `TORTURE_CYCLES`, or the default number of cycles if the variable is not set.
pub fn cycles(default: usize) -> usize {
    env_number("TORTURE_CYCLES").map_or(default, |cycles| usize::try_from(cycles).unwrap())
}

/// Returns `TORTURE_SEED`, or another seed each time, and prints it so that a failure can be
/// repeated.
pub fn seed() -> u64 {
    let seed = env_number("TORTURE_SEED").unwrap_or_else(|| Clock::system().now().unsigned_abs());
    eprintln!("TORTURE_SEED={seed}");
    seed
}

/// `tests/torture` also fails if one of them is missing, but it rarely runs.
#[test]
fn long_tests_of_the_script_exist() {
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
