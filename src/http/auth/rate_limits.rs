//! Rate limits per caller, and the response headers that show them (IETF draft "`RateLimit` header
//! fields for HTTP").
//!
//! Each caller has a number of requests per minute. The allowance refills evenly (GCRA), so a
//! caller that was idle for a minute can use all of it at once.

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

use super::failures::FailureLimit;
use crate::http::problem::Problem;

/// Header with the remaining requests.
pub(in crate::http) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Header with the number of requests per minute.
pub(in crate::http) const RATE_LIMIT_POLICY: HeaderName =
    HeaderName::from_static("ratelimit-policy");

/// Number of requests after which callers with a full allowance are removed from memory.
const CLEANUP_INTERVAL: u32 = 4_096;

/// Rate limits of all callers.
#[derive(Debug)]
pub struct RateLimits {
    keys: Option<RateLimit>,
    sessions: Option<RateLimit>,
    /// Limit of the failed authentications of each client address.
    pub(super) failures: FailureLimit,
}

impl RateLimits {
    /// Creates limits with the requests per minute of each API key and of each signed-in user, and
    /// the failed authentications per minute of each client address. The value 0 means that there
    /// is no limit.
    #[must_use]
    pub fn new(keys: u32, sessions: u32, failures: u32) -> Self {
        Self {
            keys: RateLimit::new("key", keys),
            sessions: RateLimit::new("session", sessions),
            failures: FailureLimit::new(failures),
        }
    }

    /// Counts a request with an API key.
    pub(super) fn count_key(&self, request: &HttpRequest, name: &String) -> Result<(), Problem> {
        self.keys.as_ref().map_or(Ok(()), |limit| limit.count(request, name))
    }

    /// Counts a request of a signed-in user.
    pub(super) fn count_user(&self, request: &HttpRequest, id: &String) -> Result<(), Problem> {
        self.sessions.as_ref().map_or(Ok(()), |limit| limit.count(request, id))
    }
}

/// Rate limit of one kind of caller.
#[derive(Debug)]
struct RateLimit {
    name: &'static str,
    quota: NonZeroU32,
    callers:
        RateLimiter<String, HashMapStateStore<String>, MonotonicClock, StateInformationMiddleware>,
    requests: AtomicU32,
}

impl RateLimit {
    fn new(name: &'static str, quota: u32) -> Option<Self> {
        let quota = NonZeroU32::new(quota)?;
        let callers = RateLimiter::new(
            Quota::per_minute(quota),
            HashMapStateStore::default(),
            MonotonicClock,
        );
        Some(Self { name, quota, callers, requests: AtomicU32::new(0) })
    }

    fn count(&self, request: &HttpRequest, caller: &String) -> Result<(), Problem> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        if number % CLEANUP_INTERVAL == CLEANUP_INTERVAL - 1 {
            self.callers.retain_recent();
        }
        let result = self.callers.check_key(caller);
        let remaining = result.as_ref().map_or(0, StateSnapshot::remaining_burst_capacity);
        request.extensions_mut().insert(Allowance {
            name: self.name,
            quota: self.quota.get(),
            remaining,
        });
        result.map(|_| ()).map_err(|not_until| {
            let wait = not_until.wait_time_from(MonotonicClock.now());
            Problem::too_many_requests(self.quota.get(), wait.max(Duration::from_secs(1)))
        })
    }
}

/// Allowance of the caller of a request.
struct Allowance {
    name: &'static str,
    quota: u32,
    remaining: u32,
}

/// Inserts the rate limit headers of a response, if its request was counted.
pub(in crate::http) fn insert_headers(request: &HttpRequest, headers: &mut HeaderMap) {
    let extensions = request.extensions();
    let Some(Allowance { name, quota, remaining }) = extensions.get() else { return };
    let full_in = (u64::from(quota - remaining) * 60).div_ceil(u64::from(*quota));
    let fields = [
        (RATE_LIMIT_POLICY, format!("\"{name}\";q={quota};w=60")),
        (RATE_LIMIT, format!("\"{name}\";r={remaining};t={full_in}")),
    ];
    for (name, value) in fields {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
}
