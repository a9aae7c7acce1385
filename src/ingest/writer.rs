//! Group commit without a timer: what queued up during one commit is the next batch.

use std::{collections::HashMap, sync::Arc};

use tokio::sync::{mpsc, oneshot};

use super::{
    Limits, Queue,
    queue::{Job, Reply},
};
use crate::{
    domain::{
        Millis,
        event::{Content, Decision, Event, Outcome},
    },
    store::{Store, StoreError, commit::Batch},
};

/// At most one write a minute keeps when a secret was last used.
const SECRET_USE_INTERVAL: Millis = 60_000;

/// The task that commits. It ends when the last [`Queue`] is dropped, with nothing left behind.
#[derive(Debug)]
pub struct Writer {
    store: Store,
    queued: mpsc::Receiver<Job>,
    batch_size: usize,
    secret_uses: HashMap<Arc<str>, Millis>,
    redact: fn(&str) -> String,
}

impl Writer {
    /// A writer and the queue in front of it. `redact` is what is done to the payload of an event
    /// that the database refuses.
    #[must_use]
    pub fn new(store: Store, limits: Limits, redact: fn(&str) -> String) -> (Queue, Self) {
        let (queue, queued) = Queue::new(limits);
        let secret_uses = HashMap::new();
        (queue, Self { store, queued, batch_size: limits.batch_size, secret_uses, redact })
    }

    /// Commits until every queue is dropped.
    pub async fn run(mut self) {
        let mut jobs = Vec::with_capacity(self.batch_size);
        while self.queued.recv_many(&mut jobs, self.batch_size).await > 0 {
            let (mut events, replies): (Vec<_>, Vec<_>) =
                jobs.drain(..).map(|job| (job.event, job.reply)).unzip();
            match self.commit(&events).await {
                Ok(outcomes) => {
                    tracing::debug!(events = events.len(), "committed a batch");
                    answer_each(replies, outcomes.into_iter().map(Ok));
                }
                // One of them is at fault: find it without failing its neighbours.
                Err(StoreError::Refused(_)) => {
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
    }

    /// Commits one event; if the database refuses it, as `failed`, and if it refuses that too,
    /// without the payload.
    async fn commit_alone(&mut self, event: &mut Event) -> Reply {
        let mut last_resort = false;
        loop {
            match self.commit(std::slice::from_ref(event)).await {
                Ok(outcomes) => return Ok(outcomes[0]),
                Err(StoreError::Refused(reason)) if !last_resort => {
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
        let outcomes = self.store.commit(Batch { events, secrets_used: &secrets_used }).await?;
        self.secret_uses.extend(secrets_used);
        Ok(outcomes)
    }

    /// The secrets in this batch whose last use was kept too long ago.
    fn secret_uses_due(&self, events: &[Event]) -> Vec<(Arc<str>, Millis)> {
        let mut due: HashMap<&Arc<str>, Millis> = HashMap::new();
        for event in events {
            let kept = self.secret_uses.get(&event.secret).copied().unwrap_or(Millis::MIN);
            if event.received_at.saturating_sub(kept) >= SECRET_USE_INTERVAL {
                due.insert(&event.secret, event.received_at);
            }
        }
        due.into_iter().map(|(label, at)| (Arc::clone(label), at)).collect()
    }
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
