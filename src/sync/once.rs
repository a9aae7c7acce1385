//! Work that many ask for at once, and that is done once for all of them.

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

/// What is under way in this process, by what it is about. Whoever waits drives it on; when nobody
/// does any more, it ends where it is.
pub(super) struct Once<K, T>(Mutex<HashMap<K, WeakShared<Work<T>>>>);

impl<K: Eq + Hash, T: Clone> Once<K, T> {
    pub(super) fn new() -> Self {
        Self(Mutex::default())
    }

    /// The work about this that is under way, or else the one that is begun now.
    pub(super) fn join(&self, about: K, begin: impl FnOnce() -> Work<T>) -> Shared<Work<T>> {
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(work) = under_way.get(&about).and_then(WeakShared::upgrade) {
            return work;
        }
        under_way.retain(|_, work| work.upgrade().is_some());
        let work = begin().shared();
        under_way.extend(work.downgrade().map(|work| (about, work)));
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

    use super::{Once, Work};

    /// Work that waits to be let go, and counts how often it is begun and how often it is dropped.
    #[derive(Clone, Default)]
    struct Counted {
        begun: Arc<AtomicUsize>,
        dropped: Arc<AtomicUsize>,
        let_go: Arc<Notify>,
    }

    impl Counted {
        fn begin(&self) -> Work<usize> {
            let number = self.begun.fetch_add(1, Ordering::Relaxed) + 1;
            let (let_go, drops) = (Arc::clone(&self.let_go), Drops(Arc::clone(&self.dropped)));
            async move {
                let_go.notified().await;
                drop(drops);
                number
            }
            .boxed()
        }
    }

    struct Drops(Arc<AtomicUsize>);

    impl Drop for Drops {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[tokio::test]
    async fn those_who_come_meanwhile_get_the_same_and_those_who_come_later_do_not() {
        let (once, work) = (Once::new(), Counted::default());
        let mut first = once.join("a", || work.begin());
        let mut second = once.join("a", || work.begin());
        let mut other = once.join("b", || work.begin());
        assert!(poll!(&mut first).is_pending() && poll!(&mut second).is_pending());
        assert!(poll!(&mut other).is_pending());
        work.let_go.notify_waiters();
        assert_eq!((first.await, second.await, other.await), (1, 1, 2));
        let mut later = once.join("a", || work.begin());
        assert!(poll!(&mut later).is_pending());
        work.let_go.notify_waiters();
        assert_eq!(later.await, 3);
        assert_eq!(once.0.lock().unwrap().len(), 1, "what has ended is forgotten");
    }

    #[tokio::test]
    async fn work_outlives_who_began_it_and_not_the_last_who_waits() {
        let (once, work) = (Once::new(), Counted::default());
        let mut first = once.join("a", || work.begin());
        assert!(poll!(&mut first).is_pending());
        let mut second = once.join("a", || work.begin());
        drop(first);
        assert!(poll!(&mut second).is_pending());
        assert_eq!(work.dropped.load(Ordering::Relaxed), 0);
        drop(second);
        assert_eq!(work.dropped.load(Ordering::Relaxed), 1);
        let mut anew = once.join("a", || work.begin());
        assert!(poll!(&mut anew).is_pending());
        assert_eq!(work.begun.load(Ordering::Relaxed), 2);
    }
}
