//! Rebuilds after random histories. They are those of the convergence tests, which compare the
//! results with a model.

use std::collections::BTreeSet;

use meetvo::objects::Kind;
use serde_json::Value;

use super::{all_rows, assert_same, report};
use crate::{
    convergence::{
        feed,
        round::{Round, difference},
    },
    harness::{Database, Engine, Rng, Tables, apply, both_engines, env_number},
};

/// First set of the short run, and number of sets.
const DEFAULT_SEED: u64 = 1;
const DEFAULT_SETS: u64 = 20;

/// Number of sets that share a database.
const SETS_PER_DATABASE: u64 = 20;

/// Calls `test` with the database after some sets, each in two orders, and with a seeded generator.
async fn each_history(engine: Engine, test: impl AsyncFn(&Database, &mut Rng)) {
    let first = env_number("TORTURE_SEED").unwrap_or(DEFAULT_SEED);
    let end = first + env_number("TORTURE_SETS").unwrap_or(DEFAULT_SETS);
    for seed in (first..end).step_by(usize::try_from(SETS_PER_DATABASE).unwrap()) {
        let seeds = seed..end.min(seed + SETS_PER_DATABASE);
        let round = Round { engine, seeds, orders: vec![0, 2], replicas: 1 };
        test(&round.run().await.database, &mut Rng(seed)).await;
    }
}

/// Returns the tables of objects, with the column of the ID. An owner comes before what belongs to
/// it.
fn object_tables() -> impl DoubleEndedIterator<Item = (&'static str, &'static str)> {
    Kind::ALL.into_iter().map(|kind| (kind.object_type().table.name, kind.object_type().table.id))
}

/// Returns a SQL condition for the objects that the event log can restore.
///
/// The time of a deletion without a time is only in the row. The deletion of a user empties the
/// payloads of memberships and accepted invitations, which say more than that of the user.
async fn is_restorable(tables: &mut Tables, rows: &Value) -> String {
    let lost = "SELECT id FROM webhook_events WHERE payload IS NULL";
    let lost: BTreeSet<String> = tables.column(lost).await.into_iter().collect();
    let mut kept = BTreeSet::new();
    for (table, key) in object_tables() {
        for row in rows[table].as_array().unwrap() {
            let versions = row["field_versions"].as_str().unwrap_or("{}");
            let versions: Value = serde_json::from_str(versions).unwrap();
            let events = versions.as_object().unwrap().values().map(|version| &version[2]);
            let mut events = events.chain([&row["version_event_id"], &row["sign_in_event_id"]]);
            let is_lost = events.any(|id| id.as_str().is_some_and(|id| lost.contains(id)));
            if is_lost || row["deleted_at"] == 0 {
                let ids = [&row[key], &row["organization_id"]].into_iter();
                kept.extend(ids.filter_map(Value::as_str).map(|id| format!("'{id}'")));
            }
        }
    }
    format!("NOT IN ({})", Vec::from_iter(kept).join(", "))
}

async fn assert_all_rows(tables: &mut Tables, expected: &Value) {
    let found = all_rows(tables).await;
    assert!(found == *expected, "{}", difference(expected, &found));
}

async fn empty(tables: &mut Tables, is_restorable: &str) {
    for table in ["user_terms", "organization_terms", "accounts", "verifications"] {
        tables.run(&format!("DELETE FROM {table}")).await;
    }
    for (table, key) in object_tables().rev() {
        tables.run(&format!("DELETE FROM {table} WHERE {key} {is_restorable}")).await;
    }
}

#[apply(both_engines)]
async fn events_alone_restore_every_row(engine: Engine) {
    each_history(engine, async |database, _| {
        assert_same(database);
        let mut tables = database.tables().await;
        let before = all_rows(&mut tables).await;
        assert!(before["users"].as_array().unwrap().len() > 20, "{before}");
        let is_restorable = is_restorable(&mut tables, &before).await;
        empty(&mut tables, &is_restorable).await;
        let (_, report) = report(database, &[]);
        assert_eq!(report["repaired"], true);
        assert_all_rows(&mut tables, &before).await;
        assert_same(database);
    })
    .await;
}

