//! Rebuild: recomputes the synced tables from the event log, and compares or replaces the stored
//! rows.
//!
//! Events are decoded with the current decoder, but without a pinned instance. The settings may
//! have changed since an event was applied, and a final decision stays valid. Events without a
//! final decision have no effect on the synced tables.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    domain::{
        Millis,
        local_event::{self, ENTITLEMENT_CHANGED},
    },
    objects::{
        EventType, Kind, Request,
        decode::{Decoder, reprocessing::LoggedEvent},
        event::{Change, Content, Deletion},
    },
    store::{
        Store, StoreError,
        events::StoredEvent,
        rebuild::{DifferenceCounts, EventEffect, Progress, Rebuild, Repaired, RowDifference},
    },
};

/// Result of a rebuild, with access to the rows that differ.
pub struct RebuildOutcome {
    /// Numbers of the events read.
    pub progress: Progress,
    /// Numbers of the rows that differ, or that differed before the repair.
    pub counts: DifferenceCounts,
    /// Time for which the repair blocked other commits. `None` if no row was repaired.
    pub commit_pause: Option<Duration>,
    /// The corrected rows, after a repair.
    corrected: Option<Vec<RowDifference>>,
    rebuild: Rebuild,
}

/// Compares the stored rows with the rows recomputed from the event log. Changes nothing.
///
/// # Errors
/// Returns an error if a database query fails.
pub async fn check(
    store: &Store,
    on_progress: impl FnMut(Progress),
) -> Result<RebuildOutcome, StoreError> {
    recompute(store, false, on_progress).await
}

/// Compares the stored rows with the rows recomputed from the event log, and replaces those that
/// differ in one transaction.
///
/// # Errors
/// Returns an error if another rebuild is running, or if a database query fails. In both cases
/// nothing has changed.
pub async fn repair(
    store: &Store,
    now: Millis,
    on_progress: impl FnMut(Progress),
) -> Result<RebuildOutcome, StoreError> {
    let mut outcome = recompute(store, true, on_progress).await?;
    if !outcome.counts.is_empty() {
        let started = Instant::now();
        match outcome.rebuild.repair(now).await {
            Ok(Repaired { counts, rows }) => {
                outcome.counts = counts;
                outcome.corrected = Some(rows);
            }
            Err(failure) => {
                outcome.close().await;
                return Err(failure);
            }
        }
        outcome.commit_pause = Some(started.elapsed());
        outcome.progress = outcome.rebuild.progress();
    }
    Ok(outcome)
}

async fn recompute(
    store: &Store,
    exclusive: bool,
    on_progress: impl FnMut(Progress),
) -> Result<RebuildOutcome, StoreError> {
    let mut rebuild = store.start_rebuild(decode_stored, exclusive).await?;
    match compare(&mut rebuild, on_progress).await {
        Ok(counts) => {
            let progress = rebuild.progress();
            Ok(RebuildOutcome { progress, counts, commit_pause: None, corrected: None, rebuild })
        }
        Err(failure) => {
            rebuild.close().await;
            Err(failure)
        }
    }
}

async fn compare(
    rebuild: &mut Rebuild,
    mut on_progress: impl FnMut(Progress),
) -> Result<DifferenceCounts, StoreError> {
    while rebuild.apply_next_page().await? {
        on_progress(rebuild.progress());
    }
    rebuild.compare().await
}

impl RebuildOutcome {
    /// Calls `each` for every row that differs, ordered by table and object. After a repair, calls it
    /// for the first [`MAX_LISTED`](crate::store::rebuild::MAX_LISTED) rows.
    ///
    /// # Errors
    /// Returns an error if a database query or `each` fails.
    pub async fn differences<E: From<StoreError>>(
        &mut self,
        mut each: impl FnMut(&RowDifference) -> Result<(), E>,
    ) -> Result<(), E> {
        if let Some(rows) = &self.corrected {
            return rows.iter().try_for_each(each);
        }
        let mut last = None;
        loop {
            let page = self.rebuild.differences(last.as_ref()).await?;
            for difference in &page {
                each(difference)?;
            }
            match page.into_iter().next_back() {
                None => return Ok(()),
                next => last = next,
            }
        }
    }

    /// Discards the recomputed rows. Repaired rows stay repaired. Another rebuild can start when
    /// this returns.
    pub async fn close(self) {
        self.rebuild.close().await;
    }
}

/// Decodes a stored event with the current decoder.
fn decode_stored(event: &StoredEvent) -> EventEffect {
    let kind = event.kind.as_deref().unwrap_or_default();
    let deleted = EventType::of(kind).filter(|it| it.request == Request::Delete);
    // An event of the service itself that has no payload and deletes nothing only refers to other
    // events.
    let is_note = local_event::is_local(kind) && event.payload.is_none() && deleted.is_none()
        || kind == ENTITLEMENT_CHANGED;
    // A row that comes from an event with an unknown decision is kept, whatever its effect was.
    let decision = event.decision.known().filter(|decision| decision.is_final() && !is_note);
    let Some(decision) = decision else { return EventEffect::Nothing };
    let stored = LoggedEvent {
        id: &event.id,
        payload: event.payload.as_deref(),
        decision,
        secret: event.secret.as_deref(),
        occurred_at: event.occurred_at,
        received_at: event.received_at,
    };
    let decoded = Decoder::default().decode_logged(&stored, event.received_at);
    match decoded.map(|decoded| decoded.content) {
        Ok(Content::Change(change)) => EventEffect::Change(change),
        Ok(Content::NotApplied { .. }) | Err(_) => deleted
            .and_then(|it| deletion(it.kind, event))
            .map_or(EventEffect::Lost, EventEffect::Change),
    }
}

/// Returns the deletion of an event without a payload: a deletion empties the payloads of all events
/// of the object, its own included. The columns of the event contain the IDs and the time.
fn deletion(kind: Kind, event: &StoredEvent) -> Option<Change> {
    Some(Change::Deletion(Deletion {
        kind,
        id: event.object_id.clone()?,
        at: event.occurred_at.unwrap_or_default(),
        user_id: event.subject.clone(),
        organization_id: event.organization_id.clone(),
    }))
}
