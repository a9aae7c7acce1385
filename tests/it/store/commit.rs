//! Commits of batches: atomic, and with the same decisions as one commit for each event.

use futures_util::future::join;
use meetvo::{
    domain::decision::{Decision, Outcome},
    objects::event::Event,
    store::commit::Batch,
};
use serde_json::json;

use super::{commit, event, migrated, recorded};
use crate::harness::{Engine, NOW, apply, both_engines, fixtures};

#[apply(both_engines)]
async fn empty_batch_is_committed(engine: Engine) {
    let (_database, store, _) = migrated(engine).await;
    assert!(commit(&store, &[]).await.is_empty());
}

#[apply(both_engines)]
async fn later_events_with_same_id_are_duplicates(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let one = event("msg_1", &fixtures::user_event("user.created", "user_1", 0));
    let two = event("msg_2", &fixtures::user_event("user.created", "user_2", 0));
    let late = event("msg_3", &fixtures::user_event("user.updated", "user_1", -1));
    let batch = [&one, &one, &two, &late, &one, &late].map(Clone::clone);
    let outcomes = commit(&store, &batch).await;
    let [applied, stale] = [Decision::Applied, Decision::Stale].map(Outcome::Recorded);
    let duplicate = Outcome::Duplicate;
    assert_eq!(outcomes, [applied, duplicate, applied, stale, duplicate, duplicate]);
    let events = "SELECT seq || ' ' || id || ' ' || decision FROM webhook_events ORDER BY seq";
    let events = tables.column(events).await;
    assert_eq!(events, ["1 msg_1 applied", "2 msg_2 applied", "3 msg_3 stale"]);
}

#[apply(both_engines)]
async fn batch_of_duplicates_writes_nothing(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let one = event("msg_1", &fixtures::user_event("user.created", "user_1", 0));
    let two = event("msg_2", &fixtures::session_event("session.created", "sess_1", "user_2", 0));
    commit(&store, &[one.clone(), two.clone()]).await;
    let before = tables.write_fingerprint().await;
    assert_eq!(commit(&store, &[two.clone(), one, two]).await, [Outcome::Duplicate; 3]);
    assert_eq!(tables.write_fingerprint().await, before);
}

/// A failed event is tried again when it is redelivered. If it fails again, nothing is written, as
/// for any other duplicate.
#[apply(both_engines)]
async fn event_that_fails_again_is_duplicate(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let failing = event("msg_1", &json!({ "type": "user.deleted", "data": {} }));
    let batch = [failing.clone(), failing.clone()];
    let failed = Outcome::Recorded(Decision::Failed);
    assert_eq!(commit(&store, &batch).await, [failed, Outcome::Duplicate]);
    assert_eq!(commit(&store, &batch).await, [Outcome::Duplicate; 2]);
    assert_eq!(tables.rows("webhook_events").await.len(), 1);
}

/// Another process stores an event, or applies a failed one, while a commit of the same events waits
/// for its locks. On PostgreSQL, the commit has already begun to read the stored events then.
#[apply(both_engines)]
async fn events_stored_meanwhile_are_duplicates(engine: Engine) {
    let (database, store, mut other) = migrated(engine).await;
    let mut watcher = database.tables().await;
    let failed = event("msg_1", &json!({ "type": "user.deleted", "data": {} }));
    commit(&store, &[failed]).await;
    other.block_lock_of_ids().await;
    let batch = [
        event("msg_1", &fixtures::user_event("user.created", "user_1", 0)),
        event("msg_2", &fixtures::user_event("user.created", "user_2", 0)),
    ];
    let store_meanwhile = async {
        watcher.wait_for_lock_waiters(1).await;
        other.run("UPDATE webhook_events SET decision = 'applied' WHERE id = 'msg_1'").await;
        let insert = "INSERT INTO webhook_events (id, decision, received_at) \
                      VALUES ('msg_2', 'applied', 0)";
        other.run(insert).await;
        other.run("COMMIT").await;
    };
    let (outcomes, ()) = join(commit(&store, &batch), store_meanwhile).await;
    assert_eq!(outcomes, [Outcome::Duplicate; 2]);
    assert_eq!(other.rows("webhook_events").await.len(), 2);
    assert_eq!(other.rows("users").await.len(), 0);
}

