//! Finds out whether the database accepts the writes of deliveries.
//!
//! Two signals are combined: the outcome of the newest commits, and a small write. If commits fail,
//! a thorough write shows when they can succeed again, because a service that is not ready receives
//! no deliveries.

use std::time::Duration;

use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use crate::{
    ingest::CommitHealth,
    store::{Store, StoreError, driver::OutageCause, write_probe::WriteProbe},
};

/// Timeout of a probe. `meetvo health` waits longer.
const PROBE_TIMEOUT: Duration = Duration::from_millis(1_500);

/// Time for which a successful probe is valid. Load balancers check more often.
const PROBE_TTL: Duration = Duration::from_secs(4);

/// Time after a successful write for which a lock or a slow write is no outage. A long commit takes
/// as long.
const BUSY_TOLERANCE: Duration = Duration::from_secs(5);

/// Time after a failed commit for which a successful probe is not enough, if the probe cannot
/// reproduce the cause.
const UNKNOWN_CAUSE_TIME: Duration = Duration::from_secs(8);

/// Whether the database accepts the writes of deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Writes {
    Accepted,
    Rejected(OutageCause),
    /// The server has been read-only since the start, and no delivery has arrived. It can be a
    /// standby on purpose, which serves reads.
    Standby,
}

/// Check of the writes, shared by all threads.
#[derive(Debug)]
pub struct Writability {
    commits: CommitHealth,
    /// Newest probe. The lock lets only one probe run at a time.
    newest: Mutex<Option<Probed>>,
}

#[derive(Clone, Copy, Debug)]
struct Probed {
    began: Instant,
    ended: Instant,
    writes: Writes,
    /// Time of the newest successful probe.
    succeeded_at: Option<Instant>,
}

impl Writability {
    /// Creates a check that also takes the outcome of the commits into account.
    #[must_use]
    pub fn new(commits: &CommitHealth) -> Self {
        Self { commits: commits.clone(), newest: Mutex::default() }
    }

    /// Returns whether the database accepts writes. Probes it if the newest probe is too old.
    pub(in crate::http) async fn check(&self, store: &Store) -> Writes {
        let arrived = Instant::now();
        let mut newest = self.newest.lock().await;
        if let Some(probed) = &*newest
            && self.is_valid(probed, arrived)
        {
            return probed.writes;
        }
        let succeeded_at = newest.and_then(|probed| probed.succeeded_at);
        let probed = self.probe(store, succeeded_at).await;
        let previous = newest.replace(probed).map(|previous| previous.writes);
        // Only a change is logged, because load balancers check every few seconds.
        if let Writes::Rejected(cause) = probed.writes
            && previous != Some(probed.writes)
        {
            tracing::warn!(%cause, "the database accepts no writes");
        }
        probed.writes
    }

    /// Returns whether a probe answers a request that arrived at a time. A failure is valid only
    /// for requests that waited for it, so that a recovery is seen at once.
    fn is_valid(&self, probed: &Probed, arrived: Instant) -> bool {
        let has_failed_since =
            self.commits.failure().is_some_and(|failure| failure.at > probed.began);
        let is_fresh = probed.ended >= arrived
            || probed.writes == Writes::Accepted && probed.ended.elapsed() < PROBE_TTL;
        is_fresh && !has_failed_since
    }

    async fn probe(&self, store: &Store, succeeded_at: Option<Instant>) -> Probed {
        let began = Instant::now();
        let failure = self.commits.failure();
        let kind = if failure.is_some() { WriteProbe::Thorough } else { WriteProbe::Light };
        let result = timeout(PROBE_TIMEOUT, store.check_writable(kind)).await;
        let result = result.unwrap_or(Err(StoreError::Timeout(PROBE_TIMEOUT)));
        let probed =
            |writes, succeeded_at| Probed { began, ended: Instant::now(), writes, succeeded_at };
        let Err(error) = result else {
            let unknown = failure.filter(|failure| {
                is_unknown(failure.cause) && failure.at.elapsed() < UNKNOWN_CAUSE_TIME
            });
            if let Some(failure) = unknown {
                return probed(Writes::Rejected(failure.cause), Some(began));
            }
            self.commits.resolve(began);
            return probed(Writes::Accepted, Some(began));
        };
        let cause = error.outage().unwrap_or(OutageCause::Other);
        let last_success = succeeded_at.max(self.commits.succeeded_at());
        let is_busy = cause.is_transient()
            && failure.is_none()
            && last_success.is_some_and(|at| at.elapsed() < BUSY_TOLERANCE);
        let is_standby =
            cause == OutageCause::ReadOnly && failure.is_none() && !store.was_writable();
        if is_busy {
            return probed(Writes::Accepted, succeeded_at);
        }
        if is_standby {
            return probed(Writes::Standby, succeeded_at);
        }
        tracing::debug!(%error, "a write probe failed");
        probed(Writes::Rejected(cause), succeeded_at)
    }
}

/// Returns whether a probe can succeed although commits fail for this cause.
fn is_unknown(cause: OutageCause) -> bool {
    matches!(
        cause,
        OutageCause::SchemaOutdated | OutageCause::PermissionMissing | OutageCause::Other
    )
}
