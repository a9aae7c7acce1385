//! Where those wait who do not get their answer at once: so many at a time, and few of them about one
//! user, so that nobody takes the places of all.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::Problem;

/// How many places there are about one user, of each kind: more than anybody has windows open.
const OF_ONE: usize = 32;

/// How many may wait at once, for what.
#[derive(Debug)]
pub struct Places {
    /// For a user who has just signed up.
    pub(super) waits: Room,
    /// For changes.
    pub(super) streams: Room,
}

impl Places {
    /// So many of each.
    #[must_use]
    pub fn new(waits: usize, streams: usize) -> Self {
        Self { waits: Room::new(waits), streams: Room::new(streams) }
    }
}

/// The places of a kind.
#[derive(Debug)]
pub(super) struct Room {
    free: Arc<Semaphore>,
    taken: Taken,
}

/// How many places are taken about whom.
type Taken = Arc<Mutex<HashMap<String, usize>>>;

impl Room {
    fn new(places: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(places)), taken: Taken::default() }
    }

    /// A place, for as long as it is held. `about`: one user, and not everybody.
    pub(super) fn take(&self, about: Option<&str>) -> Result<Place, Problem> {
        let free = Arc::clone(&self.free).try_acquire_owned();
        let free = free.map_err(|_| Problem::too_many_waiting())?;
        let share = about.map(|user_id| Share::of(&self.taken, user_id)).transpose()?;
        Ok(Place { _free: free, _share: share })
    }
}

/// A place that is taken.
#[derive(Debug)]
pub(super) struct Place {
    _free: OwnedSemaphorePermit,
    _share: Option<Share>,
}

/// One of the places about a user.
#[derive(Debug)]
struct Share {
    taken: Taken,
    user_id: String,
}

impl Share {
    fn of(taken: &Taken, user_id: &str) -> Result<Self, Problem> {
        let mut counts = taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(user_id.to_owned()).or_default();
        if *count == OF_ONE {
            return Err(Problem::too_many_at_once(OF_ONE));
        }
        *count += 1;
        Ok(Self { taken: Arc::clone(taken), user_id: user_id.to_owned() })
    }
}

impl Drop for Share {
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
    use super::{OF_ONE, Places};

    #[test]
    fn nobody_takes_the_places_of_all() {
        let places = Places::new(0, 100).streams;
        let take = |user: &str| places.take(Some(user)).map_err(|problem| problem.code());
        let mut held: Vec<_> = (0..OF_ONE).map(|_| take("user_1").unwrap()).collect();
        assert_eq!(take("user_1").unwrap_err(), "too_many_at_once");
        assert!(take("user_2").is_ok() && places.take(None).is_ok());
        held.pop();
        held.push(take("user_1").unwrap());
        assert_eq!(take("user_1").unwrap_err(), "too_many_at_once");
        drop(held);
        assert!(places.taken.lock().unwrap().is_empty(), "who has gone is forgotten");
    }

    #[test]
    fn as_many_have_a_place_as_there_are_places() {
        let places = Places::new(2, 0);
        let held = [places.waits.take(None).unwrap(), places.waits.take(Some("user_1")).unwrap()];
        for about in [None, Some("user_1")] {
            assert_eq!(places.waits.take(about).unwrap_err().code(), "too_many_waiting");
            assert_eq!(places.streams.take(about).unwrap_err().code(), "too_many_waiting");
        }
        drop(held);
        assert!(places.waits.take(None).is_ok());
    }
}
