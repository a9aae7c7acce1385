//! Moves the tables from one schema of a server to another.

use std::time::Duration;

use sqlx::{AssertSqlSafe, PgConnection, migrate::MigrateError};

use super::{
    DbError, Pool, ownership,
    postgres::{PgServer, quoted},
    schema_lock,
};

/// A move of the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relocation {
    /// Schema in which the tables were.
    pub from: String,
    /// Schema in which they are now.
    pub to: String,
}

impl Pool {
    /// Moves the tables to the schema of the settings, in one transaction. Returns none if they are
    /// there already, or if the database is a file. Waits for locks no longer than `limit`.
    pub(in crate::store) async fn relocate(
        &self,
        limit: Duration,
    ) -> Result<Option<Relocation>, DbError> {
        let Self::Postgres(server) = self else { return Ok(None) };
        let (from, to) = (server.start.schema_name(), &*server.given_schema);
        if from == to {
            return Ok(None);
        }
        schema_lock::on_server(server, limit, async |tx| {
            move_tables(tx, server, to).await.map_err(MigrateError::Execute)
        })
        .await?;
        Ok(Some(Relocation { from: from.to_owned(), to: to.to_owned() }))
    }
}

async fn move_tables(tx: &mut PgConnection, server: &PgServer, to: &str) -> sqlx::Result<()> {
    ownership::check_free(tx, to).await?;
    let (from, to) = (&server.start.schema, quoted(to));
    schema_lock::create_schema(tx, &to).await?;
    for name in ownership::own_names() {
        // A database with fewer migrations has fewer tables. Views are moved as tables.
        let sql = format!("ALTER TABLE IF EXISTS {from}.{name} SET SCHEMA {to}");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *tx).await?;
    }
    Ok(())
}
