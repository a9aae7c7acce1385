//! Single statements that write, so that commits do not wait for them.

use sqlx::SqlSafeStr;

use super::{DbError, Pool, Query};

impl Pool {
    /// Runs one statement in a transaction of its own, and returns the number of changed rows. On
    /// PostgreSQL it uses a reserved connection, and not that of the commits.
    pub(in crate::store) async fn execute_standalone(
        &self,
        sql: impl SqlSafeStr,
        bind: impl for<'c> FnOnce(Query<'c>) -> Query<'c>,
    ) -> Result<u64, DbError> {
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
                let mut connection = server.reserved.acquire().await?;
                let changed = bind(Query::Postgres(sqlx::query(sql), &mut connection)).execute();
                let changed = changed.await?;
                // The pool ends the transaction of each connection that it gets back.
                sqlx::raw_sql("COMMIT AND CHAIN").execute(&mut *connection).await?;
                Ok(changed)
            }
        }
    }
}
