//! Rebuilds after random histories. They are those of the convergence tests, which compare the
//! results with a model.

use serde_json::Value;

use super::{all_rows, assert_same, report};
use crate::{
    convergence::round::{Round, difference},
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

/// Users whose deletion had no time. Only their rows contain the time of the deletion.
const UNDATED: &str = "SELECT clerk_id FROM users WHERE deleted_at = 0";

async fn assert_all_rows(tables: &mut Tables, expected: &Value) {
    let found = all_rows(tables).await;
    assert!(found == *expected, "{}", difference(expected, &found));
}

async fn empty(tables: &mut Tables) {
    for sql in [
        "DELETE FROM user_terms",
        "DELETE FROM sessions",
        "DELETE FROM accounts",
        "DELETE FROM verifications",
    ] {
        tables.run(sql).await;
    }
    tables.run(&format!("DELETE FROM users WHERE clerk_id NOT IN ({UNDATED})")).await;
}

#[apply(both_engines)]
async fn events_alone_restore_every_row(engine: Engine) {
    each_history(engine, async |database, _| {
        assert_same(database);
        let mut tables = database.tables().await;
        let before = all_rows(&mut tables).await;
        assert!(before["users"].as_array().unwrap().len() > 20, "{before}");
        empty(&mut tables).await;
        let (_, report) = report(database, &[]);
        assert_eq!(report["repaired"], true);
        assert_all_rows(&mut tables, &before).await;
        assert_same(database);
    })
    .await;
}

/// Changes and deletes random rows, and returns their number.
async fn damage(tables: &mut Tables, rng: &mut Rng) -> usize {
    let changes = [
        ("users", "clerk_id", "first_name = 'damaged'"),
        ("users", "clerk_id", "email = NULL, banned = TRUE"),
        // A row without an event and with another version looks like a state of the Backend API,
        // which a rebuild keeps.
        (
            "users",
            "clerk_id",
            "version_updated_at = \
             CASE version_event_id WHEN '' THEN 0 ELSE version_updated_at + 5 END",
        ),
        ("users", "clerk_id", "public_metadata = '{\"damaged\": [1]}'"),
        ("sessions", "id", "status = 'ended'"),
        ("sessions", "id", "sign_in_event_id = NULL, ip_address = '203.0.113.1'"),
        ("accounts", "user_id", "scope = 'damaged'"),
        ("verifications", "user_id", "status = 'damaged'"),
    ];
    let mut rows = 0;
    for (table, key, change) in changes {
        for id in tables.column(&format!("SELECT {key} FROM {table}")).await {
            if rng.below(4) == 0 {
                let sql = format!("UPDATE {table} SET {change} WHERE {key} = '{id}'");
                tables.run(&sql).await;
                rows += 1;
            }
        }
    }
    for (table, key) in [("users", "clerk_id"), ("sessions", "id"), ("user_terms", "user_id")] {
        for id in tables.column(&format!("SELECT {key} FROM {table}")).await {
            if rng.below(6) == 0 {
                let delete = format!("DELETE FROM {table} WHERE {key} = '{id}'");
                tables.run(&format!("{delete} AND {key} NOT IN ({UNDATED})")).await;
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
        assert!(damage(&mut tables, rng).await > 20);
        assert_ne!(all_rows(&mut tables).await, before);
        report(database, &[]);
        assert_all_rows(&mut tables, &before).await;
        assert_same(database);
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
