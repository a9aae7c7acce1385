//! How what is stored differs from what Clerk has: for what was lost while webhooks were, deletions
//! above all, of which Clerk tells nobody afterwards.
//!
//! 1. A crawl comes by everybody whom Clerk has, and compares.
//! 2. Whoever is stored and was not come by is asked for alone, once the crawl is through.
//!
//! A repair goes the way of a delivery, under the same law: what is newer is applied, and whoever Clerk
//! says it does not have is deleted.

mod compare;
mod extra;

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use self::compare::{Comparison, Verdict};
use super::{SyncError, clerk_users::UserPages, instance, summary::Summary};
use crate::{
    clerk::backend::{Backend, RetryPolicy},
    domain::{
        Millis,
        drift::{DriftCounts, DriftKind},
        event::{Change, Event},
        user::User,
    },
    ingest::Queue,
    store::{Store, drift_checks::DriftCheckResult, full_users::FullUser},
};

/// What it takes.
#[derive(Debug)]
pub struct DriftCheck<'a, N> {
    /// Where Clerk is asked.
    pub backend: &'a Backend,
    /// What is compared.
    pub store: &'a Store,
    /// The time.
    pub now: N,
    /// The instance whose users these are, where it is known. Only then anybody is deleted.
    pub pinned_instance: Option<&'a str>,
    /// Whether to mend what differs.
    pub repair: Option<Repair<'a>>,
}

/// How to mend.
#[derive(Clone, Copy, Debug)]
pub struct Repair<'a> {
    /// The way to the writer.
    pub queue: &'a Queue,
    /// Also where so many are to be deleted that it may be a mistake.
    pub ignore_deletion_limit: bool,
}

/// A user who is not as Clerk has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserDifference {
    /// Who.
    pub user_id: String,
    /// In which way.
    pub differs: DriftKind,
    /// In what, where it says something else.
    pub fields: Vec<&'static str>,
}

/// What happens on the way.
#[derive(Clone, Copy, Debug)]
pub enum DriftProgress<'a> {
    /// So many of Clerk's users are compared.
    Compared(u64),
    /// One differs.
    Differs(&'a UserDifference),
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DriftReport {
    /// How many users Clerk has.
    pub users: u64,
    /// What differed.
    pub found: DriftCounts,
    /// What differs still: all of it, unless it was to be repaired.
    pub left: DriftCounts,
    /// How many changed so lately that the webhook may still come.
    pub on_their_way: u64,
    /// How many are behind only in what changes without a webhook.
    pub behind: u64,
    /// How many of Clerk's users were not understood, and so not compared.
    pub not_understood: u64,
    /// What became of the states that were applied.
    pub applied: Summary,
    /// How many were deleted because Clerk has them no more.
    pub ended: u64,
    /// Why those whom Clerk has no more were not deleted, where they were to be.
    pub deletion_block: Option<DeletionBlock>,
}

/// Why those whom Clerk has no more were not deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionBlock {
    /// It is not known whose users these are: another instance's key would end them all.
    NotPinned,
    /// They are more than this.
    TooMany(u64),
}

impl From<&DriftReport> for DriftCheckResult {
    fn from(report: &DriftReport) -> Self {
        let DriftReport { users, left, not_understood, .. } = *report;
        Self { users, counts: left, not_understood }
    }
}

/// Whom a crawl came by: hashes of the ids, as long as they need to be.
#[derive(Debug, Default)]
struct SeenUserIds(HashSet<u128>);

impl SeenUserIds {
    /// Whether it is new.
    fn add(&mut self, id: &str) -> bool {
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
    /// Compares everybody, and tells of each difference. It has to be one run: one that was interrupted
    /// knows nothing, and has deleted nobody.
    ///
    /// # Errors
    /// When Clerk or the database does not answer, the key is another instance's, or `on_progress` fails.
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
            let differences = self.compare(page.users, requested_at, &mut seen, &mut report).await?;
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

    /// Compares a page, and applies what is newer where that is to be repaired.
    async fn compare(
        &self,
        page: Vec<Event>,
        requested_at: Millis,
        seen: &mut SeenUserIds,
        report: &mut DriftReport,
    ) -> Result<Vec<UserDifference>, SyncError> {
        // Whoever comes twice is compared once.
        let fresh =
            page.into_iter().filter(|it| it.object_id.as_ref().is_none_or(|id| seen.add(id)));
        let fresh: Vec<_> = fresh.collect();
        report.users += fresh.len() as u64;
        let stored = self.stored(fresh.iter().filter_map(|it| it.object_id.as_deref())).await?;
        let (mut differences, mut newer, mut repaired) = (Vec::new(), Vec::new(), Vec::new());
        for event in &fresh {
            let Some(remote) = state(event) else {
                report.not_understood += 1;
                // It is kept, to be read again after an upgrade.
                newer.push(event.clone());
                continue;
            };
            let here = stored.get(&remote.id);
            let Comparison { is_newer, verdict } = compare::compare(here, remote, requested_at);
            match verdict {
                Verdict::InSync => {}
                Verdict::TimesOnly => report.times_only += 1,
                Verdict::AwaitingWebhook => report.awaiting_webhook += 1,
                Verdict::Drifted(differs, fields) => {
                    report.found.add(differs);
                    match is_newer && self.repair.is_some() {
                        true => repaired.push(remote),
                        false => report.remaining.add(differs),
                    }
                    differences.push(UserDifference { user_id: remote.id.clone(), differs, fields });
                }
            }
            if is_newer {
                newer.push(event.clone());
            }
        }
        if let Some(repair) = self.repair {
            report.applied.submit(repair.queue, newer).await?;
            self.look_again(&repaired, requested_at, report).await?;
        }
        Ok(differences)
    }

    /// Counts those who differ still. A state that was fetched before is an event that is known, and
    /// brings nobody back whose row was lost since.
    async fn look_again(
        &self,
        repaired: &[&User],
        requested_at: Millis,
        report: &mut DriftReport,
    ) -> Result<(), SyncError> {
        let stored = self.stored(repaired.iter().map(|user| &*user.id)).await?;
        for remote in repaired {
            let here = stored.get(&remote.id);
            if let Verdict::Drifted(differs, _) = compare::compare(here, remote, requested_at).verdict {
                report.remaining.add(differs);
            }
        }
        Ok(())
    }

    /// What is stored of users, by their ids.
    async fn stored<'u>(
        &self,
        ids: impl Iterator<Item = &'u str>,
    ) -> Result<HashMap<String, FullUser>, SyncError> {
        let stored = self.store.full_users(&ids.collect::<Vec<_>>()).await?;
        Ok(stored.into_iter().map(|it| (it.user.id.clone(), it)).collect())
    }
}

/// The state that an event brings, if it was understood.
fn state(event: &Event) -> Option<&User> {
    match event.content.change()? {
        Change::User(user) => Some(user),
        Change::UserDeleted { .. } | Change::Session { .. } => None,
    }
}
