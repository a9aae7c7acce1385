//! Stored objects that Clerk's list did not contain.
//!
//! The list can omit an object that exists, for example one that was created after its last page.
//! The check therefore requests each of these objects; only the answer that the object does not exist
//! counts.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{DeletionBlock, DriftCheck, DriftProgress, ObjectDifference, SeenIds, TypeReport};
use crate::{
    domain::{Millis, drift::DriftKind},
    objects::{
        AnyState, Kind,
        api_access::ApiAccess,
        decode::{Labels, api_object},
        event::Event,
    },
    sync::{
        SyncError,
        object_pages::{self, Lookup},
        summary::Summary,
    },
};

/// Number of stored objects per database query.
const PAGE_SIZE: u16 = 512;

/// Maximum number of concurrent requests to Clerk.
const CONCURRENT_REQUESTS: usize = 8;

/// Part of all objects of a type that a repair deletes without the operator's confirmation: one in
/// 100.
const DELETION_LIMIT_DIVISOR: u64 = 100;

/// Number of objects of a type that a repair always deletes. In a small installation, one user
/// exceeds 1 %.
const MIN_DELETION_LIMIT: u64 = 3;

impl<N: Fn() -> Millis> DriftCheck<'_, N> {
    /// Finds stored objects that no longer exist at Clerk. If a repair is requested, deletes them.
    pub(super) async fn check_extra_objects<E: From<SyncError>>(
        &self,
        api: &ApiAccess,
        seen: &SeenIds,
        report: &mut TypeReport,
        on_progress: &mut impl FnMut(DriftProgress<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let kind = report.object;
        let live = self.store.count_live(kind).await.map_err(SyncError::from)?;
        let limit = MIN_DELETION_LIMIT.max(live / DELETION_LIMIT_DIVISOR);
        let (mut after, mut to_delete) = (String::new(), Vec::new());
        loop {
            let page =
                self.store.live_ids(kind, &after, PAGE_SIZE).await.map_err(SyncError::from)?;
            let Some(last) = page.last() else { break };
            after.clone_from(last);
            let unseen: Vec<_> = page.into_iter().filter(|id| !seen.contains(id)).collect();
            let LookedUp { missing: gone, found } = self.look_up(kind, api, &unseen).await?;
            let differences =
                self.compare(found, (self.now)(), &mut SeenIds::default(), report).await?;
            for difference in &differences {
                on_progress(DriftProgress::Difference(difference))?;
            }
            for state in gone {
                report.found.add(DriftKind::Extra);
                let id = state.id().to_owned();
                let (kind, fields) = (DriftKind::Extra, Vec::new());
                let difference = ObjectDifference { object: state.kind(), id, kind, fields };
                on_progress(DriftProgress::Difference(&difference))?;
                to_delete.push(missing(&state, (self.now)()));
            }
            // Objects beyond the limit are reported but not collected, which bounds the memory.
            report.deletion_block = self.deletion_block(report.found.extra, limit);
            if report.deletion_block.is_some() || self.repair.is_none() {
                to_delete.clear();
            } else if self.repair.is_some_and(|it| it.ignore_deletion_limit) {
                self.delete(std::mem::take(&mut to_delete), report).await?;
            }
        }
        self.delete(to_delete, report).await?;
        report.remaining.extra = report.found.extra - report.deleted;
        Ok(())
    }

    /// Looks for stored objects at Clerk.
    async fn look_up(
        &self,
        kind: Kind,
        api: &ApiAccess,
        ids: &[String],
    ) -> Result<LookedUp, SyncError> {
        let mut stored = self.live_objects(kind, ids.iter().map(String::as_str)).await?;
        stored.retain(|state| !api.may_omit(state));
        let requests = stream::iter(stored).map(async |state| {
            let found = object_pages::look_up(self.backend, api, &state, &self.now).await?;
            Ok::<_, SyncError>((state.id().to_owned(), found))
        });
        let answers: Vec<_> = requests.buffered(CONCURRENT_REQUESTS).try_collect().await?;
        let (mut missing, mut found) = (Vec::new(), Vec::new());
        for (id, answer) in answers {
            match answer {
                Lookup::Missing => missing.push(id),
                Lookup::Exists => {}
                Lookup::Found(event) => found.push(*event),
            }
        }
        // The webhook of the deletion may have arrived in the meantime.
        let missing = self.live_objects(kind, missing.iter().map(String::as_str)).await?;
        Ok(LookedUp { missing, found })
    }

    /// Returns those of the objects that are stored and not deleted.
    async fn live_objects<'i>(
        &self,
        kind: Kind,
        ids: impl Iterator<Item = &'i str>,
    ) -> Result<Vec<AnyState>, SyncError> {
        let stored = self.store.whole_objects(kind, &ids.collect::<Vec<_>>()).await?;
        let live = stored.into_iter().filter(|object| object.deleted_at.is_none());
        Ok(live.map(|object| object.state).collect())
    }

    /// Returns the reason why a repair must not delete this many objects, if there is one.
    fn deletion_block(&self, extra: u64, limit: u64) -> Option<DeletionBlock> {
        let repair = self.repair.filter(|_| extra > 0)?;
        if self.pinned_instance.is_none() {
            return Some(DeletionBlock::InstanceNotPinned);
        }
        let exceeded = extra > limit && !repair.ignore_deletion_limit;
        exceeded.then_some(DeletionBlock::LimitExceeded(limit))
    }

    async fn delete(&self, events: Vec<Event>, report: &mut TypeReport) -> Result<(), SyncError> {
        let Some(repair) = self.repair else { return Ok(()) };
        let mut deletions = Summary::default();
        deletions.submit(repair.queue, events).await?;
        // An unchanged object was deleted by a webhook in the meantime.
        report.deleted += deletions.applied + deletions.unchanged;
        Ok(())
    }
}

/// Stored objects that Clerk was asked about.
struct LookedUp {
    /// Those that do not exist at Clerk and are still stored.
    missing: Vec<AnyState>,
    /// States at Clerk of the others, as far as the answers contain them.
    found: Vec<Event>,
}

/// Returns the event that deletes an object.
fn missing(state: &AnyState, now: Millis) -> Event {
    let labels = Labels {
        user_id: state.user_id().map(str::to_owned),
        organization_id: state.organization_id().map(str::to_owned),
    };
    api_object::missing(state.kind(), state.id(), labels, now)
}
