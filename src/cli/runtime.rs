//! Runs the work of a command: on a runtime, with a database, with a queue, or until a signal.

use std::io;

use tokio::{
    runtime,
    signal::unix::{SignalKind, signal},
};

use super::CommandError;
use crate::{
    app,
    clerk::backend::Backend,
    config::Settings,
    ingest::{Limits, Queue, Writer},
    store::{Store, StoreError},
};

/// Installs handlers for SIGTERM and SIGINT. The returned future completes at the first signal.
///
/// # Errors
///
/// Returns an error if a handler cannot be installed.
pub(super) fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Runs a future on a new multi-threaded runtime.
pub(super) fn block_on<T>(
    work: impl Future<Output = Result<T, CommandError>>,
) -> Result<T, CommandError> {
    let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(work);
    // Remaining tasks are abandoned, so that a database that never answers does not block the exit.
    runtime.shutdown_background();
    result
}

/// Runs `work` with the existing database of the settings.
///
/// # Errors
///
/// Returns an error if the database cannot be opened or its schema is not up to date, or if `work`
/// fails.
pub(super) fn with_store<T>(
    settings: &Settings,
    work: impl AsyncFnOnce(&Store) -> Result<T, CommandError>,
) -> Result<T, CommandError> {
    block_on(async {
        let store = app::open_existing_store(&settings.database).await?;
        let result = match store.migrations().await?.iter().all(|step| step.applied) {
            true => work(&store).await,
            false => Err(StoreError::SchemaOutdated.into()),
        };
        store.close().await;
        result
    })
}

/// Runs `work` with a queue and a writer, which commit events like those of deliveries.
pub(super) async fn with_queue<T>(
    settings: &Settings,
    store: &Store,
    work: impl AsyncFnOnce(&Queue) -> Result<T, CommandError>,
) -> Result<T, CommandError> {
    let limits = Limits {
        queue_capacity: settings.ingest.queue_capacity,
        max_pending_bytes: settings.server.max_pending_bytes,
        batch_size: settings.ingest.batch_size,
        // No HTTP client waits, so an event may wait for several commits.
        timeout: settings.database.commit_timeout * 4,
    };
    let (queue, writers) = Writer::new(vec![store.clone()], limits, None);
    // The queue is dropped with the work, which ends the writer.
    let work = async move { work(&queue).await };
    let (result, ()) = tokio::join!(work, Writer::run_all(writers));
    result
}

/// Creates a client for Clerk's Backend API.
///
/// # Errors
///
/// Returns an error if `clerk.secret_key` is not set.
pub(super) fn backend_client(settings: &Settings) -> Result<Backend, CommandError> {
    let key = settings.clerk.secret_key.as_ref().ok_or(CommandError::MissingSecretKey)?;
    Ok(Backend::new(&settings.clerk.api_url, key.expose())?)
}
