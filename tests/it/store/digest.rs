//! Digest of the synced tables: which differences change it.

use meetvo::{
    app,
    domain::change_source::ChangeSource,
    objects::{Kind, decode::api_object},
    store::{
        StoreError,
        digest::{RowDigest, SyncedTablesDigest},
        driver::Snapshot,
    },
};

use serde_json::{json, value::RawValue};

use super::{commit, event, migrated};
use crate::harness::{
    BOOLEANS, Database, Engine, NOW, Tables, apply, both_engines, fixtures, settings, synced_tables,
};

/// Columns with integers, besides the times `…_at`.
const INTEGERS: [&str; 13] = [
    "attempts",
    "max_allowed_memberships",
    "amount",
    "annual_monthly_amount",
    "free_trial_days",
    "plan_amount",
    "period_start",
    "period_end",
    "seats",
    "subtotal",
    "tax_total",
    "grand_total",
    "billing_date",
];

async fn digest(database: &Database) -> SyncedTablesDigest {
    rows(database).await.0
}

/// Returns the digest with the digests of the rows.
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

/// Creates a database with one row in each table, and a connection without foreign key checks.
async fn filled(engine: Engine) -> (Database, Tables) {
    let (database, store, mut tables) = migrated(engine).await;
    let user = event("msg_1", &fixtures::user_event("user.created", "user_1", 0));
    let session = fixtures::session_event("session.created", "sess_1", "user_1", 1);
    commit(&store, &[user, event("msg_2", &session)]).await;
    let data = json!({
        "organization_id": "org_1",
        "public_user_data": { "user_id": "user_1" },
        "payer": { "user_id": "user_1" },
    });
    for kind in Kind::ALL.into_iter().filter(|it| !matches!(it, Kind::User | Kind::Session)) {
        let name = kind.object_type().name;
        let mut data = data.clone();
        data["id"] = if kind == Kind::Organization { json!("org_1") } else { json!(name) };
        let created = if let Some((created, _)) = kind.object_type().events.first() {
            event(&format!("msg_{name}"), &fixtures::event(created, data, 2))
        } else {
            let object = RawValue::from_string(data.to_string()).unwrap();
            api_object::fetched(kind, &object, ChangeSource::Backfill, NOW)
        };
        commit(&store, &[created]).await;
    }
    tables.disable_foreign_keys().await;
    tables.run("DELETE FROM verifications WHERE kind <> 'email'").await;
    (database, tables)
}

/// Finds a column that was added to the schema, but not to the digest.
#[apply(both_engines)]
async fn every_column_except_event_ids_is_hashed(engine: Engine) {
    let (database, mut tables) = Box::pin(filled(engine)).await;
    let (mut before, mut hashed) = (digest(&database).await, 0);
    for (position, table) in synced_tables().enumerate() {
        assert_eq!((before.tables[position].table, before.tables[position].rows), (table, 1));
        for column in tables.columns(table).await {
            let other = match &*column {
                name if BOOLEANS.contains(&name) => {
                    format!("CASE WHEN {column} THEN FALSE ELSE TRUE END")
                }
                name if name.ends_with("_at") || INTEGERS.contains(&name) => {
                    format!("CASE {column} WHEN 1 THEN 0 ELSE 1 END")
                }
                // Valid as text and as JSON.
                _ => "'\"changed\"'".to_owned(),
            };
            tables.run(&format!("UPDATE {table} SET {column} = {other}")).await;
            let after = digest(&database).await;
            // The versions of fields contain IDs of events.
            if matches!(&*column, "version_event_id" | "sign_in_event_id" | "field_versions") {
                assert_eq!(after, before, "{table}.{column} is not hashed");
                continue;
            }
            assert_ne!(after.sha256, before.sha256, "{table}.{column} is hashed");
            for (index, (after, before)) in after.tables.iter().zip(&before.tables).enumerate() {
                let is_same = index != position;
                assert_eq!(after == before, is_same, "{table}.{column} in {}", after.table);
            }
            (before, hashed) = (after, hashed + 1);
        }
    }
    assert!(hashed > 50, "{hashed}");
}

