//! Parallel commits on several connections.

use futures_util::{StreamExt, stream::FuturesUnordered};
use serde_json::Value;

use crate::harness::{Engine, Service, fixtures};

const USERS: usize = 16;

/// On PostgreSQL, a writer that waits for a lock does not block the other writers, and no event is
/// lost.
#[tokio::test(flavor = "multi_thread")]
async fn locked_user_does_not_block_others() {
    let service =
        Service::start_with(Engine::Postgres, [("MEETVO__INGEST__TIMEOUT_MS", "30000")]).await;
    let event = |user: usize, later| -> Value {
        fixtures::user_event("user.updated", &format!("user_{user}"), later)
    };
    for user in 0..USERS {
        assert_eq!(service.send(&event(user, 0)).await, "applied");
    }
    let mut tables = service.tables().await;
    tables.run("BEGIN; SELECT 1 FROM users WHERE clerk_id = 'user_0' FOR UPDATE").await;
    let updates: Vec<Value> = (0..USERS).map(|user| event(user, 1)).collect();
    let send = async |user: usize| (user, service.send(&updates[user]).await);
    let blocked = send(0);
    let mut blocked = std::pin::pin!(blocked);
    let mut others: FuturesUnordered<_> = (1..USERS).map(send).collect();
    // Events in other writer queues are committed. Events behind the blocked one are not.
    tokio::select! {
        blocked = &mut blocked => panic!("the event was committed despite the lock: {blocked:?}"),
        other = others.next() => assert_eq!(other.map(|(_, it)| it).as_deref(), Some("applied")),
    }
    tables.release().await;
    assert_eq!(blocked.await, (0, "applied".to_owned()));
    while let Some((user, decision)) = others.next().await {
        assert_eq!(decision, "applied", "{user}");
    }
}
