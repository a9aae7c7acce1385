//! Read-through: fetches a user from Clerk while a request waits for the late webhook.
//!
//! The fetched user follows the merge rules like a delivery. The late webhook, like every newer
//! state, has a greater version and is applied. A caller can wait for any ID, so four measures
//! limit the requests to Clerk:
//!
//! - The ID must have the form of a Clerk user ID.
//! - Concurrent requests for the same ID share one request to Clerk (single-flight).
//! - The read-through uses a small part of the instance's rate limit.
//! - The answer that a user does not exist is cached for a short time.

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
        redact::is_user_id,
    },
    domain::{
        Millis,
        change_source::ChangeSource,
        decision::{Decision, Outcome},
    },
    ingest::Queue,
    objects::{Kind, decode::api_object},
    store::Store,
};

/// Time for which the answer that a user does not exist is cached.
const NOT_FOUND_TTL: Duration = Duration::from_secs(30);

/// Fetcher of users from Clerk. Clones share the requests in flight and the cache.
#[derive(Clone)]
pub struct ReadThrough(Arc<UserFetcher>);

struct UserFetcher {
    backend: Backend,
    store: Store,
    queue: Queue,
    pinned_instance: Option<String>,
    /// Set after the first successful check that the secret key belongs to the pinned instance.
    instance_checked: OnceCell<()>,
    not_found: Mutex<NotFoundCache>,
    in_flight: SingleFlight<String, ()>,
    /// Whether a failure has been logged since the last success. Of consecutive failures, only the
    /// first is logged.
    failure_logged: AtomicBool,
}

/// Users that do not exist at Clerk or cannot be stored, with the expiry time of each entry. The
/// rate limit of the read-through bounds their number.
#[derive(Default)]
struct NotFoundCache(HashMap<String, Instant>);

impl NotFoundCache {
    fn contains(&self, id: &str, now: Instant) -> bool {
        self.0.get(id).is_some_and(|expires_at| *expires_at > now)
    }

    fn insert(&mut self, id: &str, now: Instant) {
        self.0.retain(|_, expires_at| *expires_at > now);
        self.0.insert(id.to_owned(), now + NOT_FOUND_TTL);
    }
}

impl ReadThrough {
    /// Creates a read-through. If an instance is pinned, a secret key of another instance fetches
    /// no user.
    #[must_use]
    pub fn new(
        backend: Backend,
        store: Store,
        queue: Queue,
        pinned_instance: Option<String>,
    ) -> Self {
        Self(Arc::new(UserFetcher {
            backend,
            store,
            queue,
            pinned_instance,
            instance_checked: OnceCell::new(),
            not_found: Mutex::default(),
            in_flight: SingleFlight::new(),
            failure_logged: AtomicBool::new(false),
        }))
    }

    /// Fetches a user from Clerk and commits it. Returns when that is done, has failed or is not
    /// needed; the caller reads the store to see the result.
    ///
    /// # Cancel safety
    /// If the future is dropped, the fetch continues for the other callers that wait for the user.
    pub async fn fetch_user(&self, id: &str, now: Millis) {
        if !is_user_id(id) || self.0.not_found().contains(id, Instant::now()) {
            return;
        }
        let (fetcher, user_id) = (Arc::clone(&self.0), id.to_owned());
        let fetch = move || async move { fetcher.fetch(&user_id, now).await }.boxed();
        self.0.in_flight.join(id.to_owned(), fetch).await;
    }
}

impl UserFetcher {
    fn not_found(&self) -> std::sync::MutexGuard<'_, NotFoundCache> {
        self.not_found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn fetch(&self, id: &str, now: Millis) {
        self.backend.wait_for_caller_quota().await;
        match self.try_fetch(id, now).await {
            Ok(is_stored) => {
                self.failure_logged.store(false, Ordering::Relaxed);
                // The user does not exist, has been deleted here, or cannot be decoded.
                if !is_stored {
                    self.not_found().insert(id, Instant::now());
                }
            }
            Err(error) => {
                if !self.failure_logged.swap(true, Ordering::Relaxed) {
                    tracing::warn!(%error, "read-through failed to fetch a user from Clerk");
                }
            }
        }
    }

    /// Fetches a user unless it is already stored. Returns whether it is stored afterwards.
    async fn try_fetch(&self, id: &str, now: Millis) -> Result<bool, SyncError> {
        // If the webhook was committed in the meantime, the waiting request is notified separately.
        if self.store.user(id).await?.is_some() {
            return Ok(true);
        }
        let pinned = self.pinned_instance.as_deref();
        let check = || instance::check(&self.backend, pinned, RetryPolicy::None);
        self.instance_checked.get_or_try_init(check).await?;
        let Some(user) = self.backend.user(id, RetryPolicy::None).await? else {
            return Ok(false);
        };
        let outcome = self
            .queue
            .submit(api_object::fetched(Kind::User, &user, ChangeSource::ReadThrough, now))
            .await?;
        let decision = outcome.as_str();
        tracing::debug!(user = id, decision, "read-through fetched a user from Clerk");
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
    use super::{Duration, Instant, NOT_FOUND_TTL, NotFoundCache};

    #[test]
    fn not_found_entries_expire() {
        let (mut cache, start) = (NotFoundCache::default(), Instant::now());
        cache.insert("user_1", start);
        let later = start + NOT_FOUND_TTL / 2;
        cache.insert("user_2", later);
        assert!(cache.contains("user_1", later) && cache.contains("user_2", later));
        assert!(!cache.contains("user_3", later));
        let end = start + NOT_FOUND_TTL;
        assert!(!cache.contains("user_1", end) && cache.contains("user_2", end));
        cache.insert("user_3", end);
        assert_eq!(cache.0.len(), 2, "the expired entry is removed");
        cache.insert("user_1", end + NOT_FOUND_TTL + Duration::from_secs(1));
        assert_eq!(cache.0.len(), 1);
    }
}
