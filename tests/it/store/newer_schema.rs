//! A newer version of the program adds columns while this version runs.

use meetvo::{domain::decision::Outcome, store::Store};

use super::{commit, event, every_read::call_every_read, migrated, query_plans::growing_tables};
use crate::harness::{Engine, apply, both_engines, fixtures};

/// Commits every fixture, with event IDs that begin with a prefix.
async fn commit_every_fixture(store: &Store, prefix: &str) {
    for fixture in fixtures::all() {
        let id = format!("{prefix}_{}", fixture.name);
        let outcomes = commit(store, &[event(&id, &fixture.json)]).await;
        assert!(matches!(outcomes[..], [Outcome::Recorded(_)]), "{}: {outcomes:?}", fixture.name);
    }
}

/// Statements that were prepared before continue to work.
#[apply(both_engines)]
async fn statements_work_after_columns_were_added(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    for round in ["before", "after"] {
        for _ in 0..10 {
            call_every_read(&store).await;
        }
        commit_every_fixture(&store, round).await;
        if round == "before" {
            for table in
                growing_tables().chain(["checks", "crawls", "api_keys", "dashboard_sessions"])
            {
                tables.run(&format!("ALTER TABLE {table} ADD COLUMN added_later TEXT")).await;
            }
        }
    }
}
