//! Reads of whole objects.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use meetvo::{
    objects::{AnyState, Kind, event::Change, user::User},
    store::stored_objects::WholeObject,
};
use serde_json::json;
use tokio::time::timeout;

use super::{commit, event, migrated, open};
use crate::harness::{Engine, TEST_TIMEOUT, apply, both_engines, fixtures};

/// Each state of the user has another account and another name. If a read returns the account of
/// one state with the name of another, it has mixed the states.
#[apply(both_engines)]
async fn read_does_not_mix_two_states(engine: Engine) {
    let (database, store, _) = migrated(engine).await;
    let writer = open(&database).await;
    let (done, reads) = (AtomicBool::new(false), AtomicUsize::new(0));
    let state = |later: i64| {
        let mut body = fixtures::user_event("user.updated", "user_1", later);
        body["data"]["external_accounts"][0]["id"] = json!(format!("eac_{later}"));
        event(&format!("msg_{later}"), &body)
    };
    commit(&writer, &[state(0)]).await;
    let write = async {
        let mut last = 0;
        // A user that changes during a read is read again, so reads can take long. The writes
        // continue until enough reads have succeeded.
        while last < 300 || reads.load(Ordering::Relaxed) <= 10 {
            last += 1;
            commit(&writer, &[state(last)]).await;
        }
        done.store(true, Ordering::Relaxed);
        last
    };
    let read = async {
        while !done.load(Ordering::Relaxed) {
            let read = store.whole_objects(Kind::User, &["user_1", "user_2"]).await.unwrap();
            let user = user_of(&read[0]);
            let accounts: Vec<_> = user.data.accounts.keys().collect();
            let later = user.data.profile.first_name.as_ref().unwrap().replace("Ada ", "");
            assert_eq!(accounts, [&format!("eac_{later}")]);
            reads.fetch_add(usize::from(later != "0"), Ordering::Relaxed);
        }
    };
    let both = Box::pin(async { tokio::join!(write, read) });
    let (last, ()) = timeout(TEST_TIMEOUT, both).await.expect("reads succeed during the changes");
    let expected = match state(last).content.change() {
        Some(Change::State { state, .. }) => state.clone(),
        other => panic!("{other:?}"),
    };
    let read = store.whole_objects(Kind::User, &["user_2", "user_1"]).await.unwrap();
    assert_eq!(read.len(), 1, "an unknown user is left out");
    assert_eq!((&read[0].state, read[0].deleted_at), (&expected, None));
}

fn user_of(object: &WholeObject) -> &User {
    match &object.state {
        AnyState::User(user) => user,
        other => panic!("{other:?}"),
    }
}
