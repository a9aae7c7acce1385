//! Requests of a run, and the times at which they are due.

use std::{
    num::NonZeroU32,
    sync::atomic::{AtomicUsize, Ordering},
    thread::sleep,
    time::Duration,
};

use tokio::{sync::Semaphore, time::Instant};

/// Shortest interval between two wake-ups of the thread that releases requests, to leave the
/// processor to the server. A request is released late by this time at most.
const RELEASE_INTERVAL: Duration = Duration::from_micros(250);

/// Maximum number of connections.
pub(crate) const MAX_CONNECTIONS: usize = 100_000;

/// Order and pace of the requests.
#[derive(Clone, Copy)]
pub(crate) enum Pace {
    /// Repeats the requests for this time. Each connection sends the next one at once.
    Repeat(Duration),
    /// Sends each request a single time. Each connection sends the next one at once.
    Closed,
    /// Sends each request a single time. They are due at fixed times, this many per second.
    Open(NonZeroU32),
}

/// Requests to send, shared by all connections.
pub(crate) struct Schedule {
    requests: Vec<String>,
    pace: Pace,
    started: Instant,
    next: AtomicUsize,
    /// Number of requests that are due and not yet sent. Free connections wait for it in order.
    due: Semaphore,
}

impl Schedule {
    /// Starts the time of a run.
    pub(crate) fn new(requests: Vec<String>, pace: Pace) -> Self {
        let (started, next, due) = (Instant::now(), AtomicUsize::new(0), Semaphore::new(0));
        Self { requests, pace, started, next, due }
    }

    /// Waits until a request is due, and returns it with the time from which its latency counts:
    /// the planned time of an open loop, otherwise now. Returns `None` at the end.
    pub(crate) async fn next(&self) -> Option<(&str, Instant)> {
        if let Pace::Open(_) = self.pace {
            self.due.acquire().await.ok()?.forget();
        }
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        match self.pace {
            Pace::Repeat(duration) => {
                let request = &self.requests[index % self.requests.len()];
                (self.started.elapsed() < duration).then(|| (&**request, Instant::now()))
            }
            Pace::Closed => Some((self.requests.get(index)?, Instant::now())),
            Pace::Open(rate) => {
                Some((self.requests.get(index)?, self.started + planned(index, rate)))
            }
        }
    }

    /// Releases the requests of an open loop at their planned times, and returns after the last
    /// one. Tokio's timers are too coarse for it: their resolution is a millisecond.
    pub(crate) fn release(&self) {
        let Pace::Open(rate) = self.pace else { return };
        let mut released = 0;
        while released < self.requests.len() {
            let elapsed = self.started.elapsed();
            let first = released;
            while released < self.requests.len() && planned(released, rate) <= elapsed {
                released += 1;
            }
            self.due.add_permits(released - first);
            let remaining = planned(released, rate).saturating_sub(self.started.elapsed());
            sleep(remaining.max(RELEASE_INTERVAL));
        }
        // Wakes the connections that wait for more, so that they end.
        self.due.add_permits(MAX_CONNECTIONS);
    }

    /// Returns the requests per second of a run with this number of requests, which ends now.
    pub(crate) fn rate(&self, requests: usize) -> u128 {
        1_000_000 * requests as u128 / self.started.elapsed().as_micros().max(1)
    }

    /// Returns the planned rate of an open loop.
    pub(crate) fn planned_rate(&self) -> Option<u32> {
        match self.pace {
            Pace::Open(rate) => Some(rate.get()),
            Pace::Closed | Pace::Repeat(_) => None,
        }
    }
}

/// Returns the planned time of a request, from the start.
fn planned(index: usize, rate: NonZeroU32) -> Duration {
    Duration::from_secs(index as u64) / rate.get()
}
