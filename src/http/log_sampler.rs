//! Limits the log lines that callers without credentials can cause.
//!
//! Of each kind of line, the first few in a minute are logged. After the minute, one line states
//! how many others there were.

use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

/// Number of lines of each kind that are logged in a window.
const MAX_LINES: u32 = 10;

/// Duration of a window.
const WINDOW: Duration = Duration::from_mins(1);

/// Maximum length of a logged value that a caller has chosen, in characters.
const MAX_VALUE: usize = 200;

/// Counts the lines of each kind. There are as many kinds as the source has names for them.
#[derive(Debug, Default)]
pub struct LogSampler {
    windows: Mutex<HashMap<&'static str, Window>>,
    /// Whether a window has lines that were not logged.
    has_suppressed: AtomicBool,
}

/// Lines of one kind since the start of the window.
#[derive(Debug)]
struct Window {
    start: Instant,
    logged: u32,
    suppressed: u64,
}

impl LogSampler {
    /// Counts a line, and returns whether it is to be logged.
    pub(super) fn admit(&self, kind: &'static str, now: Instant) -> bool {
        let mut windows = self.lock();
        let new = Window { start: now, logged: 0, suppressed: 0 };
        let window = windows.entry(kind).or_insert(new);
        // The summary of a window that ended with suppressed lines is logged before it is reused.
        if window.suppressed == 0 && now.duration_since(window.start) >= WINDOW {
            (window.start, window.logged) = (now, 0);
        }
        if window.logged < MAX_LINES {
            window.logged += 1;
            return true;
        }
        window.suppressed += 1;
        self.has_suppressed.store(true, Ordering::Relaxed);
        false
    }

    /// Logs the number of suppressed lines of each window that has ended.
    pub(super) fn log_suppressed(&self, now: Instant) {
        for (kind, suppressed) in self.take_suppressed(now) {
            tracing::info!(kind, suppressed, "suppressed log lines");
        }
    }

    fn take_suppressed(&self, now: Instant) -> Vec<(&'static str, u64)> {
        if !self.has_suppressed.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let (mut windows, mut ended) = (self.lock(), Vec::new());
        let mut is_open = false;
        windows.retain(|kind, window| {
            let is_over = now.duration_since(window.start) >= WINDOW;
            if is_over && window.suppressed > 0 {
                ended.push((*kind, window.suppressed));
            }
            is_open |= !is_over && window.suppressed > 0;
            !is_over
        });
        self.has_suppressed.store(is_open, Ordering::Relaxed);
        ended
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<&'static str, Window>> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns a value that a caller has chosen in a form that is safe to log: ASCII without control
/// characters and of limited length.
pub(super) fn escaped(value: &[u8]) -> String {
    let mut text: String = value.escape_ascii().map(char::from).take(MAX_VALUE + 1).collect();
    if text.len() > MAX_VALUE {
        text.replace_range(MAX_VALUE.., "[cut]");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Instant, LogSampler, MAX_LINES, WINDOW, escaped};

    #[test]
    fn lines_beyond_limit_are_counted() {
        let (sampler, start) = (LogSampler::default(), Instant::now());
        let admitted = (0..25).filter(|_| sampler.admit("a", start)).count();
        assert_eq!(admitted, MAX_LINES as usize);
        assert!(sampler.admit("b", start), "each kind has a limit of its own");
        assert_eq!(sampler.take_suppressed(start), []);
        let end = start + WINDOW;
        assert!(!sampler.admit("a", end), "the summary comes first");
        assert_eq!(sampler.take_suppressed(end), [("a", 16)]);
        assert_eq!(sampler.take_suppressed(end), []);
        assert!(sampler.admit("a", end));
    }

    #[test]
    fn window_without_suppressed_lines_starts_again() {
        let (sampler, start) = (LogSampler::default(), Instant::now());
        for round in 0..5 {
            let at = start + WINDOW * round;
            assert!((0..MAX_LINES).all(|_| sampler.admit("a", at)), "{round}");
        }
        assert_eq!(sampler.take_suppressed(start + WINDOW * 10), []);
    }

    #[test]
    fn logged_value_is_escaped_and_short() {
        assert_eq!(escaped(b"https://a.com"), "https://a.com");
        assert_eq!(escaped(b"a\nb\x1b[0m\"\xff"), "a\\nb\\x1b[0m\\\"\\xff");
        let long = escaped(&[b'\n'; 5_000]);
        assert!(long.len() < 250 && long.ends_with("[cut]"), "{long}");
    }
}
