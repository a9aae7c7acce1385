//! A service is killed or frozen in the middle of a commit.

use futures_util::future::join;
use meetvo::clock::Clock;
use serde_json::Value;
use tokio::task::block_in_place;

use crate::harness::{
    ApiResponse, Database, Delivery, Engine, KEY, Process, apply, both_engines, client, fixtures,
    retried,
};

/// Returns a delivery that updates one user, signed now.
fn change(later: i64) -> Delivery {
    let body = fixtures::user_event("user.updated", "user_1", later);
    Delivery::new(&body, Clock::system().now())
}

async fn first_name(process: &Process) -> Value {
    let user = client().get(format!("{}/v1/users/user_1", process.url)).bearer_auth(KEY);
    ApiResponse::fetch(user).await.body["first_name"].take()
}

#[apply(both_engines)]
async fn killed_replica_does_not_block_others(engine: Engine) {
    let database = Database::new(engine).await;
    let (mut killed, other) = (Process::serve(&database, []), Process::serve(&database, []));
    let (mut holder, mut watcher) = (database.tables().await, database.tables().await);
    holder.block_commits().await;
    let (first, second, client) = (change(1), change(0), client());
    let unanswered = first.request(&client, &killed.url).send();
    let kill_and_continue = async {
        watcher.wait_for_lock_waiters(1).await;
        killed.kill();
        let release = async {
            watcher.wait_for_lock_waiters(2).await;
            holder.release().await;
        };
        join(ApiResponse::fetch(second.request(&client, &other.url)), release).await.0
    };
    let (unanswered, response) = join(unanswered, kill_and_continue).await;
    assert!(unanswered.is_err());
    // The lock of the killed replica is released long before the timeouts.
    assert_eq!((response.status.as_u16(), &response.body["decision"]), (200, &"applied".into()));
    assert_eq!(first_name(&other).await, "Ada 0");
    // The sender has received no response and retries.
    let retry = ApiResponse::fetch(first.request(&client, &other.url)).await;
    assert_eq!((retry.status.as_u16(), &retry.body["decision"]), (200, &"applied".into()));
    assert_eq!(first_name(&other).await, "Ada 1");
}

/// Only on PostgreSQL, where a service can stop while its connections stay open: its machine hangs,
/// or the network loses it. The service holds the lock that every commit needs.
#[tokio::test(flavor = "multi_thread")]
async fn frozen_replica_blocks_at_most_commit_timeout() {
    assert_frozen_replica_heals(&Database::new(Engine::Postgres).await).await;
}

/// Freezes a service during a commit, and asserts that another one goes on.
pub async fn assert_frozen_replica_heals(database: &Database) {
    // Within this time, the frozen replica must be seen to wait for its lock.
    let timeout = [("MEETVO__DATABASE__COMMIT_TIMEOUT_MS", "10000")];
    let (frozen, other) =
        block_in_place(|| (Process::serve(database, timeout), Process::serve(database, timeout)));
    let (mut holder, mut watcher) = (database.tables().await, database.tables().await);
    holder.block_commits().await;
    let (first, second, client) = (change(1), change(0), client());
    let delayed = ApiResponse::fetch(first.request(&client, &frozen.url));
    let freeze_and_retry = async {
        watcher.wait_for_lock_waiters(1).await;
        frozen.freeze();
        holder.release().await;
        // The frozen replica never goes on, so that only the server can end its transaction.
        let response = retried(|| second.request(&client, &other.url)).await;
        frozen.thaw();
        response.status
    };
    let (response, status) = join(delayed, freeze_and_retry).await;
    assert_eq!(status, 200);
    assert_eq!(response.status, 503, "the server ended the transaction");
    assert_eq!(first_name(&other).await, "Ada 0");
    assert_eq!(retried(|| first.request(&client, &frozen.url)).await.status, 200);
    assert_eq!(first_name(&other).await, "Ada 1");
}
