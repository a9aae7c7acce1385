//! Everybody whom Clerk has, page by page: for users who are older than the service, and for what was lost
//! while webhooks were.
//!
//! What is fetched goes the way of a delivery. A webhook that comes meanwhile is newer or the same, and the
//! law decides; a user who is deleted meanwhile stays deleted. After each page it is kept how far it has
//! got, and an interrupted crawl goes on from there.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::SyncError;
use crate::{
    clerk::{
        backend::{Answer, Backend, BackendError, PAGE},
        decode::fetched,
    },
    domain::{
        Millis,
        event::{Decision, Event, Outcome},
    },
    ingest::Queue,
    store::{Store, crawls::Crawl},
};

/// How many events wait for the writer at a time.
const AT_ONCE: usize = 256;

/// Of how many users the sessions are asked for at a time.
const USERS_AT_ONCE: usize = 8;

/// How many of the users whom it came by last are kept. The first serves, unless somebody deletes it.
const CURSOR: usize = 16;

/// What it takes.
#[derive(Debug)]
pub struct Backfill<'a, N> {
    /// Where Clerk is asked.
    pub backend: &'a Backend,
    /// Where it is kept how far it has got.
    pub store: &'a Store,
    /// The way to the writer.
    pub queue: &'a Queue,
    /// The time.
    pub now: N,
    /// Whether the users' sessions are fetched too: a request for each user.
    pub sessions: bool,
}

/// What became of what was fetched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// So many changed something.
    pub applied: u64,
    /// So many were there already, or something newer was.
    pub unchanged: u64,
    /// So many are of deleted users.
    pub tombstoned: u64,
    /// So many were not understood. They are kept, as events that failed.
    pub failed: u64,
}

/// How far a backfill has got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many users this and earlier, interrupted runs of it came by.
    pub reached: u64,
    /// Of this run.
    pub users: Tally,
    /// Of this run.
    pub sessions: Tally,
}

impl<N: Fn() -> Millis> Backfill<'_, N> {
    /// Fetches everybody, from where an interrupted run has left off, and tells how far it has got.
    ///
    /// # Errors
    /// When Clerk or the database does not answer. What was done is done, and the next run goes on.
    pub async fn run(&self, mut progress: impl FnMut(&Report)) -> Result<Report, SyncError> {
        let begun = Crawl { cursor: Vec::new(), users: 0, begun_at: (self.now)() };
        let mut crawl = self.store.crawl(self.name()).await?.unwrap_or(begun);
        let mut report = Report { reached: crawl.users, ..Report::default() };
        loop {
            progress(&report);
            let page = self.page(&mut crawl.cursor).await?;
            let events: Vec<_> = page.iter().map(|it| fetched::user(it, (self.now)())).collect();
            let ids: Vec<_> = events.iter().filter_map(|event| event.object_id.clone()).collect();
            self.apply(events, &mut report.users).await?;
            if self.sessions {
                self.apply_sessions(&ids, &mut report.sessions).await?;
            }
            report.reached += page.len() as u64;
            if page.len() < PAGE {
                self.store.end_crawl(self.name()).await?;
                progress(&report);
                return Ok(report);
            }
            crawl.users = report.reached;
            crawl.cursor = ids.into_iter().rev().take(CURSOR).collect();
            self.store.keep_crawl(self.name(), &crawl).await?;
        }
    }

    /// Forgets where an interrupted run has left off.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn restart(&self) -> Result<(), SyncError> {
        Ok(self.store.end_crawl(self.name()).await?)
    }

    /// One that left the sessions out has not done the work of one that does not.
    fn name(&self) -> &'static str {
        if self.sessions { "backfill --sessions" } else { "backfill" }
    }

    /// The page behind the first of the cursor who is still there.
    async fn page(&self, cursor: &mut Vec<String>) -> Result<Vec<Answer>, BackendError> {
        loop {
            match self.backend.users(cursor.first().map(String::as_str)).await {
                Err(BackendError::Refused(refusal))
                    if refusal.is_about_the_request() && !cursor.is_empty() =>
                {
                    cursor.remove(0);
                }
                page => return page,
            }
        }
    }

    async fn apply(&self, events: Vec<Event>, tally: &mut Tally) -> Result<(), SyncError> {
        let submitted = stream::iter(events).map(|event| self.queue.submit(event));
        let mut outcomes = submitted.buffered(AT_ONCE);
        while let Some(outcome) = outcomes.try_next().await? {
            tally.add(outcome);
        }
        Ok(())
    }

    async fn apply_sessions(&self, users: &[String], tally: &mut Tally) -> Result<(), SyncError> {
        let fetched = stream::iter(users).map(|user| self.sessions_of(user));
        let mut fetched = fetched.buffer_unordered(USERS_AT_ONCE);
        while let Some(events) = fetched.try_next().await? {
            self.apply(events, tally).await?;
        }
        Ok(())
    }

    async fn sessions_of(&self, user: &str) -> Result<Vec<Event>, BackendError> {
        let mut events = Vec::new();
        loop {
            let page = self.backend.sessions(user, events.len()).await?;
            events.extend(page.iter().map(|it| fetched::session(it, (self.now)())));
            if page.len() < PAGE {
                return Ok(events);
            }
        }
    }
}

impl Tally {
    fn add(&mut self, outcome: Outcome) {
        let count = match outcome {
            Outcome::Recorded(Decision::Applied) => &mut self.applied,
            Outcome::Recorded(Decision::Tombstoned) => &mut self.tombstoned,
            Outcome::Recorded(Decision::Failed) => &mut self.failed,
            Outcome::Recorded(_) | Outcome::Duplicate => &mut self.unchanged,
        };
        *count += 1;
    }
}
