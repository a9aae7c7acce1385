//! Commits a batch of events in one transaction. Either all of it is written, or nothing.
//!
//! 1. Lock the IDs of the objects and events of the batch, including IDs that have no row yet. No
//!    other process can then commit the same event, or write data that belongs to an object that
//!    this transaction deletes. The same statement finds the events that are already stored. It reads
//!    them before it has the locks: if an event is stored in between, the commit starts again.
//! 2. Read the stored objects, merge the other events into them by the rules of
//!    [`objects::merge`](crate::objects::merge), and write the rows that changed. A rebuild uses the
//!    same function, [`apply()`].
//! 3. Append the events last, so that `seq` grows in the order of the commits.

mod apply;
mod compared_columns;
mod compared_items;
mod entitlements;
mod events;
mod purge;
mod search_terms;
mod stored_rows;
mod synced_tables;
mod unreadable_rows;

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::Arc,
};

pub use self::events::reprocessed_id;
use self::{apply::AppliedContent, entitlements::EntitlementChange, events::StoredDecisions};
pub(super) use self::{
    apply::{apply, objects_of},
    events::{original_id, original_id_sql},
};
use super::{Store, StoreError, abandon, driver::Tx, keyed, statement};
use crate::{
    domain::{
        Millis,
        change_source::ChangeSource,
        decision::{Decision, Operation, Outcome},
        stored_decision::StoredDecision,
    },
    objects::{
        AnyState, Kind,
        event::{Content, Event, Source},
    },
};

/// Events and other writes for one commit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Batch<'a> {
    /// Events in the order in which they were received.
    pub events: &'a [Event],
    /// Labels of signing secrets with the time of their last use, if it must be stored now.
    pub secrets_used: &'a [(Arc<str>, Millis)],
}

/// An event that is not a duplicate, with its decision.
struct DecidedEvent<'a> {
    event: &'a Event,
    decision: Decision,
    reason: Option<&'a str>,
    /// Operation on the object, if the event changed it.
    operation: Option<Operation>,
    /// The embedded objects that changed, and what the event did to each.
    embedded: Vec<(&'a AnyState, Operation)>,
    /// Change of the plan of a payer, if there is one.
    entitlement: Option<EntitlementChange>,
    /// Whether the user, the organization or the object of the event is deleted, so that the payload
    /// must not be stored.
    drops_payload: bool,
    /// Decision of the stored row, if the event is stored already.
    previous: Option<Decision>,
}

impl DecidedEvent<'_> {
    /// Returns whether the event log records the event. A backfill reads all users from Clerk, and
    /// most of them are already stored. The log records only those that change something.
    fn is_recorded(&self) -> bool {
        !matches!(self.event.source, Source::BackendApi(_))
            || matches!(self.decision, Decision::Applied | Decision::Failed)
    }

    /// Returns the source of the change, if it is not a delivery. An event that is stored already
    /// was received earlier.
    fn source(&self) -> Option<ChangeSource> {
        match self.event.source {
            _ if self.previous.is_some() => Some(ChangeSource::Reprocess),
            Source::Delivery => None,
            Source::EventLog => Some(ChangeSource::Reprocess),
            Source::Local => Some(ChangeSource::Erasure),
            Source::BackendApi(source) => Some(source),
        }
    }

    /// Returns whether the stored row of the event has the same decision already.
    fn is_unchanged(&self) -> bool {
        self.previous == Some(self.decision)
    }
}

/// Maximum number of attempts to commit a batch that conflicts with other transactions.
const MAX_ATTEMPTS: usize = 5;

