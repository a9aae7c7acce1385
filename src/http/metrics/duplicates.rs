//! Counts consecutive duplicates.

use std::sync::{Mutex, PoisonError};

use super::AcceptedDelivery;
use crate::domain::{Millis, decision::Outcome, local_event};

/// Duplicates since the last delivery that was new.
#[derive(Debug, Default)]
pub(super) struct DuplicateRun(Mutex<Run>);

#[derive(Clone, Copy, Debug, Default)]
struct Run {
    count: u64,
    /// Time at which the newest duplicate was sent.
    newest_at: Millis,
}

impl DuplicateRun {
    /// Counts a duplicate, or ends the run at a new delivery. The probe of `meetvo doctor` always
    /// has the same message ID, and does not count.
    pub(super) fn record(&self, accepted: &AcceptedDelivery<'_>) {
        if accepted.kind.is_some_and(local_event::is_local) {
            return;
        }
        self.add(accepted.decision == Outcome::Duplicate.as_str(), accepted.delivery.attempted_at);
    }

    fn add(&self, is_duplicate: bool, at: Millis) {
        let mut run = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *run = match is_duplicate {
            true => Run { count: run.count + 1, newest_at: at },
            false => Run::default(),
        };
    }

    /// Returns the number of duplicates, or 0 if the newest one was sent before `since`.
    pub(super) fn count(&self, since: Millis) -> u64 {
        let run = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if run.newest_at < since { 0 } else { run.count }
    }
}

#[cfg(test)]
mod tests {
    use super::DuplicateRun;

    #[test]
    fn new_delivery_ends_run() {
        let run = DuplicateRun::default();
        for at in [100, 200] {
            run.add(true, at);
        }
        assert_eq!((run.count(200), run.count(201)), (2, 0), "old duplicates do not count");
        run.add(false, 300);
        assert_eq!(run.count(0), 0);
    }
}
