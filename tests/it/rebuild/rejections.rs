//! A rebuild that fails names the reason and changes nothing.

use meetvo::{
    app,
    store::{StoreError, rebuild::EventEffect},
    sync::rebuild,
};

use super::{DIFFERS, all_rows, report};
use crate::harness::{Database, Engine, NOW, Service, apply, both_engines, fixtures, settings};

#[apply(both_engines)]
async fn second_exclusive_rebuild_is_rejected(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    let database = &*service.database;
    let store = app::open_store(&settings(database, []).database).await.unwrap();
    let first = store.start_rebuild(|_| EventEffect::Nothing, true).await.unwrap();
    let second = super::rebuild(database, &[]);
    assert_eq!(second.status.code(), Some(1));
    let stderr = String::from_utf8(second.stderr).unwrap();
    let reason = "another rebuild is running; wait until it has ended\n";
    assert!(stderr.ends_with(reason), "{stderr}");
    assert_eq!(report(database, &["--check"]).0, 0);
    first.close().await;
    assert_eq!(report(database, &[]).0, 0);
    let lock_file = database.folder().join("meetvo.db-rebuild");
    assert!(!lock_file.exists(), "the lock file is removed");
    store.close().await;
}

/// The server ends a closed session some time later, and must not keep the lock until then.
#[apply(both_engines)]
async fn closed_rebuild_releases_lock_at_once(engine: Engine) {
    let service = Service::start(engine).await;
    let store = app::open_store(&settings(&service.database, []).database).await.unwrap();
    for round in 0..30 {
        let started = store.start_rebuild(|_| EventEffect::Nothing, true).await;
        started.unwrap_or_else(|error| panic!("round {round}: {error}")).close().await;
    }
    // A rebuild that fails releases the lock too.
    let mut tables = service.tables().await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    tables.run("ALTER TABLE webhook_events RENAME TO elsewhere").await;
    let failed = rebuild::repair(&store, NOW, |_| {}).await.map(drop);
    assert!(matches!(failed, Err(StoreError::Unavailable(_))), "{failed:?}");
    tables.run("ALTER TABLE elsewhere RENAME TO webhook_events").await;
    store.start_rebuild(|_| EventEffect::Nothing, true).await.unwrap().close().await;
    store.close().await;
}

#[apply(both_engines)]
async fn rejected_row_rolls_back_the_repair(engine: Engine) {
    let service = Service::start(engine).await;
    for number in 1..=3 {
        let user = format!("user_{number}");
        service.send(&fixtures::user_event("user.created", &user, 0)).await;
    }
    let mut tables = service.tables().await;
    tables.run("UPDATE users SET first_name = 'Eve'").await;
    tables.run("DELETE FROM verifications WHERE user_id = 'user_2'").await;
    let damaged = all_rows(&mut tables).await;
    let events = tables.rows("webhook_events").await;
    // Verifications are written last, before the events.
    tables.reject_inserts("verifications", "NEW.user_id = 'user_2'").await;
    let rejected = super::rebuild(&service.database, &[]);
    assert_eq!(rejected.status.code(), Some(1), "{rejected:?}");
    assert_eq!(all_rows(&mut tables).await, damaged);
    assert_eq!(tables.rows("webhook_events").await, events);
    // Later commits are not blocked.
    assert_eq!(service.send(&fixtures::user_event("user.created", "user_4", 0)).await, "applied");
    tables.accept_inserts("verifications").await;
    assert_eq!(report(&service.database, &["--check"]).0, DIFFERS);
    assert_eq!(report(&service.database, &[]).0, 0);
    assert_eq!(report(&service.database, &["--check"]).0, 0);
}

#[apply(both_engines)]
async fn empty_database_needs_migrations(engine: Engine) {
    let database = Database::new(engine).await;
    let failed = super::rebuild(&database, &["--check"]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(String::from_utf8(failed.stderr).unwrap().contains("`meetvo migrate run`"));
}
