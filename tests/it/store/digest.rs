//! What the digest counts, and what it does not.

use meetvo::{
    app,
    store::{
        StoreError,
        digest::{SyncedTablesDigest, RowDigest},
        driver::Snapshot,
    },
};

use super::{commit, event, migrated};
use crate::harness::{BOOLEANS, Database, Engine, Tables, apply, both_engines, fixtures, settings};

const TABLES: [&str; 4] = ["users", "sessions", "accounts", "verifications"];

async fn digest(database: &Database) -> SyncedTablesDigest {
    rows(database).await.0
}

/// The digest, and those of the rows.
async fn rows(database: &Database) -> (SyncedTablesDigest, Vec<RowDigest>) {
    let mut snapshot = open(database).await;
    let read = read(&mut snapshot).await;
    snapshot.close().await;
    read
}

async fn read(snapshot: &mut Snapshot) -> (SyncedTablesDigest, Vec<RowDigest>) {
    let mut rows = Vec::new();
    let list = |row: &RowDigest| {
        rows.push(row.clone());
        Ok::<_, StoreError>(())
    };
    let digest = snapshot.digest(list).await.unwrap();
    (digest, rows)
}

async fn open(database: &Database) -> Snapshot {
    app::open_snapshot(&settings(database, []).database).await.unwrap()
}

/// A database with one row in each table, and a hand in it that no foreign key holds back.
async fn filled(engine: Engine) -> (Database, Tables) {
    let (database, store, mut tables) = migrated(engine).await;
    let user = event("msg_1", &fixtures::user_event("user.created", "user_1", 0));
    let session = fixtures::session_event("session.created", "sess_1", "user_1", 1);
    commit(&store, &[user, event("msg_2", &session)]).await;
    tables.disable_foreign_keys().await;
    tables.run("DELETE FROM verifications WHERE kind <> 'email'").await;
    (database, tables)
}

/// A column that is added to the schema and not to what is hashed falls out here.
#[apply(both_engines)]
async fn every_column_counts_in_the_digest_of_its_table_but_the_ids_of_events(engine: Engine) {
    let (database, mut tables) = filled(engine).await;
    let (mut before, mut counted) = (digest(&database).await, 0);
    for (place, table) in TABLES.into_iter().enumerate() {
        assert_eq!((before.tables[place].table, before.tables[place].rows), (table, 1));
        for column in tables.columns(table).await {
            let other = match &*column {
                name if BOOLEANS.contains(&name) => {
                    format!("CASE WHEN {column} THEN FALSE ELSE TRUE END")
                }
                name if name.ends_with("_at") || name == "attempts" => {
                    format!("CASE {column} WHEN 1 THEN 0 ELSE 1 END")
                }
                // A text, and JSON.
                _ => "'\"changed\"'".to_owned(),
            };
            tables.run(&format!("UPDATE {table} SET {column} = {other}")).await;
            let after = digest(&database).await;
            if matches!(&*column, "version_event_id" | "sign_in_event_id") {
                assert_eq!(after, before, "{table}.{column} does not count");
                continue;
            }
            assert_ne!(after.sha256, before.sha256, "{table}.{column} counts");
            for (at, (after, before)) in after.tables.iter().zip(&before.tables).enumerate() {
                assert_eq!(after == before, at != place, "{table}.{column} in {}", after.table);
            }
            (before, counted) = (after, counted + 1);
        }
    }
    assert!(counted > 50, "{counted}");
}

#[apply(both_engines)]
async fn null_is_neither_empty_nor_zero_nor_a_null_in_json(engine: Engine) {
    let (database, mut tables) = filled(engine).await;
    for (column, values) in [
        ("username", ["NULL", "''", "'null'"]),
        ("locked", ["NULL", "FALSE", "TRUE"]),
        ("last_sign_in_at", ["NULL", "0", "-1"]),
        ("public_metadata", ["NULL", "'null'", "'\"null\"'"]),
    ] {
        let mut digests = Vec::new();
        for value in values {
            tables.run(&format!("UPDATE users SET {column} = {value}")).await;
            digests.push(digest(&database).await.sha256);
        }
        digests.sort_unstable();
        digests.dedup();
        assert_eq!(digests.len(), values.len(), "{column}");
    }
}

