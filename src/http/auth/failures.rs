//! Rate limit of failed authentications per client address.
//!
//! The limit applies after a verification has failed, so that valid credentials are accepted from
//! every address, also behind a proxy or a shared network address. Beyond the limit, a failure is
//! answered with 429, and an unknown key does not wait for the next refresh of the keys.
//!
//! Only failures count that can be guesses. A token with a valid signature was issued by Clerk, so
//! an expired one does not count.

use std::{
    collections::HashMap,
    net::IpAddr,
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use actix_web::HttpRequest;
use tokio::time::Instant;

use crate::http::{State, problem::Problem};

/// Time in which an unused limit refills.
const WINDOW: Duration = Duration::from_mins(1);

/// Maximum number of addresses in memory. Further addresses share one limit.
const MAX_ADDRESSES: usize = 10_000;

/// Minimum time between two removals of addresses with a full limit.
const CLEANUP_INTERVAL: Duration = Duration::from_secs(1);

/// Rate limit of failed authentications.
#[derive(Debug)]
pub(super) struct FailureLimit {
    /// Number of failures per window; `None` means unlimited.
    quota: Option<NonZeroU32>,
    addresses: Mutex<Addresses>,
}

#[derive(Debug, Default)]
struct Addresses {
    /// Time at which the limit of an address is full again. Addresses that are not listed have a
    /// full limit.
    full_at: HashMap<Option<Network>, Instant>,
    cleaned_at: Option<Instant>,
}

/// Client address. One client has a whole IPv6 network of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Network(u64);

impl Network {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(address.to_bits().into()),
            // Networks of 64 bits cannot be confused with IPv4 addresses: their first 32 bits are
            // not 0.
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments().map(u64::from);
                Self(a << 48 | b << 32 | c << 16 | d)
            }
        }
    }
}

impl FailureLimit {
    /// Creates a limit with the number of failures per minute. The value 0 means unlimited.
    pub(super) fn new(quota: u32) -> Self {
        Self { quota: NonZeroU32::new(quota), addresses: Mutex::default() }
    }

    /// Counts a failure. If the limit is used up, returns the time until the next failure counts.
    fn count(&self, address: Option<IpAddr>, now: Instant) -> Result<(), Duration> {
        let Some(quota) = self.quota else { return Ok(()) };
        let interval = WINDOW / quota.get();
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        let network = addresses.entry_for(address.map(Network::of), now);
        let full_at = addresses.full_at.get(&network).copied().unwrap_or(now).max(now) + interval;
        let excess = full_at.duration_since(now).saturating_sub(WINDOW);
        if excess.is_zero() {
            addresses.full_at.insert(network, full_at);
            return Ok(());
        }
        Err(excess)
    }
}

impl Addresses {
    /// Returns the key of an address. If there are too many addresses, a new one shares a key.
    fn entry_for(&mut self, network: Option<Network>, now: Instant) -> Option<Network> {
        if self.full_at.len() < MAX_ADDRESSES || self.full_at.contains_key(&network) {
            return network;
        }
        let is_due = self.cleaned_at.is_none_or(|at| now.duration_since(at) >= CLEANUP_INTERVAL);
        if is_due {
            self.cleaned_at = Some(now);
            self.full_at.retain(|_, full_at| *full_at > now);
        }
        network.filter(|_| self.full_at.len() < MAX_ADDRESSES)
    }
}

/// Counts a failed verification of a request's credentials.
///
/// # Errors
/// Returns a 429 in place of the problem if the client's address has too many failures.
pub(super) fn count(
    request: &HttpRequest,
    state: &State,
    problem: Problem,
) -> Result<Problem, Problem> {
    let address = request.peer_addr().map(|address| address.ip());
    match state.rate_limits.failures.count(address, Instant::now()) {
        Ok(()) => Ok(problem),
        Err(wait) => Err(Problem::too_many_failures(problem.code(), wait)),
    }
}

/// Counts a failed verification, and returns the problem to answer with.
pub(super) fn counted(request: &HttpRequest, state: &State, problem: Problem) -> Problem {
    count(request, state, problem).unwrap_or_else(|limited| limited)
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

    use super::{Duration, FailureLimit, Instant, MAX_ADDRESSES, WINDOW};

    const ADDRESS: Option<IpAddr> = Some(IpAddr::V4(Ipv4Addr::LOCALHOST));

    #[test]
    fn limit_refills_over_time() {
        let (limit, start) = (FailureLimit::new(3), Instant::now());
        for _ in 0..3 {
            assert_eq!(limit.count(ADDRESS, start), Ok(()));
        }
        assert_eq!(limit.count(ADDRESS, start), Err(WINDOW / 3));
        assert_eq!(limit.count(ADDRESS, start + WINDOW / 3), Ok(()));
        assert!(limit.count(ADDRESS, start + WINDOW / 3).is_err());
        let later = start + WINDOW * 10;
        assert_eq!((0..5).filter(|_| limit.count(ADDRESS, later).is_ok()).count(), 3);
    }

    #[test]
    fn addresses_have_separate_limits() {
        let (limit, now) = (FailureLimit::new(1), Instant::now());
        let v6 = |a, b| Some(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, a, 0, 0, 0, b)));
        assert_eq!(limit.count(ADDRESS, now), Ok(()));
        assert!(limit.count(ADDRESS, now).is_err());
        let mapped = Some(IpAddr::V6(Ipv4Addr::LOCALHOST.to_ipv6_mapped()));
        assert!(limit.count(mapped, now).is_err(), "the same address in IPv6 form");
        assert_eq!(limit.count(v6(1, 1), now), Ok(()));
        assert!(limit.count(v6(1, 2), now).is_err(), "the same network");
        assert_eq!(limit.count(v6(2, 1), now), Ok(()));
        assert_eq!(limit.count(None, now), Ok(()));
    }

    #[test]
    fn number_of_addresses_is_limited() {
        let (limit, start) = (FailureLimit::new(1), Instant::now());
        let address = |number| Some(IpAddr::V4(Ipv4Addr::from_bits(number)));
        let count = |range: std::ops::Range<u32>, at| {
            range.filter(|number| limit.count(address(*number), at).is_ok()).count()
        };
        let max = u32::try_from(MAX_ADDRESSES).unwrap();
        assert_eq!(count(0..max, start), MAX_ADDRESSES);
        assert_eq!(count(max..max + 50, start), 1, "further addresses share one limit");
        let len = || limit.addresses.lock().unwrap().full_at.len();
        assert_eq!(len(), MAX_ADDRESSES + 1);
        assert!(limit.count(address(0), start).is_err(), "known addresses keep their limit");
        let later = start + WINDOW + Duration::from_secs(1);
        assert_eq!(count(max..max + 50, later), 50);
        assert_eq!(len(), 50);
    }

    #[test]
    fn zero_means_unlimited() {
        let (limit, now) = (FailureLimit::new(0), Instant::now());
        assert!((0..1_000).all(|_| limit.count(ADDRESS, now).is_ok()));
        assert_eq!(limit.addresses.lock().unwrap().full_at.len(), 0);
    }
}
