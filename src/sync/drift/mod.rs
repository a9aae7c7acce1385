//! Drift check: compares the stored users with Clerk's, and repairs the differences on request.
//!
//! A drift check finds changes whose webhooks were lost. This matters most for deletions, because
//! Clerk's API does not list deleted users.
//!
//! 1. The check pages through Clerk's user list and compares each user with the stored one.
//! 2. For each stored user that the list did not contain, the check requests that user from Clerk.
//!
//! A repair submits events, which follow the same merge rules as deliveries. It applies newer
//! states, and deletes users that do not exist at Clerk.

mod compare;
mod extra_users;

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use self::compare::{Comparison, Verdict};
use super::{SyncError, clerk_users::UserPages, instance, summary::Summary};
use crate::{
    clerk::backend::{Backend, RetryPolicy},
    domain::{
        Millis,
        drift::{DriftCounts, DriftKind},
    },
    ingest::Queue,
    objects::{
        AnyState, Kind,
        event::{Change, Event},
    },
    store::{Store, drift_checks::DriftCheckResult, stored_objects::WholeObject},
};

/// A comparison of all stored users with Clerk's.
#[derive(Debug)]
pub struct DriftCheck<'a, N> {
    /// Client for Clerk's Backend API.
    pub backend: &'a Backend,
    /// Store with the users to compare.
    pub store: &'a Store,
    /// Function that returns the current time in Unix milliseconds.
    pub now: N,
    /// ID of the Clerk instance that the secret key must belong to, if configured. A repair deletes
    /// users only if this is set.
    pub pinned_instance: Option<&'a str>,
    /// Repair of the differences. `None` for a check that changes nothing.
    pub repair: Option<Repair<'a>>,
}

/// Options of a repair.
#[derive(Clone, Copy, Debug)]
pub struct Repair<'a> {
    /// Queue that the repairing events are submitted to.
    pub queue: &'a Queue,
    /// Whether to delete users even if their number exceeds the limit that guards against mistakes.
    pub ignore_deletion_limit: bool,
}

/// A difference between a stored user and Clerk's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserDifference {
    /// ID of the user.
    pub user_id: String,
    /// Kind of the difference.
    pub kind: DriftKind,
    /// Names of the fields that differ. Empty unless `kind` is [`DriftKind::Different`].
    pub fields: Vec<&'static str>,
}

/// Progress of a drift check.
#[derive(Clone, Copy, Debug)]
pub enum DriftProgress<'a> {
    /// Number of Clerk's users compared so far.
    Compared(u64),
    /// A difference just found.
    Difference(&'a UserDifference),
}

/// Result of a drift check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DriftReport {
    /// Number of users at Clerk.
    pub users: u64,
    /// Number of differences found, by kind.
    pub found: DriftCounts,
    /// Number of differences not repaired, by kind. Without a repair, the same as `found`.
    pub remaining: DriftCounts,
    /// Number of users changed so recently that their webhooks may still arrive. They are not
    /// differences.
    pub awaiting_webhook: u64,
    /// Number of users that differ only in fields for which Clerk sends no webhook. They are not
    /// differences.
    pub times_only: u64,
    /// Number of Clerk's users that could not be decoded and were not compared.
    pub not_understood: u64,
    /// Outcomes of the applied states.
    pub applied: Summary,
    /// Number of users deleted because they no longer exist at Clerk.
    pub deleted_users: u64,
    /// Reason why the repair did not delete all users that no longer exist at Clerk.
    pub deletion_block: Option<DeletionBlock>,
}

/// Reasons why a repair does not delete users that no longer exist at Clerk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionBlock {
    /// No pinned instance. With the secret key of another instance, the repair would delete all
    /// users.
    InstanceNotPinned,
    /// More users to delete than this limit.
    LimitExceeded(u64),
}

impl From<&DriftReport> for DriftCheckResult {
    fn from(report: &DriftReport) -> Self {
        let DriftReport { users, remaining, not_understood, .. } = *report;
        Self { users, counts: remaining, not_understood }
    }
}

/// Set of the user IDs in Clerk's list. It stores 128-bit hashes, because IDs have any length and
/// there can be millions.
#[derive(Debug, Default)]
struct SeenUserIds(HashSet<u128>);

impl SeenUserIds {
    /// Adds an ID. Returns whether it was new.
    fn insert(&mut self, id: &str) -> bool {
        self.0.insert(Self::hash(id))
    }

    fn contains(&self, id: &str) -> bool {
        self.0.contains(&Self::hash(id))
    }

    fn hash(id: &str) -> u128 {
        let digest: [u8; 32] = Sha256::digest(id.as_bytes()).into();
        digest.iter().take(16).fold(0, |hash, byte| hash << 8 | u128::from(*byte))
    }
}

