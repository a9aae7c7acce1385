//! How often a caller may ask, and the headers that say so (the IETF's draft `RateLimit header
//! fields for HTTP`).
//!
//! Each caller has a minute's worth of requests, which comes back evenly (GCRA): who has not asked
//! for a minute may ask for all of it at once.

use std::{
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use actix_web::{
    HttpMessage, HttpRequest,
    http::header::{HeaderMap, HeaderName, HeaderValue},
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, MonotonicClock},
    middleware::{StateInformationMiddleware, StateSnapshot},
    state::keyed::HashMapStateStore,
};

use crate::http::problem::Problem;

/// What is left.
pub(in crate::http) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// What there is in a minute.
pub(in crate::http) const RATE_LIMIT_POLICY: HeaderName =
    HeaderName::from_static("ratelimit-policy");

/// After so many requests, callers who have all of theirs back are forgotten.
const FORGET: u32 = 4_096;

/// How often callers may ask.
#[derive(Debug)]
pub struct RateLimits {
    keys: Option<RateLimit>,
    sessions: Option<RateLimit>,
}

impl RateLimits {
    /// So many requests a minute for each API key, and for each user who is signed in; 0 is any number.
    #[must_use]
    pub fn new(keys: u32, sessions: u32) -> Self {
        Self { keys: RateLimit::new("key", keys), sessions: RateLimit::new("session", sessions) }
    }

    /// Counts a request of an API key.
    pub(super) fn count_key(&self, request: &HttpRequest, name: &String) -> Result<(), Problem> {
        self.keys.as_ref().map_or(Ok(()), |rate| rate.count(request, name))
    }

    /// Counts a request of somebody who is signed in.
    pub(super) fn count_user(&self, request: &HttpRequest, id: &String) -> Result<(), Problem> {
        self.sessions.as_ref().map_or(Ok(()), |rate| rate.count(request, id))
    }
}

/// What is the same for all callers of a kind.
#[derive(Debug)]
struct RateLimit {
    name: &'static str,
    quota: NonZeroU32,
    callers:
        RateLimiter<String, HashMapStateStore<String>, MonotonicClock, StateInformationMiddleware>,
    counted: AtomicU32,
}

impl RateLimit {
    fn new(name: &'static str, quota: u32) -> Option<Self> {
        let quota = NonZeroU32::new(quota)?;
        let callers = RateLimiter::new(
            Quota::per_minute(quota),
            HashMapStateStore::default(),
            MonotonicClock,
        );
        Some(Self { name, quota, callers, counted: AtomicU32::new(0) })
    }

    fn count(&self, request: &HttpRequest, caller: &String) -> Result<(), Problem> {
        if self.counted.fetch_add(1, Ordering::Relaxed) % FORGET == FORGET - 1 {
            self.callers.retain_recent();
        }
        let counted = self.callers.check_key(caller);
        let left = counted.as_ref().map_or(0, StateSnapshot::remaining_burst_capacity);
        request.extensions_mut().insert(Remaining {
            name: self.name,
            quota: self.quota.get(),
            left,
        });
        counted.map(|_| ()).map_err(|not_yet| {
            let wait = not_yet.wait_time_from(MonotonicClock.now());
            Problem::too_many_requests(self.quota.get(), wait.max(Duration::from_secs(1)))
        })
    }
}

/// Remaining requests of a caller.
struct Remaining {
    name: &'static str,
    quota: u32,
    left: u32,
}

/// Inserts the rate limit headers of a response, if its request was counted.
pub(in crate::http) fn insert_headers(request: &HttpRequest, headers: &mut HeaderMap) {
    let extensions = request.extensions();
    let Some(Remaining { name, quota, left }) = extensions.get() else { return };
    let full_in = (u64::from(quota - left) * 60).div_ceil(u64::from(*quota));
    let fields = [
        (RATE_LIMIT_POLICY, format!("\"{name}\";q={quota};w=60")),
        (RATE_LIMIT, format!("\"{name}\";r={left};t={full_in}")),
    ];
    for (name, value) in fields {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
}
