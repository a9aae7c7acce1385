//! Each write of a batch fails in turn. The batch is never written partly, and the cause of the
//! failure decides the outcome of the events.

use std::time::Duration;

use futures_util::future::join_all;
use meetvo::{
    domain::decision::{Decision, Outcome},
    ingest::{Limits, Writer, queue::Rejection},
    objects::event::Event,
    store::{Store, StoreError},
};
use serde_json::{Value, json};

use super::{
    commit, event,
    fault_injection::{self, Cause},
    migrated,
};
use crate::harness::{Engine, Tables, apply, both_engines, fixtures};

/// Upper limit for the number of rows that a batch of these tests writes.
const MAX_WRITES: usize = 200;

/// Submits events as one batch: all of them are in the queue before the writer starts.
pub(super) async fn submit_batch(
    store: &Store,
    events: Vec<Event>,
) -> Vec<Result<Outcome, Rejection>> {
    let limits = Limits {
        queue_capacity: 64,
        max_pending_bytes: 1 << 20,
        batch_size: 64,
        timeout: Duration::from_secs(30),
    };
    let (queue, writers) = Writer::new(vec![store.clone()], limits, None);
    let submit = |event: Event| {
        let queue = queue.clone();
        async move { queue.submit(event).await }
    };
    let submissions = join_all(events.into_iter().map(submit));
    drop(queue);
    tokio::join!(submissions, Writer::run_all(writers)).0
}

/// Returns the update of a user with a changed address, a changed account and another account.
fn changed(user: &str, later: i64) -> Value {
    let mut body = fixtures::user_event("user.updated", user, later);
    let data = &mut body["data"];
    let mut another = data["external_accounts"][0].clone();
    another["id"] = "eac_another".into();
    data["external_accounts"][0]["username"] = json!(format!("ada_{later}"));
    data["external_accounts"].as_array_mut().unwrap().push(another);
    data["email_addresses"][0]["email_address"] = json!(format!("{user}_{later}@example.org"));
    body
}

/// Returns the events to commit before [`every_kind`].
pub(super) fn preceding_events() -> Vec<Event> {
    let mut user = changed("user_old", 1);
    user["data"]["external_accounts"][1]["id"] = "eac_removed".into();
    [
        user,
        fixtures::session_event("session.created", "sess_old", "user_old", 0),
        fixtures::user_event("user.created", "user_deleted", 0),
        fixtures::session_event("session.created", "sess_deleted", "user_deleted", 0),
        fixtures::event("user.created", json!({}), 0),
    ]
    .iter()
    .enumerate()
    .map(|(index, body)| event(&format!("msg_before_{index}"), body))
    .collect()
}

/// Returns a batch that runs every statement of a commit.
pub(super) fn every_kind() -> Vec<Event> {
    let mut events: Vec<_> = [
        fixtures::user_event("user.created", "user_new", 0),
        changed("user_old", 2),
        fixtures::session_event("session.created", "sess_new", "user_old", 0),
        fixtures::session_event("session.ended", "sess_old", "user_old", 3),
        fixtures::user_deleted("user_deleted", 5),
        fixtures::session_event("session.created", "sess_first", "user_unknown", 0),
        fixtures::event("organization.created", json!({ "id": "org_1" }), 0),
        fixtures::event("user.updated", json!({}), 0),
    ]
    .iter()
    .enumerate()
    .map(|(index, body)| event(&format!("msg_{index}"), body))
    .collect();
    // This event has failed before, and can be decoded now.
    events.push(event("msg_before_4", &fixtures::user_event("user.created", "user_late", 0)));
    events
}

/// Returns the stored events without their numbers. After a rollback, PostgreSQL skips numbers.
pub(super) async fn stored_events(tables: &mut Tables) -> Vec<Value> {
    let mut rows = tables.rows("webhook_events").await;
    for row in &mut rows {
        row.as_object_mut().unwrap().remove("seq");
    }
    rows
}

#[apply(both_engines)]
async fn batch_with_failed_write_is_rolled_back(engine: Engine) {
    let (_reference, store, mut expected) = migrated(engine).await;
    commit(&store, &preceding_events()).await;
    let outcomes = commit(&store, &every_kind()).await;

    let (_database, store, mut tables) = migrated(engine).await;
    commit(&store, &preceding_events()).await;
    fault_injection::install(&mut tables).await;
    for n in 1..=MAX_WRITES {
        fault_injection::set(&mut tables, n, Cause::Database, "").await;
        let fingerprint = tables.write_fingerprint().await;
        let results = submit_batch(&store, every_kind()).await;
        if results.iter().all(Result::is_ok) {
            let results: Vec<_> = results.into_iter().map(Result::unwrap).collect();
            assert_eq!(results, outcomes, "the failures have no effect");
            assert_eq!(tables.synced_tables().await, expected.synced_tables().await);
            assert_eq!(stored_events(&mut tables).await, stored_events(&mut expected).await);
            assert!(n > 40, "only {n} writes");
            return;
        }
        for result in results {
            let Err(Rejection::Store(error)) = result else { panic!("{n}: {result:?}") };
            assert!(matches!(*error, StoreError::Unavailable(_)), "{n}: {error:?}");
        }
        let after = tables.write_fingerprint().await;
        assert_eq!(after, fingerprint, "write {n} failed, but the batch was written partly");
    }
    panic!("the batch never succeeds");
}

