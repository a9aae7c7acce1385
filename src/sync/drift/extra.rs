//! Whoever is stored and was not come by. A crawl that left somebody out, and somebody who signed up behind
//! it, look the same: only Clerk's own answer that there is nobody makes it so.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{UserDifference, DriftCheck, DriftReport, SeenUserIds, DriftProgress, DeletionBlock};
use crate::{
    clerk::{backend::RetryPolicy, decode::api_object},
    domain::{Millis, drift::DriftKind},
    sync::{SyncError, summary::Summary},
};

/// How many users are looked at at once.
const PAGE: u16 = 512;

/// How many of them are asked for at a time.
const AT_ONCE: usize = 8;

/// One of so many may be deleted without a word of the operator's.
const PART: u64 = 100;

/// So many may be in any case: of few users, one is more than that.
const FEW: u64 = 3;

impl<N: Fn() -> Millis> DriftCheck<'_, N> {
    /// Looks for whom Clerk has no more, and deletes them where that is to be done.
    pub(super) async fn check_extra_users<E: From<SyncError>>(
        &self,
        seen: &SeenUserIds,
        report: &mut DriftReport,
        on_progress: &mut impl FnMut(DriftProgress<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let live = self.store.count_live_users().await.map_err(SyncError::from)?;
        let ceiling = FEW.max(live / PART);
        let (mut after, mut waiting) = (String::new(), Vec::new());
        loop {
            let page = self.store.live_user_ids(&after, PAGE).await.map_err(SyncError::from)?;
            let Some(last) = page.last() else { break };
            after.clone_from(last);
            let unseen: Vec<_> = page.into_iter().filter(|id| !seen.contains(id)).collect();
            for user_id in self.gone(unseen).await? {
                report.found.add(DriftKind::Extra);
                let fields = Vec::new();
                let difference = UserDifference { user_id, differs: DriftKind::Extra, fields };
                on_progress(DriftProgress::Difference(&difference))?;
                waiting.push(difference.user_id);
            }
            // Those beyond it are told of, and no more than so many are held.
            report.deletion_block = self.deletion_block(report.found.extra, ceiling);
            if report.deletion_block.is_some() || self.repair.is_none() {
                waiting.clear();
            } else if self.repair.is_some_and(|it| it.ignore_deletion_limit) {
                self.end(std::mem::take(&mut waiting), report).await?;
            }
        }
        self.end(waiting, report).await?;
        report.remaining.extra = report.found.extra - report.deleted_users;
        Ok(())
    }

    /// Those whom Clerk says it does not have, and who are still here.
    async fn gone(&self, ids: Vec<String>) -> Result<Vec<String>, SyncError> {
        let asked = stream::iter(ids).map(async |id| {
            let answer = self.backend.user(&id, RetryPolicy::Persistent).await?;
            Ok::<_, SyncError>(answer.is_none().then_some(id))
        });
        let gone: Vec<_> = asked.buffered(AT_ONCE).try_collect().await?;
        let gone: Vec<_> = gone.into_iter().flatten().collect();
        let ids: Vec<&str> = gone.iter().map(String::as_str).collect();
        // The webhook of the deletion may have come since.
        let stored = self.store.full_users(&ids).await?;
        let live = stored.into_iter().filter(|user| user.deleted_at.is_none());
        Ok(live.map(|it| it.user.id).collect())
    }

    /// Why so many are not to be deleted, where they would be.
    fn deletion_block(&self, extra: u64, ceiling: u64) -> Option<DeletionBlock> {
        let repair = self.repair.filter(|_| extra > 0)?;
        if self.pinned_instance.is_none() {
            return Some(DeletionBlock::InstanceNotPinned);
        }
        (extra > ceiling && !repair.ignore_deletion_limit).then_some(DeletionBlock::LimitExceeded(ceiling))
    }

    async fn end(&self, users: Vec<String>, report: &mut DriftReport) -> Result<(), SyncError> {
        let Some(repair) = self.repair else { return Ok(()) };
        let events: Vec<_> = users.iter().map(|id| api_object::missing_user(id, (self.now)())).collect();
        let mut ended = Summary::default();
        ended.submit(repair.queue, events).await?;
        // Whoever was deleted meanwhile is gone as well.
        report.deleted_users += ended.applied + ended.unchanged;
        Ok(())
    }
}
