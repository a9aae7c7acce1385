//! Schedule of drift checks. One replica runs a check at a time.

use meetvo::{
    domain::drift::DriftCounts,
    objects::Kind,
    store::{
        Store,
        drift_checks::{DriftCheckDue, DriftCheckResult, DriftCheckState, TypeResult},
    },
};

use super::{migrated, open};
use crate::harness::{Engine, apply, both_engines};

const HOUR: i64 = 3_600_000;

/// Begins a check if the last one succeeded a day ago, or failed or started an hour ago.
async fn begins(store: &Store, now: i64) -> bool {
    let due = DriftCheckDue { after_success: now - 24 * HOUR, after_failure: now - HOUR };
    store.begin_drift_check(now, due).await.unwrap()
}

#[apply(both_engines)]
async fn failed_check_is_due_before_successful_one(engine: Engine) {
    let (_database, store, _) = migrated(engine).await;
    assert_eq!(store.drift_check().await.unwrap(), None);
    let counts = DriftCounts { extra: 2, missing: 3, ..DriftCounts::default() };
    let users = TypeResult { objects: 5, not_understood: 1, counts };
    let roles = TypeResult { objects: 2, ..TypeResult::default() };
    let all = DriftCheckResult { types: vec![(Kind::User, users), (Kind::Role, roles)] };
    let mut now = 100 * HOUR;
    assert!(begins(&store, now).await, "the first check is due");
    assert!(!begins(&store, now + HOUR - 1).await, "a check is running");
    store.finish_drift_check(now, now + 1, Ok(&all)).await.unwrap();
    let (ended_at, result) = (Some(now + 1), Some(all));
    let expected = DriftCheckState { begun_at: now, ended_at, result, problem: None };
    assert_eq!(store.drift_check().await.unwrap(), Some(expected.clone()));
    assert!(!begins(&store, now + 24 * HOUR - 1).await, "a successful check is valid for a day");

    now += 24 * HOUR;
    assert!(begins(&store, now).await);
    let running = DriftCheckState { begun_at: now, ..expected };
    let state = store.drift_check().await.unwrap();
    assert_eq!(state, Some(running), "the result is that of the last finished check");
    assert!(!begins(&store, now + HOUR - 1).await);
    now += HOUR;
    assert!(begins(&store, now).await, "the running check is considered interrupted");
    let only_users = DriftCheckResult { types: vec![(Kind::User, users)] };
    store.finish_drift_check(now - HOUR, now, Ok(&only_users)).await.unwrap();
    let state = store.drift_check().await.unwrap().unwrap();
    assert_eq!(state.begun_at, now, "the end of an older check is ignored");
    store.finish_drift_check(now, now + 1, Err("unavailable")).await.unwrap();
    let failed = store.drift_check().await.unwrap().unwrap();
    assert_eq!((failed.result, failed.problem.as_deref()), (None, Some("unavailable")));
    assert!(!begins(&store, now + HOUR - 1).await);
    assert!(begins(&store, now + HOUR).await, "a failed check is repeated after an hour");
    now += HOUR;
    // The instance no longer uses organizations.
    store.finish_drift_check(now, now + 1, Ok(&only_users)).await.unwrap();
    assert_eq!(store.drift_check().await.unwrap().unwrap().result, Some(only_users));
}

#[apply(both_engines)]
async fn only_one_replica_begins_a_check(engine: Engine) {
    let (database, store, _) = migrated(engine).await;
    let mut stores = vec![store];
    for _ in 0..3 {
        stores.push(open(&database).await);
    }
    for now in [100 * HOUR, 200 * HOUR] {
        let begun = stores.iter().map(|store| begins(store, now));
        let begun = futures_util::future::join_all(begun).await;
        assert_eq!(begun.into_iter().filter(|begins| *begins).count(), 1);
    }
}
