//! A look into a service's SQLite file, and a hand in it, past the service.

use std::path::Path;

use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

/// What is synced.
const PROJECTION: [&str; 4] = ["users", "sessions", "accounts", "verifications"];

/// A connection of the test's own.
pub struct File(SqliteConnection);

impl File {
    pub async fn open(path: &Path) -> Self {
        let url = format!("sqlite:{}", path.display());
        Self(SqliteConnection::connect(&url).await.unwrap())
    }

    /// Runs statements.
    pub async fn run(&mut self, sql: &str) {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.0).await.unwrap();
    }

    /// The first column of a query.
    pub async fn column(&mut self, sql: &str) -> Vec<String> {
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut self.0).await.unwrap()
    }

    /// A table with all its columns, in the order of its key.
    pub async fn rows(&mut self, table: &str) -> Vec<Value> {
        let columns = format!("SELECT name FROM pragma_table_info('{table}')");
        let columns = self.column(&columns).await;
        let pairs: Vec<_> = columns.iter().map(|name| format!("'{name}', {name}")).collect();
        let (pairs, key) = (pairs.join(", "), columns[..2].join(", "));
        let rows = format!("SELECT json_object({pairs}) FROM {table} ORDER BY {key}");
        self.column(&rows).await.iter().map(|row| serde_json::from_str(row).unwrap()).collect()
    }

    /// Everything that is synced, by table.
    pub async fn projection(&mut self) -> Value {
        let mut tables = serde_json::Map::new();
        for table in PROJECTION {
            tables.insert(table.to_owned(), self.rows(table).await.into());
        }
        tables.into()
    }
}
