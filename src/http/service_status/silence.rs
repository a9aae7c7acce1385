//! Computes the longest usual interval without a delivery.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time;

use super::HOUR;
use crate::{
    domain::Millis,
    store::{
        Store, StoreError,
        decisions::{Counts, Steps},
    },
};

/// Number of hours before the newest delivery that are examined.
const WEEK: u16 = 7 * 24;

/// Minimum number of hours between the first and the last delivery. With less history, there is no
/// usual silence.
const MIN_HISTORY: usize = 24;

/// Time in milliseconds for which a computed value is cached. The value changes slowly, and its
/// query is the most expensive one of the status.
const CACHE_TTL: Millis = HOUR / 6;

/// Cache of the longest usual silence, shared by all threads.
#[derive(Debug, Default)]
pub struct UsualSilence(Mutex<Option<Computed>>);

#[derive(Clone, Copy, Debug)]
struct Computed {
    at: Millis,
    value: Option<Millis>,
}

impl UsualSilence {
    /// Returns the longest silence in milliseconds of the week before the newest delivery. Returns
    /// `None` if deliveries are too recent or too rare for a usual silence.
    ///
    /// If the query fails or exceeds `limit`, the previous value is returned and the failure is
    /// logged. It is not an error, because other queries of the status detect an unavailable
    /// database.
    pub(super) async fn get(
        &self,
        store: &Store,
        newest: Millis,
        now: Millis,
        limit: Duration,
    ) -> Option<Millis> {
        let cached = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let previous = cached.and_then(|computed| computed.value);
        if cached.is_some_and(|computed| (0..CACHE_TTL).contains(&(now - computed.at))) {
            return previous;
        }
        // Concurrent requests use the previous value, and a failed query is not repeated at once.
        self.set(now, previous);
        match time::timeout(limit, longest_silence_before(store, newest)).await {
            Ok(Ok(value)) => {
                self.set(now, value);
                return value;
            }
            Ok(Err(error)) => tracing::warn!(%error, "cannot read the usual silence"),
            Err(_) => tracing::warn!(?limit, "timed out reading the usual silence"),
        }
        previous
    }

    fn set(&self, at: Millis, value: Option<Millis>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Computed { at, value });
    }
}

async fn longest_silence_before(
    store: &Store,
    newest: Millis,
) -> Result<Option<Millis>, StoreError> {
    let first = newest + 1 - HOUR * i64::from(WEEK);
    let week = store.decisions(&Steps { first, length: HOUR, count: WEEK }).await?;
    Ok(longest(&week.steps.iter().map(Counts::total).collect::<Vec<_>>()))
}

/// Returns the longest silence in a series of hours, given the number of events of each hour.
fn longest(hours: &[u64]) -> Option<Millis> {
    let has_events = |count: &u64| *count > 0;
    let (first, last) = (hours.iter().position(has_events)?, hours.iter().rposition(has_events)?);
    let history = Some(&hours[first..=last]).filter(|history| history.len() >= MIN_HISTORY)?;
    let longest = history.split(|count| *count > 0).map(<[u64]>::len).max().unwrap_or_default();
    // The hours before and after the empty ones can have been nearly empty, so one hour is added.
    Some(HOUR.saturating_mul(i64::try_from(longest + 1).unwrap_or(Millis::MAX)))
}

#[cfg(test)]
mod tests {
    use super::{HOUR, longest};

    #[test]
    fn usual_silence_is_longest_of_week() {
        assert_eq!(longest(&[3; 48]), Some(HOUR));
        // No user signs in at night.
        let mut nights = [1_u64; 72];
        nights[4..12].fill(0);
        nights[30..37].fill(0);
        assert_eq!(longest(&nights), Some(9 * HOUR));
    }

    #[test]
    fn short_history_has_no_usual_silence() {
        let mut hours = [0; 168];
        assert_eq!(longest(&hours), None);
        hours[100] = 5;
        assert_eq!(longest(&hours), None);
        hours[122] = 5;
        assert_eq!(longest(&hours), None, "23 hours");
        hours[123] = 5;
        assert_eq!(longest(&hours), Some(22 * HOUR));
    }
}
