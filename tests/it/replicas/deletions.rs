//! A user is deleted at one service while events about the user arrive at the other.

use std::sync::Arc;

use futures_util::future::{join, join_all};
use serde_json::Value;

use super::Pair;
use crate::harness::{Database, Delivery, Engine, NOW, Tables, apply, both_engines, fixtures};

/// Returns events that can still arrive when a user is deleted.
fn late_events(user: &str) -> Vec<Value> {
    let mut embedding =
        fixtures::session_event("session.created", &format!("sess_{user}_2"), user, 2);
    embedding["data"]["user"] = fixtures::user(user, 2);
    let mut failing = fixtures::user_event("user.updated", user, 3);
    failing["data"]["updated_at"] = "no".into();
    vec![
        fixtures::session_event("session.created", &format!("sess_{user}_1"), user, 1),
        embedding,
        failing,
        fixtures::user_event("user.updated", user, 4),
    ]
}

async fn assert_no_data_left(tables: &mut Tables, users: usize) {
    for table in ["sessions", "accounts", "verifications"] {
        let left = tables.column(&format!("SELECT user_id || ' ' || id FROM {table}")).await;
        assert_eq!(left, [""; 0], "{table}");
    }
    let payloads = "SELECT id FROM webhook_events WHERE payload IS NOT NULL";
    assert_eq!(tables.column(payloads).await, [""; 0], "no payload");
    let tombstones =
        "SELECT COUNT(*) || ' ' || COUNT(deleted_at) || ' ' || COUNT(first_name) FROM users";
    assert_eq!(tables.column(tombstones).await, [format!("{users} {users} 0")]);
}

/// Collides at random, with many users.
#[apply(both_engines)]
async fn concurrent_deletion_leaves_no_data(engine: Engine) {
    const USERS: usize = 300;
    let pair = Pair::start(engine).await;
    let [one, other] = &pair.services;
    let sign = |body: &Value| Delivery::new(body, NOW);
    let users: Vec<_> = (0..USERS).map(|at| format!("user_{at:03}")).collect();
    for users in users.chunks(15) {
        let created = users.iter().map(|user| fixtures::user_event("user.created", user, 0));
        join_all(created.map(async |body| one.deliver_with_retries(&sign(&body)).await)).await;
        let deletions = users.iter().map(|user| fixtures::user_deleted(user, 9));
        let deletions = deletions.map(async |body| one.deliver_with_retries(&sign(&body)).await);
        let late_events = users.iter().flat_map(|user| late_events(user));
        let late_events =
            late_events.map(async |body| other.deliver_with_retries(&sign(&body)).await);
        join(join_all(deletions), join_all(late_events)).await;
    }
    let database = pair.stop().await;
    let mut tables = database.tables().await;
    assert_no_data_left(&mut tables, USERS).await;
    assert_eq!(tables.deadlocks().await, "0");
}

/// Collides deliberately: the event arrives when the deletion has written but not committed.
#[apply(both_engines)]
async fn event_during_deletion_waits_for_commit(engine: Engine) {
    for late_event in late_events("user_1") {
        let pair = Pair::start(engine).await;
        delete_and_send(&pair, &late_event).await;
        let database = pair.stop().await;
        assert_no_data_left(&mut database.tables().await, 1).await;
    }
}

/// Only on PostgreSQL, where the server can have another default isolation level. With it, a
/// transaction that waited for a user's lock does not see that the user was deleted.
#[tokio::test(flavor = "multi_thread")]
async fn deletion_is_complete_under_repeatable_read() {
    for late_event in late_events("user_1") {
        let database = Arc::new(Database::new(Engine::Postgres).await);
        let mut tables = database.tables().await;
        let name = tables.column("SELECT current_database()::text").await.remove(0);
        let isolation = "default_transaction_isolation = 'repeatable read'";
        tables.run(&format!("ALTER DATABASE {name} SET {isolation}")).await;
        let pair = Pair::start_on(Arc::clone(&database)).await;
        delete_and_send(&pair, &late_event).await;
        assert_no_data_left(&mut tables, 1).await;
    }
}

/// Deletes a user at one service, and sends an event to the other before the commit.
async fn delete_and_send(pair: &Pair, late_event: &Value) {
    let [one, other] = &pair.services;
    one.send(&fixtures::session_event("session.created", "sess_1", "user_1", 5)).await;
    let (mut holder, mut watcher) = (pair.database.tables().await, pair.database.tables().await);
    holder.block_commits().await;
    let send_late = async {
        watcher.wait_for_lock_waiters(1).await;
        let release = async {
            watcher.wait_for_lock_waiters(2).await;
            holder.release().await;
        };
        join(other.send(late_event), release).await
    };
    let deletion = fixtures::user_deleted("user_1", 9);
    let (deleted, _) = join(one.send(&deletion), send_late).await;
    assert_eq!(deleted, "applied");
}

/// Clerk sends no such event, but a signed event can give a session of one user to another.
#[apply(both_engines)]
async fn claimed_session_is_deleted_with_its_user(engine: Engine) {
    let pair = Pair::start(engine).await;
    // The event is an older sign-in, so the session stays with its user.
    let claim = fixtures::session_event("session.created", "sess_1", "user_2", 1);
    delete_and_send(&pair, &claim).await;
    let owners = "SELECT user_id FROM sessions WHERE user_id <> 'user_2'";
    assert_eq!(pair.database.tables().await.column(owners).await, [""; 0]);
}
