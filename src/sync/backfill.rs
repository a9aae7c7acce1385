//! Everybody whom Clerk has, page by page: for users who are older than the service, and for what was lost
//! while webhooks were.
//!
//! What is fetched goes the way of a delivery. A webhook that comes meanwhile is newer or the same, and the
//! law decides; a user who is deleted meanwhile stays deleted. After each page it is kept how far it has
//! got, and an interrupted crawl goes on from there.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{SyncError, clerk_users::UserPages, instance, summary::Summary};
use crate::{
    clerk::{
        backend::{Backend, BackendError, PAGE_SIZE, RetryPolicy},
        decode::api_object,
    },
    domain::{Millis, event::Event},
    ingest::Queue,
    store::{Store, backfill_progress::BackfillProgress},
};

/// Of how many users the sessions are asked for at a time.
const USERS_AT_ONCE: usize = 8;

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
    /// The instance whose users these are, where it is known.
    pub pinned_instance: Option<&'a str>,
    /// Whether the users' sessions are fetched too: a request for each user.
    pub sessions: bool,
}

/// How far a backfill has got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackfillReport {
    /// How many users this and earlier, interrupted runs of it came by.
    pub reached: u64,
    /// Of this run.
    pub users: Summary,
    /// Of this run.
    pub sessions: Summary,
}

impl<N: Fn() -> Millis> Backfill<'_, N> {
    /// Fetches everybody, from where an interrupted run has left off, and tells how far it has got.
    ///
    /// # Errors
    /// When Clerk or the database does not answer, or the key is another instance's. What was done is done, and the next run goes on.
    pub async fn run(&self, mut progress: impl FnMut(&BackfillReport)) -> Result<BackfillReport, SyncError> {
        instance::check(self.backend, self.pinned_instance, RetryPolicy::Persistent).await?;
        let begun = BackfillProgress { cursor: Vec::new(), users: 0, begun_at: (self.now)() };
        let mut kept = self.store.backfill_progress(self.name()).await?.unwrap_or(begun);
        let mut report = BackfillReport { reached: kept.users, ..BackfillReport::default() };
        let mut user_pages = UserPages::after(self.backend, kept.cursor);
        loop {
            progress(&report);
            let page = user_pages.next_page(&self.now).await?;
            let ids: Vec<_> = page.users.iter().filter_map(|it| it.object_id.clone()).collect();
            report.reached += page.users.len() as u64;
            report.users.submit(self.queue, page.users).await?;
            if self.sessions {
                self.apply_sessions(&ids, &mut report.sessions).await?;
            }
            if page.is_last {
                self.store.delete_backfill_progress(self.name()).await?;
                progress(&report);
                return Ok(report);
            }
            kept.users = report.reached;
            kept.cursor = user_pages.cursor().to_vec();
            self.store.save_backfill_progress(self.name(), &kept).await?;
        }
    }

    /// Forgets where an interrupted run has left off.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn restart(&self) -> Result<(), SyncError> {
        Ok(self.store.delete_backfill_progress(self.name()).await?)
    }

    /// One that left the sessions out has not done the work of one that does not.
    fn name(&self) -> &'static str {
        if self.sessions { "backfill --sessions" } else { "backfill" }
    }

    async fn apply_sessions(&self, users: &[String], summary: &mut Summary) -> Result<(), SyncError> {
        let fetched = stream::iter(users).map(|user| self.sessions_of(user));
        let mut fetched = fetched.buffer_unordered(USERS_AT_ONCE);
        while let Some(events) = fetched.try_next().await? {
            summary.submit(self.queue, events).await?;
        }
        Ok(())
    }

    async fn sessions_of(&self, user: &str) -> Result<Vec<Event>, BackendError> {
        let mut events = Vec::new();
        loop {
            let page = self.backend.sessions(user, events.len()).await?;
            events.extend(page.iter().map(|it| api_object::session(it, (self.now)())));
            if page.len() < PAGE_SIZE {
                return Ok(events);
            }
        }
    }
}
