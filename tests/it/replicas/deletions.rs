//! A user is deleted at one service while something of theirs arrives at the other.

use std::sync::Arc;

use futures_util::future::{join, join_all};
use serde_json::Value;

use super::{Pair, insist};
use crate::harness::{Database, Delivery, Engine, NOW, Tables, apply, both_engines, fixtures};

/// What can still be on its way when a user is deleted.
fn latecomers(user: &str) -> Vec<Value> {
    let mut embedding =
        fixtures::session_event("session.created", &format!("sess_{user}_2"), user, 2);
    embedding["data"]["user"] = fixtures::user(user, 2);
    let mut failing = fixtures::user_event("user.updated", user, 3);
    failing["data"]["banned"] = "no".into();
    vec![
        fixtures::session_event("session.created", &format!("sess_{user}_1"), user, 1),
        embedding,
        failing,
        fixtures::user_event("user.updated", user, 4),
    ]
}

async fn assert_nothing_left(tables: &mut Tables, users: usize) {
    for table in ["sessions", "accounts", "verifications"] {
        let left = tables.column(&format!("SELECT user_id || ' ' || id FROM {table}")).await;
        assert_eq!(left, [""; 0], "{table}");
    }
    let kept = "SELECT id FROM webhook_events WHERE payload IS NOT NULL";
    assert_eq!(tables.column(kept).await, [""; 0], "no payload");
    let tombstones =
        "SELECT COUNT(*) || ' ' || COUNT(deleted_at) || ' ' || COUNT(first_name) FROM users";
    assert_eq!(tables.column(tombstones).await, [format!("{users} {users} 0")]);
}

/// By chance, and often.
#[apply(both_engines)]
async fn nothing_is_left_behind_whoever_comes_first(engine: Engine) {
    const USERS: usize = 300;
    let pair = Pair::start(engine).await;
    let [one, other] = &pair.services;
    let sign = |body: &Value| Delivery::new(body, NOW);
    let users: Vec<_> = (0..USERS).map(|at| format!("user_{at:03}")).collect();
    for users in users.chunks(15) {
        let created = users.iter().map(|user| fixtures::user_event("user.created", user, 0));
        join_all(created.map(async |body| insist(one, &sign(&body)).await)).await;
        let deletions = users.iter().map(|user| fixtures::user_deleted(user, 9));
        let deletions = deletions.map(async |body| insist(one, &sign(&body)).await);
        let latecomers = users.iter().flat_map(|user| latecomers(user));
        let latecomers = latecomers.map(async |body| insist(other, &sign(&body)).await);
        join(join_all(deletions), join_all(latecomers)).await;
    }
    let database = pair.stop().await;
    let mut tables = database.tables().await;
    assert_nothing_left(&mut tables, USERS).await;
    assert_eq!(tables.deadlocks().await, "0");
}

/// With certainty: the deletion has emptied everything, and is not committed yet.
#[apply(both_engines)]
async fn what_comes_in_the_middle_of_a_deletion_waits_for_its_end(engine: Engine) {
    for latecomer in latecomers("user_1") {
        let pair = Pair::start(engine).await;
        delete_and_send(&pair, &latecomer).await;
        let database = pair.stop().await;
        assert_nothing_left(&mut database.tables().await, 1).await;
    }
}

/// PostgreSQL's: whoever runs the server may have another default, by which a transaction does not
/// see what became of a user while it waited for that user.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_behind_on_a_server_with_another_isolation() {
    for latecomer in latecomers("user_1") {
        let database = Arc::new(Database::new(Engine::Postgres).await);
        let mut tables = database.tables().await;
        let name = tables.column("SELECT current_database()::text").await.remove(0);
        let isolation = "default_transaction_isolation = 'repeatable read'";
        tables.run(&format!("ALTER DATABASE {name} SET {isolation}")).await;
        let pair = Pair::start_on(Arc::clone(&database)).await;
        delete_and_send(&pair, &latecomer).await;
        assert_nothing_left(&mut tables, 1).await;
    }
}

/// Deletes a user at one service, and sends to the other before that is committed.
async fn delete_and_send(pair: &Pair, latecomer: &Value) {
    let [one, other] = &pair.services;
    one.send(&fixtures::session_event("session.created", "sess_1", "user_1", 5)).await;
    let (mut holder, mut watcher) = (pair.database.tables().await, pair.database.tables().await);
    holder.block_commits().await;
    let come_late = async {
        watcher.wait_for_lock_waiters(1).await;
        let let_go = async {
            watcher.wait_for_lock_waiters(2).await;
            holder.release().await;
        };
        join(other.send(latecomer), let_go).await
    };
    let deletion = fixtures::user_deleted("user_1", 9);
    let (deleted, _) = join(one.send(&deletion), come_late).await;
    assert_eq!(deleted, "applied");
}

/// Clerk does not do so, but it is signed: a session that was one user's is told to be another's.
#[apply(both_engines)]
async fn a_session_that_two_users_claim_does_not_outlive_the_deleted_one(engine: Engine) {
    let pair = Pair::start(engine).await;
    // It tells of an earlier sign-in, and leaves the session to whom it is.
    let claim = fixtures::session_event("session.created", "sess_1", "user_2", 1);
    delete_and_send(&pair, &claim).await;
    let owners = "SELECT user_id FROM sessions WHERE user_id <> 'user_2'";
    assert_eq!(pair.database.tables().await.column(owners).await, [""; 0]);
}
