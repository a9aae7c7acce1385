//! Tests of the store: schema, commits, reads and maintenance on both engines.

mod change_feed;
mod commit;
mod commit_order;
mod deadlocks;
mod digest;
mod drift_checks;
mod entitlements;
mod every_read;
mod failing_requests;
mod failing_writes;
mod fault_injection;
mod indexed_columns;
mod large_deletions;
mod large_tables;
mod migrations;
mod newer_schema;
mod query_plans;
mod rejected_events;
mod retention;
mod roles;
mod row_level_security;
mod schema;
mod statement_counts;
mod statements;
mod stored_objects;
mod unchanged_rows;
mod unreadable_rows;
mod upgrades;
mod views;
mod your_tables;

use std::sync::Arc;

use meetvo::{
    app,
    clerk::signature::Verified,
    domain::decision::{Decision, Outcome},
    objects::{decode::Decoder, event::Event},
    store::{Store, commit::Batch},
};
use serde_json::Value;

use crate::harness::{Database, Engine, NOW, Tables, settings};

/// Creates a database without a schema.
async fn empty(engine: Engine) -> (Database, Store, Tables) {
    let database = Database::new(engine).await;
    let store = open(&database).await;
    // `open` creates the file of a SQLite database.
    let tables = database.tables().await;
    (database, store, tables)
}

async fn open(database: &Database) -> Store {
    app::open_store(&settings(database, []).database).await.unwrap()
}

/// Creates a database with the current schema.
async fn migrated(engine: Engine) -> (Database, Store, Tables) {
    let (database, store, tables) = empty(engine).await;
    store.migrate().await.unwrap();
    (database, store, tables)
}

/// Decodes the event of a delivery.
fn event(id: &str, body: &Value) -> Event {
    let (body, secret) = (body.to_string(), Arc::from("tests"));
    let delivery = Verified { id, attempted_at: NOW, body: &body, secret };
    Decoder::default().decode(&delivery, NOW)
}

async fn commit(store: &Store, events: &[Event]) -> Vec<Outcome> {
    store.commit(Batch { events, secrets_used: &[] }).await.unwrap()
}

fn recorded(decisions: &[Decision]) -> Vec<Outcome> {
    decisions.iter().copied().map(Outcome::Recorded).collect()
}
