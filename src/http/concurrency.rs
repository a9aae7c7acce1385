//! Where those wait who do not get their answer at once: so many at a time, and few of them about one
//! user, so that nobody takes the places of all.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::Problem;

/// How many places there are about one user, of each kind: more than anybody has windows open.
const MAX_PER_USER: usize = 32;

/// How many may wait at once, for what.
#[derive(Debug)]
pub struct ConcurrencyLimits {
    /// For a user who has just signed up.
    pub(super) waits: ConcurrencyLimit,
    /// For changes.
    pub(super) streams: ConcurrencyLimit,
}

impl ConcurrencyLimits {
    /// So many of each.
    #[must_use]
    pub fn new(waits: usize, streams: usize) -> Self {
        Self { waits: ConcurrencyLimit::new(waits), streams: ConcurrencyLimit::new(streams) }
    }
}

/// The places of a kind.
#[derive(Debug)]
pub(super) struct ConcurrencyLimit {
    free: Arc<Semaphore>,
    taken: UserCounts,
}

/// How many places are taken about whom.
type UserCounts = Arc<Mutex<HashMap<String, usize>>>;

impl ConcurrencyLimit {
    fn new(places: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(places)), taken: UserCounts::default() }
    }

    /// A place, for as long as it is held. `about`: one user, and not everybody.
    pub(super) fn acquire(&self, about: Option<&str>) -> Result<Permit, Problem> {
        let free = Arc::clone(&self.free).try_acquire_owned();
        let free = free.map_err(|_| Problem::too_many_waiting())?;
        let share = about.map(|user_id| UserPermit::of(&self.taken, user_id)).transpose()?;
        Ok(Permit { _free: free, _share: share })
    }
}

/// A place that is taken.
#[derive(Debug)]
pub(super) struct Permit {
    _free: OwnedSemaphorePermit,
    _share: Option<UserPermit>,
}

/// One of the places about a user.
#[derive(Debug)]
struct UserPermit {
    taken: UserCounts,
    user_id: String,
}

impl UserPermit {
    fn of(taken: &UserCounts, user_id: &str) -> Result<Self, Problem> {
        let mut counts = taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(user_id.to_owned()).or_default();
        if *count == MAX_PER_USER {
            return Err(Problem::too_many_at_once(MAX_PER_USER));
        }
        *count += 1;
        Ok(Self { taken: Arc::clone(taken), user_id: user_id.to_owned() })
    }
}

impl Drop for UserPermit {
    fn drop(&mut self) {
        let mut counts = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(count) = counts.get_mut(&self.user_id) else { return };
        *count -= 1;
        if *count == 0 {
            counts.remove(&self.user_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_PER_USER, ConcurrencyLimits};

    #[test]
    fn nobody_takes_the_places_of_all() {
        let places = ConcurrencyLimits::new(0, 100).streams;
        let acquire = |user: &str| places.acquire(Some(user)).map_err(|problem| problem.code());
        let mut held: Vec<_> = (0..MAX_PER_USER).map(|_| acquire("user_1").unwrap()).collect();
        assert_eq!(acquire("user_1").unwrap_err(), "too_many_at_once");
        assert!(acquire("user_2").is_ok() && places.acquire(None).is_ok());
        held.pop();
        held.push(acquire("user_1").unwrap());
        assert_eq!(acquire("user_1").unwrap_err(), "too_many_at_once");
        drop(held);
        assert!(places.taken.lock().unwrap().is_empty(), "who has gone is forgotten");
    }

    #[test]
    fn as_many_have_a_place_as_there_are_places() {
        let places = ConcurrencyLimits::new(2, 0);
        let held = [places.waits.acquire(None).unwrap(), places.waits.acquire(Some("user_1")).unwrap()];
        for about in [None, Some("user_1")] {
            assert_eq!(places.waits.acquire(about).unwrap_err().code(), "too_many_waiting");
            assert_eq!(places.streams.acquire(about).unwrap_err().code(), "too_many_waiting");
        }
        drop(held);
        assert!(places.waits.acquire(None).is_ok());
    }
}
