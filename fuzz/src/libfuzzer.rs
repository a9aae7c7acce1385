//! Code that the fuzzing programs share.

use std::{cell::RefCell, mem::ManuallyDrop};

pub use libfuzzer_sys;
use meetvo::store::driver::Target;
use tempfile::TempDir;

use crate::targets::{mutate::mutate, requests::TestService};

/// Number of requests after which the database is replaced, so that it does not only grow.
const REQUESTS: usize = 20_000;

/// Defines a program that searches for inputs that break a target.
#[macro_export]
macro_rules! fuzz_program {
    ($check:path) => {
        $crate::libfuzzer::libfuzzer_sys::fuzz_target!(|input: &[u8]| $check(input));

        $crate::libfuzzer::libfuzzer_sys::fuzz_mutator!(
            |data: &mut [u8], size: usize, limit: usize, seed: u32| {
                $crate::libfuzzer::mutate_input(data, size, limit, seed)
            }
        );
    };
}

/// Mutates the input in place and returns its new size. Half of the mutations are libFuzzer's own,
/// which use the values that the code has compared.
pub fn mutate_input(data: &mut [u8], size: usize, limit: usize, seed: u32) -> usize {
    let mut state = u64::from(seed);
    let mut random = |bound: usize| {
        // splitmix64
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).expect("the number is below `bound`")
    };
    if random(2) == 0 {
        return libfuzzer_sys::fuzzer_mutate(data, size, limit);
    }
    let mutated = mutate(&data[..size], limit, &mut random);
    data[..mutated.len()].copy_from_slice(&mutated);
    mutated.len()
}

/// Runs the target `requests` with an SQLite database.
pub fn requests(input: &[u8]) {
    struct SqliteService {
        service: TestService,
        request_count: usize,
        _folder: TempDir,
    }

    impl SqliteService {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let service = TestService::new(Target::Sqlite(folder.path().join("meetvo.db")));
            Self { service, request_count: 0, _folder: folder }
        }
    }

    thread_local! {
        // Never dropped with its thread, because its thread-local parts are destroyed earlier.
        static CURRENT: RefCell<ManuallyDrop<SqliteService>> =
            RefCell::new(ManuallyDrop::new(SqliteService::new()));
    }

    CURRENT.with_borrow_mut(|current| {
        current.service.check(input);
        current.request_count += 1;
        if current.request_count >= REQUESTS {
            let previous = std::mem::replace(current, ManuallyDrop::new(SqliteService::new()));
            drop(ManuallyDrop::into_inner(previous));
        }
    });
}
