//! A service that ends, or stands still, in the middle of a commit.

use futures_util::future::join;
use meetvo::clock::Clock;
use serde_json::Value;

use crate::harness::{
    ApiResponse, Database, Delivery, Engine, KEY, Process, apply, both_engines, client, fixtures,
};

/// A change of one user, signed now.
fn change(later: i64) -> Delivery {
    let body = fixtures::user_event("user.updated", "user_1", later);
    Delivery::new(&body, Clock::system().now())
}

async fn first_name(process: &Process) -> Value {
    let user = client().get(format!("{}/v1/users/user_1", process.url)).bearer_auth(KEY);
    ApiResponse::fetch(user).await.body["first_name"].take()
}

#[apply(both_engines)]
async fn one_that_is_killed_in_a_commit_holds_nobody_up_and_changes_nothing(engine: Engine) {
    let database = Database::new(engine).await;
    let (mut killed, other) = (Process::serve(&database, []), Process::serve(&database, []));
    let (mut holder, mut watcher) = (database.tables().await, database.tables().await);
    holder.block_commits().await;
    let (first, second, client) = (change(1), change(0), client());
    let unanswered = first.request(&client, &killed.url).send();
    let go_on = async {
        watcher.wait_for_lock_waiters(1).await;
        killed.kill();
        let let_go = async {
            watcher.wait_for_lock_waiters(2).await;
            holder.release().await;
        };
        join(ApiResponse::fetch(second.request(&client, &other.url)), let_go).await.0
    };
    let (unanswered, answer) = join(unanswered, go_on).await;
    assert!(unanswered.is_err());
    // In its usual time: a delivery that waits longer is answered 503.
    assert_eq!((answer.status.as_u16(), &answer.body["decision"]), (200, &"applied".into()));
    assert_eq!(first_name(&other).await, "Ada 0");
    // It had been told nothing, and comes again.
    let again = ApiResponse::fetch(first.request(&client, &other.url)).await;
    assert_eq!((again.status.as_u16(), &again.body["decision"]), (200, &"applied".into()));
    assert_eq!(first_name(&other).await, "Ada 1");
}

/// PostgreSQL's, where a service can be gone without its connections: its machine hangs, or the
/// network between lost it. It holds the one lock that every commit needs.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_stands_still_in_a_commit_is_waited_for_no_longer_than_a_commit_may_take() {
    let database = Database::new(Engine::Postgres).await;
    let soon = [("MEETVO__DATABASE__COMMIT_TIMEOUT_MS", "1000")];
    let (still, other) = (Process::serve(&database, soon), Process::serve(&database, soon));
    let (mut holder, mut watcher) = (database.tables().await, database.tables().await);
    holder.block_commits().await;
    let (first, second, client) = (change(1), change(0), client());
    let held_up = ApiResponse::fetch(first.request(&client, &still.url));
    let go_on = async {
        watcher.wait_for_lock_waiters(1).await;
        still.freeze();
        holder.release().await;
        // As Svix does, which comes again. Each time it may have to wait for a second.
        let mut answers = Vec::new();
        while answers.last() != Some(&200) && answers.len() < 3 {
            let answer = ApiResponse::fetch(second.request(&client, &other.url)).await;
            answers.push(answer.status.as_u16());
        }
        still.thaw();
        answers
    };
    let (answer, answers) = join(held_up, go_on).await;
    assert_eq!(answers.last(), Some(&200), "{answers:?}");
    assert_eq!(answer.status, 503, "its transaction was ended");
    assert_eq!(first_name(&other).await, "Ada 0");
    let again = ApiResponse::fetch(first.request(&client, &still.url)).await;
    assert_eq!((again.status.as_u16(), &again.body["decision"]), (200, &"applied".into()));
    assert_eq!(first_name(&other).await, "Ada 1");
}