impl<N: Fn() -> Millis> DriftCheck<'_, N> {
    /// Compares all users and reports each difference to `on_progress`.
    ///
    /// An interrupted check cannot resume, because only a complete list shows which users no longer
    /// exist at Clerk. The check deletes no user before the list is complete.
    ///
    /// # Errors
    /// Returns an error if a request to Clerk or a database query fails, if the queue is full, if
    /// the secret key belongs to another instance, or if `on_progress` fails.
    pub async fn run<E: From<SyncError>>(
        &self,
        mut on_progress: impl FnMut(DriftProgress<'_>) -> Result<(), E>,
    ) -> Result<DriftReport, E> {
        instance::check(self.backend, self.pinned_instance, RetryPolicy::Persistent).await?;
        let (mut report, mut seen) = (DriftReport::default(), SeenUserIds::default());
        let mut user_pages = UserPages::after(self.backend, Vec::new());
        loop {
            let requested_at = (self.now)();
            let page = user_pages.next_page(&self.now).await.map_err(SyncError::from)?;
            let differences =
                self.compare(page.users, requested_at, &mut seen, &mut report).await?;
            for difference in &differences {
                on_progress(DriftProgress::Difference(difference))?;
            }
            on_progress(DriftProgress::Compared(report.users))?;
            if page.is_last {
                break;
            }
        }
        self.check_extra_users(&seen, &mut report, &mut on_progress).await?;
        Ok(report)
    }

    /// Compares a page of users. If a repair is requested, applies the newer states.
    async fn compare(
        &self,
        page: Vec<Event>,
        requested_at: Millis,
        seen: &mut SeenUserIds,
        report: &mut DriftReport,
    ) -> Result<Vec<UserDifference>, SyncError> {
        // Pages can overlap. Each user is compared and counted only the first time.
        let fresh =
            page.into_iter().filter(|it| it.object_id.as_ref().is_none_or(|id| seen.insert(id)));
        let fresh: Vec<_> = fresh.collect();
        report.users += fresh.len() as u64;
        let ids = fresh.iter().filter_map(|it| it.object_id.as_deref());
        let stored = self.full_users(ids).await?;
        let (mut differences, mut newer, mut repaired) = (Vec::new(), Vec::new(), Vec::new());
        for event in &fresh {
            let Some(remote) = decoded_user(event) else {
                report.not_understood += 1;
                // The event log keeps it as failed, so that it can be reprocessed after an upgrade.
                newer.push(event.clone());
                continue;
            };
            let stored = stored.get(remote.id());
            let Comparison { is_newer, verdict } = compare::compare(stored, remote, requested_at);
            match verdict {
                Verdict::InSync => {}
                Verdict::TimesOnly => report.times_only += 1,
                Verdict::AwaitingWebhook => report.awaiting_webhook += 1,
                Verdict::Drifted(kind, fields) => {
                    report.found.add(kind);
                    match is_newer && self.repair.is_some() {
                        true => repaired.push(remote),
                        false => report.remaining.add(kind),
                    }
                    differences.push(UserDifference {
                        user_id: remote.id().to_owned(),
                        kind,
                        fields,
                    });
                }
            }
            if is_newer {
                newer.push(event.clone());
            }
        }
        if let Some(repair) = self.repair {
            report.applied.submit(repair.queue, newer).await?;
            self.count_unrepaired(&repaired, requested_at, report).await?;
        }
        Ok(differences)
    }

    /// Counts the users that still differ after the repair.
    ///
    /// A repair does not restore a row that was lost after an earlier fetch of the same state. The
    /// event of that fetch is in the event log, so the repair's event is a duplicate.
    async fn count_unrepaired(
        &self,
        repaired: &[&AnyState],
        requested_at: Millis,
        report: &mut DriftReport,
    ) -> Result<(), SyncError> {
        let stored = self.full_users(repaired.iter().map(|user| user.id())).await?;
        for remote in repaired {
            let stored = stored.get(remote.id());
            let verdict = compare::compare(stored, remote, requested_at).verdict;
            if let Verdict::Drifted(kind, _) = verdict {
                report.remaining.add(kind);
            }
        }
        Ok(())
    }

    /// Returns the stored users by ID.
    async fn full_users<'u>(
        &self,
        ids: impl Iterator<Item = &'u str>,
    ) -> Result<HashMap<String, WholeObject>, SyncError> {
        let stored = self.store.whole_objects(Kind::User, &ids.collect::<Vec<_>>()).await?;
        Ok(stored.into_iter().map(|it| (it.state.id().to_owned(), it)).collect())
    }
}

/// Returns the user that an event contains, if it could be decoded.
fn decoded_user(event: &Event) -> Option<&AnyState> {
    match event.content.change()? {
        Change::State { state, .. } => Some(state),
        Change::Deletion(_) => None,
    }
}
