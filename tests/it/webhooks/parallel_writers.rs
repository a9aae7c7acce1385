//! Several connections that commit.

use futures_util::{StreamExt, stream::FuturesUnordered};
use serde_json::Value;

use crate::harness::{Engine, Service, fixtures};

const USERS: usize = 16;

/// On PostgreSQL, what holds one writer up does not hold up another; and nothing is lost by it.
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
    let held = send(0);
    let mut held = std::pin::pin!(held);
    let mut others: FuturesUnordered<_> = (1..USERS).map(send).collect();
    // Those who go the other way come through, and those behind the one who is held up do not.
    tokio::select! {
        held = &mut held => panic!("nobody let it go, and it came through: {held:?}"),
        other = others.next() => assert_eq!(other.map(|(_, it)| it).as_deref(), Some("applied")),
    }
    tables.release().await;
    assert_eq!(held.await, (0, "applied".to_owned()));
    while let Some((user, decision)) = others.next().await {
        assert_eq!(decision, "applied", "{user}");
    }
}
