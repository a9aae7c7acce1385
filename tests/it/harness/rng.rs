//! Repeatable random numbers, and the variables that set the length of a test.

use std::{env, fs};

use super::Engine;

/// Random number generator (splitmix64) with the same sequence for a seed on every platform.
pub struct Rng(pub u64);

impl Rng {
    /// Returns a number from 0 to `bound - 1`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap()
    }

    pub fn choose<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

/// Returns the number in an environment variable, if it is set.
#[expect(clippy::disallowed_methods, reason = "it is a setting of the tests, not of the service")]
pub fn env_number(name: &str) -> Option<u64> {
    let value = env::var(name).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name}={value}: expected a number")))
}

/// Prints the amount of work of a test, and writes it to the file that `TORTURE_REPORT` names.
/// `tests/torture` makes a table of these files.
#[expect(clippy::disallowed_methods, reason = "it is a setting of the tests, not of the service")]
pub fn report_work(engine: Engine, seed: Option<u64>, work: &str) {
    let seed = seed.map_or("-".to_owned(), |seed| seed.to_string());
    eprintln!("{engine:?}: {work} (seed {seed})");
    if let Ok(file) = env::var("TORTURE_REPORT") {
        let engine = format!("{engine:?}").to_lowercase();
        fs::write(file, format!("{engine}\t{seed}\t{work}\n")).unwrap();
    }
}
