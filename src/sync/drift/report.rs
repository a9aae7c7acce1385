//! Progress and results of a drift check.

use crate::{
    domain::drift::{DriftCounts, DriftKind},
    objects::Kind,
    store::drift_checks::{DriftCheckResult, TypeResult},
    sync::summary::Summary,
};

/// A difference between a stored object and Clerk's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectDifference {
    /// Type of the object.
    pub object: Kind,
    /// ID of the object.
    pub id: String,
    /// Kind of the difference.
    pub kind: DriftKind,
    /// Names of the fields that differ. Empty unless `kind` is [`DriftKind::Different`].
    pub fields: Vec<&'static str>,
}

/// Progress of a drift check.
#[derive(Clone, Copy, Debug)]
pub enum DriftProgress<'a> {
    /// The comparison of a type starts.
    Started(Kind),
    /// Number of Clerk's objects of the type compared so far.
    Compared(u64),
    /// A difference just found.
    Difference(&'a ObjectDifference),
}

/// Result of a drift check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DriftReport {
    /// Results by type.
    pub types: Vec<TypeReport>,
}

/// Result of a drift check for one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeReport {
    /// The type.
    pub object: Kind,
    /// Whether the Clerk instance uses the feature. Otherwise nothing was compared.
    pub is_enabled: bool,
    /// Number of objects at Clerk.
    pub objects: u64,
    /// Number of differences found, by kind.
    pub found: DriftCounts,
    /// Number of differences not repaired, by kind. Without a repair, the same as `found`.
    pub remaining: DriftCounts,
    /// Number of objects changed so recently that their webhooks may still arrive. They are not
    /// differences.
    pub awaiting_webhook: u64,
    /// Number of objects that differ only in fields for which Clerk sends no webhook. They are not
    /// differences.
    pub times_only: u64,
    /// Number of Clerk's objects that could not be decoded and were not compared.
    pub not_understood: u64,
    /// Outcomes of the applied states.
    pub applied: Summary,
    /// Number of objects deleted because they no longer exist at Clerk.
    pub deleted: u64,
    /// Reason why the repair did not delete all objects that no longer exist at Clerk.
    pub deletion_block: Option<DeletionBlock>,
}

/// Reasons why a repair does not delete objects that no longer exist at Clerk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionBlock {
    /// No pinned instance. With the secret key of another instance, the repair would delete all
    /// objects.
    InstanceNotPinned,
    /// More objects to delete than this limit.
    LimitExceeded(u64),
}

impl TypeReport {
    pub(super) fn new(object: Kind) -> Self {
        Self {
            object,
            is_enabled: true,
            objects: 0,
            found: DriftCounts::default(),
            remaining: DriftCounts::default(),
            awaiting_webhook: 0,
            times_only: 0,
            not_understood: 0,
            applied: Summary::default(),
            deleted: 0,
            deletion_block: None,
        }
    }
}

impl DriftReport {
    /// Returns the sum of a count over all types.
    pub fn sum(&self, count: impl Fn(&TypeReport) -> u64) -> u64 {
        self.types.iter().map(count).sum()
    }

    /// Returns the differences found in all types together.
    #[must_use]
    pub fn found(&self) -> DriftCounts {
        self.types.iter().map(|it| it.found).sum()
    }

    /// Returns the differences of all types together that were not repaired.
    #[must_use]
    pub fn remaining(&self) -> DriftCounts {
        self.types.iter().map(|it| it.remaining).sum()
    }
}

impl From<&DriftReport> for DriftCheckResult {
    fn from(report: &DriftReport) -> Self {
        let enabled = report.types.iter().filter(|it| it.is_enabled);
        let types = enabled.map(|it| {
            let TypeReport { objects, remaining: counts, not_understood, .. } = *it;
            (it.object, TypeResult { objects, counts, not_understood })
        });
        Self { types: types.collect() }
    }
}
