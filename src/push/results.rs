//! Results of attempts that are not recorded in the database yet.

use std::{mem, time::Duration};

use super::{outbox::Outbox, schedule, targets::Reply};
use crate::{
    domain::Millis,
    store::push::{
        endpoints::{FAILING, GONE},
        progress::{Attempt, Progress},
    },
};

/// Result of an attempt.
#[derive(Debug)]
pub(super) struct Sent {
    /// Number of the message's change.
    pub(super) seq: i64,
    /// Time of the attempt.
    pub(super) at: Millis,
    /// Time until the reply.
    pub(super) duration: Duration,
    pub(super) reply: Reply,
}

/// Results since the last record.
#[derive(Debug)]
pub(super) struct Results(Progress);

impl Results {
    /// `failing_since` is the time of the first failure after the last success.
    pub(super) fn new(failing_since: Option<Millis>) -> Self {
        Self(Progress { failing_since, ..Progress::default() })
    }

    /// Takes over the result of an attempt, and tells the outbox what follows.
    pub(super) fn add(&mut self, outbox: &mut Outbox, sent: Sent) {
        let Sent { seq, at, duration, reply } = sent;
        let attempt = outbox.attempt(seq);
        let is_delivered = reply.is_delivered();
        self.0.attempts.push(Attempt {
            seq,
            at,
            attempt,
            duration_ms: schedule::millis(duration),
            status: reply.status.map(i64::from),
            problem: reply.problem,
        });
        self.0.waiting.retain(|it| it.seq != seq);
        if is_delivered {
            self.0.failing_since = None;
            if outbox.remove(seq) {
                self.0.delivered.push(seq);
            }
            return;
        }
        let failing_since = *self.0.failing_since.get_or_insert(at);
        if reply.is_gone {
            self.0.disable = Some((GONE, at));
        } else if at - failing_since >= schedule::millis(schedule::FAILING_LIMIT) {
            self.0.disable = Some((FAILING, at));
        }
        if let Some(next) = schedule::next_attempt(attempt, at, reply.retry_after) {
            self.0.waiting.extend(outbox.retry(seq, next));
        } else {
            outbox.remove(seq);
            self.0.failed.push((seq, attempt, at));
        }
    }

    /// Fails a message whose event is no longer in the log.
    pub(super) fn add_expired(&mut self, outbox: &mut Outbox, seq: i64, at: Millis) {
        let attempt = outbox.attempt(seq);
        let problem = Some("the event log no longer has the event".to_owned());
        self.0.attempts.push(Attempt { seq, at, attempt, duration_ms: 0, status: None, problem });
        self.0.waiting.retain(|it| it.seq != seq);
        outbox.remove(seq);
        self.0.failed.push((seq, attempt, at));
    }

    /// Returns whether there are attempts.
    pub(super) fn has_attempts(&self) -> bool {
        !self.0.attempts.is_empty()
    }

    /// Returns whether the endpoint must be disabled.
    pub(super) fn disables(&self) -> bool {
        self.0.disable.is_some()
    }

    /// Takes the results to record them. `read` is the number up to which all changes were read.
    pub(super) fn take(&mut self, outbox: &mut Outbox, read: i64) -> Progress {
        self.0.waiting.extend(outbox.record_blocked());
        let failing_since = self.0.failing_since;
        let next = Progress { failing_since, ..Progress::default() };
        Progress { position: outbox.position(read), ..mem::replace(&mut self.0, next) }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::outbox::tests::outbox, *};

    const DAY: Millis = 24 * 60 * 60 * 1_000;

    fn sent(seq: i64, at: Millis, status: u16) -> Sent {
        let problem = (status >= 300).then(|| format!("answered with {status}"));
        let is_gone = status == 410;
        let reply = Reply { status: Some(status), problem, retry_after: None, is_gone };
        Sent { seq, at, duration: Duration::from_millis(5), reply }
    }

    #[test]
    fn success_ends_a_time_of_failures() {
        let (mut outbox, mut results) = (outbox(&[1, 2]), Results::new(None));
        while outbox.take_due(0).is_some() {}
        results.add(&mut outbox, sent(1, 100, 500));
        let progress = results.take(&mut outbox, 2);
        assert_eq!((progress.failing_since, progress.position), (Some(100), 1));
        assert_eq!((progress.waiting.len(), progress.attempts.len()), (1, 1));
        results.add(&mut outbox, sent(2, 200, 204));
        let progress = results.take(&mut outbox, 2);
        assert_eq!((progress.failing_since, progress.position), (None, 2));
        // Only a message with a row is deleted.
        assert!(progress.delivered.is_empty());
        outbox.take_due(Millis::MAX);
        results.add(&mut outbox, sent(1, 300, 200));
        assert_eq!(results.take(&mut outbox, 2).delivered, [1]);
    }

    #[test]
    fn endpoint_is_disabled_by_410_or_age() {
        for (failing_since, at, status, expected) in [
            (None, 0, 500, None),
            (Some(0), 5 * DAY - 1, 500, None),
            (Some(0), 5 * DAY, 500, Some((FAILING, 5 * DAY))),
            (Some(0), 5 * DAY, 200, None),
            (None, 7, 410, Some((GONE, 7))),
        ] {
            let (mut outbox, mut results) = (outbox(&[1]), Results::new(failing_since));
            outbox.take_due(0);
            results.add(&mut outbox, sent(1, at, status));
            assert_eq!(results.disables(), expected.is_some(), "{status} at {at}");
            assert_eq!(results.take(&mut outbox, 1).disable, expected);
        }
    }

    #[test]
    fn eighth_failure_is_final() {
        let (mut outbox, mut results) = (outbox(&[1]), Results::new(None));
        for attempt in 1..=8 {
            assert!(outbox.take_due(Millis::MAX).is_some(), "{attempt}");
            results.add(&mut outbox, sent(1, attempt, 500));
        }
        let progress = results.take(&mut outbox, 1);
        assert_eq!(progress.failed, [(1, 8, 8)]);
        assert!(progress.waiting.is_empty() && outbox.take_due(Millis::MAX).is_none());
        assert_eq!(progress.position, 1);
    }

    #[test]
    fn expired_message_fails_at_once() {
        let (mut outbox, mut results) = (outbox(&[1]), Results::new(None));
        outbox.take_due(0);
        results.add_expired(&mut outbox, 1, 5);
        let progress = results.take(&mut outbox, 1);
        assert_eq!((progress.failed, progress.position), (vec![(1, 1, 5)], 1));
        assert!(progress.attempts[0].problem.is_some());
    }
}
