//! Whether it is quiet for longer than usual.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::timeout;

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
    /// For how long nothing came at the most, in the week before the newest delivery. Of what is new, or
    /// came hardly ever, nothing is usual.
    ///
    /// It may take its time, and then what was usual before is usual still: whether the database is there
    /// is for others to tell.
    pub(super) async fn usual(
        &self,
        store: &Store,
        newest: Millis,
        now: Millis,
        patience: Duration,
    ) -> Option<Millis> {
        let (known, before) = self.known(now);
        if known {
            return before;
        }
        // Whoever comes meanwhile goes by that too, and after one that failed nobody tries at once.
        self.keep(now, before);
        match timeout(patience, week_before(store, newest)).await {
            Ok(Ok(usual)) => {
                self.keep(now, usual);
                return usual;
            }
            Ok(Err(error)) => tracing::warn!(%error, "what is usual cannot be read"),
            Err(_) => tracing::warn!(?patience, "what is usual cannot be read in time"),
        }
        before
    }

    /// Whether it was worked out lately, and what it was then.
    fn known(&self, now: Millis) -> (bool, Option<Millis>) {
        let kept = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = kept.is_some_and(|(at, _)| (0..REMEMBERED).contains(&(now - at)));
        (lately, kept.and_then(|(_, usual)| usual))
    }

    fn keep(&self, now: Millis, usual: Option<Millis>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, usual));
    }
}

async fn week_before(store: &Store, newest: Millis) -> Result<Option<Millis>, StoreError> {
    let first = newest + 1 - HOUR * i64::from(WEEK);
    let week = store.decisions(&Steps { first, length: HOUR, count: WEEK }).await?;
    Ok(longest(&week.steps.iter().map(Counts::total).collect::<Vec<_>>()))
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
