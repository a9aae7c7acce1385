//! How far our clock is off, by the deliveries: each says when it was sent.

use std::sync::{Mutex, PoisonError};

use crate::domain::Millis;

/// What is older than one to two of these does not count any more.
const WINDOW: Millis = 300_000;

/// The smallest distance of the last minutes: the way through the network only makes it greater.
#[derive(Debug, Default)]
pub(super) struct Offset(Mutex<Windows>);

#[derive(Clone, Copy, Debug, Default)]
struct Windows {
    number: i64,
    now: Option<Millis>,
    before: Option<Millis>,
}

impl Offset {
    /// Our clock was so far before the sender's.
    pub(super) fn saw(&self, ahead: Millis, now: Millis) {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *windows = windows.at(now);
        windows.now = Some(windows.now.map_or(ahead, |least| least.min(ahead)));
    }

    /// How far our clock is before the sender's, in milliseconds; none where nothing came lately.
    pub(super) fn get(&self, now: Millis) -> Option<Millis> {
        let windows = self.0.lock().unwrap_or_else(PoisonError::into_inner).at(now);
        windows.now.into_iter().chain(windows.before).min()
    }
}

impl Windows {
    fn at(self, now: Millis) -> Self {
        let number = now.div_euclid(WINDOW);
        match number - self.number {
            // What was on its way while a window ended counts in the new one.
            0 | -1 => self,
            1 => Self { number, now: None, before: self.now },
            _ => Self { number, now: None, before: None },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Offset, WINDOW};

    #[test]
    fn the_smallest_distance_counts_for_a_while() {
        let offset = Offset::default();
        assert_eq!(offset.get(0), None);
        offset.saw(700, 10);
        offset.saw(90_000, 20);
        assert_eq!(offset.get(30), Some(700));
        offset.saw(-2_000, WINDOW);
        assert_eq!(offset.get(WINDOW), Some(-2_000));
        offset.saw(500, 2 * WINDOW);
        assert_eq!(offset.get(2 * WINDOW), Some(-2_000), "the window before");
        assert_eq!(offset.get(3 * WINDOW), Some(500));
        assert_eq!(offset.get(5 * WINDOW), None);
    }

    #[test]
    fn a_straggler_takes_nothing_away() {
        let offset = Offset::default();
        offset.saw(100, WINDOW - 20);
        offset.saw(90_000, WINDOW + 10);
        offset.saw(80_000, WINDOW - 10);
        assert_eq!(offset.get(WINDOW + 20), Some(100));
        assert_eq!(offset.get(2 * WINDOW), Some(80_000));
    }
}
