//! Drift check: compares the stored objects with Clerk's, and repairs the differences on request.
//!
//! A drift check finds changes whose webhooks were lost. This matters most for deletions, because
//! Clerk's API does not list deleted objects. The check goes through the synced types one after the
//! other, owners first:
//!
//! 1. It pages through Clerk's list of the type and compares each object with the stored one.
//! 2. It requests each stored object that the list did not contain from Clerk.
//!
//! A repair submits events, which follow the same merge rules as deliveries. It applies newer
//! states, and deletes objects that do not exist at Clerk.

mod compare;
mod counts;
mod extra_objects;
mod report;
mod seen_ids;

use std::collections::HashMap;

use self::{
    compare::{Comparison, Verdict},
    seen_ids::SeenIds,
};
pub use self::{
    counts::ObjectCounts,
    report::{DeletionBlock, DriftProgress, DriftReport, ObjectDifference, TypeReport},
};
use super::{
    SyncError, instance,
    object_pages::{ObjectPages, listed_types, unless_disabled},
};
use crate::{
    clerk::backend::{Backend, RetryPolicy},
    domain::{Millis, change_source::ChangeSource},
    ingest::Queue,
    objects::{
        AnyState, Kind,
        api_access::ApiAccess,
        event::{Change, Event},
    },
    store::{Store, stored_objects::WholeObject},
};

/// A comparison of all stored objects with Clerk's.
#[derive(Debug)]
pub struct DriftCheck<'a, N> {
    /// Client for Clerk's Backend API.
    pub backend: &'a Backend,
    /// Store with the objects to compare.
    pub store: &'a Store,
    /// Function that returns the current time in Unix milliseconds.
    pub now: N,
    /// ID of the Clerk instance that the secret key must belong to, if configured. A repair deletes
    /// objects only if this is set.
    pub pinned_instance: Option<&'a str>,
    /// Repair of the differences. `None` for a check that changes nothing.
    pub repair: Option<Repair<'a>>,
}

/// Options of a repair.
#[derive(Clone, Copy, Debug)]
pub struct Repair<'a> {
    /// Queue that the repairing events are submitted to.
    pub queue: &'a Queue,
    /// Whether to delete objects even if their number exceeds the limit that guards against
    /// mistakes.
    pub ignore_deletion_limit: bool,
}

/// Stored objects of one type by ID, and the deletions of the owners of the other objects.
#[derive(Debug, Default)]
struct StoredPage {
    objects: HashMap<String, WholeObject>,
    deleted_owners: HashMap<(Kind, String), Millis>,
}

impl StoredPage {
    /// Returns the time at which an owner of the object was deleted, if one was.
    fn owner_deleted_at(&self, remote: &AnyState) -> Option<Millis> {
        let owners = remote.owners();
        let deleted = owners
            .filter_map(|(kind, id)| self.deleted_owners.get(&(kind, id.to_owned())).copied());
        deleted.max()
    }

    fn compare(&self, remote: &AnyState, requested_at: Millis) -> Comparison {
        let owner_deleted_at = self.owner_deleted_at(remote);
        let stored = self.objects.get(remote.id());
        compare::compare(stored, owner_deleted_at, remote, requested_at)
    }
}

