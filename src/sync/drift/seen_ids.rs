//! The IDs that a list contained.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

/// Set of the IDs in Clerk's list of one type. It stores 128-bit hashes, because IDs have any length
/// and there can be millions.
#[derive(Debug, Default)]
pub(super) struct SeenIds(HashSet<u128>);

impl SeenIds {
    /// Adds an ID. Returns whether it was new.
    pub(super) fn insert(&mut self, id: &str) -> bool {
        self.0.insert(Self::hash(id))
    }

    pub(super) fn contains(&self, id: &str) -> bool {
        self.0.contains(&Self::hash(id))
    }

    fn hash(id: &str) -> u128 {
        let digest: [u8; 32] = Sha256::digest(id.as_bytes()).into();
        digest.iter().take(16).fold(0, |hash, byte| hash << 8 | u128::from(*byte))
    }
}
