//! Subscribers of the change feed, also after the database was replaced by an older copy.

use meetvo::store::{
    Store,
    changes::{ChangeEntry, ChangeFilter},
    feed::Subscriber,
};
use tokio::time::timeout;

use super::{commit, event, migrated};
use crate::harness::{Engine, TEST_TIMEOUT, apply, both_engines, fixtures};

async fn sign_up(store: &Store, user: &str) {
    let body = fixtures::user_event("user.created", user, 0);
    commit(store, &[event(&format!("msg_{user}"), &body)]).await;
}

/// Returns the users of the next changes, or none if the subscriber cannot continue.
async fn next(subscriber: &mut Subscriber) -> Option<Vec<String>> {
    let next = timeout(TEST_TIMEOUT, subscriber.next()).await.expect("no change");
    let users =
        |changes: Vec<ChangeEntry>| changes.into_iter().filter_map(|it| it.user_id).collect();
    next.unwrap().map(users)
}

#[apply(both_engines)]
async fn unknown_position_ends_subscription(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    for user in ["user_1", "user_2", "user_3"] {
        sign_up(&store, user).await;
    }
    for user_id in [None, Some("user_1".to_owned())] {
        let mut subscriber = store.subscribe_after(9, user_id, ChangeFilter::default());
        let changes = next(&mut subscriber).await;
        assert_eq!(changes, None, "the position is from a later state or another database");
    }
    let mut subscriber = store.subscribe_after(1, None, ChangeFilter::default());
    assert_eq!(next(&mut subscriber).await.unwrap(), ["user_2", "user_3"]);
    // A standby that takes over can lack the last commits, and uses their numbers again.
    tables.run("DELETE FROM webhook_events WHERE seq > 2").await;
    let publishing = async { store.publish_changes().await.unwrap() };
    tokio::select! {
        changes = next(&mut subscriber) => assert_eq!(changes, None),
        _ = publishing => unreachable!(),
    }
}

/// A subscriber can read from the database before the feed has published the same changes.
#[apply(both_engines)]
async fn subscriber_ahead_of_feed_continues(engine: Engine) {
    let (_database, store, _tables) = migrated(engine).await;
    sign_up(&store, "user_1").await;
    let mut subscriber = store.subscribe_after(0, None, ChangeFilter::default());
    let mut other = store.subscribe_after(0, Some("user_3".to_owned()), ChangeFilter::default());
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
