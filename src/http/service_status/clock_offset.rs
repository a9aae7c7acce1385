//! Estimates the offset of this machine's clock from the sender's clock. Each delivery contains the
//! time at which it was sent.

use std::sync::{Mutex, PoisonError};

use crate::domain::Millis;

/// Length of a window in milliseconds. Measurements expire after one to two windows.
const WINDOW: Millis = 300_000;

/// Smallest offset that was measured in the current and the previous window. Network latency can
/// only increase a measurement, so the smallest is the most accurate.
#[derive(Debug, Default)]
pub struct ClockOffset(Mutex<Windows>);

#[derive(Clone, Copy, Debug, Default)]
struct Windows {
    number: i64,
    current: Option<Millis>,
    previous: Option<Millis>,
}

impl ClockOffset {
    /// Records that this clock was `offset` milliseconds ahead of the sender's clock.
    pub(in crate::http) fn record(&self, offset: Millis, now: Millis) {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *windows = windows.at(now);
        windows.current = Some(windows.current.map_or(offset, |least| least.min(offset)));
    }

    /// Returns by how many milliseconds this clock is ahead of the sender's clock. Returns `None`
    /// if no delivery arrived recently.
    pub(super) fn get(&self, now: Millis) -> Option<Millis> {
        let windows = self.0.lock().unwrap_or_else(PoisonError::into_inner).at(now);
        windows.current.into_iter().chain(windows.previous).min()
    }
}

impl Windows {
    fn at(self, now: Millis) -> Self {
        let number = now.div_euclid(WINDOW);
        match number - self.number {
            // A delivery that arrived just before the end of a window counts in the new window.
            0 | -1 => self,
            1 => Self { number, current: None, previous: self.current },
            _ => Self { number, current: None, previous: None },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ClockOffset, WINDOW};

    #[test]
    fn smallest_offset_counts_for_two_windows() {
        let offset = ClockOffset::default();
        assert_eq!(offset.get(0), None);
        offset.record(700, 10);
        offset.record(90_000, 20);
        assert_eq!(offset.get(30), Some(700));
        offset.record(-2_000, WINDOW);
        assert_eq!(offset.get(WINDOW), Some(-2_000));
        offset.record(500, 2 * WINDOW);
        assert_eq!(offset.get(2 * WINDOW), Some(-2_000), "the previous window");
        assert_eq!(offset.get(3 * WINDOW), Some(500));
        assert_eq!(offset.get(5 * WINDOW), None);
    }

    #[test]
    fn late_record_keeps_smaller_offset() {
        let offset = ClockOffset::default();
        offset.record(100, WINDOW - 20);
        offset.record(90_000, WINDOW + 10);
        offset.record(80_000, WINDOW - 10);
        assert_eq!(offset.get(WINDOW + 20), Some(100));
        assert_eq!(offset.get(2 * WINDOW), Some(80_000));
    }
}
