//! Group commit: what queued up during one commit is the next batch.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use tokio::{
    sync::oneshot,
    time::{Instant, timeout},
};

use super::{
    Limits, Meters, Queue,
    queue::{Job, Lane, Reply},
};
use crate::{
    domain::{
        Millis,
        event::{Content, Decision, Event, Outcome, Source},
    },
    store::{
        Store, StoreError,
        commit::{Batch, LOCAL_EVENT_PREFIX},
    },
};

/// At most one write a minute keeps when a secret was last used.
const SECRET_USE_INTERVAL: Millis = 60_000;

/// The part of a commit's time, as its divisor, that the next batch may wait to be complete.
const GATHERING: u32 = 4;

/// What the next batch can go by.
#[derive(Clone, Copy, Debug, Default)]
struct LastBatch {
    /// How many events it had.
    answered: usize,
    /// How long its commit took.
    took: Duration,
}

/// A task that commits. It ends when the last [`Queue`] is dropped, with nothing left behind.
#[derive(Debug)]
pub struct Writer {
    store: Store,
    queued: Lane,
    batch_size: usize,
    /// It is the only one.
    alone: bool,
    meters: Option<Meters>,
    secret_uses: HashMap<Arc<str>, Millis>,
    redact: fn(&str) -> String,
}

impl Writer {
    /// A writer and the queue in front of it. `redact` is what is done to the payload of an event
    /// that the database refuses.
    #[must_use]
    pub fn new(store: Store, limits: Limits, redact: fn(&str) -> String) -> (Queue, Self) {
        let (queue, lane) = Queue::new(limits);
        (queue, Self::of(store, lane, limits, redact))
    }

    /// As many writers as there are stores, each of which commits by itself, and the queue in front
    /// of all of them.
    #[must_use]
    pub fn several(
        stores: Vec<Store>,
        limits: Limits,
        redact: fn(&str) -> String,
        meters: &Meters,
    ) -> (Queue, Vec<Self>) {
        let (queue, lanes) = Queue::shared(limits, stores.len());
        let alone = stores.len() == 1;
        let writer = |(store, lane)| Self {
            alone,
            meters: Some(meters.clone()),
            ..Self::of(store, lane, limits, redact)
        };
        (queue, stores.into_iter().zip(lanes).map(writer).collect())
    }

    fn of(store: Store, queued: Lane, limits: Limits, redact: fn(&str) -> String) -> Self {
        let (batch_size, secret_uses) = (limits.batch_size, HashMap::new());
        Self { store, queued, batch_size, alone: true, meters: None, secret_uses, redact }
    }

    /// Commits until every queue is dropped.
    pub async fn run(mut self) {
        let mut jobs = Vec::with_capacity(self.batch_size);
        let mut last = LastBatch::default();
        while self.next_batch(&mut jobs, last).await {
            let started = Instant::now();
            last.answered = jobs.len();
            self.commit_batch(&mut jobs).await;
            last.took = started.elapsed();
        }
    }

    /// Takes what queued up during the last commit. Those who were answered by it are about to
    /// send again, and come too late by a hair: where many were, the batch of a lone writer waits for
    /// as many as there seem to be, but only for a fraction of a commit. A single sender never waits.
    /// Where there are several writers, one works while they come.
    async fn next_batch(&mut self, jobs: &mut Vec<Job>, last: LastBatch) -> bool {
        let waiting = self.queued.waiting();
        if self.queued.take(jobs, self.batch_size).await == 0 {
            return false;
        }
        if self.alone {
            let crowd = (last.answered + waiting).min(self.batch_size);
            // A batch that is not complete is a batch all the same.
            timeout(last.took / GATHERING, self.gather(jobs, crowd)).await.ok();
        }
        true
    }

    async fn gather(&mut self, jobs: &mut Vec<Job>, crowd: usize) {
        while jobs.len() < crowd {
            if self.queued.take(jobs, crowd - jobs.len()).await == 0 {
                break;
            }
        }
    }

