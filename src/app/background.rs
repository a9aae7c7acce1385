//! Tasks that run as long as the service.

use std::{future::Future, time::Duration};

use tokio_util::task::AbortOnDropHandle;

use super::{
    Crash, drift_check::DriftCheckTask, metrics_export::MetricsExporter, outcome,
    retention::RetentionTask,
};
use crate::store::Store;

/// Delay before a background task retries after a database failure.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// Running background tasks. They end when the value is dropped.
pub(super) struct BackgroundTasks {
    checkpoints: AbortOnDropHandle<()>,
    change_feed: AbortOnDropHandle<()>,
    api_key_refresh: AbortOnDropHandle<()>,
    retention: AbortOnDropHandle<()>,
    drift_check: AbortOnDropHandle<()>,
    metrics_export: AbortOnDropHandle<()>,
}

impl BackgroundTasks {
    pub(super) fn start(
        store: &Store,
        api_key_refresh: impl Future<Output = ()> + Send + 'static,
        retention: RetentionTask,
        drift_check: Option<DriftCheckTask>,
        exporter: Option<MetricsExporter>,
    ) -> Self {
        Self {
            checkpoints: spawn(run_checkpoints(store.clone())),
            change_feed: spawn(run_change_feed(store.clone())),
            api_key_refresh: spawn(api_key_refresh),
            retention: spawn(retention.run()),
            drift_check: spawn(DriftCheckTask::run(drift_check)),
            metrics_export: spawn(MetricsExporter::run(exporter)),
        }
    }

    /// Waits for the first task to end. A task ends only by a bug, so that the service must end too.
    pub(super) async fn first_ended(&mut self) -> Crash {
        tokio::select! {
            ended = &mut self.checkpoints => Crash::Checkpoints(outcome(ended)),
            ended = &mut self.change_feed => Crash::ChangeFeed(outcome(ended)),
            ended = &mut self.api_key_refresh => Crash::ApiKeys(outcome(ended)),
            ended = &mut self.retention => Crash::Retention(outcome(ended)),
            ended = &mut self.drift_check => Crash::DriftCheck(outcome(ended)),
            ended = &mut self.metrics_export => Crash::MetricsExport(outcome(ended)),
        }
    }

    /// Stops the tasks that a shutdown does not need: the next start continues their work, or the
    /// last metrics follow.
    pub(super) fn stop_unneeded(&self) {
        self.retention.abort();
        self.drift_check.abort();
        self.metrics_export.abort();
    }
}

/// Spawns a background task that is aborted when its handle is dropped.
#[expect(clippy::disallowed_methods, reason = "`first_ended` observes the end of each task")]
pub(super) fn spawn(task: impl Future<Output = ()> + Send + 'static) -> AbortOnDropHandle<()> {
    AbortOnDropHandle::new(tokio::spawn(task))
}

/// Notifies the subscribers of the change feed. After a failure, retries; the feed resumes from its
/// cursor, so no subscriber misses a change.
async fn run_change_feed(store: Store) {
    loop {
        let Err(error) = store.publish_changes().await;
        tracing::warn!(%error, "failed to read the change feed");
        tokio::time::sleep(RETRY_DELAY).await;
    }
}

/// Runs the database checkpoints. After a failure, retries.
async fn run_checkpoints(store: Store) {
    while let Err(error) = store.run_checkpoints().await {
        tracing::warn!(%error, "database checkpoint failed");
        tokio::time::sleep(RETRY_DELAY).await;
    }
}
