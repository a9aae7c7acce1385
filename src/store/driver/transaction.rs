//! A transaction that writes.

use sqlx::SqlSafeStr;
use tokio::sync::OwnedMutexGuard;

use super::{
    DbError, Placeholders, Query, postgres::PgWriter, query::traced, sqlite::SqliteWriter,
};

/// A transaction that writes. Dropping it rolls it back.
pub(in crate::store) enum Tx {
    Sqlite(OwnedMutexGuard<SqliteWriter>),
    Postgres(PgWriter),
}

impl Tx {
    /// Prepares a statement.
    pub(in crate::store) fn query(&mut self, sql: impl SqlSafeStr) -> Query<'_> {
        let sql = traced(sql);
        match self {
            Self::Sqlite(writer) => Query::Sqlite(sqlx::query(sql), writer.connection()),
            Self::Postgres(writer) => Query::Postgres(sqlx::query(sql), writer.connection()),
        }
    }

    /// Returns how a statement with many parameters spells them.
    pub(in crate::store) fn placeholders(&self) -> Placeholders {
        match self {
            Self::Sqlite(_) => Placeholders::Anonymous,
            Self::Postgres(_) => Placeholders::Numbered,
        }
    }

    /// Returns the part of `CREATE TEMPORARY TABLE` that lets the table end with the transaction.
    /// Behind a pooler, it would otherwise stay on a connection that other programs use too.
    pub(in crate::store) fn temporary_table_ends(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "",
            Self::Postgres(_) => "ON COMMIT DROP",
        }
    }

    /// Returns the beginning of a `SELECT` that locks the IDs in its second parameter against other
    /// transactions until the end of this one. The `SELECT` must read from `locked`, which has one
    /// row. Rows with these IDs need not exist. Returns none if no lock is necessary.
    pub(in crate::store) fn id_locks(&self) -> Option<String> {
        match self {
            // SQLite has one writer.
            Self::Sqlite(_) => None,
            Self::Postgres(_) => Some(PgWriter::id_locks()),
        }
    }

    /// Locks these IDs too, if no other transaction has locked one of them. Returns whether it did. To
    /// wait for them could deadlock, because a transaction must take its locks in one order.
    pub(in crate::store) async fn try_lock(&mut self, ids: &[&str]) -> Result<bool, DbError> {
        match self {
            Self::Sqlite(_) => Ok(true),
            Self::Postgres(writer) => Ok(writer.try_lock(ids).await?),
        }
    }

    /// Keeps other transactions from numbering their events until the end of this one. Readers then
    /// see the commits in the order of the numbers.
    pub(in crate::store) async fn order_commits(&mut self) -> Result<(), DbError> {
        match self {
            // The single writer commits in order.
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(writer) => Ok(writer.order_commits().await?),
        }
    }

    /// Returns the parts of an `INSERT … SELECT` that do the same as
    /// [`order_commits`](Self::order_commits) in one round trip: its beginning, and the first item
    /// after `FROM`.
    pub(in crate::store) fn commit_order(&self) -> (String, &'static str) {
        match self {
            Self::Sqlite(_) => (String::new(), ""),
            Self::Postgres(_) => (PgWriter::commit_order(), "ordered, "),
        }
    }

    /// Returns whether an update writes the index of each column that it names, also if the value
    /// stays. PostgreSQL compares the values.
    pub(in crate::store) fn writes_named_indexes(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Commits the transaction.
    pub(in crate::store) async fn commit(self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(mut writer) => Ok(writer.commit().await?),
            Self::Postgres(writer) => Ok(writer.commit().await?),
        }
    }

    /// Rolls the transaction back, and keeps its connection.
    pub(in crate::store) async fn rollback(self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(mut writer) => {
                writer.rollback().await;
                Ok(())
            }
            Self::Postgres(writer) => Ok(writer.rollback().await?),
        }
    }

    /// Rolls the transaction back, and lets the next transaction open a new connection. The server
    /// may have become a standby, and the connection leads to it forever. A connection to a file
    /// stays read-only if the file could not be written when it was opened.
    pub(in crate::store) async fn discard(self) {
        match self {
            Self::Sqlite(mut writer) => writer.discard().await,
            Self::Postgres(writer) => drop(writer),
        }
    }
}
