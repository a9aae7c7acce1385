//! Scratch tables on a connection to a server.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::Mutex;

use super::{LOCKS, PgServer, REBUILD};
use crate::store::driver::scratch::{ScratchConnection, ScratchTables};

impl PgServer {
    /// Opens a connection with scratch tables in the place of `tables`. If `exclusive` is set,
    /// takes the rebuild lock, and returns none if another process has it.
    pub(in crate::store::driver) async fn scratch_tables(
        &self,
        tables: &[&str],
        exclusive: bool,
    ) -> sqlx::Result<Option<ScratchTables>> {
        let mut connection = self.connect_without_statement_timeout().await?;
        if exclusive && !try_lock_rebuild(&mut connection).await? {
            return Ok(None);
        }
        let stored_schema = match create(&mut connection, tables).await {
            Ok(schema) => schema,
            Err(error) => {
                close(connection).await;
                return Err(error);
            }
        };
        let connection = ScratchConnection::Postgres(Arc::new(Mutex::new(Some(connection))));
        Ok(Some(ScratchTables { connection, stored_schema }))
    }
}

/// Closes a connection with scratch tables. The server ends a session some time after its connection
/// is closed, so that the rebuild lock is released before.
pub(in crate::store::driver) async fn close(mut connection: PgConnection) {
    // A failure means that the connection is lost, and the server then releases the lock itself.
    let released = sqlx::raw_sql("SELECT pg_advisory_unlock_all()").execute(&mut connection).await;
    if released.is_ok() {
        connection.close().await.ok();
    }
}

/// Takes the rebuild lock until the end of the connection. Returns whether it was free.
async fn try_lock_rebuild(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let lock = sqlx::query_scalar("SELECT pg_try_advisory_lock($1, $2)");
    lock.bind(LOCKS).bind(REBUILD).fetch_one(connection).await
}

/// Creates the scratch tables, and returns the schema of the stored ones.
async fn create(connection: &mut PgConnection, tables: &[&str]) -> sqlx::Result<String> {
    let schema = "SELECT quote_ident(nspname) FROM pg_class \
                  JOIN pg_namespace ON pg_namespace.oid = relnamespace \
                  WHERE pg_class.oid = 'users'::regclass";
    let stored: String = sqlx::query_scalar(schema).fetch_one(&mut *connection).await?;
    for table in tables {
        let sql = format!("CREATE TEMPORARY TABLE {table} (LIKE {stored}.{table} INCLUDING ALL)");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await?;
    }
    // Puts the temporary schema first, even if the role's search path has it last.
    let first =
        "SELECT set_config('search_path', 'pg_temp, ' || current_setting('search_path'), false)";
    sqlx::raw_sql(first).execute(connection).await?;
    Ok(stored)
}

/// Returns whether the scratch tables still hide the stored ones. Behind a pooler, a transaction
/// can get another connection to the server, on which it writes to the stored tables.
pub(super) async fn is_active(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let sql = "SELECT to_regclass('users') = to_regclass('pg_temp.users')";
    let same: Option<bool> = sqlx::query_scalar(sql).fetch_one(connection).await?;
    Ok(same == Some(true))
}
