//! Scheduled drift check. It compares the stored objects with Clerk's and changes nothing.

use std::{future::pending, time::Duration};

use tokio::time::sleep;

use crate::{
    clerk::backend::Backend,
    clock::Clock,
    config::Settings,
    domain::Millis,
    store::{
        Store, StoreError,
        drift_checks::{DriftCheckDue, DriftCheckResult},
    },
    sync::{SyncError, drift::DriftCheck},
};

const HOUR: Millis = 60 * 60 * 1000;

/// Interval at which the task tests whether a check is due.
const POLL_INTERVAL: Duration = Duration::from_mins(1);

/// Time after which a failed or unfinished check is repeated, in milliseconds. A check of very many
/// objects can take this long, and another replica must not consider it dead.
const RETRY_AFTER: Millis = 6 * HOUR;

/// Background task that runs the drift checks.
pub(super) struct DriftCheckTask {
    store: Store,
    clock: Clock,
    backend: Backend,
    pinned_instance: Option<String>,
    interval: Millis,
}

impl DriftCheckTask {
    /// Creates the task, or `None` if the drift check is disabled.
    pub(super) fn new(
        store: Store,
        clock: Clock,
        backend: Backend,
        settings: &Settings,
    ) -> Option<Self> {
        let interval = Millis::from(settings.drift.interval_hours) * HOUR;
        let pinned_instance = settings.clerk.instance_id.clone();
        (interval > 0).then_some(Self { store, clock, backend, pinned_instance, interval })
    }

    /// Runs the checks until the task is dropped. Without a task, waits forever.
    pub(super) async fn run(drift_check: Option<Self>) {
        let Some(drift_check) = drift_check else { return pending().await };
        loop {
            if let Err(error) = drift_check.check_if_due().await {
                tracing::warn!(%error, "failed to read or store the state of the drift check");
            }
            sleep(POLL_INTERVAL).await;
        }
    }

    /// Runs a check if one is due and no other replica is running it.
    async fn check_if_due(&self) -> Result<(), StoreError> {
        let begun_at = self.clock.now();
        let after_failure = begun_at - self.interval.min(RETRY_AFTER);
        let due = DriftCheckDue { after_success: begun_at - self.interval, after_failure };
        if !self.store.begin_drift_check(begun_at, due).await? {
            return Ok(());
        }
        let now = || self.clock.now();
        let (backend, store) = (&self.backend, &self.store);
        let pinned_instance = self.pinned_instance.as_deref();
        let check = DriftCheck { backend, store, now, pinned_instance, repair: None };
        let outcome = check.run(|_| Ok::<_, SyncError>(())).await;
        match &outcome {
            Ok(report) if report.found().total() > 0 => {
                let objects = report.sum(|it| it.objects);
                let different = report.types.iter().filter(|it| it.found.total() > 0);
                let found: Vec<_> = different.map(|it| (it.object.name(), it.found)).collect();
                tracing::warn!(
                    objects,
                    ?found,
                    "drift check found differences between stored objects and Clerk; \
                     list them with `meetvo drift`"
                );
            }
            Ok(report) => {
                let objects = report.sum(|it| it.objects);
                tracing::info!(objects, "drift check found no differences");
            }
            Err(error) => tracing::warn!(%error, "drift check failed"),
        }
        let outcome = outcome.map_err(|error| error.to_string());
        let outcome = outcome.as_ref().map(DriftCheckResult::from).map_err(String::as_str);
        self.store.finish_drift_check(begun_at, now(), outcome.as_ref().map_err(|it| *it)).await
    }
}
