//! A newer version of the program, which has been at the tables while this one runs.

use meetvo::{domain::event::Outcome, store::Store};

use super::{
    commit, event, migrated,
    plans::{TABLES, ask_everything},
};
use crate::harness::{Engine, apply, both_engines, fixtures};

/// Commits all there is to commit, by these ids.
async fn commit_everything(store: &Store, ids: &str) {
    for fixture in fixtures::all() {
        let id = format!("{ids}_{}", fixture.name);
        let outcomes = commit(store, &[event(&id, &fixture.json)]).await;
        assert!(matches!(outcomes[..], [Outcome::Recorded(_)]), "{}: {outcomes:?}", fixture.name);
    }
}

/// What was prepared before goes on.
#[apply(both_engines)]
async fn whoever_runs_goes_on_when_a_newer_one_has_added_columns(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    for round in ["before", "after"] {
        for _ in 0..10 {
            ask_everything(&store).await;
        }
        commit_everything(&store, round).await;
        if round == "before" {
            for table in TABLES.into_iter().chain(["checks", "crawls", "api_keys"]) {
                tables.run(&format!("ALTER TABLE {table} ADD COLUMN of_a_newer_one TEXT")).await;
            }
        }
    }
}
