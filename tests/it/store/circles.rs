//! Several who write the same rows at once: nobody waits for somebody who waits for them.

use meetvo::{
    domain::event::Event,
    store::{Store, StoreError, commit::Batch},
};
use serde_json::json;
use tokio::task::JoinSet;

use super::{event, migrated, open};
use crate::harness::{Engine, apply, both_engines, fixtures};

const WRITERS: usize = 5;
const ROUNDS: usize = 25;
const USERS: usize = 40;

/// Something about each user, in an order of the writer's own. Every third is the same event for
/// all of the writers.
fn batch(writer: usize, round: usize) -> Vec<Event> {
    let step = [1, 7, 11, 23, 39][writer];
    let about = |at: usize| {
        let (user, session) = (format!("user_{at}"), format!("sess_{at}"));
        let later = i64::try_from((writer + round + at) % 50).unwrap();
        let body = match (at + round) % 6 {
            0 | 1 => fixtures::user_event("user.updated", &user, later),
            2 => fixtures::session_event("session.created", &session, &user, later),
            3 => fixtures::session_event("session.ended", &session, &user, later),
            4 if at.is_multiple_of(10) => fixtures::user_deleted(&user, later),
            // Of one user's session it says that it is another's.
            4 => fixtures::session_event("session.created", "sess_1", &user, later),
            _ => json!({ "type": "user.updated", "data": { "id": user, "banned": "no" } }),
        };
        let writer = if at.is_multiple_of(3) { 0 } else { writer };
        event(&format!("msg_{writer}_{round}_{at}"), &body)
    };
    (0..USERS).map(|at| about((writer + at * step) % USERS)).collect()
}

async fn commit_all(store: Store, writer: usize) {
    for round in 0..ROUNDS {
        let events = batch(writer, round);
        let secrets_used = [("one".into(), 0), ("two".into(), 0)]
            .map(|(label, at)| (label, at + i64::try_from(round * WRITERS + writer).unwrap()));
        let batch = Batch { events: &events, secrets_used: &secrets_used };
        while let Err(busy) = store.commit(batch).await {
            assert!(matches!(busy, StoreError::Unavailable(_)), "{busy}");
        }
    }
    store.close().await;
}

#[apply(both_engines)]
async fn writers_of_the_same_rows_in_any_order_do_not_wait_in_a_circle(engine: Engine) {
    let (database, store, mut tables) = migrated(engine).await;
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        writers.spawn(commit_all(open(&database).await, writer));
    }
    while let Some(ended) = writers.join_next().await {
        ended.unwrap();
    }
    store.close().await;
    let kept = "SELECT COUNT(*) || '' FROM webhook_events WHERE id LIKE 'msg%'";
    let shared = USERS.div_ceil(3);
    let expected = ROUNDS * (shared + WRITERS * (USERS - shared));
    assert_eq!(tables.column(kept).await, [expected.to_string()]);
    assert_eq!(tables.deadlocks().await, "0");
}
