//! Chance that can be repeated, and as much of it as is asked for.

use std::{env, fs};

use super::Engine;

/// A generator that needs no crate, and gives the same for a seed everywhere (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % sides as u64).unwrap()
    }

    pub fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

/// The number that a variable asks for, where it is set.
#[expect(clippy::disallowed_methods, reason = "it is a setting of the tests, not of the service")]
pub fn asked(name: &str) -> Option<u64> {
    let value = env::var(name).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name}={value}: it is a number")))
}

/// Tells how much was done at last: who watches, and `tests/torture`, which makes a table of it.
#[expect(clippy::disallowed_methods, reason = "it is a setting of the tests, not of the service")]
pub fn tell(engine: Engine, seed: Option<u64>, done: &str) {
    let seed = seed.map_or("-".to_owned(), |seed| seed.to_string());
    eprintln!("{engine:?}: {done} (seed {seed})");
    if let Ok(file) = env::var("TORTURE_REPORT") {
        let engine = format!("{engine:?}").to_lowercase();
        fs::write(file, format!("{engine}\t{seed}\t{done}\n")).unwrap();
    }
}