    async fn commit_batch(&mut self, jobs: &mut Vec<Job>) {
        let (mut events, replies): (Vec<_>, Vec<_>) =
            jobs.drain(..).map(|job| (job.event, job.reply)).unzip();
        match self.commit(&events).await {
            Ok(outcomes) => {
                tracing::debug!(events = events.len(), "committed a batch");
                answer_each(replies, outcomes.into_iter().map(Ok));
            }
            // One of them is at fault: find it without failing its neighbours.
            Err(StoreError::Rejected(_) | StoreError::UndecodableValue(_)) => {
                for (event, reply) in events.iter_mut().zip(replies) {
                    answer_each([reply], [self.commit_alone(event).await]);
                }
            }
            // Not the events' fault; trying them one by one would help nobody.
            Err(failure) => {
                tracing::error!(events = events.len(), %failure, "a batch was not committed");
                let failure = Arc::new(failure);
                answer_each(replies, std::iter::repeat_with(|| Err(Arc::clone(&failure))));
            }
        }
    }

    /// Commits one event; if the database refuses it, as `failed`, and if it refuses that too,
    /// without the payload.
    async fn commit_alone(&mut self, event: &mut Event) -> Reply {
        let mut last_resort = false;
        loop {
            match self.commit(std::slice::from_ref(event)).await {
                Ok(outcomes) => return Ok(outcomes[0]),
                Err(StoreError::Rejected(reason)) if !last_resort => {
                    tracing::warn!(event = event.id, reason, "the database refused an event");
                    last_resort = matches!(event.content, Content::Aside { .. });
                    let payload = event.payload.take().filter(|_| !last_resort);
                    event.payload = payload.map(|payload| (self.redact)(&payload));
                    event.content = Content::Aside {
                        decision: Decision::Failed,
                        reason: Some(format!("refused by the database: {reason}")),
                    };
                }
                Err(failure) => {
                    tracing::error!(event = event.id, %failure, "an event was not committed");
                    return Err(Arc::new(failure));
                }
            }
        }
    }

    async fn commit(&mut self, events: &[Event]) -> Result<Vec<Outcome>, StoreError> {
        let secrets_used = self.secret_uses_due(events);
        let started = Instant::now();
        let done = self.store.commit(Batch { events, secrets_used: &secrets_used }).await;
        if let Some(meters) = &self.meters {
            match &done {
                Ok(_) => meters.committed(events.len(), started.elapsed()),
                Err(_) => meters.failed(),
            }
        }
        let outcomes = done?;
        self.secret_uses.extend(secrets_used);
        Ok(outcomes)
    }

    /// The secrets in this batch whose last use was kept too long ago, in the order of their
    /// labels: processes that write the same rows do it in one order.
    fn secret_uses_due(&self, events: &[Event]) -> Vec<(Arc<str>, Millis)> {
        let mut due: BTreeMap<&Arc<str>, Millis> = BTreeMap::new();
        for event in events.iter().filter(|event| is_clerks(event)) {
            let kept = self.secret_uses.get(&event.secret).copied().unwrap_or(Millis::MIN);
            if event.received_at.saturating_sub(kept) >= SECRET_USE_INTERVAL {
                due.insert(&event.secret, event.received_at);
            }
        }
        due.into_iter().map(|(label, at)| (Arc::clone(label), at)).collect()
    }
}

/// Whether Clerk sent it. A probe of our own is signed as well, and tells nothing of Clerk's endpoint.
fn is_clerks(event: &Event) -> bool {
    let made_here = event.kind.as_deref().is_some_and(|kind| kind.starts_with(LOCAL_EVENT_PREFIX));
    event.source == Source::Delivery && !made_here
}

/// A sender that has gone away is told nothing; its event is committed all the same.
fn answer_each(
    replies: impl IntoIterator<Item = oneshot::Sender<Reply>>,
    answers: impl IntoIterator<Item = Reply>,
) {
    for (reply, answer) in replies.into_iter().zip(answers) {
        drop(reply.send(answer));
    }
}
