//! Checks that are made again and again, by one replica at a time.

use meetvo::{
    domain::drift::DriftCounts,
    store::{
        Store,
        drift_checks::{DriftCheckState, DriftCheckDue, DriftCheckResult},
    },
};

use super::{migrated, open};
use crate::harness::{Engine, apply, both_engines};

const HOUR: i64 = 3_600_000;

/// A day after one that ended well, an hour after another.
async fn begins(store: &Store, now: i64) -> bool {
    store.begin_drift_check(now, DriftCheckDue { after_success: now - 24 * HOUR, after_failure: now - HOUR }).await.unwrap()
}

#[apply(both_engines)]
async fn a_check_is_due_after_its_time_and_a_failed_one_before(engine: Engine) {
    let (_database, store, _) = migrated(engine).await;
    assert_eq!(store.drift_check().await.unwrap(), None);
    let found = DriftCheckResult { users: 5, not_understood: 1, ..DriftCheckResult::default() };
    let found = DriftCheckResult { counts: DriftCounts { extra: 2, missing: 3, ..DriftCounts::default() }, ..found };
    let mut now = 100 * HOUR;
    assert!(begins(&store, now).await, "the first one");
    assert!(!begins(&store, now + HOUR - 1).await, "it is under way");
    store.finish_drift_check(now, now + 1, Ok(found)).await.unwrap();
    let expected =
        DriftCheckState { begun_at: now, ended_at: Some(now + 1), result: Some(found), problem: None };
    assert_eq!(store.drift_check().await.unwrap(), Some(expected.clone()));
    assert!(!begins(&store, now + 24 * HOUR - 1).await, "it is kept for a day");

    now += 24 * HOUR;
    assert!(begins(&store, now).await);
    let running = DriftCheckState { begun_at: now, ..expected };
    assert_eq!(store.drift_check().await.unwrap(), Some(running), "the last one that ended is told of");
    assert!(!begins(&store, now + HOUR - 1).await);
    now += HOUR;
    assert!(begins(&store, now).await, "that one was cut off");
    store.finish_drift_check(now - HOUR, now, Ok(found)).await.unwrap();
    assert_eq!(store.drift_check().await.unwrap().unwrap().begun_at, now, "it comes too late");
    store.finish_drift_check(now, now + 1, Err("away")).await.unwrap();
    let failed = store.drift_check().await.unwrap().unwrap();
    assert_eq!((failed.result, failed.problem.as_deref()), (None, Some("away")));
    assert!(!begins(&store, now + HOUR - 1).await);
    assert!(begins(&store, now + HOUR).await, "it is made again soon");
}

#[apply(both_engines)]
async fn of_many_who_would_begin_one_does(engine: Engine) {
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
