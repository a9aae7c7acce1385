//! Writing beside the commits, which must not wait for it.

use sqlx::SqlSafeStr;

use super::{Pool, Query};
use crate::store::erasure::Vacuumed;

/// What the engines need to be told in words of their own.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Dialect {
    /// Behind a `SELECT`: without the rows that another transaction holds, and holding the others.
    pub(in crate::store) unless_held: &'static str,
    /// Behind the changes of an `UPDATE` of `webhook_events`: rewrites the row. On SQLite one that
    /// becomes shorter is otherwise cut where it lies, and the page around it stays taken.
    pub(in crate::store) rewriting: &'static str,
}

impl Pool {
    /// How to put a statement to the engine.
    pub(in crate::store) fn dialect(&self) -> Dialect {
        match self {
            // There is one writer, who holds everything.
            Self::Sqlite(_) => Dialect { unless_held: "", rewriting: ", seq = seq" },
            // An update is always a new row.
            Self::Postgres(_) => Dialect { unless_held: "FOR UPDATE SKIP LOCKED", rewriting: "" },
        }
    }

    /// Runs one statement as a transaction of its own; the number of rows it changed. On
    /// PostgreSQL over another connection than that of the commits.
    pub(in crate::store) async fn execute_beside(
        &self,
        sql: impl SqlSafeStr,
        bind: impl for<'c> FnOnce(Query<'c>) -> Query<'c>,
    ) -> sqlx::Result<u64> {
        match self {
            Self::Sqlite(file) => {
                let mut writer = file.begin().await?;
                let query = Query::Sqlite(sqlx::query(sql), writer.connection());
                let done = bind(query).execute().await;
                let changed = writer.end(done).await?;
                self.committed();
                Ok(changed)
            }
            Self::Postgres(server) => {
                let mut connection = server.readers.acquire().await?;
                bind(Query::Postgres(sqlx::query(sql), &mut connection)).execute().await
            }
        }
    }

    /// Gives a little of what was freed back to the system, where the engine does not do so by
    /// itself; whether there is more to give.
    pub(in crate::store) async fn give_back(&self) -> sqlx::Result<bool> {
        match self {
            Self::Sqlite(file) => file.give_back().await,
            // The server does by itself what can be done beside others.
            Self::Postgres(_) => Ok(false),
        }
    }

    /// Lets go of what was deleted in the places that are free now.
    pub(in crate::store) async fn vacuum(&self, tables: &[&str]) -> sqlx::Result<Vacuumed> {
        match self {
            Self::Sqlite(file) => file.vacuum().await,
            Self::Postgres(server) => server.vacuum(tables).await,
        }
    }
}
