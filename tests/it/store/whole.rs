//! Users whole, as they are stored.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::Duration,
};

use meetvo::domain::event::Change;
use serde_json::json;
use tokio::time::timeout;

use super::{commit, event, migrated, open};
use crate::harness::{Engine, apply, both_engines, fixtures};

/// The states of a user alternate between two accounts: whoever sees one with the other's name saw two
/// states at once.
#[apply(both_engines)]
async fn nobody_is_read_as_two_states_at_once(engine: Engine) {
    let (database, store, _) = migrated(engine).await;
    let writer = open(&database).await;
    let (done, seen) = (AtomicBool::new(false), AtomicUsize::new(0));
    let state = |later: i64| {
        let mut body = fixtures::user_event("user.updated", "user_1", later);
        body["data"]["external_accounts"][0]["id"] = json!(format!("eac_{later}"));
        event(&format!("msg_{later}"), &body)
    };
    commit(&writer, &[state(0)]).await;
    let write = async {
        let mut last = 0;
        // For as long as it takes to be read: whoever changes meanwhile is read again.
        while last < 300 || seen.load(Ordering::Relaxed) <= 10 {
            last += 1;
            commit(&writer, &[state(last)]).await;
        }
        done.store(true, Ordering::Relaxed);
        last
    };
    let read = async {
        while !done.load(Ordering::Relaxed) {
            let read = store.full_users(&["user_1", "user_2"]).await.unwrap();
            let accounts: Vec<_> = read[0].user.accounts.keys().collect();
            let later = read[0].user.profile.first_name.as_ref().unwrap().replace("Ada ", "");
            assert_eq!(accounts, [&format!("eac_{later}")]);
            seen.fetch_add(usize::from(later != "0"), Ordering::Relaxed);
        }
    };
    let both = Box::pin(async { tokio::join!(write, read) });
    let (last, ()) =
        timeout(Duration::from_mins(1), both).await.expect("it is read while it changes");
    let expected = match state(last).content.change() {
        Some(Change::User(user)) => (**user).clone(),
        other => panic!("{other:?}"),
    };
    let read = store.full_users(&["user_2", "user_1"]).await.unwrap();
    assert_eq!(read.len(), 1, "whom it does not know it leaves out");
    assert_eq!((&read[0].user, read[0].deleted_at), (&expected, None));
}
