//! The indexed columns that the object types declare.

use std::collections::BTreeSet;

use meetvo::objects::Kind;
use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use super::migrated;
use crate::harness::{Engine, Tables};

/// Returns whether an update of the column writes an index.
async fn is_indexed(connection: &mut SqliteConnection, table: &str, column: &str) -> bool {
    let sql = AssertSqlSafe(format!("EXPLAIN UPDATE {table} SET {column} = {column}"));
    let steps = sqlx::query(sql).fetch_all(connection).await.unwrap();
    steps.iter().any(|step| step.get::<&str, _>("opcode") == "IdxInsert")
}

/// A commit leaves out the declared columns if they keep their values. With one too few, SQLite
/// writes its index for each event.
#[tokio::test]
async fn declared_columns_are_the_indexed_ones() {
    let (_database, _store, mut tables) = migrated(Engine::Sqlite).await;
    let Tables::Sqlite(connection) = &mut tables else { unreachable!("the tables are SQLite's") };
    for kind in Kind::ALL {
        let table = &kind.object_type().table;
        let mut indexed = BTreeSet::new();
        for column in table.columns {
            if is_indexed(connection, table.name, column.name).await {
                indexed.insert(column.name);
            }
        }
        let declared: BTreeSet<_> = table.indexed.iter().copied().collect();
        assert_eq!(declared, indexed, "{}", table.name);
        let others = ["field_versions", "version_updated_at", "version_occurred_at"];
        for column in others.into_iter().chain(table.terms.map(|_| "search")) {
            assert!(!is_indexed(connection, table.name, column).await, "{}.{column}", table.name);
        }
    }
}
