//! What can go wrong below, sorted by whose trouble it is.

use std::time::Duration;

use sqlx::migrate::MigrateError;

use super::driver::describe;

/// What can go wrong in the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refuses a value: the event's own fault, and only that event's.
    #[error("refused by the database: {0}")]
    Refused(String),
    /// Others wrote the same rows at the same time; trying again helps.
    #[error("others wrote the same rows at the same time")]
    Conflict,
    /// The database does not answer, or not as it should: our trouble, which time can heal.
    #[error("the database is not available: {}", describe(.0))]
    Unavailable(#[source] sqlx::Error),
    /// The database takes too long: our trouble as well.
    #[error("the database does not answer within {0:?}")]
    Late(Duration),
    /// The database can be read and not written: after a fail-over, perhaps.
    #[error("the database is read-only")]
    ReadOnly,
    /// The file that is to be read is not there.
    #[error("there is no such file; `meetvo migrate run` makes it, if its name is right")]
    Missing,
    /// The schema lacks migrations of this program.
    #[error("its schema is not up to date; `meetvo migrate run` brings it up")]
    Outdated,
    /// Somebody else does already what one can do at a time.
    #[error("it is being rebuilt already; wait until that has ended")]
    Rebuilding,
    /// A row holds what no version of this program writes.
    #[error("{table}.{column} holds an unknown value in the row {row}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key.
        row: String,
    },
    /// The schema cannot be brought to this program's.
    #[error("the schema cannot be migrated: {0}")]
    Migration(#[from] MigrateError),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        super::driver::classify(error)
    }
}
