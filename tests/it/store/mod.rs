//! The database below the service: its schema, and batches committed to it.

mod checks;
mod circles;
mod commit;
mod deletions;
mod digest;
mod feed;
mod migrations;
mod plans;
mod refusals;
mod requests;
mod retention;
mod roles;
mod schema;
mod seq;
mod statements;
mod trap;
mod versions;
mod whole;

use std::sync::Arc;

use meetvo::{
    app,
    clerk::{decode::Decoder, signature::Verified},
    domain::event::{Decision, Event, Outcome},
    store::{Store, commit::Batch},
};
use serde_json::Value;

use crate::harness::{Database, Engine, NOW, Tables, settings};

/// A database of a test's own, as it was made.
async fn empty(engine: Engine) -> (Database, Store, Tables) {
    let database = Database::new(engine).await;
    let store = open(&database).await;
    // Opening makes the file, where there is one.
    let tables = database.tables().await;
    (database, store, tables)
}

async fn open(database: &Database) -> Store {
    app::open_store(&settings(database, []).database).await.unwrap()
}

/// A database of a test's own, with the schema in it.
async fn migrated(engine: Engine) -> (Database, Store, Tables) {
    let (database, store, tables) = empty(engine).await;
    store.migrate().await.unwrap();
    (database, store, tables)
}

/// The event that a delivery of this body carries.
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
