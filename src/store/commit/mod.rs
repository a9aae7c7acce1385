//! A batch of events into the database, in one transaction: all of it, or none of it.
//!
//! 1. Lock what the events are about, whether it is there yet or not: no other process takes the
//!    same event, and none brings something of a user while this one buries the user.
//! 2. Which of the events were seen before?
//! 3. Read what is there, merge the others into it in [`domain::merge`](crate::domain::merge), and
//!    write what came out: [`apply()`], which has a module of its own because a rebuild goes the same
//!    way.
//! 4. Append the events last, so that `seq` grows in the order of the commits.

mod purge;
mod apply;
mod events;
mod synced_tables;
mod search_terms;

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use tokio::time::timeout;

pub use self::events::reprocessed_id;
pub(super) use self::{
    apply::apply,
    events::{original_id, original_id_sql},
};
use super::{Store, StoreError, abandon, driver::Tx, statement};
use crate::domain::{
    Millis,
    event::{Change, Content, Decision, Event, Outcome, Source},
};

/// What is committed at once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Batch<'a> {
    /// In the order in which they came.
    pub events: &'a [Event],
    /// Secrets whose last use is due to be kept.
    pub secrets_used: &'a [(Arc<str>, Millis)],
}

/// An event that is not a duplicate, and what became of it.
struct Decided<'a> {
    event: &'a Event,
    decision: Decision,
    reason: Option<&'a str>,
    /// Its user is deleted: the payload goes.
    emptied: bool,
    /// It is there already, with this decision.
    was: Option<Decision>,
}

impl Decided<'_> {
    /// Whether there is anything in it for anybody. Of everybody whom Clerk has, most are known.
    fn is_to_be_told(&self) -> bool {
        self.event.source != Source::BackendApi
            || matches!(self.decision, Decision::Applied | Decision::Failed)
    }
}

/// How often a batch is tried that others keep colliding with.
const ATTEMPTS: usize = 5;

impl Store {
    /// Commits a batch, and tells what each event is to be answered, in their order. Within the
    /// batch the decisions are as if the events had come one by one.
    ///
    /// # Errors
    /// [`StoreError::Rejected`] when one of the events is at fault (which one, a batch of one
    /// tells); anything else when the database is. Nothing is written then.
    pub async fn commit(&self, batch: Batch<'_>) -> Result<Vec<Outcome>, StoreError> {
        for _ in 1..ATTEMPTS {
            match self.try_commit(batch).await {
                Err(StoreError::Conflict) => {}
                done => return done,
            }
        }
        self.try_commit(batch).await
    }

    /// Once, and not for ever: what does not answer may never do so again.
    async fn try_commit(&self, batch: Batch<'_>) -> Result<Vec<Outcome>, StoreError> {
        let limit = self.commit_timeout;
        let commit = async {
            self.purge_payloads(batch).await?;
            self.commit_now(batch).await
        };
        timeout(limit, commit).await.unwrap_or(Err(StoreError::Timeout(limit)))
    }

    async fn commit_now(&self, batch: Batch<'_>) -> Result<Vec<Outcome>, StoreError> {
        let mut tx = self.pool.begin().await?;
        match write(&mut tx, batch).await {
            Ok(Written { outcomes, anything: true }) => {
                tx.commit().await?;
                self.pool.committed();
                self.feed.notify_commit();
                Ok(outcomes)
            }
            Ok(Written { outcomes, anything: false }) => {
                tx.rollback().await?;
                Ok(outcomes)
            }
            Err(failure) => {
                abandon(tx, &failure).await;
                Err(failure)
            }
        }
    }
}

/// What a transaction is about to commit.
struct Written {
    outcomes: Vec<Outcome>,
    /// Whether there is anything to commit.
    anything: bool,
}

async fn write(tx: &mut Tx, batch: Batch<'_>) -> Result<Written, StoreError> {
    tx.lock(&Vec::from_iter(involved(batch.events))).await?;
    let seen = events::seen(tx, batch.events).await?;
    let fresh = first_of_each(batch.events, &seen);
    let decided = decide(tx, &fresh, &seen).await?;

    // What had failed and fails again is a repetition too: nothing is written.
    let settled = decided.iter().filter(|it| it.was != Some(it.decision));
    let mut decisions: HashMap<&str, Decision> =
        settled.map(|decided| (&*decided.event.id, decided.decision)).collect();
    // The first delivery of an id in this batch recorded it; any other is a repetition.
    let outcome = |event: &Event| match decisions.remove(&*event.id) {
        Some(decision) => Outcome::Recorded(decision),
        None => Outcome::Duplicate,
    };
    let outcomes = batch.events.iter().map(outcome).collect();

    let used = events::keep_secret_uses(tx, batch.secrets_used).await?;
    // Also of a user who was deleted or erased before: who asks for it gets it.
    let erased: Vec<&str> = batch.events.iter().filter_map(Event::erased_user).collect();
    let cleared = synced_tables::clear(tx, &erased).await? + events::empty(tx, &erased).await? > 0;
    let told: Vec<_> = decided.iter().filter(|it| it.is_to_be_told()).collect();
    let appended = events::append(tx, &told).await?;
    Ok(Written { outcomes, anything: used || cleared || appended })
}

/// What only one transaction may deal with at a time: the users whom the events are about, their
/// sessions, and the events that are about nobody.
fn involved(events: &[Event]) -> BTreeSet<&str> {
    let owners = events.iter().map(|event| event.subject.as_deref().unwrap_or(&event.id));
    let sessions = events.iter().filter_map(|event| event.content.change());
    let sessions = sessions.filter_map(Change::session_id);
    owners.chain(sessions).collect()
}

/// The events that are to be decided: not seen before, or seen and open still, and each once.
fn first_of_each<'a>(events: &'a [Event], seen: &HashMap<String, Decision>) -> Vec<&'a Event> {
    let mut ids = HashSet::new();
    let open = |event: &&'a Event| {
        let is_open = match (event.source, seen.get(&event.id)) {
            (Source::Delivery | Source::Local | Source::BackendApi, seen) => {
                seen.is_none_or(|was| *was == Decision::Failed)
            }
            (Source::EventLog, seen) => seen.is_some_and(|was| !was.is_final()),
        };
        is_open && ids.insert(&*event.id)
    };
    events.iter().filter(open).collect()
}

/// Applies the events, and empties those of whoever is deleted by them.
async fn decide<'a>(
    tx: &mut Tx,
    fresh: &[&'a Event],
    seen: &HashMap<String, Decision>,
) -> Result<Vec<Decided<'a>>, StoreError> {
    let subjects = fresh.iter().filter_map(|event| event.subject.as_deref()).collect();
    let contents: Vec<&Content> = fresh.iter().map(|event| &event.content).collect();
    let applied = apply(tx, &subjects, &contents).await?;
    events::empty(tx, &applied.buried).await?;
    let decide = |(event, (decision, reason)): (&&'a Event, _)| Decided {
        event,
        decision,
        reason,
        emptied: event.subject.as_deref().is_some_and(|it| applied.deleted.contains(it)),
        was: seen.get(&event.id).copied(),
    };
    Ok(fresh.iter().zip(applied.decisions).map(decide).collect())
}
