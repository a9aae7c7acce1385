//! Empty temporary tables that hide stored ones on one connection, for a rebuild.
//!
//! Both engines find a table name among the temporary tables of the connection first. The
//! statements of a commit therefore work on scratch tables without a change. No schema changes, the
//! only permission needed is that for temporary tables, and a killed process leaves nothing behind.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, PgConnection};
use tokio::sync::Mutex;

use super::{
    DbError, Pool, Tx,
    postgres::{self, PgWriter},
    sqlite::{RebuildLock, SqliteWriter},
};

/// A connection with scratch tables.
pub(in crate::store) struct ScratchTables {
    pub(super) connection: ScratchConnection,
    /// Schema of the stored tables that the scratch tables hide.
    pub(in crate::store) stored_schema: String,
}

/// Connection of one engine that has the scratch tables.
pub(super) enum ScratchConnection {
    /// The lock is held until the scratch tables are closed.
    Sqlite(Arc<Mutex<SqliteWriter>>, Option<RebuildLock>),
    /// A connection in a transaction. Empty while a step has the connection, after it was lost, and
    /// after the last step. The text has the settings of the last step.
    Postgres(Arc<Mutex<Option<PgConnection>>>, String),
}

/// Purpose of a step of a rebuild.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Purpose {
    /// Reads the stored tables and writes to the scratch tables. Blocks no other transaction. On
    /// SQLite, each step is a transaction.
    Recompute,
    /// Writes to the stored tables, and lets no other transaction commit until its end. On
    /// PostgreSQL, it is the last step, with which the scratch tables end.
    Repair,
}

impl Pool {
    /// Opens a connection with scratch tables in the place of `tables`. If `exclusive` is set,
    /// takes the rebuild lock, and returns none if another process has it.
    pub(in crate::store) async fn scratch_tables(
        &self,
        tables: &[&str],
        exclusive: bool,
    ) -> Result<Option<ScratchTables>, DbError> {
        match self {
            Self::Sqlite(file) => Ok(file.scratch_tables(tables, exclusive).await?),
            Self::Postgres(server) => Ok(server.scratch_tables(tables, exclusive).await?),
        }
    }
}

impl ScratchTables {
    /// Begins a step.
    pub(in crate::store) async fn begin(&self, purpose: Purpose) -> Result<Tx, DbError> {
        Ok(match &self.connection {
            ScratchConnection::Sqlite(writer, _) => {
                let mut writer = Arc::clone(writer).lock_owned().await;
                writer.begin_for(purpose).await?;
                Tx::Sqlite(writer)
            }
            ScratchConnection::Postgres(slot, last_step) => {
                let mut slot = Arc::clone(slot).lock_owned().await;
                // Another connection has no scratch tables, and writes to the stored ones.
                let lost = || sqlx::Error::Protocol("the rebuild lost its connection".to_owned());
                let connection = slot.take().ok_or_else(lost)?;
                Tx::Postgres(match purpose {
                    Purpose::Recompute => PgWriter::step(connection, slot),
                    Purpose::Repair => PgWriter::last_step(connection, slot, last_step).await?,
                })
            }
        })
    }

    /// Updates the statistics of scratch tables, so that PostgreSQL plans well when it reads all of
    /// them.
    pub(in crate::store) async fn analyze(
        &self,
        tx: &mut Tx,
        tables: &[&str],
    ) -> Result<(), DbError> {
        if let Tx::Postgres(writer) = tx {
            let sql = format!("ANALYZE {}; SET LOCAL enable_seqscan = on", tables.join(", "));
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(writer.connection()).await?;
        }
        Ok(())
    }

    /// Drops the scratch tables, and releases the rebuild lock. When this returns, another process
    /// can take the lock.
    pub(in crate::store) async fn close(self) {
        match self.connection {
            ScratchConnection::Sqlite(writer, lock) => {
                writer.lock().await.rollback().await;
                if let Some(lock) = lock {
                    lock.remove_file();
                }
            }
            ScratchConnection::Postgres(slot, _) => {
                if let Some(connection) = slot.lock().await.take() {
                    postgres::close_scratch(connection).await;
                }
            }
        }
    }
}
