//! The connection that writes to a file.

use sqlx::{Connection, SqliteConnection};

use crate::store::driver::Purpose;

/// The only connection that writes to a file. It is not in a pool: a pool returns a connection in a
/// task of its own and checks it, which takes as long as the statements of a small commit.
#[derive(Debug)]
pub(in crate::store) struct SqliteWriter {
    connection: SqliteConnection,
    /// Whether a transaction has begun and not ended.
    is_open: bool,
    /// Whether the connection failed or is closed. If it is closed, it is an empty one in memory.
    must_reopen: bool,
}

impl SqliteWriter {
    pub(super) fn new(connection: SqliteConnection) -> Self {
        Self { connection, is_open: false, must_reopen: false }
    }

    /// Closes the connection to the file. The caller must replace the writer.
    pub(super) async fn close(&mut self) -> sqlx::Result<()> {
        let empty = SqliteConnection::connect("sqlite::memory:").await?;
        self.must_reopen = true;
        std::mem::replace(&mut self.connection, empty).close().await
    }

    /// Returns whether the connection failed or is closed, so that it must be replaced.
    pub(super) fn must_reopen(&self) -> bool {
        self.must_reopen
    }

    /// Rolls the transaction back after a failure of the file. A read-only connection begins a
    /// transaction without an error, and fails only at the first write.
    pub(in crate::store::driver) async fn discard(&mut self) {
        self.rollback().await;
        self.must_reopen = true;
    }

    pub(in crate::store::driver) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// Begins a transaction with the write lock. A transaction that takes the lock later can fail
    /// in the middle.
    pub(super) async fn begin(&mut self) -> sqlx::Result<()> {
        self.begin_with("BEGIN IMMEDIATE").await
    }

    /// Begins a transaction on scratch tables. Temporary tables need no write lock.
    pub(in crate::store::driver) async fn begin_for(
        &mut self,
        purpose: Purpose,
    ) -> sqlx::Result<()> {
        match purpose {
            Purpose::Recompute => self.begin_with("BEGIN").await,
            Purpose::Repair => self.begin().await,
        }
    }

    async fn begin_with(&mut self, sql: &'static str) -> sqlx::Result<()> {
        self.rollback().await;
        // Set first: if the caller is dropped now, the transaction can begin nevertheless.
        self.is_open = true;
        let begun = sqlx::raw_sql(sql).execute(&mut self.connection).await;
        self.is_open = begun.is_ok();
        begun.map(drop)
    }

    /// Commits the transaction, or rolls it back if the commit fails.
    pub(in crate::store::driver) async fn commit(&mut self) -> sqlx::Result<()> {
        match sqlx::raw_sql("COMMIT").execute(&mut self.connection).await {
            Ok(_) => {
                self.is_open = false;
                Ok(())
            }
            Err(failure) => {
                self.rollback().await;
                Err(failure)
            }
        }
    }

    /// Commits the transaction if its last statement succeeded, or rolls it back.
    pub(in crate::store::driver) async fn end<T, E: From<sqlx::Error>>(
        &mut self,
        done: Result<T, E>,
    ) -> Result<T, E> {
        match done {
            Ok(_) => self.commit().await?,
            Err(_) => self.rollback().await,
        }
        done
    }

    /// Rolls the transaction back, if there is one.
    pub(in crate::store::driver) async fn rollback(&mut self) {
        if self.is_open {
            // Fails if SQLite has already rolled the transaction back after an error.
            sqlx::raw_sql("ROLLBACK").execute(&mut self.connection).await.ok();
            self.is_open = false;
        }
    }
}
