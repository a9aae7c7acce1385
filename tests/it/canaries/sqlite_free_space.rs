//! Free space in the SQLite file, byte by byte. SQLite overwrites what it deletes, but pages whose
//! rows were moved keep copies.

use std::collections::BTreeSet;

use meetvo::{
    app,
    clerk::signature::Verified,
    objects::{Kind, decode::Decoder, event::Event},
    store::{Store, commit::Batch, erasure::VacuumOutcome},
};
use serde_json::{Value, json};

use super::{marked_payloads, stored_bytes};
use crate::harness::{Database, Engine, NOW, Rng, fixtures, settings};

const USERS: usize = 400;
const CHANGES: usize = 2_400;
/// Number of users that are not erased.
const REMAINING_USERS: usize = 40;

fn canary(user: usize) -> String {
    format!("cnry{user:05}z")
}

fn id(user: usize) -> String {
    // IDs are spread over the key range, as Clerk's are.
    format!("user_{:016x}", (user as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// Returns an update of a user that changes the length of its row and payload at random.
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

/// Runs on SQLite only. PostgreSQL pages have free space too, but only `VACUUM FULL`, which locks
/// the table, clears it.
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
    let mut deleted: Vec<_> = (REMAINING_USERS..USERS).collect();
    rng.shuffle(&mut deleted);
    let erasures: Vec<_> =
        deleted.iter().map(|user| Event::erasure(Kind::User, &id(*user), NOW)).collect();
    for batch in erasures.chunks(8) {
        commit(&store, batch).await;
    }
    let mut tables = database.tables().await;
    let remaining: BTreeSet<_> = (0..REMAINING_USERS).map(canary).collect();
    assert_eq!(marked_payloads::find_canaries(&stored_bytes::rows(&mut tables).await), remaining);

    assert_eq!(store.vacuum().await.unwrap(), VacuumOutcome::Done);

    assert_eq!(
        marked_payloads::find_canaries(&stored_bytes::files(&database, &mut tables).await),
        remaining
    );
}
