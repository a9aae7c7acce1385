//! Maintenance that the engines need outside the commits.

use std::future::pending;

use super::{DbError, Pool};

/// Outcome of removing deleted data from the files of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VacuumOutcome {
    /// The deleted data is removed from every table and file, as far as the engine ensures it.
    Done,
    /// The write-ahead log still contains the data, because a reader uses an older state.
    Blocked,
    /// Only the owner of the tables can remove the data.
    Forbidden,
}

impl Pool {
    /// Runs checkpoints after commits until one fails. PostgreSQL runs its own, so that the future
    /// never ends.
    pub(in crate::store) async fn run_checkpoints(&self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(file) => Ok(file.run_checkpoints().await?),
            Self::Postgres(_) => pending().await,
        }
    }

    /// Releases a few free pages to the file system. Returns whether there are more to release.
    pub(in crate::store) async fn release_free_pages(&self) -> Result<bool, DbError> {
        match self {
            Self::Sqlite(file) => Ok(file.release_free_pages().await?),
            // The server releases what it can without locks on its own.
            Self::Postgres(_) => Ok(false),
        }
    }

    /// Removes deleted data from the free space of the tables.
    pub(in crate::store) async fn vacuum(&self, tables: &[&str]) -> Result<VacuumOutcome, DbError> {
        match self {
            Self::Sqlite(file) => Ok(file.vacuum().await?),
            Self::Postgres(server) => Ok(server.vacuum(tables).await?),
        }
    }
}
