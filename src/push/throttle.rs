//! Limits of all senders together, so that deliveries and readers go first.

use std::{fmt, time::Duration};

use tokio::{
    sync::{Mutex, Semaphore, SemaphorePermit},
    time::{Instant, sleep_until},
};

/// Number of senders that read at the same time, so that they leave connections to the API.
const MAX_READS: usize = 2;

/// Time between two groups of messages while the service is busy.
const BUSY_INTERVAL: Duration = Duration::from_millis(80);

/// Limits the work of all senders.
pub struct Throttle {
    is_busy: Box<dyn Fn() -> bool + Send + Sync>,
    reads: Semaphore,
    /// Earliest time of the next group while the service is busy.
    next: Mutex<Instant>,
}

impl fmt::Debug for Throttle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Throttle").field("is_busy", &self.is_busy()).finish_non_exhaustive()
    }
}

impl Throttle {
    /// Creates the limits. `is_busy` returns whether deliveries wait.
    #[must_use]
    pub fn new(is_busy: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self {
            is_busy: Box::new(is_busy),
            reads: Semaphore::new(MAX_READS),
            next: Mutex::new(Instant::now()),
        }
    }

    /// Returns whether deliveries wait.
    pub(super) fn is_busy(&self) -> bool {
        (self.is_busy)()
    }

    /// Waits until a sender can read its next group of messages. The senders take turns.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        if self.is_busy() {
            let mut next = self.next.lock().await;
            sleep_until(*next).await;
            *next = Instant::now() + BUSY_INTERVAL;
        }
        self.reads.acquire().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn groups_are_apart_in_busy_times() {
        for (is_busy, expected) in [(false, Duration::ZERO), (true, BUSY_INTERVAL * 9)] {
            let throttle = Throttle::new(move || is_busy);
            let started = Instant::now();
            for _ in 0..10 {
                drop(throttle.turn().await);
            }
            assert_eq!(started.elapsed(), expected, "{is_busy}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn few_senders_read_at_the_same_time() {
        let throttle = Throttle::new(|| false);
        let turns = [throttle.turn().await, throttle.turn().await];
        let third = tokio::time::timeout(Duration::from_secs(1), throttle.turn()).await;
        assert!(third.is_err());
        drop(turns);
        assert!(throttle.turn().await.is_some());
    }
}
