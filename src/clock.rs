//! The one way to ask what time it is.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

/// Tells the time in Unix milliseconds. Passed to whoever needs it, so that tests can set it.
#[derive(Clone, Debug, Default)]
pub struct Clock(Source);

#[derive(Clone, Debug, Default)]
enum Source {
    #[default]
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still until it is set. Clones show the same time.
    #[must_use]
    pub fn manual(millis: i64) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(millis))))
    }

    /// Unix milliseconds.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    pub fn now(&self) -> i64 {
        match &self.0 {
            Source::System => match SystemTime::now().duration_since(UNIX_EPOCH) {
                Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
                Err(before) => -i64::try_from(before.duration().as_millis()).unwrap_or(i64::MAX),
            },
            Source::Manual(millis) => millis.load(Ordering::Relaxed),
        }
    }

    /// Sets a manual clock; the machine's stays as it is.
    pub fn set(&self, millis: i64) {
        if let Source::Manual(now) = &self.0 {
            now.store(millis, Ordering::Relaxed);
        }
    }
}