/// What one engine keeps as it came, the other writes in a way of its own.
#[apply(both_engines)]
async fn json_counts_by_its_value(engine: Engine) {
    let (database, mut tables) = filled(engine).await;
    let metadata = |json: &str| format!("UPDATE users SET private_metadata = '{json}'");
    tables.run(&metadata(r#"{"id":1e+16,"b":{"y":-0.0,"x":[1.0]},"a":"\u00e9\/"}"#)).await;
    let whole = digest(&database).await;
    tables
        .run(&metadata(r#"{"a": "é/", "b": {"x": [1], "y": 0.0}, "id": 10000000000000000}"#))
        .await;
    assert_eq!(digest(&database).await, whole);
    tables.run(&metadata(r#"{"id":10000000000000001,"b":{"y":0,"x":[1]},"a":"é/"}"#)).await;
    assert_ne!(digest(&database).await, whole);
}

#[apply(both_engines)]
async fn the_order_in_which_rows_came_does_not_count(engine: Engine) {
    let (database, mut tables) = filled(engine).await;
    let more = |id: &str| {
        format!("INSERT INTO users (clerk_id, version_updated_at) VALUES ('user_{id}', 1)")
    };
    for id in ["b", "B", "a"] {
        tables.run(&more(id)).await;
    }
    let (before, rows) = rows(&database).await;
    let keys: Vec<_> = rows[..4].iter().map(|row| &*row.key[0]).collect();
    assert_eq!(keys, ["user_1", "user_B", "user_a", "user_b"], "by their bytes");
    tables.run("CREATE TABLE copy AS SELECT * FROM users; DELETE FROM users").await;
    tables.run("INSERT INTO users SELECT * FROM copy ORDER BY clerk_id DESC").await;
    assert_eq!(digest(&database).await, before);
}

#[apply(both_engines)]
async fn stubs_do_not_count_and_tombstones_do(engine: Engine) {
    let (database, mut tables) = filled(engine).await;
    let before = digest(&database).await;
    tables.run("INSERT INTO users (clerk_id) VALUES ('user_2')").await;
    assert_eq!(digest(&database).await, before);
    tables.run("UPDATE users SET deleted_at = 1 WHERE clerk_id = 'user_2'").await;
    let buried = digest(&database).await;
    assert_eq!(buried.tables[0].rows, 2);
    tables.run("UPDATE users SET deleted_at = 2 WHERE clerk_id = 'user_2'").await;
    assert_ne!(digest(&database).await, buried, "the time of a deletion counts");
}

/// Rows are read some at a time: none is left out or read twice where one page ends.
#[apply(both_engines)]
async fn tables_of_every_length_are_read_to_their_end(engine: Engine) {
    let (database, mut tables) = filled(engine).await;
    tables.run("DELETE FROM users; DELETE FROM sessions; DELETE FROM verifications").await;
    for (from, to) in [(1, 499), (500, 500), (501, 501), (502, 1_250)] {
        let numbers = format!(
            "WITH RECURSIVE numbers (n) AS \
             (SELECT {from} UNION ALL SELECT n + 1 FROM numbers WHERE n < {to})"
        );
        // Four users, and pages that end between the items of one.
        for insert in [
            format!(
                "INSERT INTO users (clerk_id, deleted_at) {numbers} \
                 SELECT 'user_' || (10000 + n), 1 FROM numbers"
            ),
            format!(
                "INSERT INTO verifications (user_id, id, kind) {numbers} \
                 SELECT 'user_' || (n % 4), '' || n, 'email' FROM numbers"
            ),
        ] {
            tables.run(&insert).await;
        }
        let (digest, rows) = rows(&database).await;
        for (table, key) in [("users", "clerk_id"), ("verifications", "user_id || ' ' || id")] {
            let expected =
                tables.column(&format!("SELECT {key} FROM {table} ORDER BY {key}")).await;
            let found = rows.iter().filter(|row| row.table == table);
            let found: Vec<_> = found.map(|row| row.key.join(" ")).collect();
            assert_eq!((found.len(), found), (to, expected), "{table}");
            let counted = digest.tables.iter().find(|it| it.table == table).unwrap().rows;
            assert_eq!(usize::try_from(counted), Ok(to));
        }
    }
}

#[apply(both_engines)]
async fn a_snapshot_sees_one_instant(engine: Engine) {
    let (database, mut tables) = filled(engine).await;
    let mut snapshot = open(&database).await;
    let before = read(&mut snapshot).await;
    tables.run("DELETE FROM accounts").await;
    assert_eq!(read(&mut snapshot).await, before);
    snapshot.close().await;
    assert_ne!(rows(&database).await, before);
}
