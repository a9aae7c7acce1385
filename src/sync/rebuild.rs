//! The projection once more, from what the kept events tell today: to see whether it is what it should be,
//! and to make it so.
//!
//! An event whose decision is final is read as what it was when it was decided: of whichever instance it
//! is, for the settings may have changed since. What was kept aside has no part in the projection.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    clerk::decode::{Decoder, reprocessing::LoggedEvent},
    domain::{
        Millis,
        event::{Change, Content},
        local_event,
    },
    store::{
        Store, StoreError,
        events::StoredEvent,
        rebuild::{Counts, Difference, Progress, Rebuild, Told},
    },
};

/// The types of the events by which a user is deleted.
const DELETED: [&str; 3] = ["user.deleted", local_event::USER_MISSING, local_event::USER_ERASED];

/// What came of it. The rows that differ can be asked for.
pub struct RebuildOutcome {
    /// What was read.
    pub progress: Progress,
    /// What differed. Where it was to be mended, until it was.
    pub counts: Counts,
    /// How long nobody else could commit, where something was mended.
    pub held: Option<Duration>,
    rebuild: Rebuild,
}

/// Compares what is stored with what the events tell, and tells how far it has come.
///
/// # Errors
/// When the database does not answer.
pub async fn check(store: &Store, progress: impl FnMut(Progress)) -> Result<RebuildOutcome, StoreError> {
    read(store, false, progress).await
}

/// The same, and makes what is stored what the events tell, where it is not.
///
/// # Errors
/// When somebody else is at it, or the database does not answer, or refuses. Nothing has changed then.
pub async fn mend(
    store: &Store,
    now: Millis,
    progress: impl FnMut(Progress),
) -> Result<RebuildOutcome, StoreError> {
    let mut rebuilt = read(store, true, progress).await?;
    if !rebuilt.counts.is_empty() {
        let begun = Instant::now();
        rebuilt.counts = rebuilt.rebuild.mend(now).await?;
        rebuilt.commit_pause = Some(begun.elapsed());
        rebuilt.progress = rebuilt.rebuild.progress();
    }
    Ok(rebuilt)
}

async fn read(
    store: &Store,
    alone: bool,
    mut progress: impl FnMut(Progress),
) -> Result<RebuildOutcome, StoreError> {
    let mut rebuild = store.rebuild(told, alone).await?;
    while rebuild.read().await? {
        progress(rebuild.progress());
    }
    let counts = rebuild.compare().await?;
    Ok(RebuildOutcome { progress: rebuild.progress(), counts, held: None, rebuild })
}

impl RebuildOutcome {
    /// Shows each row that differed, in the order of tables and users.
    ///
    /// # Errors
    /// When the database does not answer, or `each` fails.
    pub async fn differences<E: From<StoreError>>(
        &mut self,
        mut each: impl FnMut(&Difference) -> Result<(), E>,
    ) -> Result<(), E> {
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

    /// Lets everything go but what was mended.
    pub fn close(self) {
        self.rebuild.close();
    }
}

/// What an event tells today.
fn told(event: &StoredEvent) -> Told {
    let kind = event.kind.as_deref().unwrap_or_default();
    let deletes = DELETED.contains(&kind);
    // Rows that were made here tell of others, unless they bring a state or an end.
    let is_note = local_event::is_local(kind) && event.payload.is_none() && !deletes;
    if !event.decision.is_final() || is_note {
        return Told::Nothing;
    }
    let kept = LoggedEvent {
        id: &event.id,
        payload: event.payload.as_deref(),
        decision: event.decision,
        secret: event.secret.as_deref(),
        occurred_at: event.occurred_at,
        received_at: event.received_at,
    };
    match Decoder::default().decode_logged(&kept, event.received_at).map(|again| again.content) {
        Ok(Content::Change(change)) => Told::Change(change),
        // The payload goes with all others of the user. Whom it deleted, and when, stands beside it.
        Err(_) if deletes => {
            let at = event.occurred_at.unwrap_or_default();
            let end = |user_id| Told::Change(Change::UserDeleted { user_id, at });
            event.subject.clone().map_or(Told::Nothing, end)
        }
        Ok(Content::NotApplied { .. }) | Err(_) => Told::Lost,
    }
}
