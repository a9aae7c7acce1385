//! Those who follow what changes, where the database is not what they knew.

use std::time::Duration;

use meetvo::store::{Store, changes::ChangeEntry, feed::Subscriber};
use tokio::time::timeout;

use super::{commit, event, migrated};
use crate::harness::{Engine, apply, both_engines, fixtures};

async fn sign_up(store: &Store, user: &str) {
    let body = fixtures::user_event("user.created", user, 0);
    commit(store, &[event(&format!("msg_{user}"), &body)]).await;
}

/// Whom the next changes are about; none where there can be none.
async fn next(subscriber: &mut Subscriber) -> Option<Vec<String>> {
    let next = timeout(Duration::from_secs(30), subscriber.next()).await.expect("it comes to an end");
    let users = |changes: Vec<ChangeEntry>| changes.into_iter().map(|it| it.user_id).collect();
    next.unwrap().map(users)
}

#[apply(both_engines)]
async fn what_the_database_does_not_know_any_more_cannot_be_gone_on_from(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    for user in ["user_1", "user_2", "user_3"] {
        sign_up(&store, user).await;
    }
    for of in [None, Some("user_1".to_owned())] {
        let mut subscriber = store.subscribe_after(9, of);
        assert_eq!(next(&mut subscriber).await, None, "of a later state, or another database");
    }
    let mut subscriber = store.subscribe_after(1, None);
    assert_eq!(next(&mut subscriber).await.unwrap(), ["user_2", "user_3"]);
    // One that takes over did not have what was committed last, and gives its numbers away again.
    tables.run("DELETE FROM webhook_events WHERE seq > 2").await;
    let telling = async { store.publish_changes().await.unwrap() };
    tokio::select! {
        told = next(&mut subscriber) => assert_eq!(told, None),
        _ = telling => unreachable!(),
    }
}

#[apply(both_engines)]
async fn whoever_is_ahead_of_those_who_tell_goes_on(engine: Engine) {
    let (_database, store, _tables) = migrated(engine).await;
    sign_up(&store, "user_1").await;
    let mut subscriber = store.subscribe_after(0, None);
    let mut other = store.subscribe_after(0, Some("user_3".to_owned()));
    assert_eq!(next(&mut subscriber).await.unwrap(), ["user_1"]);
    let work = async {
        sign_up(&store, "user_2").await;
        assert_eq!(next(&mut subscriber).await.unwrap(), ["user_2"]);
        sign_up(&store, "user_3").await;
        assert_eq!(next(&mut subscriber).await.unwrap(), ["user_3"]);
        assert_eq!(next(&mut other).await.unwrap(), ["user_3"]);
        assert_eq!((subscriber.position(), other.position()), (3, 3));
    };
    tokio::select! {
        () = work => {}
        _ = async { store.publish_changes().await.unwrap() } => unreachable!(),
    }
}
