//! Everywhere a canary could have got to in a database.

use std::fs;

use serde_json::Value;

use crate::harness::{Database, Engine, Tables};

/// All rows of all tables.
pub(super) async fn rows(tables: &mut Tables) -> Vec<u8> {
    let names = match tables.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        Engine::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
    };
    let mut rows = Vec::new();
    let names = tables.column(names).await;
    assert!(names.len() > 7, "{names:?}");
    // What it holds is in the program.
    for name in names.into_iter().filter(|name| name != "_sqlx_migrations") {
        rows.push(Value::from(tables.rows(&name).await));
    }
    Value::from(rows).to_string().into_bytes()
}

/// Has PostgreSQL keep long texts as they are: in what is packed nobody finds anything.
pub(super) async fn unpack(tables: &mut Tables) {
    if tables.engine() == Engine::Postgres {
        for (table, columns) in [
            ("webhook_events", &["payload"][..]),
            ("users", &["search", "public_metadata", "private_metadata", "unsafe_metadata"]),
            ("sessions", &["actor", "user_agent"]),
        ] {
            for column in columns {
                let sql = format!("ALTER TABLE {table} ALTER {column} SET STORAGE EXTERNAL");
                tables.run(&sql).await;
            }
        }
    }
}

/// The bytes of the database's files, with what is free in them. SQLite's are the file, the log of
/// writes and the index of that; of PostgreSQL's the log of writes is not among them.
pub(super) async fn files(database: &Database, tables: &mut Tables) -> Vec<u8> {
    if database.engine == Engine::Sqlite {
        let files = fs::read_dir(database.folder()).unwrap();
        let files = files.map(|file| fs::read(file.unwrap().path()).unwrap());
        return files.collect::<Vec<_>>().concat();
    }
    let superuser = "SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user";
    if tables.column(superuser).await != ["true"] {
        // A server of somebody else's: what can be read there is the rows.
        return rows(tables).await;
    }
    tables.run("CHECKPOINT").await;
    let relations = "SELECT encode(pg_read_binary_file(pg_relation_filepath(oid)), 'escape') \
                     FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'i', 't')";
    tables.column(relations).await.concat().into_bytes()
}
