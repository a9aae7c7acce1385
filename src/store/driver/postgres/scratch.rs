//! Scratch tables in one transaction on a server. A pooler keeps the connection to the server for as
//! long as the transaction, and the tables end with it.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::Mutex;

use super::{LOCKS, PgServer, REBUILD, begin};
use crate::store::driver::scratch::{ScratchConnection, ScratchTables};

impl PgServer {
    /// Begins a transaction with scratch tables in the place of `tables`. If `exclusive` is set,
    /// takes the rebuild lock, and returns none if another process has it.
    pub(in crate::store::driver) async fn scratch_tables(
        &self,
        tables: &[&str],
        exclusive: bool,
    ) -> sqlx::Result<Option<ScratchTables>> {
        let mut connection = self.open().await?;
        begin(&mut connection, self.start.rebuild(exclusive)).await?;
        if exclusive && !try_lock_rebuild(&mut connection).await? {
            close(connection).await;
            return Ok(None);
        }
        let schema = &self.start.schema;
        if let Err(error) = create(&mut connection, schema, tables).await {
            close(connection).await;
            return Err(error);
        }
        let connection = Arc::new(Mutex::new(Some(connection)));
        let connection = ScratchConnection::Postgres(connection, self.start.repair());
        Ok(Some(ScratchTables { connection, stored_schema: schema.to_string() }))
    }
}

/// Creates empty tables like those of a schema, which end with the transaction.
async fn create(connection: &mut PgConnection, schema: &str, tables: &[&str]) -> sqlx::Result<()> {
    for table in tables {
        let sql = format!(
            "CREATE TEMPORARY TABLE {table} (LIKE {schema}.{table} INCLUDING ALL) ON COMMIT DROP"
        );
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Ends the transaction of scratch tables, and closes its connection. The server ends a session some
/// time after its connection is closed, so that the rebuild lock is released before.
pub(in crate::store::driver) async fn close(mut connection: PgConnection) {
    // A failure means that the connection is lost, and the server then ends the transaction itself.
    let ended = sqlx::raw_sql("ROLLBACK").execute(&mut connection).await;
    if ended.is_ok() {
        connection.close().await.ok();
    }
}

/// Takes the rebuild lock until the end of the transaction. Returns whether it was free.
async fn try_lock_rebuild(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let lock = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock($1, $2)");
    lock.bind(LOCKS).bind(REBUILD).fetch_one(connection).await
}
