//! A user who is waited for and whose webhook is late, asked of Clerk.
//!
//! What Clerk answers goes the way of a delivery and under the same law: the webhook that comes after
//! all, and everything that is newer, wins as ever. Anybody who may wait can name any id, so Clerk is
//! asked for what looks like one of its ids alone, once at a time for each, at a small share of what the
//! instance may ask, and not again at once for somebody who is not there.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::FutureExt;
use tokio::{sync::OnceCell, time::Instant};

use super::{SyncError, instance, single_flight::SingleFlight};
use crate::{
    clerk::{
        backend::{Backend, RetryPolicy},
        decode::api_object,
        redact::is_user_id,
    },
    domain::{
        Millis,
        event::{Decision, Outcome},
    },
    ingest::Queue,
    store::Store,
};

/// For how long somebody is not asked for again who is not there.
const NOT_FOUND_TTL: Duration = Duration::from_secs(30);

/// What asks for users. Clones share what is under way.
#[derive(Clone)]
pub struct ReadThrough(Arc<UserFetcher>);

struct UserFetcher {
    backend: Backend,
    store: Store,
    queue: Queue,
    pinned_instance: Option<String>,
    /// The key is of that instance.
    is_of_pinned: OnceCell<()>,
    absent: Mutex<NotFoundCache>,
    in_flight: SingleFlight<String, ()>,
    /// SingleFlight, and not for each user while Clerk is away.
    complained: AtomicBool,
}

/// Who was asked for and is not there, and until when that is believed. As many as the share of requests
/// lets through in that time.
#[derive(Default)]
struct NotFoundCache(HashMap<String, Instant>);

impl NotFoundCache {
    fn holds(&self, id: &str, now: Instant) -> bool {
        self.0.get(id).is_some_and(|until| *until > now)
    }

    fn note(&mut self, id: &str, now: Instant) {
        self.0.retain(|_, until| *until > now);
        self.0.insert(id.to_owned(), now + NOT_FOUND_TTL);
    }
}

impl ReadThrough {
    /// From there into this database, by this way to its writer; of the pinned_instance instance alone, where one
    /// is pinned_instance.
    #[must_use]
    pub fn new(backend: Backend, store: Store, queue: Queue, pinned_instance: Option<String>) -> Self {
        Self(Arc::new(UserFetcher {
            backend,
            store,
            queue,
            pinned_instance,
            is_of_pinned: OnceCell::new(),
            absent: Mutex::default(),
            in_flight: SingleFlight::new(),
            complained: AtomicBool::new(false),
        }))
    }

    /// Brings a user whom Clerk has. Ends when that is done, or when there is nothing to do; a look into
    /// the database tells which.
    pub async fn user(&self, id: &str, now: Millis) {
        if !is_user_id(id) || self.0.absent().holds(id, Instant::now()) {
            return;
        }
        let (parts, about) = (Arc::clone(&self.0), id.to_owned());
        let bring = move || async move { parts.bring(&about, now).await }.boxed();
        self.0.in_flight.join(id.to_owned(), bring).await;
    }
}

impl UserFetcher {
    fn absent(&self) -> std::sync::MutexGuard<'_, NotFoundCache> {
        self.absent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn bring(&self, id: &str, now: Millis) {
        self.backend.wait_for_caller_quota().await;
        match self.fetch(id, now).await {
            Ok(came) => {
                self.complained.store(false, Ordering::Relaxed);
                // Not there, or there and of no use here: erased, or not understood.
                if !came {
                    self.absent().note(id, Instant::now());
                }
            }
            Err(error) => {
                if !self.complained.swap(true, Ordering::Relaxed) {
                    tracing::warn!(%error, "a user who is waited for could not be fetched");
                }
            }
        }
    }

    /// Whether the user is there by it, or has come meanwhile: who waits hears of that a little later.
    async fn fetch(&self, id: &str, now: Millis) -> Result<bool, SyncError> {
        if self.store.user(id).await?.is_some() {
            return Ok(true);
        }
        let check = || instance::check(&self.backend, self.pinned_instance.as_deref(), RetryPolicy::None);
        self.is_of_pinned.get_or_try_init(check).await?;
        let Some(answer) = self.backend.user(id, RetryPolicy::None).await? else {
            return Ok(false);
        };
        let outcome = self.queue.submit(api_object::user(&answer, now)).await?;
        tracing::debug!(user = id, decision = outcome.as_str(), "fetched a user who is waited for");
        Ok(outcome == Outcome::Recorded(Decision::Applied))
    }
}

impl fmt::Debug for ReadThrough {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadThrough").field("backend", &self.0.backend).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{NOT_FOUND_TTL, NotFoundCache, Duration, Instant};

    #[test]
    fn who_is_not_there_is_believed_to_be_away_for_a_while_and_then_forgotten() {
        let (mut absent, begun) = (NotFoundCache::default(), Instant::now());
        absent.note("user_1", begun);
        let later = begun + NOT_FOUND_TTL / 2;
        absent.note("user_2", later);
        assert!(absent.holds("user_1", later) && absent.holds("user_2", later));
        assert!(!absent.holds("user_3", later));
        let end = begun + NOT_FOUND_TTL;
        assert!(!absent.holds("user_1", end) && absent.holds("user_2", end));
        absent.note("user_3", end);
        assert_eq!(absent.0.len(), 2, "the first one is forgotten");
        absent.note("user_1", end + NOT_FOUND_TTL + Duration::from_secs(1));
        assert_eq!(absent.0.len(), 1);
    }
}
