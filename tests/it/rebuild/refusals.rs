//! When it cannot be done, it says why, and has done nothing.

use meetvo::{app, store::rebuild::EventEffect};

use super::{DIFFERS, everything, rebuild, report};
use crate::harness::{Database, Engine, Service, apply, both_engines, fixtures, settings};

#[apply(both_engines)]
async fn of_two_at_once_the_second_is_refused_and_whoever_only_looks_is_not(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    let database = &*service.database;
    let store = app::open_store(&settings(database, []).database).await.unwrap();
    let first = store.start_rebuild(|_| EventEffect::Nothing, true).await.unwrap();
    let refused = rebuild(database, &[]);
    assert_eq!(refused.status.code(), Some(1));
    let complaint = String::from_utf8(refused.stderr).unwrap();
    let why = "it is being rebuilt already; wait until that has ended\n";
    assert!(complaint.ends_with(why), "{complaint}");
    assert_eq!(report(database, &["--check"]).0, 0);
    first.close();
    assert_eq!(report(database, &[]).0, 0);
    let left = database.folder().join("meetvo.db-rebuild");
    assert!(!left.exists(), "it clears away what it made");
    store.close().await;
}

#[apply(both_engines)]
async fn what_the_database_refuses_leaves_all_as_it_was(engine: Engine) {
    let service = Service::start(engine).await;
    for number in 1..=3 {
        let user = format!("user_{number}");
        service.send(&fixtures::user_event("user.created", &user, 0)).await;
    }
    let mut tables = service.tables().await;
    tables.run("UPDATE users SET first_name = 'Eve'").await;
    tables.run("DELETE FROM verifications WHERE user_id = 'user_2'").await;
    let damaged = everything(&mut tables).await;
    let events = tables.rows("webhook_events").await;
    // The last of what is written but for the events.
    tables.reject_inserts("verifications", "NEW.user_id = 'user_2'").await;
    let refused = rebuild(&service.database, &[]);
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert_eq!(everything(&mut tables).await, damaged);
    assert_eq!(tables.rows("webhook_events").await, events);
    // Nor does it hold anybody up who comes later.
    assert_eq!(service.send(&fixtures::user_event("user.created", "user_4", 0)).await, "applied");
    tables.accept_inserts("verifications").await;
    assert_eq!(report(&service.database, &["--check"]).0, DIFFERS);
    assert_eq!(report(&service.database, &[]).0, 0);
    assert_eq!(report(&service.database, &["--check"]).0, 0);
}

#[apply(both_engines)]
async fn an_empty_database_has_to_have_its_schema(engine: Engine) {
    let database = Database::new(engine).await;
    let refused = rebuild(&database, &["--check"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("`meetvo migrate run`"));
}
