//! Concurrent commits of the same rows do not deadlock.

use meetvo::{
    objects::event::Event,
    store::{Store, StoreError, commit::Batch},
};
use serde_json::json;
use tokio::task::JoinSet;

use super::{event, migrated, open};
use crate::harness::{
    Engine, apply, both_engines, fixtures,
    organization_events::{deleted, domain_event, membership_event, organization_event},
};

const WRITERS: usize = 5;
const ROUNDS: usize = 25;
const USERS: usize = 40;

/// Returns an event about each user, in another order for each writer. Every third event is the
/// same for all writers.
fn batch(writer: usize, round: usize) -> Vec<Event> {
    let step = [1, 7, 11, 23, 39][writer];
    let user_event = |index: usize| {
        let (user, session) = (format!("user_{index}"), format!("sess_{index}"));
        let later = i64::try_from((writer + round + index) % 50).unwrap();
        let body = match (index + round) % 6 {
            0 | 1 => fixtures::user_event("user.updated", &user, later),
            2 => fixtures::session_event("session.created", &session, &user, later),
            3 => fixtures::session_event("session.ended", &session, &user, later),
            4 if index.is_multiple_of(10) => fixtures::user_deleted(&user, later),
            // The event moves a session from one user to another.
            4 => fixtures::session_event("session.created", "sess_1", &user, later),
            _ => json!({ "type": "user.updated", "data": { "id": user, "updated_at": "no" } }),
        };
        let writer = if index.is_multiple_of(3) { 0 } else { writer };
        event(&format!("msg_{writer}_{round}_{index}"), &body)
    };
    (0..USERS).map(|index| user_event((writer + index * step) % USERS)).collect()
}

/// Returns events about some organizations. The deletions of domains do not name the organization.
fn organizations_batch(writer: usize, round: usize) -> Vec<Event> {
    let step = [1, 7, 11, 23, 39][writer];
    let event_at = |index: usize| {
        let (organization, user) = (format!("org_{}", index % 8), format!("user_{}", index % 8));
        let (domain, membership) = (format!("orgdmn_{index}"), format!("orgmem_{index}"));
        let later = i64::try_from((writer + round + index) % 50).unwrap();
        let body = match (index + writer + round) % 5 {
            0 => organization_event("organization.updated", &organization, later),
            1 => domain_event("organizationDomain.created", &domain, &organization, later),
            2 => deleted("organizationDomain.deleted", "organization_domain", &domain, later),
            3 => membership_event(
                "organizationMembership.created",
                &membership,
                &organization,
                &user,
                later,
            ),
            _ => deleted(
                "organizationMembership.deleted",
                "organization_membership",
                &membership,
                later,
            ),
        };
        event(&format!("msg_{writer}_{round}_{index}"), &body)
    };
    (0..USERS / 4).map(|index| event_at((writer + round + index * step) % USERS)).collect()
}

async fn commit_all(store: Store, writer: usize, batch: fn(usize, usize) -> Vec<Event>) {
    for round in 0..ROUNDS {
        let events = batch(writer, round);
        let secrets_used = [("one".into(), 0), ("two".into(), 0)]
            .map(|(label, at)| (label, at + i64::try_from(round * WRITERS + writer).unwrap()));
        let batch = Batch { events: &events, secrets_used: &secrets_used };
        while let Err(error) = store.commit(batch).await {
            assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
        }
    }
    store.close().await;
}

/// Commits the batches of all writers at once, and asserts the number of stored events.
async fn commit_at_once(engine: Engine, batch: fn(usize, usize) -> Vec<Event>, expected: usize) {
    let (database, store, mut tables) = migrated(engine).await;
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        writers.spawn(commit_all(open(&database).await, writer, batch));
    }
    while let Some(ended) = writers.join_next().await {
        ended.unwrap();
    }
    store.close().await;
    let count = "SELECT COUNT(*) || '' FROM webhook_events WHERE id LIKE 'msg%'";
    assert_eq!(tables.column(count).await, [expected.to_string()]);
    assert_eq!(tables.deadlocks().await, "0");
}

#[apply(both_engines)]
async fn concurrent_commits_do_not_deadlock(engine: Engine) {
    let shared = USERS.div_ceil(3);
    let expected = ROUNDS * (shared + WRITERS * (USERS - shared));
    commit_at_once(engine, batch, expected).await;
}

#[apply(both_engines)]
async fn deletions_without_owner_do_not_deadlock(engine: Engine) {
    commit_at_once(engine, organizations_batch, ROUNDS * WRITERS * USERS / 4).await;
}
