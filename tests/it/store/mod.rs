//! The database below the service: its schema, and batches committed to it.

mod commit;
mod digest;
mod migrations;
mod refusals;

use std::{path::Path, sync::Arc, time::Duration};

use meetvo::{
    clerk::{decode::Decoder, signature::Verified},
    domain::event::{Decision, Event, Outcome},
    store::{
        Store,
        commit::Batch,
        driver::{Options, Target},
    },
};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{File, NOW};

/// A database of a test's own, as it was made.
async fn empty() -> (TempDir, Store, File) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("meetvo.db");
    let store = open(&path).await;
    let file = File::open(&path).await;
    (folder, store, file)
}

async fn open(path: &Path) -> Store {
    Store::open(&options(path)).await.unwrap()
}

fn options(path: &Path) -> Options {
    Options {
        target: Target::Sqlite(path.to_owned()),
        max_connections: 2,
        acquire_timeout: Duration::from_secs(5),
        commit_timeout: Duration::from_secs(5),
    }
}

/// A database of a test's own, with the schema in it.
async fn migrated() -> (TempDir, Store, File) {
    let (folder, store, file) = empty().await;
    store.migrate().await.unwrap();
    (folder, store, file)
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
