//! SQLite's file, byte by byte: what is deleted is overwritten, and copies of it stay nevertheless in
//! pages whose rows were moved.

use std::collections::BTreeSet;

use meetvo::{
    app,
    clerk::{decode::Decoder, signature::Verified},
    domain::event::Event,
    store::{Store, commit::Batch, erasure::VacuumOutcome},
};
use serde_json::{Value, json};

use super::{marks, places};
use crate::harness::{Database, Rng, Engine, NOW, fixtures, settings};

const USERS: usize = 400;
const CHANGES: usize = 2_400;
/// Of those who are there at first.
const STAY: usize = 40;

fn canary(user: usize) -> String {
    format!("cnry{user:05}z")
}

fn id(user: usize) -> String {
    // Scattered over the keys, as Clerk's ids are.
    format!("user_{:016x}", (user as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// A change of a user, whose row and whose payload get longer and shorter.
fn change(user: usize, later: usize, rng: &mut Rng) -> Value {
    let mut body = fixtures::user_event("user.updated", &id(user), i64::try_from(later).unwrap());
    let text = canary(user);
    body["data"]["username"] = json!(format!("{text}_{later}"));
    body["data"]["email_addresses"][0]["email_address"] = json!(format!("{text}@example.com"));
    body["data"]["public_metadata"] = json!({ "note": text.repeat(rng.below(120)) });
    body
}

fn event(number: usize, body: &Value) -> Event {
    let (id, body) = (format!("msg_{number}"), body.to_string());
    let delivery = Verified { id: &id, attempted_at: NOW, body: &body, secret: "tests".into() };
    Decoder::default().decode(&delivery, NOW)
}

async fn commit(store: &Store, events: &[Event]) {
    store.commit(Batch { events, secrets_used: &[] }).await.unwrap();
}

/// SQLite alone: PostgreSQL's pages have gaps too, and only a lock on the table rids them of it.
#[tokio::test]
async fn vacuum_clears_deleted_users_from_file() {
    let database = Database::new(Engine::Sqlite).await;
    let store = app::open_store(&settings(&database, []).database).await.unwrap();
    store.migrate().await.unwrap();
    let mut rng = Rng(6);
    let changes: Vec<_> = (0..CHANGES)
        .map(|at| {
            let user = if at < USERS { at } else { rng.below(USERS) };
            event(at, &change(user, at, &mut rng))
        })
        .collect();
    for batch in changes.chunks(32) {
        commit(&store, batch).await;
    }
    let mut ends: Vec<_> = (STAY..USERS).collect();
    rng.shuffle(&mut ends);
    let ends: Vec<_> = ends.iter().map(|user| Event::erasure(&id(*user), NOW)).collect();
    for batch in ends.chunks(8) {
        commit(&store, batch).await;
    }
    let mut tables = database.tables().await;
    let stay: BTreeSet<_> = (0..STAY).map(canary).collect();
    assert_eq!(marks::texts(&places::rows(&mut tables).await), stay);

    assert_eq!(store.vacuum().await.unwrap(), VacuumOutcome::Done);

    assert_eq!(marks::texts(&places::files(&database, &mut tables).await), stay);
}