impl Store {
    /// Commits a batch, and returns the outcome of each event in the order of the batch. The
    /// decisions are the same as if the events were committed one by one.
    ///
    /// # Errors
    /// Returns [`StoreError::Rejected`] if the database rejects a value of one of the events. To
    /// find that event, the caller can commit each one alone. Every other error is the database's.
    /// After an error, nothing is written.
    ///
    /// If a stored row cannot be read, the events that change it are recorded as failed, and the
    /// others are not affected.
    pub async fn commit(&self, batch: Batch<'_>) -> Result<Vec<Outcome>, StoreError> {
        let mut events = Cow::Borrowed(batch.events);
        let (mut conflicts, mut owners) = (0, Vec::new());
        loop {
            match self.try_commit(Batch { events: &events, ..batch }, &owners).await {
                Err(StoreError::Conflict) if conflicts + 1 < MAX_ATTEMPTS => conflicts += 1,
                Err(StoreError::OwnersLocked(ids)) if conflicts + 1 < MAX_ATTEMPTS => {
                    conflicts += 1;
                    owners.extend(ids);
                }
                Err(StoreError::UnreadableRows(rows)) => {
                    for row in &rows {
                        self.unreadable.report(row);
                    }
                    // Every attempt fails another event, so that the attempts end.
                    if unreadable_rows::fail_events(events.to_mut(), &rows) == 0 {
                        return Err(StoreError::UnreadableRows(rows));
                    }
                }
                done => return done,
            }
        }
    }

    /// Tries once to commit a batch. `owners` are the IDs to lock besides those that the events name.
    async fn try_commit(
        &self,
        batch: Batch<'_>,
        owners: &[String],
    ) -> Result<Vec<Outcome>, StoreError> {
        self.within_commit_timeout(self.commit_once(batch, owners)).await
    }

    async fn commit_once(
        &self,
        batch: Batch<'_>,
        owners: &[String],
    ) -> Result<Vec<Outcome>, StoreError> {
        let ids = ids_to_lock(batch.events, owners);
        let (mut tx, mut stored) = self.begin_locked(&ids, batch.events).await?;
        match purge::is_needed(&mut tx, batch).await {
            Ok(false) => {}
            Ok(true) => {
                tx.rollback().await?;
                self.purge_payloads(batch).await?;
                (tx, stored) = self.begin_locked(&ids, batch.events).await?;
            }
            Err(failure) => {
                abandon(tx, &failure).await;
                return Err(failure);
            }
        }
        match write(&mut tx, batch, &stored, self.notifies).await {
            Ok(Written { outcomes, has_changes: true }) => {
                tx.commit().await?;
                self.pool.committed();
                self.feed.notify_commit();
                Ok(outcomes)
            }
            Ok(Written { outcomes, has_changes: false }) => {
                tx.rollback().await?;
                Ok(outcomes)
            }
            Err(failure) => {
                abandon(tx, &failure).await;
                Err(failure)
            }
        }
    }

    /// Begins a transaction that has locked these IDs, and reads the decisions of the events that are
    /// stored already.
    async fn begin_locked(
        &self,
        ids: &[&str],
        events: &[Event],
    ) -> Result<(Tx, StoredDecisions), StoreError> {
        let mut tx = self.pool.begin().await?;
        match events::lock_and_read_decisions(&mut tx, ids, events).await {
            Ok(stored) => Ok((tx, stored)),
            Err(failure) => {
                abandon(tx, &failure).await;
                Err(failure)
            }
        }
    }
}

/// Result of the statements of a transaction, before its commit.
struct Written {
    outcomes: Vec<Outcome>,
    /// Whether the transaction changed any row.
    has_changes: bool,
}

