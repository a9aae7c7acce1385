//! Single-flight: concurrent callers with the same key share one execution.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared, WeakShared},
};

type Work<T> = BoxFuture<'static, T>;

/// Executions in flight in this process, by key.
///
/// # Cancel safety
/// The waiting callers poll the shared future. If a caller is dropped, the others continue; if the
/// last one is dropped, the execution is dropped at its current await point.
pub(super) struct SingleFlight<K, T>(Mutex<HashMap<K, WeakShared<Work<T>>>>);

impl<K: Eq + Hash, T: Clone> SingleFlight<K, T> {
    pub(super) fn new() -> Self {
        Self(Mutex::default())
    }

    /// Returns the execution in flight for the key, or starts one with `start`.
    pub(super) fn join(&self, key: K, start: impl FnOnce() -> Work<T>) -> Shared<Work<T>> {
        let mut in_flight = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(work) = in_flight.get(&key).and_then(WeakShared::upgrade) {
            return work;
        }
        in_flight.retain(|_, work| work.upgrade().is_some());
        let work = start().shared();
        in_flight.extend(work.downgrade().map(|work| (key, work)));
        work
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use futures_util::{FutureExt, poll};
    use tokio::sync::Notify;

    use super::{SingleFlight, Work};

    /// Work that waits for `release`, and counts how often it is started and dropped.
    #[derive(Clone, Default)]
    struct CountedWork {
        started: Arc<AtomicUsize>,
        dropped: Arc<AtomicUsize>,
        release: Arc<Notify>,
    }

    impl CountedWork {
        fn start(&self) -> Work<usize> {
            let number = self.started.fetch_add(1, Ordering::Relaxed) + 1;
            let (release, on_drop) =
                (Arc::clone(&self.release), CountOnDrop(Arc::clone(&self.dropped)));
            async move {
                release.notified().await;
                drop(on_drop);
                number
            }
            .boxed()
        }
    }

    struct CountOnDrop(Arc<AtomicUsize>);

    impl Drop for CountOnDrop {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[tokio::test]
    async fn concurrent_callers_share_one_execution() {
        let (flights, work) = (SingleFlight::new(), CountedWork::default());
        let mut first = flights.join("a", || work.start());
        let mut second = flights.join("a", || work.start());
        let mut other = flights.join("b", || work.start());
        assert!(poll!(&mut first).is_pending() && poll!(&mut second).is_pending());
        assert!(poll!(&mut other).is_pending());
        work.release.notify_waiters();
        assert_eq!((first.await, second.await, other.await), (1, 1, 2));
        let mut later = flights.join("a", || work.start());
        assert!(poll!(&mut later).is_pending());
        work.release.notify_waiters();
        assert_eq!(later.await, 3);
        assert_eq!(flights.0.lock().unwrap().len(), 1, "completed executions are removed");
    }

    #[tokio::test]
    async fn dropping_last_caller_cancels_execution() {
        let (flights, work) = (SingleFlight::new(), CountedWork::default());
        let mut first = flights.join("a", || work.start());
        assert!(poll!(&mut first).is_pending());
        let mut second = flights.join("a", || work.start());
        drop(first);
        assert!(poll!(&mut second).is_pending());
        assert_eq!(work.dropped.load(Ordering::Relaxed), 0);
        drop(second);
        assert_eq!(work.dropped.load(Ordering::Relaxed), 1);
        let mut restarted = flights.join("a", || work.start());
        assert!(poll!(&mut restarted).is_pending());
        assert_eq!(work.started.load(Ordering::Relaxed), 2);
    }
}
