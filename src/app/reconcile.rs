//! Looks by a timer whether the users are as Clerk has them, and changes nothing.

use std::{future::pending, time::Duration};

use tokio::time::sleep;

use crate::{
    clerk::backend::Backend,
    clock::Clock,
    config::Settings,
    domain::Millis,
    store::{
        Store, StoreError,
        checks::{Due, Found},
    },
    sync::{
        SyncError,
        drift::{Drift, Report},
    },
};

const HOUR: Millis = 60 * 60 * 1000;

/// How often to look whether it is time.
const LOOK: Duration = Duration::from_mins(1);

/// When one that failed is made again, unless another is due before. So long takes one of very many
/// users, which another replica must not take for dead.
const TRY_AGAIN: Millis = 6 * HOUR;

/// The task that does it.
pub(super) struct Reconciler {
    store: Store,
    clock: Clock,
    backend: Backend,
    pinned: Option<String>,
    every: Millis,
}

impl Reconciler {
    /// None, where nothing is to be done.
    pub(super) fn new(
        store: Store,
        clock: Clock,
        backend: Backend,
        settings: &Settings,
    ) -> Option<Self> {
        let every = Millis::from(settings.reconcile.every_hours) * HOUR;
        let pinned = settings.clerk.instance_id.clone();
        (every > 0).then_some(Self { store, clock, backend, pinned, every })
    }

    /// For ever; what fails is tried again.
    pub(super) async fn run(reconciler: Option<Self>) {
        let Some(reconciler) = reconciler else { return pending().await };
        loop {
            if let Err(error) = reconciler.look().await {
                tracing::warn!(%error, "it cannot be told whether a check against Clerk is due");
            }
            sleep(LOOK).await;
        }
    }

    /// Checks, if it is time, and no other replica does so.
    async fn look(&self) -> Result<(), StoreError> {
        let begun_at = self.clock.now();
        let failed = begun_at - self.every.min(TRY_AGAIN);
        let due = Due { well: begun_at - self.every, failed };
        if !self.store.begin_check(begun_at, due).await? {
            return Ok(());
        }
        let now = || self.clock.now();
        let (backend, store, pinned) = (&self.backend, &self.store, self.pinned.as_deref());
        let drift = Drift { backend, store, now, pinned, repair: None };
        let outcome = drift.run(|_| Ok::<_, SyncError>(())).await;
        match &outcome {
            Ok(Report { users, found, .. }) if found.total() > 0 => {
                tracing::warn!(
                    users,
                    ?found,
                    "users are not as Clerk has them: see `meetvo drift`"
                );
            }
            Ok(Report { users, .. }) => tracing::info!(users, "all users are as Clerk has them"),
            Err(error) => tracing::warn!(%error, "the users could not be compared with Clerk's"),
        }
        let outcome = outcome.map_err(|error| error.to_string());
        let outcome = outcome.as_ref().map(Found::from).map_err(String::as_str);
        self.store.end_check(begun_at, now(), outcome).await
    }
}