#[apply(both_engines)]
async fn null_differs_from_empty_zero_and_json(engine: Engine) {
    let (database, mut tables) = Box::pin(filled(engine)).await;
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

/// SQLite keeps the text of JSON as it was written. PostgreSQL writes it in its own form.
#[apply(both_engines)]
async fn json_is_hashed_by_value(engine: Engine) {
    let (database, mut tables) = Box::pin(filled(engine)).await;
    let metadata = |json: &str| format!("UPDATE users SET private_metadata = '{json}'");
    tables.run(&metadata(r#"{"id":1e+16,"b":{"y":-0.0,"x":[1.0]},"a":"\u00e9\/"}"#)).await;
    let before = digest(&database).await;
    tables
        .run(&metadata(r#"{"a": "é/", "b": {"x": [1], "y": 0.0}, "id": 10000000000000000}"#))
        .await;
    assert_eq!(digest(&database).await, before);
    tables.run(&metadata(r#"{"id":10000000000000001,"b":{"y":0,"x":[1]},"a":"é/"}"#)).await;
    assert_ne!(digest(&database).await, before);
}

#[apply(both_engines)]
async fn insertion_order_is_ignored(engine: Engine) {
    let (database, mut tables) = Box::pin(filled(engine)).await;
    let insert = |id: &str| {
        format!("INSERT INTO users (clerk_id, version_updated_at) VALUES ('user_{id}', 1)")
    };
    for id in ["b", "B", "a"] {
        tables.run(&insert(id)).await;
    }
    let (before, rows) = rows(&database).await;
    let keys: Vec<_> = rows[..4].iter().map(|row| &*row.key[0]).collect();
    assert_eq!(keys, ["user_1", "user_B", "user_a", "user_b"], "sorted by bytes");
    tables.run("CREATE TABLE copy AS SELECT * FROM users; DELETE FROM users").await;
    tables.run("INSERT INTO users SELECT * FROM copy ORDER BY clerk_id DESC").await;
    assert_eq!(digest(&database).await, before);
}

#[apply(both_engines)]
async fn tombstones_are_hashed_and_stubs_are_not(engine: Engine) {
    let (database, mut tables) = Box::pin(filled(engine)).await;
    let before = digest(&database).await;
    tables.run("INSERT INTO users (clerk_id) VALUES ('user_2')").await;
    assert_eq!(digest(&database).await, before);
    tables.run("UPDATE users SET deleted_at = 1 WHERE clerk_id = 'user_2'").await;
    let deleted = digest(&database).await;
    assert_eq!(deleted.tables[0].rows, 2);
    tables.run("UPDATE users SET deleted_at = 2 WHERE clerk_id = 'user_2'").await;
    assert_ne!(digest(&database).await, deleted, "the time of a deletion is hashed");
}

/// Rows are read in pages. No row is left out or read twice at the end of a page.
#[apply(both_engines)]
async fn tables_of_any_length_are_hashed_completely(engine: Engine) {
    let (database, mut tables) = Box::pin(filled(engine)).await;
    tables.run("DELETE FROM users; DELETE FROM sessions; DELETE FROM verifications").await;
    for (from, to) in [(1, 499), (500, 500), (501, 501), (502, 1_250)] {
        let numbers = format!(
            "WITH RECURSIVE numbers (n) AS \
             (SELECT {from} UNION ALL SELECT n + 1 FROM numbers WHERE n < {to})"
        );
        // The verifications belong to four users, so that a page ends between those of one user.
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
            let count = digest.tables.iter().find(|it| it.table == table).unwrap().rows;
            assert_eq!(usize::try_from(count), Ok(to));
        }
    }
}

#[apply(both_engines)]
async fn snapshot_ignores_later_changes(engine: Engine) {
    let (database, mut tables) = Box::pin(filled(engine)).await;
    let mut snapshot = open(&database).await;
    let before = read(&mut snapshot).await;
    tables.run("DELETE FROM accounts").await;
    assert_eq!(read(&mut snapshot).await, before);
    snapshot.close().await;
    assert_ne!(rows(&database).await, before);
}
