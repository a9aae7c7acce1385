//! What each program of this package consists of.

use std::{cell::RefCell, mem::ManuallyDrop};

pub use libfuzzer_sys;
use meetvo::store::driver::Target;
use tempfile::TempDir;

use crate::targets::{mutate::mutate, requests::World};

/// After so many requests there is a new database: what they leave behind must not only grow.
const REQUESTS: usize = 20_000;

/// A program that looks for input that breaks a target.
#[macro_export]
macro_rules! guided {
    ($check:path) => {
        $crate::guided::libfuzzer_sys::fuzz_target!(|input: &[u8]| $check(input));

        $crate::guided::libfuzzer_sys::fuzz_mutator!(
            |data: &mut [u8], size: usize, limit: usize, seed: u32| {
                $crate::guided::change(data, size, limit, seed)
            }
        );
    };
}

/// Changes the input in its place; the new size. Every second time by libFuzzer's own means, which know
/// what the code has compared bytes with.
pub fn change(data: &mut [u8], size: usize, limit: usize, seed: u32) -> usize {
    let mut state = u64::from(seed);
    let mut dice = |sides: usize| {
        // splitmix64
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % sides as u64).expect("it is below `sides`")
    };
    if dice(2) == 0 {
        return libfuzzer_sys::fuzzer_mutate(data, size, limit);
    }
    let changed = mutate(&data[..size], limit, &mut dice);
    data[..changed.len()].copy_from_slice(&changed);
    changed.len()
}

/// The target `requests`, with a database on SQLite.
pub fn requests(input: &[u8]) {
    struct OnSqlite {
        world: World,
        asked: usize,
        _folder: TempDir,
    }

    impl OnSqlite {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let world = World::on(Target::Sqlite(folder.path().join("meetvo.db")));
            Self { world, asked: 0, _folder: folder }
        }
    }

    thread_local! {
        // Not dropped with its thread: what it is made of is gone by then.
        static NOW: RefCell<ManuallyDrop<OnSqlite>> =
            RefCell::new(ManuallyDrop::new(OnSqlite::new()));
    }

    NOW.with_borrow_mut(|now| {
        now.world.check(input);
        now.asked += 1;
        if now.asked >= REQUESTS {
            let before = std::mem::replace(now, ManuallyDrop::new(OnSqlite::new()));
            drop(ManuallyDrop::into_inner(before));
        }
    });
}