/// Returns events of one user, each with the events to commit before it and the minimum number of
/// rows that it writes.
fn user_events() -> [(Value, Vec<Value>, usize); 5] {
    let before = || {
        vec![
            changed("user_3", 1),
            fixtures::session_event("session.created", "sess_3", "user_3", 0),
        ]
    };
    let mut updated = changed("user_3", 2);
    updated["data"]["external_accounts"][1]["id"] = "eac_new".into();
    [
        (fixtures::user_event("user.created", "user_3", 0), Vec::new(), 5),
        (updated, before(), 8),
        (fixtures::session_event("session.created", "sess_3", "user_3", 0), Vec::new(), 2),
        (fixtures::session_event("session.ended", "sess_3", "user_3", 4), before(), 1),
        (fixtures::user_deleted("user_3", 5), before(), 8),
    ]
}

#[apply(both_engines)]
async fn event_with_rejected_write_fails_alone(engine: Engine) {
    for (body, before, min_writes) in user_events() {
        let (_database, store, mut tables) = migrated(engine).await;
        for (index, body) in before.iter().enumerate() {
            commit(&store, &[event(&format!("msg_before_{index}"), body)]).await;
        }
        fault_injection::install(&mut tables).await;
        let rows = fault_injection::rows_of(&mut tables, "user_3").await;
        let writes = fail_each_write(&store, &mut tables, &body, &rows).await;
        assert!(writes > min_writes, "{}: only {writes} writes", body["type"]);
        assert_ne!(fault_injection::rows_of(&mut tables, "user_3").await, rows, "{}", body["type"]);
    }
}

/// Submits an event in a batch with others until it is applied. Each time, the next of its writes
/// fails. Returns the number of attempts.
async fn fail_each_write(store: &Store, tables: &mut Tables, body: &Value, rows: &Value) -> usize {
    for n in 1..=MAX_WRITES {
        fault_injection::set(tables, n, Cause::Event, "user_3").await;
        let others = (0..6).map(|other| {
            let user = format!("user_{n}_{other}");
            let body = match other % 2 {
                0 => fixtures::user_event("user.created", &user, 0),
                _ => fixtures::session_event("session.created", &format!("sess_{user}"), &user, 0),
            };
            event(&format!("msg_{user}"), &body)
        });
        let mut batch: Vec<_> = others.collect();
        batch.insert(3, event("msg_3", body));
        let mut results = submit_batch(store, batch).await;
        let outcome = results.remove(3).unwrap();
        for result in results {
            let applied = Outcome::Recorded(Decision::Applied);
            assert_eq!(result.unwrap(), applied, "{n}: another event of the batch");
        }
        let users =
            format!("SELECT clerk_id FROM users WHERE clerk_id LIKE 'user\\_{n}\\__' ESCAPE '\\'");
        assert_eq!(tables.column(&users).await.len(), 6, "{n}: the other users");
        if outcome == Outcome::Recorded(Decision::Applied) {
            return n;
        }
        // The event is recorded as failed by the first attempt. Later attempts fail again.
        let expected = match n {
            1 => Outcome::Recorded(Decision::Failed),
            _ => Outcome::Duplicate,
        };
        assert_eq!(outcome, expected, "{n}");
        let after = fault_injection::rows_of(tables, "user_3").await;
        assert_eq!(&after, rows, "{n}: the event was written partly");
        let reasons = tables.column("SELECT reason FROM webhook_events WHERE id = 'msg_3'").await;
        assert!(reasons[0].starts_with("rejected by the database: code "), "{reasons:?}");
    }
    panic!("the event is never applied");
}

/// A deferred constraint is checked at the end, so that the commit itself fails.
#[apply(both_engines)]
async fn event_with_rejected_commit_fails_alone(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let deferred = match engine {
        Engine::Sqlite => {
            "CREATE TABLE none (id INTEGER PRIMARY KEY); \
             CREATE TABLE child (id INTEGER REFERENCES none DEFERRABLE INITIALLY DEFERRED); \
             CREATE TRIGGER late AFTER INSERT ON users WHEN NEW.clerk_id = 'user_3' \
             BEGIN INSERT INTO child VALUES (1); END"
        }
        Engine::Postgres => {
            "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 RAISE check_violation; END $$; \
             CREATE CONSTRAINT TRIGGER late AFTER INSERT ON users DEFERRABLE INITIALLY DEFERRED \
             FOR EACH ROW WHEN (NEW.clerk_id = 'user_3') EXECUTE FUNCTION late()"
        }
    };
    tables.run(deferred).await;
    let batch = || {
        let user = |index: usize| fixtures::user_event("user.created", &format!("user_{index}"), 0);
        (0..7).map(|index| event(&format!("msg_{index}"), &user(index))).collect::<Vec<_>>()
    };
    let results = submit_batch(&store, batch()).await;
    let outcomes: Vec<_> = results.into_iter().map(Result::unwrap).collect();
    let mut expected = vec![Outcome::Recorded(Decision::Applied); 7];
    expected[3] = Outcome::Recorded(Decision::Failed);
    assert_eq!(outcomes, expected);
    assert_eq!(tables.rows("users").await.len(), 6);

    let accept = match engine {
        Engine::Sqlite => "DROP TRIGGER late",
        Engine::Postgres => "DROP TRIGGER late ON users",
    };
    tables.run(accept).await;
    let results = submit_batch(&store, batch()).await;
    let outcomes: Vec<_> = results.into_iter().map(Result::unwrap).collect();
    let mut expected = vec![Outcome::Duplicate; 7];
    expected[3] = Outcome::Recorded(Decision::Applied);
    assert_eq!(outcomes, expected, "a later delivery of the event is applied");
    assert_eq!(tables.rows("users").await.len(), 7);
}
