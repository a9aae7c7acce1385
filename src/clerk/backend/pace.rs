//! How often Clerk may be asked, and for how long a question is repeated.
//!
//! Clerk takes 1 000 requests in 10 seconds of a production instance and 100 of a development one, of
//! all its servers together (system limits). Of each ten seconds a tenth of that may go at once, and the
//! rest evenly: in no ten seconds it is more than the limit.

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

use super::{Patience, error::Unanswered};

/// How often a crawl repeats a question: for some five minutes.
const ATTEMPTS: u32 = 12;

/// The longest pause before the second attempt; each further one may be twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

const LONGEST_PAUSE: Duration = Duration::from_mins(1);

type Bucket = RateLimiter<
    NotKeyed,
    InMemoryState,
    MonotonicClock,
    NoOpMiddleware<<MonotonicClock as Clock>::Instant>,
>;

/// The pace of one instance, which clones share.
#[derive(Clone)]
pub(super) struct Pace(Arc<Shared>);

struct Shared {
    bucket: Bucket,
    /// The tenth of it that anybody can use up.
    spare: Bucket,
    /// Until when nobody is to ask: Clerk said so.
    held: Mutex<Option<Instant>>,
}

impl Pace {
    /// That of the instance whose key this is.
    pub(super) fn of(secret_key: &str) -> Self {
        let is_live = secret_key.starts_with("sk_live_");
        let (burst, a_second) = if is_live { (100, 90) } else { (10, 9) };
        let (bucket, spare) = (bucket(burst, a_second), bucket(burst / 10, a_second.div_ceil(10)));
        Self(Arc::new(Shared { bucket, spare, held: Mutex::default() }))
    }

    /// Waits until a request may be sent.
    pub(super) async fn turn(&self) {
        loop {
            while let Some(held) = self.held() {
                sleep_until(held).await;
            }
            match self.0.bucket.check() {
                Ok(()) => return,
                Err(not_yet) => sleep(not_yet.wait_time_from(MonotonicClock.now())).await,
            }
        }
    }

    /// Waits for a part in the tenth that anybody can use up. A request waits for its turn beside that.
    pub(super) async fn spare_turn(&self) {
        while let Err(not_yet) = self.0.spare.check() {
            sleep(not_yet.wait_time_from(MonotonicClock.now())).await;
        }
    }

    /// Holds every request back for so long.
    pub(super) fn hold(&self, pause: Duration) {
        let until = Instant::now() + pause;
        let mut held = self.0.held.lock().unwrap_or_else(PoisonError::into_inner);
        *held = Some(held.map_or(until, |held| held.max(until)));
    }

    fn held(&self) -> Option<Instant> {
        let held = *self.0.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.filter(|until| *until > Instant::now())
    }
}

fn bucket(burst: u32, a_second: u32) -> Bucket {
    let one_or = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
    let quota = Quota::per_second(one_or(a_second)).allow_burst(one_or(burst));
    RateLimiter::direct_with_clock(quota, MonotonicClock)
}

/// How long to wait before asking once more; none where that is not to be done.
pub(super) fn pause(unanswered: &Unanswered, attempt: u32, patience: Patience) -> Option<Duration> {
    if patience == Patience::None || attempt >= ATTEMPTS {
        return None;
    }
    match unanswered {
        Unanswered::TooMany(Some(asked)) => Some((*asked).min(LONGEST_PAUSE) + jitter(FIRST_PAUSE)),
        Unanswered::TooMany(None) | Unanswered::Failing(_) | Unanswered::Lost(_) => {
            let longest = FIRST_PAUSE.saturating_mul(1 << (attempt - 1).min(16)).min(LONGEST_PAUSE);
            Some(jitter(longest))
        }
        Unanswered::TooLong | Unanswered::Refused(_) => None,
    }
}

/// Anything from half of it to all of it, so that those who failed together do not come together.
fn jitter(longest: Duration) -> Duration {
    // Without chance they come together, which is no harm.
    let chance = getrandom::u32().unwrap_or(u32::MAX);
    longest.mul_f64(f64::midpoint(1.0, f64::from(chance) / f64::from(u32::MAX)))
}

#[cfg(test)]
mod tests {
    use super::{ATTEMPTS, Duration, LONGEST_PAUSE, Pace, Patience, Unanswered, pause};
    use crate::clerk::backend::Refusal;

    #[test]
    fn what_clerk_asks_for_is_kept_to() {
        let asked = Unanswered::TooMany(Some(Duration::from_secs(7)));
        for _ in 0..100 {
            let pause = pause(&asked, 1, Patience::Crawl).unwrap();
            assert!((Duration::from_secs(7)..Duration::from_secs(8)).contains(&pause), "{pause:?}");
        }
    }

    #[test]
    fn pauses_grow_to_a_minute_and_end() {
        let failing = Unanswered::Failing(500);
        let pauses: Vec<_> = (1..ATTEMPTS).map(|it| pause(&failing, it, Patience::Crawl)).collect();
        assert!(pauses.iter().all(|pause| pause.is_some_and(|it| it <= LONGEST_PAUSE)));
        let whole: Duration = pauses.into_iter().flatten().sum();
        assert!(whole > Duration::from_mins(2) && whole < Duration::from_mins(6), "{whole:?}");
        assert_eq!(pause(&failing, ATTEMPTS, Patience::Crawl), None);
    }

    #[test]
    fn a_refusal_is_not_repeated_and_nothing_is_where_somebody_waits() {
        let refused = || Unanswered::Refused(Refusal::read(401, b""));
        assert_eq!(pause(&refused(), 1, Patience::Crawl), None);
        assert_eq!(pause(&Unanswered::Failing(500), 1, Patience::None), None);
    }

    /// A burst and what comes back in ten seconds make no more than the limit, by the bucket's own
    /// count.
    #[test]
    fn no_ten_seconds_hold_more_than_the_limit() {
        for (key, limit) in [("sk_live_x", 1_000), ("sk_test_x", 100), ("else", 100)] {
            let pace = Pace::of(key);
            let burst = (0..limit).take_while(|_| pace.0.bucket.check().is_ok()).count();
            let (burst, limit) = (u32::try_from(burst).unwrap(), limit);
            assert_eq!(burst, limit / 10, "{key}");
            let spare = (0..limit).take_while(|_| pace.0.spare.check().is_ok()).count();
            assert_eq!(u32::try_from(spare).unwrap(), limit / 100, "{key}");
        }
    }

    #[tokio::test]
    async fn who_is_held_back_holds_all_back() {
        let pace = Pace::of("sk_live_x");
        let (begun, pause) = (tokio::time::Instant::now(), Duration::from_millis(50));
        pace.clone().hold(pause);
        pace.turn().await;
        assert!(begun.elapsed() >= pause);
    }
}
