//! Backfill: imports all users from Clerk's Backend API.
//!
//! Imports users created before the service was installed, and changes whose webhooks were lost.
//! The fetched users follow the merge rules like deliveries. A webhook that arrives during the
//! backfill has the same or a newer version, and a user deleted during the backfill stays deleted.
//! The progress is stored after each page, and an interrupted backfill resumes from there.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{SyncError, clerk_users::UserPages, instance, summary::Summary};
use crate::{
    clerk::backend::{Backend, BackendError, PAGE_SIZE, RetryPolicy},
    domain::Millis,
    ingest::Queue,
    objects::{Kind, decode::api_object, event::Event},
    store::{Store, backfill_progress::BackfillProgress},
};

/// Maximum number of concurrent requests for sessions.
const CONCURRENT_REQUESTS: usize = 8;

/// An import of all users.
#[derive(Debug)]
pub struct Backfill<'a, N> {
    /// Client for Clerk's Backend API.
    pub backend: &'a Backend,
    /// Store that keeps the progress.
    pub store: &'a Store,
    /// Queue that the fetched objects are submitted to.
    pub queue: &'a Queue,
    /// Function that returns the current time in Unix milliseconds.
    pub now: N,
    /// ID of the Clerk instance that the secret key must belong to, if configured.
    pub pinned_instance: Option<&'a str>,
    /// Whether to import the users' sessions too, which takes one request per user.
    pub sessions: bool,
}

/// Progress or result of a backfill.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackfillReport {
    /// Number of users imported by this run and by the interrupted runs that it resumes.
    pub reached: u64,
    /// Outcomes for the users of this run.
    pub users: Summary,
    /// Outcomes for the sessions of this run.
    pub sessions: Summary,
}

impl<N: Fn() -> Millis> Backfill<'_, N> {
    /// Imports all users, or the remaining ones if the previous run was interrupted. Calls
    /// `on_progress` before each page and at the end.
    ///
    /// # Errors
    /// Returns an error if a request to Clerk or a database query fails, if the queue is full, or
    /// if the secret key belongs to another instance. Imported users stay imported, and the next
    /// run resumes after them.
    pub async fn run(
        &self,
        mut on_progress: impl FnMut(&BackfillReport),
    ) -> Result<BackfillReport, SyncError> {
        instance::check(self.backend, self.pinned_instance, RetryPolicy::Persistent).await?;
        let start = BackfillProgress { cursor: Vec::new(), users: 0, begun_at: (self.now)() };
        let mut progress = self.store.backfill_progress(self.name()).await?.unwrap_or(start);
        let mut report = BackfillReport { reached: progress.users, ..BackfillReport::default() };
        let mut user_pages = UserPages::after(self.backend, progress.cursor);
        loop {
            on_progress(&report);
            let page = user_pages.next_page(&self.now).await?;
            let ids: Vec<_> = page.users.iter().filter_map(|it| it.object_id.clone()).collect();
            report.reached += page.users.len() as u64;
            report.users.submit(self.queue, page.users).await?;
            if self.sessions {
                self.import_sessions(&ids, &mut report.sessions).await?;
            }
            if page.is_last {
                self.store.delete_backfill_progress(self.name()).await?;
                on_progress(&report);
                return Ok(report);
            }
            progress.users = report.reached;
            progress.cursor = user_pages.cursor().to_vec();
            self.store.save_backfill_progress(self.name(), &progress).await?;
        }
    }

    /// Discards the progress of an interrupted run.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn restart(&self) -> Result<(), SyncError> {
        Ok(self.store.delete_backfill_progress(self.name()).await?)
    }

    /// Returns the key of the stored progress. Backfills with and without sessions have different
    /// keys, because a run without sessions has not imported those of the users it reached.
    fn name(&self) -> &'static str {
        if self.sessions { "backfill --sessions" } else { "backfill" }
    }

    async fn import_sessions(
        &self,
        user_ids: &[String],
        summary: &mut Summary,
    ) -> Result<(), SyncError> {
        let fetched = stream::iter(user_ids).map(|user_id| self.fetch_sessions(user_id));
        let mut fetched = fetched.buffer_unordered(CONCURRENT_REQUESTS);
        while let Some(events) = fetched.try_next().await? {
            summary.submit(self.queue, events).await?;
        }
        Ok(())
    }

    async fn fetch_sessions(&self, user_id: &str) -> Result<Vec<Event>, BackendError> {
        let mut events = Vec::new();
        loop {
            let page = self.backend.sessions(user_id, events.len()).await?;
            events
                .extend(page.iter().map(|it| api_object::fetched(Kind::Session, it, (self.now)())));
            if page.len() < PAGE_SIZE {
                return Ok(events);
            }
        }
    }
}
