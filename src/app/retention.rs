//! Lets go of what is too old, beside the service and for as long as it runs.

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    clock::Clock,
    config,
    domain::Millis,
    store::{
        Store, StoreError,
        retention::{ExpiredData, Sweep},
    },
};

const DAY: Millis = 24 * 60 * 60 * 1000;

/// How often to look for what has become too old.
const INTERVAL: Duration = Duration::from_hours(1);

/// How long the commits have the database to themselves after a step.
const PAUSE: Duration = Duration::from_millis(100);

/// How long to wait when the database failed: nothing here is urgent.
const TRY_AGAIN: Duration = Duration::from_mins(1);

/// The task that does it.
pub(super) struct Retention {
    store: Store,
    clock: Clock,
    interval: Duration,
    /// How old what they let go has to be, and how far they came.
    sweeps: Vec<(Millis, Sweep)>,
}

impl Retention {
    pub(super) fn new(store: Store, clock: Clock, settings: config::Retention) -> Self {
        // Events first: the payloads of those need not be emptied.
        let ages =
            [(settings.event_days, ExpiredData::Events), (settings.payload_days, ExpiredData::Payloads)];
        let finite = ages.into_iter().filter(|(days, _)| *days > 0);
        let sweeps = finite.map(|(days, what)| (Millis::from(days) * DAY, Sweep::new(what)));
        Self { store, clock, interval: INTERVAL, sweeps: sweeps.collect() }
    }

    /// For ever; what fails is tried again.
    pub(super) async fn run(mut self) {
        loop {
            let pause = match self.catch_up().await {
                Ok(()) => self.interval,
                Err(error) => {
                    tracing::warn!(%error, "what is too old could not be let go");
                    TRY_AGAIN
                }
            };
            sleep(pause).await;
        }
    }

    /// Until nothing is too old. In turns: where very much comes one of them is never done, and the
    /// others are not to wait for that.
    async fn catch_up(&mut self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let sweeps = self.sweeps.iter_mut();
        let mut open: Vec<_> = sweeps.map(|(age, sweep)| (now - *age, sweep, 0)).collect();
        loop {
            let mut left = Vec::new();
            for (before, sweep, changed) in open {
                let step = self.store.sweep(sweep, before).await?;
                let events = changed + step.changed;
                if !step.done {
                    left.push((before, sweep, events));
                } else if events > 0 {
                    tracing::info!(events, ?sweep, "purged expired events");
                }
            }
            open = left;
            if !self.store.give_back().await? && open.is_empty() {
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
        domain::event::{Content, Decision, Event, Source},
        store::{
            commit::Batch,
            driver::{Options, Target},
        },
    };

    async fn store(file: &Path) -> Store {
        let limit = Duration::from_secs(5);
        let target = Target::Sqlite(file.to_owned());
        let options =
            Options { target, max_connections: 2, acquire_timeout: limit, commit_timeout: limit };
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
            object_id: None,
            instance_id: None,
            payload: Some("{}".to_owned()),
            secret: Arc::from("tests"),
            occurred_at: None,
            received_at,
            source: Source::Delivery,
            content,
        };
        store.commit(Batch { events: &[event], secrets_used: &[] }).await.unwrap();
    }

    /// Whether the payload is there: none where the event is gone.
    async fn kept(store: &Store, id: &str) -> Option<bool> {
        Some(store.event(id).await.unwrap()?.payload.is_some())
    }

    async fn until(store: &Store, id: &str, expected: Option<bool>) {
        let comes_true = async {
            while kept(store, id).await != expected {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(30), comes_true).await.expect("it comes true");
    }

    #[tokio::test]
    async fn what_becomes_too_old_while_the_service_runs_is_let_go() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder.path().join("meetvo.db")).await;
        for day in 0..3 {
            receive(&store, &format!("msg_{day}"), day * DAY).await;
        }
        let clock = Clock::manual(90 * DAY);
        let settings = config::Retention { payload_days: 90, event_days: 91 };
        let retention = Retention::new(store.clone(), clock.clone(), settings);
        let retention = Retention { interval: Duration::from_millis(1), ..retention };
        tokio::select! {
            () = retention.run() => unreachable!("it runs for ever"),
            () = async {
                clock.set(90 * DAY + 1);
                until(&store, "msg_0", Some(false)).await;
                assert_eq!(kept(&store, "msg_1").await, Some(true));
                clock.set(91 * DAY + 1);
                until(&store, "msg_1", Some(false)).await;
                assert_eq!(kept(&store, "msg_0").await, None);
                assert_eq!(kept(&store, "msg_2").await, Some(true));
            } => {}
        }
    }

    #[tokio::test]
    async fn zero_days_are_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder.path().join("meetvo.db")).await;
        for at in 0..3 {
            receive(&store, &format!("msg_{at}"), 0).await;
        }
        let settings = config::Retention { payload_days: 0, event_days: 0 };
        let clock = Clock::manual(Millis::MAX);
        Retention::new(store.clone(), clock, settings).catch_up().await.unwrap();
        for at in 0..3 {
            assert_eq!(kept(&store, &format!("msg_{at}")).await, Some(true));
        }
    }
}
