//! Whether it is quiet for longer than usual.

use std::sync::{Mutex, PoisonError};

use super::HOUR;
use crate::{
    domain::Millis,
    store::{
        Store, StoreError,
        decisions::{Counts, Steps},
    },
};

/// How many hours are looked back.
const WEEK: u16 = 7 * 24;

/// How many hours there must have been events over, before anything is usual.
const KNOWN: usize = 24;

/// How long what is usual is remembered: it changes slowly, and costs more than anything else that is
/// looked at.
const REMEMBERED: Millis = HOUR / 6;

/// What is usual, as it was worked out last. One for all threads.
#[derive(Debug, Default)]
pub struct Silence(Mutex<Option<(Millis, Option<Millis>)>>);

impl Silence {
    /// For how long nothing came at the most, in the week before. Of what is new, or came hardly ever,
    /// nothing is usual.
    pub(super) async fn usual(
        &self,
        store: &Store,
        now: Millis,
    ) -> Result<Option<Millis>, StoreError> {
        let remembered = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, usual)) = remembered.filter(|(at, _)| (0..REMEMBERED).contains(&(now - at)))
        {
            return Ok(usual);
        }
        let first = now + 1 - HOUR * i64::from(WEEK);
        let week = store.decisions(&Steps { first, length: HOUR, count: WEEK }).await?;
        let usual = longest(&week.steps.iter().map(Counts::total).collect::<Vec<_>>());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, usual));
        Ok(usual)
    }
}

/// The longest silence in hours of each of which it is known how many events came.
fn longest(hours: &[u64]) -> Option<Millis> {
    let came = |count: &u64| *count > 0;
    let (first, last) = (hours.iter().position(came)?, hours.iter().rposition(came)?);
    let known = Some(&hours[first..=last]).filter(|known| known.len() >= KNOWN)?;
    let longest = known.split(|count| *count > 0).map(<[u64]>::len).max().unwrap_or_default();
    // The hour before the empty ones and the one behind them may have been nearly empty.
    Some(HOUR.saturating_mul(i64::try_from(longest + 1).unwrap_or(Millis::MAX)))
}

#[cfg(test)]
mod tests {
    use super::{HOUR, longest};

    #[test]
    fn usual_is_the_longest_silence_before() {
        assert_eq!(longest(&[3; 48]), Some(HOUR));
        // Nobody signs in at night.
        let mut nights = [1_u64; 72];
        nights[4..12].fill(0);
        nights[30..37].fill(0);
        assert_eq!(longest(&nights), Some(9 * HOUR));
    }

    #[test]
    fn of_what_is_new_or_rare_nothing_is_usual() {
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
