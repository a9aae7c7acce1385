//! Whether it is quiet for longer than usual.

use super::HOUR;
use crate::domain::Millis;

/// How many hours are looked back.
pub(super) const WEEK: u16 = 7 * 24;

/// How many hours there must have been events over, before anything is usual.
const KNOWN: usize = 24;

/// Whether nothing has come for longer than at any time in the hours before, of each of which it is known
/// how many came. Of what is new, or came hardly ever, nothing is usual.
pub(super) fn is_unusual(quiet: Millis, hours: &[u64]) -> bool {
    let came = |count: &u64| *count > 0;
    let (Some(first), Some(last)) = (hours.iter().position(came), hours.iter().rposition(came))
    else {
        return false;
    };
    let known = &hours[first..=last];
    let longest = known.split(|count| *count > 0).map(<[u64]>::len).max().unwrap_or_default();
    // An hour before the empty ones and one behind them may have been nearly empty.
    let usual = HOUR.saturating_mul(i64::try_from(longest + 1).unwrap_or(Millis::MAX));
    known.len() >= KNOWN && quiet > usual
}

#[cfg(test)]
mod tests {
    use super::{HOUR, is_unusual};

    #[test]
    fn silence_is_unusual_that_is_longer_than_the_longest_before() {
        let steady = [3; 48];
        assert!(!is_unusual(HOUR, &steady));
        assert!(is_unusual(HOUR + 1, &steady));
        // Nobody signs in at night.
        let mut nights = [1_u64; 72];
        nights[4..12].fill(0);
        nights[30..37].fill(0);
        assert!(!is_unusual(9 * HOUR, &nights));
        assert!(is_unusual(9 * HOUR + 1, &nights));
    }

    #[test]
    fn of_what_is_new_or_rare_nothing_is_usual() {
        let mut hours = [0; 168];
        assert!(!is_unusual(100 * HOUR, &hours));
        hours[100] = 5;
        assert!(!is_unusual(100 * HOUR, &hours));
        hours[122] = 5;
        assert!(!is_unusual(100 * HOUR, &hours), "23 hours");
        hours[123] = 5;
        assert!(is_unusual(100 * HOUR, &hours));
        assert!(!is_unusual(22 * HOUR, &hours));
    }
}