impl<N: Fn() -> Millis> DriftCheck<'_, N> {
    /// Compares all objects and reports each difference to `on_progress`.
    ///
    /// An interrupted check cannot resume, because only a complete list shows which objects no
    /// longer exist at Clerk. The check deletes no object before the list of its type is complete.
    ///
    /// # Errors
    /// Returns an error if a request to Clerk or a database query fails, if the queue is full, if
    /// the secret key belongs to another instance, or if `on_progress` fails.
    pub async fn run<E: From<SyncError>>(
        &self,
        mut on_progress: impl FnMut(DriftProgress<'_>) -> Result<(), E>,
    ) -> Result<DriftReport, E> {
        instance::check(self.backend, self.pinned_instance, RetryPolicy::Persistent).await?;
        let mut report = DriftReport::default();
        for (kind, api) in listed_types() {
            let mut of_type = TypeReport::new(kind);
            self.check_type(api, &mut of_type, &mut on_progress).await?;
            report.types.push(of_type);
        }
        Ok(report)
    }

    /// Compares all objects of one type.
    async fn check_type<E: From<SyncError>>(
        &self,
        api: &'static ApiAccess,
        report: &mut TypeReport,
        on_progress: &mut impl FnMut(DriftProgress<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let (kind, mut seen) = (report.object, SeenIds::default());
        on_progress(DriftProgress::Started(kind))?;
        let start = (Vec::new(), 0);
        let mut pages = ObjectPages::after(self.backend, (kind, api), start, ChangeSource::Repair);
        loop {
            let requested_at = (self.now)();
            let page = unless_disabled(pages.next_page(&self.now).await);
            let Some(page) = page.map_err(SyncError::from)? else {
                report.is_enabled = false;
                return Ok(());
            };
            let differences = self.compare(page.objects, requested_at, &mut seen, report).await?;
            for difference in &differences {
                on_progress(DriftProgress::Difference(difference))?;
            }
            on_progress(DriftProgress::Compared(report.objects))?;
            if page.is_last {
                break;
            }
        }
        self.check_extra_objects(api, &seen, report, on_progress).await
    }

    /// Compares a page of objects. If a repair is requested, applies the newer states.
    async fn compare(
        &self,
        page: Vec<Event>,
        requested_at: Millis,
        seen: &mut SeenIds,
        report: &mut TypeReport,
    ) -> Result<Vec<ObjectDifference>, SyncError> {
        // Pages can overlap. Each object is compared and counted only the first time.
        let fresh =
            page.into_iter().filter(|it| it.object_id.as_ref().is_none_or(|id| seen.insert(id)));
        let fresh: Vec<_> = fresh.collect();
        report.objects += fresh.len() as u64;
        let stored = self.stored(report.object, fresh.iter().filter_map(decoded).collect()).await?;
        let (mut differences, mut newer, mut repaired) = (Vec::new(), Vec::new(), Vec::new());
        for event in &fresh {
            let Some(remote) = decoded(event) else {
                report.not_understood += 1;
                // The event log keeps it as failed, so that it can be reprocessed after an upgrade.
                newer.push(event.clone());
                continue;
            };
            let Comparison { is_newer, verdict } = stored.compare(remote, requested_at);
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
                    let (object, id) = (report.object, remote.id().to_owned());
                    differences.push(ObjectDifference { object, id, kind, fields });
                }
            }
            if is_newer {
                newer.push(event.clone());
            }
        }
        if let Some(repair) = self.repair {
            report.applied.submit(repair.queue, newer).await?;
            self.count_unrepaired(repaired, requested_at, report).await?;
        }
        Ok(differences)
    }

    /// Counts the objects that still differ after the repair.
    ///
    /// A repair does not restore a row that was lost after an earlier fetch of the same state. The
    /// event of that fetch is in the event log, so the repair's event is a duplicate.
    async fn count_unrepaired(
        &self,
        repaired: Vec<&AnyState>,
        requested_at: Millis,
        report: &mut TypeReport,
    ) -> Result<(), SyncError> {
        let stored = self.stored(report.object, repaired.clone()).await?;
        for remote in repaired {
            if let Verdict::Drifted(kind, _) = stored.compare(remote, requested_at).verdict {
                report.remaining.add(kind);
            }
        }
        Ok(())
    }

    /// Reads the stored objects, and the owners of those that are not stored.
    async fn stored(&self, kind: Kind, remote: Vec<&AnyState>) -> Result<StoredPage, SyncError> {
        let ids: Vec<&str> = remote.iter().map(|it| it.id()).collect();
        let stored = self.store.whole_objects(kind, &ids).await?.into_iter();
        let objects: HashMap<_, _> =
            stored.map(|object| (object.state.id().to_owned(), object)).collect();
        let mut owners: HashMap<Kind, Vec<&str>> = HashMap::new();
        for (kind, id) in
            remote.iter().filter(|it| !objects.contains_key(it.id())).flat_map(|it| it.owners())
        {
            owners.entry(kind).or_default().push(id);
        }
        let mut deleted_owners = HashMap::new();
        for (kind, mut ids) in owners {
            ids.sort_unstable();
            ids.dedup();
            for owner in self.store.whole_objects(kind, &ids).await? {
                let id = owner.state.id().to_owned();
                deleted_owners.extend(owner.deleted_at.map(|at| ((kind, id), at)));
            }
        }
        Ok(StoredPage { objects, deleted_owners })
    }
}

/// Returns the object that an event contains, if it could be decoded.
fn decoded(event: &Event) -> Option<&AnyState> {
    match event.content.change()? {
        Change::State { state, .. } => Some(state),
        Change::Deletion(_) => None,
    }
}
