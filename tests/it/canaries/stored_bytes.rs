//! Everything that a database stores: the rows of all tables, and the bytes of its files.

use std::fs;

use serde_json::Value;

use crate::harness::{Database, Engine, Tables};

/// Returns all rows of all tables.
pub(super) async fn rows(tables: &mut Tables) -> Vec<u8> {
    let names = match tables.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        Engine::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'clerk'",
    };
    let mut rows = Vec::new();
    let names = tables.column(names).await;
    assert!(names.len() > 7, "{names:?}");
    // Its rows are part of the program.
    for name in names.into_iter().filter(|name| name != "_sqlx_migrations") {
        rows.push(Value::from(tables.rows(&name).await));
    }
    Value::from(rows).to_string().into_bytes()
}

/// Makes PostgreSQL store long texts uncompressed, so that a search of the files finds canaries.
pub(super) async fn disable_compression(tables: &mut Tables) {
    if tables.engine() == Engine::Postgres {
        for (table, columns) in [
            ("webhook_events", &["payload"][..]),
            ("users", &["search", "public_metadata", "private_metadata", "unsafe_metadata"]),
            ("sessions", &["actor", "user_agent"]),
            ("organizations", &["search", "public_metadata", "private_metadata"]),
            ("organization_memberships", &["permissions", "public_metadata", "private_metadata"]),
            ("organization_invitations", &["public_metadata", "private_metadata"]),
        ] {
            for column in columns {
                let sql = format!("ALTER TABLE {table} ALTER {column} SET STORAGE EXTERNAL");
                tables.run(&sql).await;
            }
        }
    }
}

/// Returns the bytes of the database files, including free space. On SQLite these are the file, its
/// write-ahead log and the index of the log; on PostgreSQL, the write-ahead log is not included.
pub(super) async fn files(database: &Database, tables: &mut Tables) -> Vec<u8> {
    if database.engine == Engine::Sqlite {
        let files = fs::read_dir(database.folder()).unwrap();
        let files = files.map(|file| fs::read(file.unwrap().path()).unwrap());
        return files.collect::<Vec<_>>().concat();
    }
    let superuser = "SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user";
    if tables.column(superuser).await != ["true"] {
        // Without superuser rights, only the rows can be read.
        return rows(tables).await;
    }
    tables.run("CHECKPOINT").await;
    let relations = "SELECT encode(pg_read_binary_file(pg_relation_filepath(oid)), 'escape') \
                     FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'i', 't')";
    tables.column(relations).await.concat().into_bytes()
}