#[apply(both_engines)]
async fn session_after_deletion_in_batch_is_tombstoned(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let mut embedding = fixtures::session_event("session.created", "sess_3", "user_1", 9);
    embedding["data"]["user"] = fixtures::user("user_1", 9);
    let batch: Vec<_> = [
        fixtures::user_event("user.created", "user_1", 0),
        fixtures::session_event("session.created", "sess_1", "user_1", 0),
        fixtures::user_deleted("user_1", 5),
        fixtures::session_event("session.created", "sess_2", "user_1", 9),
        embedding,
        fixtures::user_event("user.updated", "user_1", 9),
        fixtures::user_deleted("user_1", 3),
    ]
    .iter()
    .enumerate()
    .map(|(at, body)| event(&format!("msg_{at}"), body))
    .collect();
    let (applied, tombstoned) = (Decision::Applied, Decision::Tombstoned);
    let expected = [applied, applied, applied, tombstoned, tombstoned, tombstoned, applied];
    assert_eq!(commit(&store, &batch).await, recorded(&expected));

    for table in ["sessions", "accounts", "verifications"] {
        assert!(tables.rows(table).await.is_empty(), "{table}");
    }
    let users = tables.rows("users").await;
    assert_eq!(users.len(), 1);
    assert_eq!((&users[0]["deleted_at"], &users[0]["first_name"]), (&json!(NOW + 3), &json!(null)));
    let payloads = "SELECT COUNT(*) || ' ' || COUNT(payload) FROM webhook_events";
    assert_eq!(tables.column(payloads).await, ["7 0"], "earlier payloads are deleted too");
}

/// Commits every fixture twice, in one batch and one by one.
#[apply(both_engines)]
async fn batch_equals_single_commits(engine: Engine) {
    let mut events: Vec<Event> = fixtures::all()
        .iter()
        .map(|fixture| event(&format!("msg_{}", fixture.name), &fixture.json))
        .collect();
    events.extend_from_within(..);
    let (_database, store, mut batched) = migrated(engine).await;
    let batch_outcomes = commit(&store, &events).await;

    let (_database, store, mut single) = migrated(engine).await;
    let mut single_outcomes = Vec::new();
    for event in &events {
        single_outcomes.extend(commit(&store, std::slice::from_ref(event)).await);
    }
    assert_eq!(batch_outcomes, single_outcomes);
    assert_eq!(batched.synced_tables().await, single.synced_tables().await);
    assert_eq!(batched.rows("webhook_events").await, single.rows("webhook_events").await);
}

/// Statements have a few fixed sizes. The repeated rows that fill them must not be written.
#[apply(both_engines)]
async fn batch_of_any_size_writes_exact_rows(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let mut users = 0;
    for size in [1, 2, 3, 5, 7, 9, 13, 100, 256, 700] {
        let batch: Vec<_> = (users..users + size)
            .map(|at| {
                let user = format!("user_{at:05}");
                let body = fixtures::user_event("user.created", &user, 0);
                event(&format!("msg_{at}"), &body)
            })
            .collect();
        users += size;
        let applied = vec![Decision::Applied; size];
        assert_eq!(commit(&store, &batch).await, recorded(&applied), "{size}");
        let counts = "SELECT (SELECT COUNT(*) FROM users) || ' ' || \
                      (SELECT COUNT(*) FROM accounts) || ' ' || \
                      (SELECT COUNT(*) FROM verifications) || ' ' || \
                      (SELECT COUNT(*) FROM webhook_events)";
        let expected = format!("{users} {users} {} {users}", 2 * users);
        assert_eq!(tables.column(counts).await, [expected], "{size}");
    }
}

/// The event of one user must not exceed the engines' limit for parameters.
#[apply(both_engines)]
async fn user_can_have_thousands_of_addresses(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let mut body = fixtures::user_event("user.created", "user_1", 0);
    let address = |at: usize| json!({ "id": format!("idn_{at:05}"), "email_address": "x" });
    body["data"]["email_addresses"] = (0..5_000).map(address).collect();
    let applied = recorded(&[Decision::Applied]);
    assert_eq!(commit(&store, &[event("msg_1", &body)]).await, applied);
    let count = "SELECT COUNT(*) || ' ' || MAX(id) FROM verifications WHERE kind = 'email'";
    assert_eq!(tables.column(count).await, ["5000 idn_04999"]);

    body["data"]["email_addresses"] = json!([]);
    body["data"]["updated_at"] = json!(NOW + 1);
    assert_eq!(commit(&store, &[event("msg_2", &body)]).await, applied);
    let left = tables.column("SELECT id FROM verifications").await;
    assert_eq!(left, ["eac_user_1"]);
}

#[apply(both_engines)]
async fn latest_use_of_secret_is_kept(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    for at in [NOW, NOW + 60_000, NOW + 1_000] {
        let used = [("one".into(), at), ("two".into(), NOW)];
        store.commit(Batch { events: &[], secrets_used: &used }).await.unwrap();
    }
    let expected = [
        json!({ "label": "one", "last_used_at": NOW + 60_000 }),
        json!({ "label": "two", "last_used_at": NOW }),
    ];
    assert_eq!(tables.rows("webhook_secrets").await, expected);
}
