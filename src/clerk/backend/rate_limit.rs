//! Rate limit of the Backend API, and the backoff between retries.
//!
//! Clerk accepts 1,000 requests in 10 seconds for a production instance, and 100 for a development
//! instance, from all servers together. Here a tenth of that may be sent at once, and the rest is
//! spread evenly, so that no period of 10 seconds exceeds the limit.

use std::{
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, MonotonicClock},
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed},
};
use tokio::time::{Instant, sleep, sleep_until};

use super::{RetryPolicy, error::AttemptError};

/// Maximum number of attempts. They take about five minutes.
pub(super) const MAX_ATTEMPTS: u32 = 12;

/// Maximum delay before the second attempt. It doubles for each further attempt.
const INITIAL_DELAY: Duration = Duration::from_millis(500);

/// Maximum delay before any attempt.
const MAX_DELAY: Duration = Duration::from_mins(1);

type Bucket = RateLimiter<
    NotKeyed,
    InMemoryState,
    MonotonicClock,
    NoOpMiddleware<<MonotonicClock as Clock>::Instant>,
>;

/// The rate limit of one instance. Clones share it.
#[derive(Clone)]
pub(super) struct RateLimit(Arc<Shared>);

struct Shared {
    bucket: Bucket,
    /// The tenth of the rate limit for requests that API callers cause.
    caller_bucket: Bucket,
    /// The end of the pause that Clerk asked for.
    paused_until: Mutex<Option<Instant>>,
}

impl RateLimit {
    /// Creates the rate limit of the instance of a secret key.
    pub(super) fn new(secret_key: &str) -> Self {
        let is_production = secret_key.starts_with("sk_live_");
        let (burst, per_second) = if is_production { (100, 90) } else { (10, 9) };
        Self(Arc::new(Shared {
            bucket: bucket(burst, per_second),
            caller_bucket: bucket(burst / 10, per_second.div_ceil(10)),
            paused_until: Mutex::default(),
        }))
    }

    /// Waits until a request may be sent.
    pub(super) async fn wait(&self) {
        loop {
            while let Some(end) = self.paused_until() {
                sleep_until(end).await;
            }
            match self.0.bucket.check() {
                Ok(()) => return,
                Err(not_yet) => sleep(not_yet.wait_time_from(MonotonicClock.now())).await,
            }
        }
    }

    /// Waits for the part of the rate limit that API callers can use up. The request must also call
    /// [`wait`](Self::wait).
    pub(super) async fn wait_for_caller_quota(&self) {
        while let Err(not_yet) = self.0.caller_bucket.check() {
            sleep(not_yet.wait_time_from(MonotonicClock.now())).await;
        }
    }

    /// Delays all requests.
    pub(super) fn pause(&self, duration: Duration) {
        let end = Instant::now() + duration;
        let mut paused = self.0.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
        *paused = Some(paused.map_or(end, |paused| paused.max(end)));
    }

    fn paused_until(&self) -> Option<Instant> {
        let end = *self.0.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
        end.filter(|end| *end > Instant::now())
    }
}

fn bucket(burst: u32, per_second: u32) -> Bucket {
    let at_least_one = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
    let quota = Quota::per_second(at_least_one(per_second)).allow_burst(at_least_one(burst));
    RateLimiter::direct_with_clock(quota, MonotonicClock)
}

/// Returns the delay before the next attempt, or `None` if the request must not be retried.
pub(super) fn backoff(
    error: &AttemptError,
    attempt: u32,
    retry_policy: RetryPolicy,
) -> Option<Duration> {
    if retry_policy == RetryPolicy::None || attempt >= MAX_ATTEMPTS {
        return None;
    }
    match error {
        AttemptError::RateLimited(Some(retry_after)) => {
            Some((*retry_after).min(MAX_DELAY) + jitter(INITIAL_DELAY))
        }
        AttemptError::RateLimited(None)
        | AttemptError::ServerError(_)
        | AttemptError::Transport(_) => {
            let max = INITIAL_DELAY.saturating_mul(1 << (attempt - 1).min(16)).min(MAX_DELAY);
            Some(jitter(max))
        }
        AttemptError::TooLong | AttemptError::Rejected(_) => None,
    }
}

/// Returns a random duration between half of `max` and `max`, so that requests that failed together
/// are not retried together.
fn jitter(max: Duration) -> Duration {
    // Without a random number, the requests are retried together, which is harmless.
    let random = getrandom::u32().unwrap_or(u32::MAX);
    max.mul_f64(f64::midpoint(1.0, f64::from(random) / f64::from(u32::MAX)))
}

#[cfg(test)]
mod tests {
    use super::{AttemptError, Duration, MAX_ATTEMPTS, MAX_DELAY, RateLimit, RetryPolicy, backoff};
    use crate::clerk::backend::ApiError;

    #[test]
    fn retry_after_is_respected() {
        let error = AttemptError::RateLimited(Some(Duration::from_secs(7)));
        for _ in 0..100 {
            let delay = backoff(&error, 1, RetryPolicy::Persistent).unwrap();
            assert!((Duration::from_secs(7)..Duration::from_secs(8)).contains(&delay), "{delay:?}");
        }
    }

    #[test]
    fn delays_grow_to_a_minute() {
        let error = AttemptError::ServerError(500);
        let delays: Vec<_> =
            (1..MAX_ATTEMPTS).map(|it| backoff(&error, it, RetryPolicy::Persistent)).collect();
        assert!(delays.iter().all(|delay| delay.is_some_and(|it| it <= MAX_DELAY)));
        let total: Duration = delays.into_iter().flatten().sum();
        assert!(total > Duration::from_mins(2) && total < Duration::from_mins(6), "{total:?}");
        assert_eq!(backoff(&error, MAX_ATTEMPTS, RetryPolicy::Persistent), None);
    }

    #[test]
    fn rejected_requests_are_not_retried() {
        let rejected = AttemptError::Rejected(ApiError::read(401, b""));
        assert_eq!(backoff(&rejected, 1, RetryPolicy::Persistent), None);
        assert_eq!(backoff(&AttemptError::ServerError(500), 1, RetryPolicy::None), None);
    }

    /// The burst is a tenth of the limit. The refill in ten seconds is nine tenths.
    #[test]
    fn burst_is_tenth_of_limit() {
        for (key, limit) in [("sk_live_x", 1_000), ("sk_test_x", 100), ("else", 100)] {
            let rate_limit = RateLimit::new(key);
            let burst = (0..limit).take_while(|_| rate_limit.0.bucket.check().is_ok()).count();
            assert_eq!(u32::try_from(burst).unwrap(), limit / 10, "{key}");
            let caller_bucket = &rate_limit.0.caller_bucket;
            let caller_burst = (0..limit).take_while(|_| caller_bucket.check().is_ok()).count();
            assert_eq!(u32::try_from(caller_burst).unwrap(), limit / 100, "{key}");
        }
    }

    #[tokio::test]
    async fn pause_delays_all_clones() {
        let rate_limit = RateLimit::new("sk_live_x");
        let (started, pause) = (tokio::time::Instant::now(), Duration::from_millis(50));
        rate_limit.clone().pause(pause);
        rate_limit.wait().await;
        assert!(started.elapsed() >= pause);
    }
}
