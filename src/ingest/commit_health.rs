//! Outcome of the newest commits, by which readiness and status detect a database that rejects them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use crate::{
    domain::decision::Outcome,
    store::{StoreError, driver::OutageCause},
};

/// Outcome of the newest commits. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct CommitHealth(Arc<Mutex<Newest>>);

#[derive(Clone, Copy, Debug, Default)]
struct Newest {
    failure: Option<CommitFailure>,
    succeeded_at: Option<Instant>,
}

/// A commit that the database rejected, and after which none succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommitFailure {
    /// Time of the newest failure.
    pub at: Instant,
    /// Cause of the newest failure.
    pub cause: OutageCause,
}

impl CommitHealth {
    /// Records a commit. A commit of duplicates writes nothing, so it does not show that writes
    /// succeed.
    pub(super) fn record_success(&self, outcomes: &[Outcome]) {
        if outcomes.iter().any(|outcome| matches!(outcome, Outcome::Recorded(_))) {
            *self.lock() = Newest { failure: None, succeeded_at: Some(Instant::now()) };
        }
    }

    /// Records a failed commit, unless one of its events is the cause.
    pub(super) fn record_failure(&self, error: &StoreError) {
        if let Some(cause) = error.outage() {
            self.lock().failure = Some(CommitFailure { at: Instant::now(), cause });
        }
    }

    /// Returns the newest failure, unless a later commit or probe succeeded.
    #[must_use]
    pub fn failure(&self) -> Option<CommitFailure> {
        self.lock().failure
    }

    /// Returns the time of the newest commit that wrote something.
    #[must_use]
    pub fn succeeded_at(&self) -> Option<Instant> {
        self.lock().succeeded_at
    }

    /// Discards a failure before `since`, because a write that began then succeeded.
    pub fn resolve(&self, since: Instant) {
        let mut newest = self.lock();
        newest.failure = newest.failure.filter(|failure| failure.at > since);
    }

    fn lock(&self) -> MutexGuard<'_, Newest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{CommitHealth, OutageCause, Outcome, StoreError};
    use crate::domain::decision::Decision;

    #[test]
    fn later_success_discards_failure() {
        let health = CommitHealth::default();
        health.record_failure(&StoreError::ReadOnly);
        assert_eq!(health.failure().unwrap().cause, OutageCause::ReadOnly);
        health.record_success(&[Outcome::Duplicate]);
        assert!(health.failure().is_some(), "a duplicate writes nothing");
        health.record_success(&[Outcome::Recorded(Decision::Applied)]);
        assert_eq!(health.failure(), None);
        assert!(health.succeeded_at().is_some());

        health.record_failure(&StoreError::ReadOnly);
        let failed_at = health.failure().unwrap().at;
        health.resolve(failed_at - Duration::from_secs(1));
        assert!(health.failure().is_some(), "the failure is newer than the probe");
        health.resolve(failed_at);
        assert_eq!(health.failure(), None);
    }

    #[test]
    fn rejected_event_is_no_outage() {
        let health = CommitHealth::default();
        health.record_failure(&StoreError::Rejected("code 23505".to_owned()));
        assert_eq!(health.failure(), None);
    }
}
