//! Kinds of differences between the stored objects and Clerk's, and their counts.

use std::iter::Sum;

/// Kind of difference between a stored object and Clerk's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DriftKind {
    /// Clerk has the object, and the database does not.
    Missing,
    /// The database has the object, and Clerk does not.
    Extra,
    /// Both have the object, with different values.
    Different,
    /// Clerk has the object, and the database has a tombstone of it or of its owner. A repair cannot
    /// undo a deletion.
    Deleted,
}

impl DriftKind {
    /// Returns the name that the API and the command line use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Different => "different",
            Self::Deleted => "deleted",
        }
    }
}

/// Number of objects that differ, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DriftCounts {
    /// Objects of kind [`DriftKind::Missing`].
    pub missing: u64,
    /// Objects of kind [`DriftKind::Extra`].
    pub extra: u64,
    /// Objects of kind [`DriftKind::Different`].
    pub different: u64,
    /// Objects of kind [`DriftKind::Deleted`].
    pub deleted: u64,
}

impl DriftCounts {
    /// Counts one more object of this kind.
    pub fn add(&mut self, kind: DriftKind) {
        let count = match kind {
            DriftKind::Missing => &mut self.missing,
            DriftKind::Extra => &mut self.extra,
            DriftKind::Different => &mut self.different,
            DriftKind::Deleted => &mut self.deleted,
        };
        *count += 1;
    }

    /// Returns the number of objects of all kinds together.
    #[must_use]
    pub fn total(&self) -> u64 {
        let Self { missing, extra, different, deleted } = self;
        missing + extra + different + deleted
    }
}

impl Sum for DriftCounts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |sum, it| Self {
            missing: sum.missing + it.missing,
            extra: sum.extra + it.extra,
            different: sum.different + it.different,
            deleted: sum.deleted + it.deleted,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{DriftCounts, DriftKind};

    #[test]
    fn each_kind_is_counted_separately() {
        let mut counts = DriftCounts::default();
        assert_eq!(counts.total(), 0);
        let kinds =
            [DriftKind::Missing, DriftKind::Extra, DriftKind::Different, DriftKind::Deleted];
        assert_eq!(kinds.map(DriftKind::as_str), ["missing", "extra", "different", "deleted"]);
        for (times, kind) in (1..).zip(kinds) {
            (0..times).for_each(|_| counts.add(kind));
        }
        assert_eq!(counts, DriftCounts { missing: 1, extra: 2, different: 3, deleted: 4 });
        assert_eq!(counts.total(), 10);
        let sum: DriftCounts = [counts, counts].into_iter().sum();
        assert_eq!(sum, DriftCounts { missing: 2, extra: 4, different: 6, deleted: 8 });
    }
}
