//! Clocks. All code reads the time through them, so that tests can set it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

/// A clock that returns the time in Unix milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Clock(Source);

#[derive(Clone, Debug, Default)]
enum Source {
    #[default]
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// Returns the system clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// Returns a clock whose time changes only when it is set. Clones share the time.
    #[must_use]
    pub fn manual(millis: i64) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(millis))))
    }

    /// Returns the current time in Unix milliseconds.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "all other code reads the time through `Clock`")]
    pub fn now(&self) -> i64 {
        match &self.0 {
            Source::System => match SystemTime::now().duration_since(UNIX_EPOCH) {
                Ok(since_epoch) => i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX),
                Err(before_epoch) => {
                    -i64::try_from(before_epoch.duration().as_millis()).unwrap_or(i64::MAX)
                }
            },
            Source::Manual(millis) => millis.load(Ordering::Relaxed),
        }
    }

    /// Sets the time of a manual clock. Has no effect on the system clock.
    pub fn set(&self, millis: i64) {
        if let Source::Manual(now) = &self.0 {
            now.store(millis, Ordering::Relaxed);
        }
    }
}
