//! Reasons why the service does not start, and reasons why it ends with a failure.

use crate::{
    clerk::signature::InvalidSecret,
    config::Faults,
    store::{StoreError, driver::Unusable},
    telemetry::MetricsError,
};

/// Reasons why a service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Invalid settings.
    #[error(transparent)]
    Settings(#[from] Faults),
    /// Signing secret that the settings accept and the verifier rejects.
    #[error(transparent)]
    Secret(#[from] InvalidSecret),
    /// Failure to open or migrate the database.
    #[error("the database {url} cannot be used: {source}")]
    Database {
        /// URL of the database, without the password.
        url: String,
        /// Cause of the failure.
        source: StoreError,
    },
    /// A copy of the database cannot be made, or put in its place.
    #[error(transparent)]
    Copy(Unusable),
    /// Failure to register the metrics.
    #[error("failed to register the metrics: {0}")]
    Metrics(#[from] prometheus::Error),
    /// Failure to prepare the export of metrics.
    #[error("metrics cannot be exported: {0}")]
    MetricsExport(#[from] MetricsError),
    /// Failure to prepare the push to endpoints.
    #[error("changes cannot be pushed: {0}")]
    Push(String),
    /// Failure to start the writer threads.
    #[error("failed to start the writer threads: {0}")]
    WriterThreads(std::io::Error),
    /// Failure to listen on the configured address.
    #[error("cannot listen on {address}: {source}; choose another address with {setting}")]
    Listen {
        /// Host and port.
        address: String,
        /// Name of the setting for the address.
        setting: &'static str,
        /// Cause of the failure.
        source: std::io::Error,
    },
}

/// Reasons why a running service ends with a failure.
#[derive(Debug, thiserror::Error)]
pub enum Crash {
    /// End of a writer thread.
    #[error("a writer thread ended: {0}")]
    Writer(String),
    /// End of the task that runs the database checkpoints.
    #[error("the database checkpoint task ended: {0}")]
    Checkpoints(String),
    /// End of the task that reads the change feed.
    #[error("the change feed task ended: {0}")]
    ChangeFeed(String),
    /// End of the task that refreshes the API keys.
    #[error("the API key refresh task ended: {0}")]
    ApiKeys(String),
    /// End of the task that purges expired events.
    #[error("the retention task ended: {0}")]
    Retention(String),
    /// End of the task that exports the metrics.
    #[error("the metrics export task ended: {0}")]
    MetricsExport(String),
    /// End of the task that runs the scheduled drift checks.
    #[error("the drift check task ended: {0}")]
    DriftCheck(String),
    /// End of the task that pushes changes.
    #[error("the push task ended: {0}")]
    Push(String),
    /// End of the HTTP server.
    #[error("the HTTP server ended: {0}")]
    Server(String),
    /// Number of events that were not committed at the end of the shutdown timeout.
    #[error(
        "{0} events were not committed at the end of server.shutdown_timeout_ms; Svix retries \
         their deliveries"
    )]
    DrainTimeout(usize),
}
