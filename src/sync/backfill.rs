//! Backfill: imports the objects of all synced types from Clerk's Backend API.
//!
//! Imports objects created before the service was installed, and changes whose webhooks were lost.
//! The fetched objects follow the merge rules like deliveries. A webhook that arrives during the
//! backfill has the same or a newer version, and an object deleted during the backfill stays deleted.
//! Owners come before the objects that belong to them. The progress is stored after each page, and an
//! interrupted backfill resumes from there.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    SyncError, instance,
    object_pages::{self, ObjectPages, listed_types},
    summary::Summary,
};
use crate::{
    clerk::backend::{Backend, BackendError, PAGE_SIZE, RetryPolicy},
    domain::{Millis, change_source::ChangeSource},
    ingest::Queue,
    objects::{
        Kind,
        api_access::ApiAccess,
        decode::api_object,
        event::{Change, Event},
    },
    store::{Store, backfill_progress::BackfillProgress},
};

/// Maximum number of concurrent requests for sessions.
const CONCURRENT_REQUESTS: usize = 8;

/// An import of all objects.
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

/// Result of a backfill.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackfillReport {
    /// Results by type.
    pub types: Vec<ImportedType>,
    /// Outcomes for the sessions of this run.
    pub sessions: Summary,
}

/// Progress or result of the import of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportedType {
    /// The type.
    pub kind: Kind,
    /// Number of objects that Clerk had at the start. `None` if the instance does not use the
    /// feature, so that there is nothing to import.
    pub total: Option<u64>,
    /// Number of objects imported by this run and by the interrupted runs that it resumes.
    pub reached: u64,
    /// Outcomes for the objects of this run.
    pub outcomes: Summary,
}

impl<N: Fn() -> Millis> Backfill<'_, N> {
    /// Imports all objects, or the remaining ones if the previous run was interrupted. Calls
    /// `on_progress` before each page and at the end of each type.
    ///
    /// # Errors
    /// Returns an error if a request to Clerk or a database query fails, if the queue is full, or
    /// if the secret key belongs to another instance. Imported objects stay imported, and the next
    /// run resumes after them.
    pub async fn run(
        &self,
        mut on_progress: impl FnMut(&ImportedType),
    ) -> Result<BackfillReport, SyncError> {
        instance::check(self.backend, self.pinned_instance, RetryPolicy::Persistent).await?;
        let (mut report, mut begun_at) = (BackfillReport::default(), (self.now)());
        for (kind, api) in listed_types() {
            let name = self.name(kind);
            let progress = self.store.backfill_progress(&name).await?;
            let progress = progress.unwrap_or_else(|| BackfillProgress::new((self.now)()));
            begun_at = begun_at.min(progress.begun_at);
            let imported =
                self.import((kind, api), progress, &mut report.sessions, &mut on_progress).await?;
            report.types.push(imported);
        }
        self.store.save_completed_backfill(begun_at, (self.now)()).await?;
        self.restart().await?;
        Ok(report)
    }

    /// Discards the progress of an interrupted run.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn restart(&self) -> Result<(), SyncError> {
        let names: Vec<_> = listed_types().map(|(kind, _)| self.name(kind)).collect();
        Ok(self.store.delete_backfill_progress(&names).await?)
    }

    /// Returns the key of the stored progress of a type. Backfills with and without sessions have
    /// different keys for users, because a run without sessions has not imported those of the users
    /// it reached.
    fn name(&self, kind: Kind) -> String {
        match (kind, self.sessions) {
            (Kind::User, true) => "backfill --sessions".to_owned(),
            (Kind::User, false) => "backfill".to_owned(),
            (kind, _) => format!("backfill {kind}"),
        }
    }

    /// Imports the objects of one type.
    async fn import(
        &self,
        (kind, api): (Kind, &'static ApiAccess),
        mut progress: BackfillProgress,
        sessions: &mut Summary,
        on_progress: &mut impl FnMut(&ImportedType),
    ) -> Result<ImportedType, SyncError> {
        let mut imported = ImportedType {
            kind,
            total: None,
            reached: progress.objects,
            outcomes: Summary::default(),
        };
        if progress.is_complete {
            imported.total = Some(progress.objects);
            return Ok(imported);
        }
        imported.total = object_pages::count(self.backend, api).await?;
        if imported.total.is_none() {
            return Ok(imported);
        }
        let from = (std::mem::take(&mut progress.cursor), progress.objects);
        let mut pages = ObjectPages::after(self.backend, (kind, api), from, ChangeSource::Backfill);
        while !progress.is_complete {
            on_progress(&imported);
            let page = pages.next_page(&self.now).await?;
            let ids: Vec<_> = page.objects.iter().filter_map(|it| it.object_id.clone()).collect();
            imported.reached += page.objects.len() as u64;
            let objects = match api.has_no_time() {
                true => self.changed(kind, page.objects, &mut imported.outcomes).await?,
                false => page.objects,
            };
            imported.outcomes.submit(self.queue, objects).await?;
            if self.sessions && kind == Kind::User {
                self.import_sessions(&ids, sessions).await?;
            }
            progress.objects = imported.reached;
            progress.cursor = pages.cursor().to_vec();
            progress.is_complete = page.is_last;
            self.store.save_backfill_progress(&self.name(kind), &progress).await?;
        }
        on_progress(&imported);
        Ok(imported)
    }

    /// Returns the objects that differ from the stored ones, and counts the others. Each fetch of an
    /// object without a time of its last change is a new version.
    async fn changed(
        &self,
        kind: Kind,
        mut objects: Vec<Event>,
        outcomes: &mut Summary,
    ) -> Result<Vec<Event>, SyncError> {
        let ids: Vec<&str> = objects.iter().filter_map(|it| it.object_id.as_deref()).collect();
        let stored = self.store.whole_objects(kind, &ids).await?;
        let is_stored = |event: &Event| {
            let mut states = event.content.change().into_iter().flat_map(Change::states);
            states.next().is_some_and(|state| {
                stored.iter().any(|it| {
                    it.state.id() == state.id()
                        && it.lifecycle().has_state()
                        && it.state.differences(state, true).is_empty()
                })
            })
        };
        let count = objects.len();
        objects.retain(|event| !is_stored(event));
        outcomes.unchanged += (count - objects.len()) as u64;
        Ok(objects)
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
            let fetched = page.iter().map(|it| {
                api_object::fetched(Kind::Session, it, ChangeSource::Backfill, (self.now)())
            });
            events.extend(fetched);
            if page.len() < PAGE_SIZE {
                return Ok(events);
            }
        }
    }
}
