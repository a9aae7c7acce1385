//! Life of an object: the part of its row that decides the next merge.

use crate::domain::{Millis, version::Version};

/// Version of the state of an object, or its tombstone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    /// An object with a state, or a stub (at `Version::default()`) of which only the ID is known.
    Live(Version),
    /// The permanent mark of a deletion. Clerk does not reuse IDs.
    Tombstone {
        /// The least envelope time of all deletions of this object.
        deleted_at: Millis,
    },
}

impl Default for Lifecycle {
    fn default() -> Self {
        Self::Live(Version::default())
    }
}

/// Result of merging a state or a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeOutcome {
    /// The incoming state or deletion won, and the row changes.
    Changed,
    /// The current state or deletion won.
    Unchanged,
    /// The object is deleted, so that the incoming state has no effect.
    Tombstoned,
}

impl Lifecycle {
    /// Merges a state. The state with the greater version wins as a whole.
    pub fn merge_state(&mut self, incoming: &Version) -> MergeOutcome {
        match self {
            Self::Tombstone { .. } => MergeOutcome::Tombstoned,
            Self::Live(current) if incoming > current => {
                current.clone_from(incoming);
                MergeOutcome::Changed
            }
            Self::Live(_) => MergeOutcome::Unchanged,
        }
    }

    /// Merges a deletion. It beats every state, and the earliest of several deletions wins.
    pub fn merge_deletion(&mut self, at: Millis) -> MergeOutcome {
        match self {
            Self::Tombstone { deleted_at } if *deleted_at <= at => MergeOutcome::Unchanged,
            Self::Tombstone { .. } | Self::Live(_) => {
                *self = Self::Tombstone { deleted_at: at };
                MergeOutcome::Changed
            }
        }
    }

    /// Returns true if a state of the object is known: it is neither a stub nor a tombstone.
    #[must_use]
    pub fn has_state(&self) -> bool {
        matches!(self, Self::Live(version) if *version != Version::default())
    }

    /// Returns true if a state with this version is newer.
    #[must_use]
    pub fn loses_to(&self, version: &Version) -> bool {
        matches!(self, Self::Live(current) if current < version)
    }

    /// Returns true if the object is deleted.
    #[must_use]
    pub fn is_tombstone(&self) -> bool {
        matches!(self, Self::Tombstone { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::{Lifecycle, MergeOutcome};
    use crate::domain::version::Version;

    #[test]
    fn no_state_revives_a_deleted_object() {
        let mut lifecycle = Lifecycle::default();
        assert_eq!(lifecycle.merge_deletion(5), MergeOutcome::Changed);
        let newer = Version::complete(Some(9), Some(9), "msg_1");
        assert_eq!(lifecycle.merge_state(&newer), MergeOutcome::Tombstoned);
        assert_eq!(lifecycle, Lifecycle::Tombstone { deleted_at: 5 });
    }
}
