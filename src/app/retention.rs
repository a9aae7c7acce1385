//! Retention: purges expired events and payloads while the service runs.

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    clock::Clock,
    config::{self, Settings},
    domain::Millis,
    store::{
        Store, StoreError,
        retention::{ExpiredData, Sweep},
    },
};

const DAY: Millis = 24 * 60 * 60 * 1000;

/// Interval between two purges.
const INTERVAL: Duration = Duration::from_hours(1);

/// Pause after each step, during which the commits have the database to themselves.
const PAUSE: Duration = Duration::from_millis(100);

/// Delay before the retry after a database failure. A purge is not urgent.
const RETRY_DELAY: Duration = Duration::from_mins(1);

/// Background task that purges expired data.
pub(super) struct RetentionTask {
    store: Store,
    clock: Clock,
    interval: Duration,
    /// Sweeps with the age in milliseconds at which the data expires.
    sweeps: Vec<(Millis, Sweep)>,
    /// Age in milliseconds at which the attempts to deliver messages expire.
    attempt_age: Option<Millis>,
}

impl RetentionTask {
    pub(super) fn new(store: Store, clock: Clock, settings: &Settings) -> Self {
        Self::with(store, clock, settings.retention, settings.push.attempt_days)
    }

    fn with(store: Store, clock: Clock, settings: config::Retention, attempt_days: u16) -> Self {
        // Events come first, because the payloads of purged events need no emptying.
        let ages = [
            (settings.event_days, ExpiredData::Events),
            (settings.payload_days, ExpiredData::Payloads),
        ];
        let finite = ages.into_iter().filter(|(days, _)| *days > 0);
        let sweeps = finite.map(|(days, what)| (Millis::from(days) * DAY, Sweep::new(what)));
        let attempt_age = (attempt_days > 0).then(|| Millis::from(attempt_days) * DAY);
        Self { store, clock, interval: INTERVAL, sweeps: sweeps.collect(), attempt_age }
    }

    /// Purges expired data at each interval until the task is dropped. After a failure, retries.
    pub(super) async fn run(mut self) {
        loop {
            let purged = match self.purge().await {
                Ok(()) => self.purge_attempts().await,
                failed => failed,
            };
            let pause = match purged {
                Ok(()) => self.interval,
                Err(error) => {
                    tracing::warn!(%error, "failed to purge expired events");
                    RETRY_DELAY
                }
            };
            sleep(pause).await;
        }
    }

    /// Purges the expired attempts to deliver messages.
    async fn purge_attempts(&self) -> Result<(), StoreError> {
        let Some(age) = self.attempt_age else { return Ok(()) };
        let before = self.clock.now() - age;
        for endpoint in self.store.push_endpoints().await? {
            while self.store.purge_push_attempts(&endpoint.id, before).await? {
                sleep(PAUSE).await;
            }
        }
        Ok(())
    }

    /// Purges until no expired data is left. The sweeps take turns: under a high load of events one
    /// sweep may never complete, and must not delay the other.
    async fn purge(&mut self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let sweeps = self.sweeps.iter_mut();
        let mut pending: Vec<_> = sweeps.map(|(age, sweep)| (now - *age, sweep, 0)).collect();
        loop {
            let mut unfinished = Vec::new();
            for (before, sweep, changed) in pending {
                let step = self.store.sweep(sweep, before).await?;
                let events = changed + step.changed;
                if !step.done {
                    unfinished.push((before, sweep, events));
                } else if events > 0 {
                    tracing::info!(events, ?sweep, "purged expired events");
                }
            }
            pending = unfinished;
            if !self.store.release_free_pages().await? && pending.is_empty() {
                return Ok(());
            }
            sleep(PAUSE).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{path::Path, sync::Arc};

    use tokio::time::timeout;

    use super::*;
    use crate::{
        domain::decision::Decision,
        objects::event::{Content, Event, Source},
        store::{
            commit::Batch,
            driver::{Options, Target},
        },
    };

    async fn store(file: &Path) -> Store {
        let limit = Duration::from_secs(5);
        let target = Target::Sqlite(file.to_owned());
        let options = Options {
            target,
            max_connections: 2,
            acquire_timeout: limit,
            commit_timeout: limit,
            migration_lock_timeout: limit,
            opens_unwritable_log: false,
        };
        let store = Store::open(&options).await.unwrap();
        store.migrate().await.unwrap();
        store
    }

    async fn receive(store: &Store, id: &str, received_at: Millis) {
        let content = Content::NotApplied { decision: Decision::Ignored, reason: None };
        let event = Event {
            id: id.to_owned(),
            kind: None,
            subject: None,
            organization_id: None,
            object_id: None,
            instance_id: None,
            payload: Some("{}".to_owned()),
            secret: Arc::from("tests"),
            occurred_at: None,
            received_at,
            source: Source::Delivery,
            content,
            field_faults: Vec::new(),
        };
        store.commit(Batch { events: &[event], secrets_used: &[] }).await.unwrap();
    }

    /// Returns whether the event has a payload, or `None` if the event does not exist.
    async fn has_payload(store: &Store, id: &str) -> Option<bool> {
        Some(store.event(id).await.unwrap()?.payload.is_some())
    }

    async fn wait_until(store: &Store, id: &str, expected: Option<bool>) {
        let reached = async {
            while has_payload(store, id).await != expected {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(30), reached).await.expect("the expected state is reached");
    }

    #[tokio::test]
    async fn data_that_expires_is_purged() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder.path().join("meetvo.db")).await;
        for day in 0..3 {
            receive(&store, &format!("msg_{day}"), day * DAY).await;
        }
        let clock = Clock::manual(90 * DAY);
        let settings = config::Retention { payload_days: 90, event_days: 91 };
        let task = RetentionTask::with(store.clone(), clock.clone(), settings, 0);
        let task = RetentionTask { interval: Duration::from_millis(1), ..task };
        tokio::select! {
            () = task.run() => unreachable!("the task never ends"),
            () = async {
                clock.set(90 * DAY + 1);
                wait_until(&store, "msg_0", Some(false)).await;
                assert_eq!(has_payload(&store, "msg_1").await, Some(true));
                clock.set(91 * DAY + 1);
                wait_until(&store, "msg_1", Some(false)).await;
                assert_eq!(has_payload(&store, "msg_0").await, None);
                assert_eq!(has_payload(&store, "msg_2").await, Some(true));
            } => {}
        }
    }

    #[tokio::test]
    async fn zero_days_disable_retention() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder.path().join("meetvo.db")).await;
        for at in 0..3 {
            receive(&store, &format!("msg_{at}"), 0).await;
        }
        let settings = config::Retention { payload_days: 0, event_days: 0 };
        let clock = Clock::manual(Millis::MAX);
        RetentionTask::with(store.clone(), clock, settings, 0).purge().await.unwrap();
        for at in 0..3 {
            assert_eq!(has_payload(&store, &format!("msg_{at}")).await, Some(true));
        }
    }
}
