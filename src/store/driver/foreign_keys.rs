//! Foreign keys of other programs that can prevent the service from deleting rows.

use std::fmt;

use serde_json::json;

use super::{DbError, Pool, migrations::SQLITE, ownership::created_names, record};

/// Tables whose rows are never deleted, so that foreign keys to them prevent nothing.
const KEPT: [&str; 2] = ["users", "organizations"];

/// Foreign key of another program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockingForeignKey {
    /// Name of the constraint. SQLite has none.
    pub name: Option<String>,
    /// Table that has the foreign key.
    pub table: String,
    /// Table of the service to which it leads.
    pub target: String,
}

impl fmt::Display for BlockingForeignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, table, target } = self;
        match name {
            Some(name) => write!(f, "{name} of {table} to {target}"),
            None => write!(f, "that of {table} to {target}"),
        }
    }
}

record!(BlockingForeignKey { name, table, target });

/// On SQLite, a table of JSON takes the place of an array.
const IN_FILE: &str = "SELECT NULL AS name, source.name AS \"table\", \
        it.\"table\" AS target \
    FROM sqlite_schema AS source, pragma_foreign_key_list(source.name) AS it \
    WHERE source.type = 'table' AND it.seq = 0 \
        AND it.on_delete NOT IN ('CASCADE', 'SET NULL') \
        AND source.name NOT IN (SELECT value FROM json_each($1)) \
        AND it.\"table\" IN (SELECT value FROM json_each($1)) \
        AND it.\"table\" NOT IN (SELECT value FROM json_each($2)) \
    ORDER BY source.name, it.id";

const ON_SERVER: &str = "SELECT conname::text AS name, \
        source.oid::regclass::text AS \"table\", target.relname::text AS target \
    FROM pg_constraint \
    JOIN pg_class AS source ON source.oid = conrelid \
    JOIN pg_class AS target ON target.oid = confrelid \
    WHERE contype = 'f' AND confdeltype NOT IN ('c', 'n') \
        AND target.relnamespace = current_schema()::regnamespace \
        AND NOT (source.relnamespace = target.relnamespace \
            AND source.relname IN (SELECT jsonb_array_elements_text($1::jsonb))) \
        AND target.relname IN (SELECT jsonb_array_elements_text($1::jsonb)) \
        AND target.relname NOT IN (SELECT jsonb_array_elements_text($2::jsonb)) \
    ORDER BY source.oid, conname";

impl Pool {
    /// Returns the foreign keys of other programs that can prevent the deletion of a row.
    pub(in crate::store) async fn blocking_foreign_keys(
        &self,
    ) -> Result<Vec<BlockingForeignKey>, DbError> {
        let sql = match self {
            Self::Sqlite(_) => IN_FILE,
            Self::Postgres(_) => ON_SERVER,
        };
        let own = json!(created_names(&SQLITE)).to_string();
        let mut connection = self.read().await?;
        connection.query(sql).bind(own).bind(json!(KEPT).to_string()).fetch_all().await
    }
}
