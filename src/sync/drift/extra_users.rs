//! Stored users that Clerk's user list did not contain.
//!
//! The list can omit a user who exists, for example one who signed up after its last page. The
//! check therefore requests each of these users; only the answer that the user does not exist
//! counts.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{DeletionBlock, DriftCheck, DriftProgress, DriftReport, SeenUserIds, UserDifference};
use crate::{
    clerk::backend::RetryPolicy,
    domain::{Millis, drift::DriftKind},
    objects::{
        Kind,
        decode::{Labels, api_object},
        event::Event,
    },
    sync::{SyncError, summary::Summary},
};

/// Number of stored users per database query.
const PAGE_SIZE: u16 = 512;

/// Maximum number of concurrent requests to Clerk.
const CONCURRENT_REQUESTS: usize = 8;

/// Part of all users that a repair deletes without the operator's confirmation: one in 100.
const DELETION_LIMIT_DIVISOR: u64 = 100;

/// Number of users that a repair always deletes. In a small installation, one user exceeds 1 %.
const MIN_DELETION_LIMIT: u64 = 3;

impl<N: Fn() -> Millis> DriftCheck<'_, N> {
    /// Finds stored users that no longer exist at Clerk. If a repair is requested, deletes them.
    pub(super) async fn check_extra_users<E: From<SyncError>>(
        &self,
        seen: &SeenUserIds,
        report: &mut DriftReport,
        on_progress: &mut impl FnMut(DriftProgress<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let live = self.store.count_live(Kind::User).await.map_err(SyncError::from)?;
        let limit = MIN_DELETION_LIMIT.max(live / DELETION_LIMIT_DIVISOR);
        let (mut after, mut to_delete) = (String::new(), Vec::new());
        loop {
            let page = self
                .store
                .live_ids(Kind::User, &after, PAGE_SIZE)
                .await
                .map_err(SyncError::from)?;
            let Some(last) = page.last() else { break };
            after.clone_from(last);
            let unseen: Vec<_> = page.into_iter().filter(|id| !seen.contains(id)).collect();
            for user_id in self.missing_at_clerk(unseen).await? {
                report.found.add(DriftKind::Extra);
                let fields = Vec::new();
                let difference = UserDifference { user_id, kind: DriftKind::Extra, fields };
                on_progress(DriftProgress::Difference(&difference))?;
                to_delete.push(difference.user_id);
            }
            // Users beyond the limit are reported but not collected, which bounds the memory.
            report.deletion_block = self.deletion_block(report.found.extra, limit);
            if report.deletion_block.is_some() || self.repair.is_none() {
                to_delete.clear();
            } else if self.repair.is_some_and(|it| it.ignore_deletion_limit) {
                self.delete(std::mem::take(&mut to_delete), report).await?;
            }
        }
        self.delete(to_delete, report).await?;
        report.remaining.extra = report.found.extra - report.deleted_users;
        Ok(())
    }

    /// Returns those of the users that do not exist at Clerk and are still stored.
    async fn missing_at_clerk(&self, ids: Vec<String>) -> Result<Vec<String>, SyncError> {
        let requests = stream::iter(ids).map(async |id| {
            let user = self.backend.user(&id, RetryPolicy::Persistent).await?;
            Ok::<_, SyncError>(user.is_none().then_some(id))
        });
        let missing: Vec<_> = requests.buffered(CONCURRENT_REQUESTS).try_collect().await?;
        let missing: Vec<_> = missing.into_iter().flatten().collect();
        let ids: Vec<&str> = missing.iter().map(String::as_str).collect();
        // The webhook of the deletion may have arrived in the meantime.
        let stored = self.store.whole_objects(Kind::User, &ids).await?;
        let live = stored.into_iter().filter(|user| user.deleted_at.is_none());
        Ok(live.map(|it| it.state.id().to_owned()).collect())
    }

    /// Returns the reason why a repair must not delete this many users, if there is one.
    fn deletion_block(&self, extra: u64, limit: u64) -> Option<DeletionBlock> {
        let repair = self.repair.filter(|_| extra > 0)?;
        if self.pinned_instance.is_none() {
            return Some(DeletionBlock::InstanceNotPinned);
        }
        let exceeded = extra > limit && !repair.ignore_deletion_limit;
        exceeded.then_some(DeletionBlock::LimitExceeded(limit))
    }

    async fn delete(&self, ids: Vec<String>, report: &mut DriftReport) -> Result<(), SyncError> {
        let Some(repair) = self.repair else { return Ok(()) };
        let events: Vec<_> = ids.iter().map(|id| missing(id, (self.now)())).collect();
        let mut deletions = Summary::default();
        deletions.submit(repair.queue, events).await?;
        // An unchanged user was deleted by a webhook in the meantime.
        report.deleted_users += deletions.applied + deletions.unchanged;
        Ok(())
    }
}

/// Returns the event that deletes a user.
fn missing(id: &str, now: Millis) -> Event {
    api_object::missing(Kind::User, id, Labels::default(), now)
}