/// Changes and deletes random rows, and returns their number.
async fn damage(tables: &mut Tables, rng: &mut Rng, is_restorable: &str) -> usize {
    // A row without an event and with another version looks like a state of the Backend API, which a
    // rebuild keeps.
    let newer = "version_updated_at = \
                 CASE version_event_id WHEN '' THEN 0 ELSE version_updated_at + 5 END";
    let changes = [
        ("users", "clerk_id", "first_name = 'damaged'"),
        ("users", "clerk_id", "email = NULL, banned = TRUE"),
        ("users", "clerk_id", newer),
        ("users", "clerk_id", "public_metadata = '{\"damaged\": [1]}'"),
        ("users", "clerk_id", "field_versions = NULL"),
        ("sessions", "id", "status = 'ended'"),
        ("sessions", "id", "sign_in_event_id = NULL, ip_address = '203.0.113.1'"),
        ("sessions", "id", "field_versions = '{\"client_id\": null}'"),
        ("accounts", "user_id", "scope = 'damaged'"),
        ("verifications", "user_id", "status = 'damaged'"),
        ("organizations", "id", "name = 'damaged', search = NULL"),
        ("organizations", "id", newer),
        ("organizations", "id", "field_versions = NULL"),
        ("organization_memberships", "id", "role = 'damaged', permissions = '[\"damaged\"]'"),
        ("organization_memberships", "id", newer),
        ("organization_invitations", "id", "status = 'revoked', user_id = NULL"),
        ("organization_domains", "id", "name = NULL, ownership_status = 'damaged'"),
        ("roles", "id", "permissions = '[\"damaged\"]'"),
        ("permissions", "id", "type = 'damaged'"),
    ];
    let mut rows = 0;
    for (table, key, change) in changes {
        let ids = format!("SELECT {key} FROM {table} WHERE {key} {is_restorable}");
        for id in tables.column(&ids).await {
            if rng.below(4) == 0 {
                let sql = format!("UPDATE {table} SET {change} WHERE {key} = '{id}'");
                tables.run(&sql).await;
                rows += 1;
            }
        }
    }
    let terms = [("user_terms", "user_id"), ("organization_terms", "organization_id")];
    for (table, key) in object_tables().chain(terms) {
        let ids = format!("SELECT {key} FROM {table} WHERE {key} {is_restorable}");
        for id in tables.column(&ids).await {
            if rng.below(6) == 0 {
                tables.run(&format!("DELETE FROM {table} WHERE {key} = '{id}'")).await;
                rows += 1;
            }
        }
    }
    rows
}

#[apply(both_engines)]
async fn random_damage_is_repaired(engine: Engine) {
    each_history(engine, async |database, rng| {
        let mut tables = database.tables().await;
        let before = all_rows(&mut tables).await;
        let is_restorable = is_restorable(&mut tables, &before).await;
        assert!(damage(&mut tables, rng, &is_restorable).await > 20);
        assert_ne!(all_rows(&mut tables).await, before);
        report(database, &[]);
        assert_all_rows(&mut tables, &before).await;
        assert_same(database);
        feed::assert_created_once(&feed::operations(database).await);
    })
    .await;
}

#[apply(both_engines)]
async fn rows_of_purged_events_stay(engine: Engine) {
    each_history(engine, async |database, rng| {
        let mut tables = database.tables().await;
        let before = all_rows(&mut tables).await;
        for share in [10, 2, 1] {
            for id in tables.column("SELECT id FROM webhook_events").await {
                if rng.below(share) == 0 {
                    let sql = format!("UPDATE webhook_events SET payload = NULL WHERE id = '{id}'");
                    tables.run(&sql).await;
                }
            }
            let (_, report) = report(database, &[]);
            assert_eq!(report["rows"], Value::Array(Vec::new()), "{report}");
            assert_all_rows(&mut tables, &before).await;
        }
        let sql = "SELECT seq || '' FROM webhook_events ORDER BY seq";
        let seqs = tables.column(sql).await;
        for at in [1, seqs.len() / 2, seqs.len() - 1] {
            tables.run(&format!("DELETE FROM webhook_events WHERE seq < {}", seqs[at])).await;
            assert_same(database);
            assert_all_rows(&mut tables, &before).await;
        }
    })
    .await;
}
