//! Times of the attempts to deliver a message: those of Svix.

use std::time::Duration;

use rand::RngExt;

use crate::domain::Millis;

/// Delays after the failed attempts, from the first one. The message fails for good after one more
/// attempt. Source: Svix's documentation on retries.
const DELAYS: [Duration; 7] = [
    Duration::from_secs(5),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(10),
];

/// Maximum part of a delay that is added at random, so that messages that failed together are not
/// sent together again.
const JITTER: f64 = 0.1;

/// Maximum delay that an endpoint can request.
const MAX_RETRY_AFTER: Duration = Duration::from_hours(24);

/// Time for which an endpoint can fail before it is disabled.
pub(super) const FAILING_LIMIT: Duration = Duration::from_hours(5 * 24);

/// Returns the time of the next attempt after `attempts` failed ones, or none after the last.
pub(super) fn next_attempt(
    attempts: i64,
    now: Millis,
    retry_after: Option<Duration>,
) -> Option<Millis> {
    let index = usize::try_from(attempts - 1).ok()?;
    let delay = DELAYS.get(index)?.mul_f64(1.0 + rand::rng().random_range(0.0..JITTER));
    let requested = retry_after.unwrap_or_default().min(MAX_RETRY_AFTER);
    Some(now.saturating_add(millis(delay.max(requested))))
}

/// Converts a duration to milliseconds.
pub(super) fn millis(duration: Duration) -> Millis {
    Millis::try_from(duration.as_millis()).unwrap_or(Millis::MAX)
}

#[cfg(test)]
mod tests {
    use super::{DELAYS, Duration, next_attempt};

    #[test]
    fn delays_are_those_of_svix_with_jitter() {
        for (attempts, delay) in (1..).zip(DELAYS) {
            let delay = super::millis(delay);
            for _ in 0..50 {
                let next = next_attempt(attempts, 1_000, None).unwrap() - 1_000;
                assert!((delay..delay + delay / 10 + 1).contains(&next), "{attempts}: {next}");
            }
        }
        assert_eq!(next_attempt(8, 0, None), None);
    }

    #[test]
    fn endpoint_can_request_a_longer_delay() {
        let requested = |seconds| next_attempt(1, 0, Some(Duration::from_secs(seconds))).unwrap();
        assert_eq!(requested(60), 60_000);
        assert!((5_000..6_000).contains(&requested(1)));
        assert_eq!(requested(1_000_000), 24 * 60 * 60 * 1_000);
    }
}
