//! Errors of the store, sorted by their cause.

use std::time::Duration;

use sqlx::migrate::MigrateError;

use super::driver::{DbError, UndecodableValue, describe};

/// Error of an operation of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database rejected a value of one event. The other events of the batch are not at fault.
    #[error("refused by the database: {0}")]
    Rejected(String),
    /// Another transaction wrote the same rows at the same time. A retry helps.
    #[error("others wrote the same rows at the same time")]
    Conflict,
    /// The database cannot be reached, or does not work. No event is at fault.
    #[error("the database is not available: {}", describe(.0))]
    Unavailable(#[source] sqlx::Error),
    /// The database did not answer in time. No event is at fault.
    #[error("the database does not answer within {0:?}")]
    Timeout(Duration),
    /// The database accepts reads and no writes, for example after a failover.
    #[error("the database is read-only")]
    ReadOnly,
    /// The database file does not exist.
    #[error("there is no such file; `meetvo migrate run` makes it, if its name is right")]
    FileNotFound,
    /// The schema lacks migrations of this program.
    #[error("its schema is not up to date; `meetvo migrate run` brings it up")]
    SchemaOutdated,
    /// Another process rebuilds the synced tables.
    #[error("it is being rebuilt already; wait until that has ended")]
    RebuildRunning,
    /// A row holds a value that no version of this program writes.
    #[error(transparent)]
    UndecodableValue(#[from] UndecodableValue),
    /// The schema cannot be migrated to that of this program.
    #[error("the schema cannot be migrated: {0}")]
    Migration(#[source] MigrateError),
}

impl From<DbError> for StoreError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Rejected(reason) => Self::Rejected(reason),
            DbError::Conflict => Self::Conflict,
            DbError::Unavailable(error) => Self::Unavailable(error),
            DbError::UndecodableValue(value) => Self::UndecodableValue(value),
            DbError::Migration(error) => Self::Migration(error),
        }
    }
}
