//! Moves the tables from one schema of a server to another.

use std::time::Duration;

use sqlx::{AssertSqlSafe, PgConnection, migrate::MigrateError};

use super::{DbError, Pool, Unusable, ownership, postgres::quoted, schema_lock};

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
        let mut from = None;
        schema_lock::on_server(server, limit, async |tx| {
            from = move_tables(tx, &server.given_schema).await.map_err(MigrateError::Execute)?;
            Ok(())
        })
        .await
        .map_err(reason)?;
        let to = server.given_schema.to_string();
        Ok(from.map(|from| Relocation { from: from.to_owned(), to }))
    }
}

/// Moves the tables to a schema, and returns the one from which they came. Returns none if they are
/// there already, or nowhere.
async fn move_tables(tx: &mut PgConnection, to: &str) -> sqlx::Result<Option<&'static str>> {
    let Some(from) = ownership::former_schema(tx, to).await? else { return Ok(None) };
    let (source, target) = (quoted(from), quoted(to));
    schema_lock::create_schema(tx, &target).await?;
    for name in ownership::own_names() {
        // A database with fewer migrations has fewer tables. Views are moved as tables.
        let sql = format!("ALTER TABLE IF EXISTS {source}.{name} SET SCHEMA {target}");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *tx).await?;
    }
    Ok(Some(from))
}

/// Returns the reason with which a check has refused the move.
fn reason(error: DbError) -> DbError {
    match error {
        DbError::Migration(MigrateError::Execute(cause)) => {
            let unchanged = |cause| MigrateError::Execute(cause).into();
            Unusable::from_sqlx(cause).map_or_else(unchanged, DbError::Unusable)
        }
        other => other,
    }
}
