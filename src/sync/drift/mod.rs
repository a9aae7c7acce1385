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

use self::compare::{Compared, Verdict};
use super::{SyncError, crawl::Crawl, instance, tally::Tally};
use crate::{
    clerk::backend::{Backend, RetryPolicy},
    domain::{
        Millis,
        drift::{Counts, Differs},
        event::{Change, Event},
        user::User,
    },
    ingest::Queue,
    store::{Store, checks::Found, whole::StoredUser},
};

/// What it takes.
#[derive(Debug)]
pub struct Drift<'a, N> {
    /// Where Clerk is asked.
    pub backend: &'a Backend,
    /// What is compared.
    pub store: &'a Store,
    /// The time.
    pub now: N,
    /// The instance whose users these are, where it is known. Only then anybody is deleted.
    pub pinned: Option<&'a str>,
    /// Whether to mend what differs.
    pub repair: Option<Repair<'a>>,
}

/// How to mend.
#[derive(Clone, Copy, Debug)]
pub struct Repair<'a> {
    /// The way to the writer.
    pub queue: &'a Queue,
    /// Also where so many are to be deleted that it may be a mistake.
    pub however_many: bool,
}

/// A user who is not as Clerk has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Who.
    pub user_id: String,
    /// In which way.
    pub differs: Differs,
    /// In what, where it says something else.
    pub fields: Vec<&'static str>,
}

/// What happens on the way.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// So many of Clerk's users are compared.
    Compared(u64),
    /// One differs.
    Differs(&'a Difference),
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many users Clerk has.
    pub users: u64,
    /// What differed.
    pub found: Counts,
    /// What differs still: all of it, unless it was to be mended.
    pub left: Counts,
    /// How many changed so lately that the webhook may still come.
    pub on_their_way: u64,
    /// How many are behind only in what changes without a webhook.
    pub behind: u64,
    /// How many of Clerk's users were not understood, and so not compared.
    pub not_understood: u64,
    /// What became of the states that were applied.
    pub applied: Tally,
    /// How many were deleted because Clerk has them no more.
    pub ended: u64,
    /// Why those whom Clerk has no more were not deleted, where they were to be.
    pub unended: Option<Unended>,
}

/// Why those whom Clerk has no more were not deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unended {
    /// It is not known whose users these are: another instance's key would end them all.
    NotPinned,
    /// They are more than this.
    TooMany(u64),
}

impl From<&Report> for Found {
    fn from(report: &Report) -> Self {
        let Report { users, left, not_understood, .. } = *report;
        Self { users, counts: left, not_understood }
    }
}

/// Whom a crawl came by: hashes of the ids, as long as they need to be.
#[derive(Debug, Default)]
struct Seen(HashSet<u128>);

impl Seen {
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

impl<N: Fn() -> Millis> Drift<'_, N> {
    /// Compares everybody, and tells of each difference. It has to be one run: one that was interrupted
    /// knows nothing, and has deleted nobody.
    ///
    /// # Errors
    /// When Clerk or the database does not answer, the key is another instance's, or `tell` fails.
    pub async fn run<E: From<SyncError>>(
        &self,
        mut tell: impl FnMut(Step<'_>) -> Result<(), E>,
    ) -> Result<Report, E> {
        instance::check(self.backend, self.pinned, RetryPolicy::Persistent).await?;
        let (mut report, mut seen) = (Report::default(), Seen::default());
        let mut crawl = Crawl::behind(self.backend, Vec::new());
        loop {
            let asked_at = (self.now)();
            let page = crawl.page(&self.now).await.map_err(SyncError::from)?;
            let differences = self.compare(page.users, asked_at, &mut seen, &mut report).await?;
            for difference in &differences {
                tell(Step::Differs(difference))?;
            }
            tell(Step::Compared(report.users))?;
            if page.is_last {
                break;
            }
        }
        self.look_for_extra(&seen, &mut report, &mut tell).await?;
        Ok(report)
    }

    /// Compares a page, and applies what is newer where that is to be mended.
    async fn compare(
        &self,
        page: Vec<Event>,
        asked_at: Millis,
        seen: &mut Seen,
        report: &mut Report,
    ) -> Result<Vec<Difference>, SyncError> {
        // Whoever comes twice is compared once.
        let fresh =
            page.into_iter().filter(|it| it.object_id.as_ref().is_none_or(|id| seen.add(id)));
        let fresh: Vec<_> = fresh.collect();
        report.users += fresh.len() as u64;
        let stored = self.stored(fresh.iter().filter_map(|it| it.object_id.as_deref())).await?;
        let (mut differences, mut newer, mut mended) = (Vec::new(), Vec::new(), Vec::new());
        for event in &fresh {
            let Some(clerks) = state(event) else {
                report.not_understood += 1;
                // It is kept, to be read again after an upgrade.
                newer.push(event.clone());
                continue;
            };
            let here = stored.get(&clerks.id);
            let Compared { is_newer, verdict } = compare::compare(here, clerks, asked_at);
            match verdict {
                Verdict::InStep => {}
                Verdict::Behind => report.behind += 1,
                Verdict::OnItsWay => report.on_their_way += 1,
                Verdict::Differs(differs, fields) => {
                    report.found.add(differs);
                    match is_newer && self.repair.is_some() {
                        true => mended.push(clerks),
                        false => report.left.add(differs),
                    }
                    differences.push(Difference { user_id: clerks.id.clone(), differs, fields });
                }
            }
            if is_newer {
                newer.push(event.clone());
            }
        }
        if let Some(repair) = self.repair {
            report.applied.submit(repair.queue, newer).await?;
            self.look_again(&mended, asked_at, report).await?;
        }
        Ok(differences)
    }

    /// Counts those who differ still. A state that was fetched before is an event that is known, and
    /// brings nobody back whose row was lost since.
    async fn look_again(
        &self,
        mended: &[&User],
        asked_at: Millis,
        report: &mut Report,
    ) -> Result<(), SyncError> {
        let stored = self.stored(mended.iter().map(|user| &*user.id)).await?;
        for clerks in mended {
            let here = stored.get(&clerks.id);
            if let Verdict::Differs(differs, _) = compare::compare(here, clerks, asked_at).verdict {
                report.left.add(differs);
            }
        }
        Ok(())
    }

    /// What is stored of users, by their ids.
    async fn stored<'u>(
        &self,
        ids: impl Iterator<Item = &'u str>,
    ) -> Result<HashMap<String, StoredUser>, SyncError> {
        let stored = self.store.stored_users(&ids.collect::<Vec<_>>()).await?;
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
