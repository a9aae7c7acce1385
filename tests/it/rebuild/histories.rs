//! After any history: the sets of the convergence tests, whose results a model has looked at.

use serde_json::Value;

use super::{assert_same, everything, report};
use crate::{
    convergence::round::{Round, difference},
    harness::{Database, Rng, Engine, Tables, apply, env_number, both_engines},
};

/// The first set of the short form, and how many there are.
const USUAL_SEED: u64 = 1;
const USUAL_SETS: u64 = 20;

/// So many sets share a database.
const TOGETHER: u64 = 20;

/// What came of some sets, each in two orders; and rng.
async fn each_history(engine: Engine, look: impl AsyncFn(&Database, &mut Rng)) {
    let first = env_number("TORTURE_SEED").unwrap_or(USUAL_SEED);
    let end = first + env_number("TORTURE_SETS").unwrap_or(USUAL_SETS);
    for seed in (first..end).step_by(usize::try_from(TOGETHER).unwrap()) {
        let seeds = seed..end.min(seed + TOGETHER);
        let round = Round { engine, seeds, orders: vec![0, 2], replicas: 1 };
        look(&round.run().await.database, &mut Rng(seed)).await;
    }
}

/// Deletions that came without a time are dated by their rows alone.
const UNDATED: &str = "SELECT clerk_id FROM users WHERE deleted_at = 0";

async fn assert_everything(tables: &mut Tables, expected: &Value) {
    let found = everything(tables).await;
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
async fn from_the_events_alone_every_row_comes_out_as_it_was(engine: Engine) {
    each_history(engine, async |database, _| {
        assert_same(database);
        let mut tables = database.tables().await;
        let before = everything(&mut tables).await;
        assert!(before["users"].as_array().unwrap().len() > 20, "{before}");
        empty(&mut tables).await;
        let (_, report) = report(database, &[]);
        assert_eq!(report["repaired"], true);
        assert_everything(&mut tables, &before).await;
        assert_same(database);
    })
    .await;
}

/// Changes by chance what no version depends on; how many rows.
async fn damage(tables: &mut Tables, rng: &mut Rng) -> usize {
    let changes = [
        ("users", "clerk_id", "first_name = 'damaged'"),
        ("users", "clerk_id", "email = NULL, banned = TRUE"),
        // One that no event has told of looks like a state of the Backend API otherwise, and stays.
        (
            "users",
            "clerk_id",
            "version_updated_at = CASE version_event_id WHEN '' THEN 0 ELSE version_updated_at + 5 END",
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
                let undated = format!("DELETE FROM {table} WHERE {key} = '{id}'");
                let kept = format!("AND {key} NOT IN ({UNDATED})");
                tables.run(&format!("{undated} {kept}")).await;
                rows += 1;
            }
        }
    }
    rows
}

#[apply(both_engines)]
async fn whatever_was_damaged_is_mended(engine: Engine) {
    each_history(engine, async |database, rng| {
        let mut tables = database.tables().await;
        let before = everything(&mut tables).await;
        assert!(damage(&mut tables, rng).await > 20);
        assert_ne!(everything(&mut tables).await, before);
        report(database, &[]);
        assert_everything(&mut tables, &before).await;
        assert_same(database);
    })
    .await;
}

#[apply(both_engines)]
async fn what_the_events_no_longer_tell_stays(engine: Engine) {
    each_history(engine, async |database, rng| {
        let mut tables = database.tables().await;
        let before = everything(&mut tables).await;
        for share in [10, 2, 1] {
            for id in tables.column("SELECT id FROM webhook_events").await {
                if rng.below(share) == 0 {
                    let sql = format!("UPDATE webhook_events SET payload = NULL WHERE id = '{id}'");
                    tables.run(&sql).await;
                }
            }
            let (_, report) = report(database, &[]);
            assert_eq!(report["rows"], Value::Array(Vec::new()), "{report}");
            assert_everything(&mut tables, &before).await;
        }
        let kept = "SELECT seq || '' FROM webhook_events ORDER BY seq";
        let seqs = tables.column(kept).await;
        for at in [1, seqs.len() / 2, seqs.len() - 1] {
            tables.run(&format!("DELETE FROM webhook_events WHERE seq < {}", seqs[at])).await;
            assert_same(database);
            assert_everything(&mut tables, &before).await;
        }
    })
    .await;
}