async fn write(
    tx: &mut Tx,
    batch: Batch<'_>,
    stored: &StoredDecisions,
    notifies: bool,
) -> Result<Written, StoreError> {
    let undecided = undecided_events(batch.events, stored);
    let decided = decide(tx, &undecided, stored).await?;

    // An event that fails again is a duplicate, and nothing is written for it.
    let changed = decided.iter().filter(|it| !it.is_unchanged());
    let mut decisions: HashMap<&str, Decision> =
        changed.map(|decided| (&*decided.event.id, decided.decision)).collect();
    // Of several events with one ID in the batch, the first is recorded. The others are duplicates.
    let outcome = |event: &Event| match decisions.remove(&*event.id) {
        Some(decision) => Outcome::Recorded(decision),
        None => Outcome::Duplicate,
    };
    let outcomes = batch.events.iter().map(outcome).collect();

    let used_secrets = events::record_secret_uses(tx, batch.secrets_used).await?;
    // An erasure also removes data of an object that was deleted or erased before.
    let erased: Vec<(Kind, &str)> = batch.events.iter().filter_map(Event::erased).collect();
    let mut erased_rows = events::empty_payloads(tx, &erased).await?;
    for (kind, id) in erased {
        erased_rows += synced_tables::delete_owned(tx, kind, &[id]).await?;
    }
    let recorded: Vec<_> = decided.iter().filter(|it| it.is_recorded()).collect();
    let recorded = events::record(tx, &recorded, notifies).await?;
    Ok(Written { outcomes, has_changes: used_secrets || erased_rows > 0 || recorded })
}

/// Returns the IDs to lock, which only one transaction may write at a time: those of the objects, and
/// of the events without an object.
fn ids_to_lock<'a>(events: &'a [Event], owners: &'a [String]) -> Vec<&'a str> {
    let mut ids: Vec<&str> = owners.iter().map(String::as_str).collect();
    for event in events {
        let mut objects = event.objects().map(|(_, id)| id).peekable();
        if objects.peek().is_none() {
            ids.push(&*event.id);
        }
        ids.extend(objects);
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Returns the events that need a decision: those that are not stored, and those whose stored
/// decision can change. Of several events with one ID, returns the first.
fn undecided_events<'a>(events: &'a [Event], stored: &StoredDecisions) -> Vec<&'a Event> {
    let mut ids = HashSet::new();
    let is_undecided = |event: &&'a Event| {
        let is_undecided = match (event.source, stored.get(&event.id)) {
            (Source::Delivery | Source::Local | Source::BackendApi(_), stored) => {
                let can_be_retried =
                    |decision| matches!(decision, Some(Decision::Failed | Decision::Dismissed));
                stored.is_none_or(|decision| can_be_retried(decision.known()))
            }
            (Source::EventLog, stored) => stored.is_some_and(|decision| !decision.is_final()),
        };
        is_undecided && ids.insert(&*event.id)
    };
    events.iter().filter(is_undecided).collect()
}

/// Applies the events, and empties the stored payloads of the objects with personal data that they
/// delete.
async fn decide<'a>(
    tx: &mut Tx,
    events: &[&'a Event],
    stored: &StoredDecisions,
) -> Result<Vec<DecidedEvent<'a>>, StoreError> {
    let objects = apply::sorted(events.iter().flat_map(|event| event.objects()));
    let contents: Vec<&Content> = events.iter().map(|event| &event.content).collect();
    let applied = apply(tx, &objects, &contents).await?;
    events::empty_payloads(tx, &applied.new_tombstones).await?;
    let (outcomes, deleted) = (applied.outcomes, applied.deleted);
    let is_deleted = |object: (Kind, &str)| deleted.contains(&object);
    let drops_payload = |event: &Event| {
        let changed = event.content.change().map(|it| (it.kind(), it.object_id()));
        event.owners().any(is_deleted)
            || changed.is_some_and(|it| events::empties_payloads(it.0) && is_deleted(it))
    };
    let decide = |(event, outcome): (&&'a Event, AppliedContent<'a>)| {
        let previous = stored.get(&event.id).and_then(StoredDecision::known);
        DecidedEvent {
            event,
            decision: redecided(previous, outcome.decision),
            reason: outcome.reason,
            operation: outcome.operation,
            embedded: outcome.embedded,
            entitlement: outcome.entitlement,
            drops_payload: drops_payload(event),
            previous,
        }
    };
    Ok(events.iter().zip(outcomes).map(decide).collect())
}

/// Returns the decision to record. A dismissed event that fails again stays dismissed.
fn redecided(previous: Option<Decision>, decision: Decision) -> Decision {
    match previous {
        Some(Decision::Dismissed) if decision.can_be_dismissed() => Decision::Dismissed,
        _ => decision,
    }
}
