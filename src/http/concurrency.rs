//! Limits the number of requests that are held open: waits for an object, and streams of changes.
//!
//! Each kind of request has a total limit, and smaller limits per user and per API key, so that
//! neither the requests about one user nor those of one key can use up the total.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::Problem;

/// Maximum number of permits per user or other object, and kind. It is more than a user has browser
/// windows.
const MAX_PER_USER: usize = 32;

/// Limits of the requests that are held open, by kind.
#[derive(Debug)]
pub struct ConcurrencyLimits {
    /// Limit of the requests that wait for a new object.
    pub(super) waits: ConcurrencyLimit,
    /// Limit of the streams of changes.
    pub(super) streams: ConcurrencyLimit,
}

impl ConcurrencyLimits {
    /// Creates limits with the maximum number of waits and of streams. One API key can use
    /// `key_share_percent` of each.
    #[must_use]
    pub fn new(waits: usize, streams: usize, key_share_percent: usize) -> Self {
        let limit = |max| ConcurrencyLimit::new(max, key_share_percent);
        Self { waits: limit(waits), streams: limit(streams) }
    }
}

/// Limit of one kind of request.
#[derive(Debug)]
pub(super) struct ConcurrencyLimit {
    semaphore: Arc<Semaphore>,
    max_per_key: usize,
    per_user: Counts,
    per_key: Counts,
}

/// Number of permits in use, by ID of the user or name of the key. Those without permits are
/// absent.
type Counts = Arc<Mutex<HashMap<String, usize>>>;

impl ConcurrencyLimit {
    fn new(max: usize, key_share_percent: usize) -> Self {
        Self {
            semaphore: Arc::new(Semaphore::new(max)),
            max_per_key: (max * key_share_percent).div_ceil(100),
            per_user: Counts::default(),
            per_key: Counts::default(),
        }
    }

    /// Acquires a permit, which is released when it is dropped. `user_id` names the user that the
    /// request is about; a request about all users has none. `key` names the API key of the
    /// caller; a signed-in user has none.
    ///
    /// # Errors
    /// Returns 503 if the total limit is reached, and 429 if the limit of the user or of the key is
    /// reached.
    pub(super) fn acquire(
        &self,
        user_id: Option<&str>,
        key: Option<&str>,
    ) -> Result<Permit, Problem> {
        let total = Arc::clone(&self.semaphore).try_acquire_owned();
        let total = total.map_err(|_| Problem::too_many_waiting())?;
        let key = key.map(|name| {
            Share::acquire(&self.per_key, name, self.max_per_key)
                .ok_or_else(|| Problem::key_share_used(self.max_per_key))
        });
        let key = key.transpose()?;
        let user = user_id.map(|id| {
            Share::acquire(&self.per_user, id, MAX_PER_USER)
                .ok_or_else(|| Problem::too_many_at_once(MAX_PER_USER))
        });
        Ok(Permit { _total: total, _user: user.transpose()?, _key: key })
    }
}

/// Permit for one request.
#[derive(Debug)]
pub(super) struct Permit {
    _total: OwnedSemaphorePermit,
    _user: Option<Share>,
    _key: Option<Share>,
}

/// Permit that counts for the limit of a user or of a key.
#[derive(Debug)]
struct Share {
    counts: Counts,
    holder: String,
}

impl Share {
    /// Returns `None` if the holder has `max` permits.
    fn acquire(counts: &Counts, holder: &str, max: usize) -> Option<Self> {
        let mut locked = counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = locked.get(holder).copied().unwrap_or_default();
        if count >= max {
            return None;
        }
        locked.insert(holder.to_owned(), count + 1);
        Some(Self { counts: Arc::clone(counts), holder: holder.to_owned() })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(count) = counts.get_mut(&self.holder) else { return };
        *count -= 1;
        if *count == 0 {
            counts.remove(&self.holder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ConcurrencyLimits, MAX_PER_USER};

    #[test]
    fn one_user_cannot_exhaust_the_limit() {
        let streams = ConcurrencyLimits::new(0, 100, 50).streams;
        let acquire =
            |user: &str| streams.acquire(Some(user), None).map_err(|problem| problem.code());
        let mut held: Vec<_> = (0..MAX_PER_USER).map(|_| acquire("user_1").unwrap()).collect();
        assert_eq!(acquire("user_1").unwrap_err(), "too_many_at_once");
        assert!(acquire("user_2").is_ok() && streams.acquire(None, None).is_ok());
        held.pop();
        held.push(acquire("user_1").unwrap());
        assert_eq!(acquire("user_1").unwrap_err(), "too_many_at_once");
        drop(held);
        assert!(streams.per_user.lock().unwrap().is_empty(), "users without permits are removed");
    }

    #[test]
    fn one_key_cannot_exhaust_the_limit() {
        let waits = ConcurrencyLimits::new(5, 0, 50).waits;
        let acquire = |key: &str| waits.acquire(None, Some(key)).map_err(|problem| problem.code());
        let mut held: Vec<_> = (0..3).map(|_| acquire("busy").unwrap()).collect();
        assert_eq!(acquire("busy").unwrap_err(), "too_many_at_once");
        held.extend([acquire("other").unwrap(), acquire("other").unwrap()]);
        assert_eq!(acquire("other").unwrap_err(), "too_many_waiting");
        assert_eq!(
            waits.per_key.lock().unwrap()["other"],
            2,
            "a rejected request counts for no key"
        );
        drop(held);
        assert!(waits.per_key.lock().unwrap().is_empty(), "keys without permits are removed");
    }

    #[test]
    fn total_limit_applies_to_each_kind() {
        let limits = ConcurrencyLimits::new(2, 0, 100);
        let acquire = |user_id| limits.waits.acquire(user_id, None);
        let held = [acquire(None).unwrap(), acquire(Some("user_1")).unwrap()];
        for user_id in [None, Some("user_1")] {
            assert_eq!(acquire(user_id).unwrap_err().code(), "too_many_waiting");
            let stream = limits.streams.acquire(user_id, None);
            assert_eq!(stream.unwrap_err().code(), "too_many_waiting");
        }
        drop(held);
        assert!(acquire(None).is_ok());
    }
}
