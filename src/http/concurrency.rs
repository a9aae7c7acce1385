//! Limits the number of requests that are held open: waits for a user, and streams of changes.
//!
//! Each kind of request has a total limit, and a smaller limit per user, so that requests about one
//! user cannot use up the total.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::Problem;

/// Maximum number of permits per user and kind. It is more than a user has browser windows.
const MAX_PER_USER: usize = 32;

/// Limits of the requests that are held open, by kind.
#[derive(Debug)]
pub struct ConcurrencyLimits {
    /// Limit of the requests that wait for a new user.
    pub(super) waits: ConcurrencyLimit,
    /// Limit of the streams of changes.
    pub(super) streams: ConcurrencyLimit,
}

impl ConcurrencyLimits {
    /// Creates limits with the maximum number of waits and of streams.
    #[must_use]
    pub fn new(waits: usize, streams: usize) -> Self {
        Self { waits: ConcurrencyLimit::new(waits), streams: ConcurrencyLimit::new(streams) }
    }
}

/// Limit of one kind of request.
#[derive(Debug)]
pub(super) struct ConcurrencyLimit {
    semaphore: Arc<Semaphore>,
    per_user: UserCounts,
}

/// Number of permits in use, by user ID. Users without permits are absent.
type UserCounts = Arc<Mutex<HashMap<String, usize>>>;

impl ConcurrencyLimit {
    fn new(max: usize) -> Self {
        Self { semaphore: Arc::new(Semaphore::new(max)), per_user: UserCounts::default() }
    }

    /// Acquires a permit, which is released when it is dropped. `user_id` names the user that the
    /// request is about; a request about all users has none.
    ///
    /// # Errors
    /// Returns 503 if the total limit is reached, and 429 if the limit of the user is reached.
    pub(super) fn acquire(&self, user_id: Option<&str>) -> Result<Permit, Problem> {
        let total = Arc::clone(&self.semaphore).try_acquire_owned();
        let total = total.map_err(|_| Problem::too_many_waiting())?;
        let user = user_id.map(|id| UserPermit::acquire(&self.per_user, id)).transpose()?;
        Ok(Permit { _total: total, _user: user })
    }
}

/// Permit for one request.
#[derive(Debug)]
pub(super) struct Permit {
    _total: OwnedSemaphorePermit,
    _user: Option<UserPermit>,
}

/// Permit that counts for the limit of a user.
#[derive(Debug)]
struct UserPermit {
    counts: UserCounts,
    user_id: String,
}

impl UserPermit {
    fn acquire(counts: &UserCounts, user_id: &str) -> Result<Self, Problem> {
        let mut locked = counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = locked.entry(user_id.to_owned()).or_default();
        if *count == MAX_PER_USER {
            return Err(Problem::too_many_at_once(MAX_PER_USER));
        }
        *count += 1;
        Ok(Self { counts: Arc::clone(counts), user_id: user_id.to_owned() })
    }
}

impl Drop for UserPermit {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(count) = counts.get_mut(&self.user_id) else { return };
        *count -= 1;
        if *count == 0 {
            counts.remove(&self.user_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ConcurrencyLimits, MAX_PER_USER};

    #[test]
    fn one_user_cannot_exhaust_the_limit() {
        let streams = ConcurrencyLimits::new(0, 100).streams;
        let acquire = |user: &str| streams.acquire(Some(user)).map_err(|problem| problem.code());
        let mut held: Vec<_> = (0..MAX_PER_USER).map(|_| acquire("user_1").unwrap()).collect();
        assert_eq!(acquire("user_1").unwrap_err(), "too_many_at_once");
        assert!(acquire("user_2").is_ok() && streams.acquire(None).is_ok());
        held.pop();
        held.push(acquire("user_1").unwrap());
        assert_eq!(acquire("user_1").unwrap_err(), "too_many_at_once");
        drop(held);
        assert!(streams.per_user.lock().unwrap().is_empty(), "users without permits are removed");
    }

    #[test]
    fn total_limit_applies_to_each_kind() {
        let limits = ConcurrencyLimits::new(2, 0);
        let held =
            [limits.waits.acquire(None).unwrap(), limits.waits.acquire(Some("user_1")).unwrap()];
        for user_id in [None, Some("user_1")] {
            assert_eq!(limits.waits.acquire(user_id).unwrap_err().code(), "too_many_waiting");
            assert_eq!(limits.streams.acquire(user_id).unwrap_err().code(), "too_many_waiting");
        }
        drop(held);
        assert!(limits.waits.acquire(None).is_ok());
    }
}
