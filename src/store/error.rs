//! Errors of the store, sorted by their cause.

use std::time::Duration;

use sqlx::migrate::MigrateError;

use super::driver::{DbError, OutageCause, UndecodableValue, Unusable, describe};

/// Error of an operation of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database rejected a value of one event. The other events of the batch are not at fault.
    #[error("rejected by the database: {0}")]
    Rejected(String),
    /// Another transaction wrote the same rows at the same time. A retry helps.
    #[error("another transaction wrote the same rows at the same time")]
    Conflict,
    /// Another transaction holds the locks of these IDs: the owners that stored objects have. A retry
    /// that locks them from its beginning helps.
    #[error("another transaction holds the locks of the owners of stored objects")]
    OwnersLocked(Vec<String>),
    /// The database cannot be reached, or does not work. No event is at fault.
    #[error("the database is unavailable: {}", describe(.0))]
    Unavailable(#[source] sqlx::Error),
    /// The database did not answer in time. No event is at fault.
    #[error("the database did not answer within {0:?}")]
    Timeout(Duration),
    /// The database accepts reads and no writes, for example after a failover.
    #[error("the database is read-only")]
    ReadOnly,
    /// The database cannot be opened, or is that of another program.
    #[error(transparent)]
    Unusable(Unusable),
    /// The database file does not exist.
    #[error("file not found; run `meetvo migrate run` to create it, or correct DATABASE_URL")]
    FileNotFound,
    /// The schema lacks migrations of this program.
    #[error("the schema is not up to date; run `meetvo migrate run`")]
    SchemaOutdated,
    /// The schema has this migration, which this program does not know. It only adds to the schema.
    #[error("the schema has the newer migration {0}; use the newer program")]
    SchemaNewer(i64),
    /// Another process rebuilds the synced tables.
    #[error("another rebuild is running; wait until it has ended")]
    RebuildRunning,
    /// A stored row holds a value that cannot be read.
    #[error(transparent)]
    UndecodableValue(#[from] UndecodableValue),
    /// Stored rows that a commit needs cannot be read. Nothing is written.
    #[error("{} stored rows cannot be read", .0.len())]
    UnreadableRows(Vec<UndecodableValue>),
    /// The schema cannot be migrated to the one of this program.
    #[error("the schema cannot be migrated: {0}")]
    Migration(#[source] MigrateError),
}

impl StoreError {
    /// Explains a failure that only a change of the configuration ends.
    #[must_use]
    pub fn explained(self) -> Self {
        match self.outage() {
            Some(cause) if cause.is_permanent() => Self::Unusable(cause.unusable()),
            _ => self,
        }
    }

    /// Returns the cause for which the database rejects every statement, or `None` if the error
    /// concerns only one event, value or conflict.
    #[must_use]
    pub fn outage(&self) -> Option<OutageCause> {
        match self {
            Self::Unavailable(error) => Some(OutageCause::of(error)),
            Self::Timeout(_) => Some(OutageCause::NoAnswer),
            Self::ReadOnly => Some(OutageCause::ReadOnly),
            Self::FileNotFound
            | Self::SchemaOutdated
            | Self::SchemaNewer(_)
            | Self::Migration(_) => Some(OutageCause::SchemaOutdated),
            Self::Unusable(_) => Some(OutageCause::Other),
            Self::Rejected(_)
            | Self::Conflict
            | Self::OwnersLocked(_)
            | Self::RebuildRunning
            | Self::UndecodableValue(_)
            | Self::UnreadableRows(_) => None,
        }
    }
}

impl From<DbError> for StoreError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Rejected(reason) => Self::Rejected(reason),
            DbError::Conflict => Self::Conflict,
            DbError::Unusable(reason) => Self::Unusable(reason),
            DbError::Unavailable(error) => Self::Unavailable(error),
            DbError::UndecodableValue(value) => Self::UndecodableValue(value),
            DbError::Migration(error) => Self::Migration(error),
        }
    }
}
