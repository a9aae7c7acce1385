//! Every write of a batch fails once, whichever it is: the batch is not there by halves, and whose
//! fault it was decides what becomes of the events.

use std::time::Duration;

use futures_util::future::join_all;
use meetvo::{
    domain::event::{Decision, Event, Outcome},
    ingest::{Limits, Writer, queue::Rejection},
    store::{Store, StoreError},
};
use serde_json::{Value, json};

use super::{
    commit, event, migrated,
    trap::{self, Fault},
};
use crate::harness::{Engine, Tables, apply, both_engines, fixtures};

/// No batch of these tests writes so many rows.
const MOST: usize = 200;

/// Has all of them wait before the writer starts, so that they are one batch.
pub(super) async fn at_once(store: &Store, events: Vec<Event>) -> Vec<Result<Outcome, Rejection>> {
    let limits = Limits { queue_capacity: 64, batch_size: 64, timeout: Duration::from_secs(30) };
    let (queue, writers) = Writer::new(vec![store.clone()], limits, None);
    let submit = |event: Event| {
        let queue = queue.clone();
        async move { queue.submit(event).await }
    };
    let submissions = join_all(events.into_iter().map(submit));
    drop(queue);
    tokio::join!(submissions, Writer::run_all(writers)).0
}

/// A user who changed in every way: an address, an account more, one less, and one that is another.
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

/// What a batch of all kinds finds there.
pub(super) fn before() -> Vec<Event> {
    let mut leaving = changed("user_old", 1);
    leaving["data"]["external_accounts"][1]["id"] = "eac_leaving".into();
    [
        leaving,
        fixtures::session_event("session.created", "sess_old", "user_old", 0),
        fixtures::user_event("user.created", "user_gone", 0),
        fixtures::session_event("session.created", "sess_gone", "user_gone", 0),
        fixtures::event("user.created", json!({}), 0),
    ]
    .iter()
    .enumerate()
    .map(|(at, body)| event(&format!("msg_before_{at}"), body))
    .collect()
}

/// A batch that runs every statement there is.
pub(super) fn of_all_kinds() -> Vec<Event> {
    let mut events: Vec<_> = [
        fixtures::user_event("user.created", "user_new", 0),
        changed("user_old", 2),
        fixtures::session_event("session.created", "sess_new", "user_old", 0),
        fixtures::session_event("session.ended", "sess_old", "user_old", 3),
        fixtures::user_deleted("user_gone", 5),
        fixtures::session_event("session.created", "sess_first", "user_unknown", 0),
        fixtures::event("organization.created", json!({ "id": "org_1" }), 0),
        fixtures::event("user.updated", json!({}), 0),
    ]
    .iter()
    .enumerate()
    .map(|(at, body)| event(&format!("msg_{at}"), body))
    .collect();
    // It had failed, and is understood now.
    events.push(event("msg_before_4", &fixtures::user_event("user.created", "user_late", 0)));
    events
}

/// The events without their places: a server does not give back what it had numbered.
pub(super) async fn events(tables: &mut Tables) -> Vec<Value> {
    let mut rows = tables.rows("webhook_events").await;
    for row in &mut rows {
        row.as_object_mut().unwrap().remove("seq");
    }
    rows
}

#[apply(both_engines)]
async fn where_any_write_fails_for_reasons_of_ours_nothing_of_the_batch_is_written(engine: Engine) {
    let (_untroubled, store, mut expected) = migrated(engine).await;
    commit(&store, &before()).await;
    let outcomes = commit(&store, &of_all_kinds()).await;

    let (_database, store, mut tables) = migrated(engine).await;
    commit(&store, &before()).await;
    trap::lay(&mut tables).await;
    for at in 1..=MOST {
        trap::set(&mut tables, at, Fault::Ours, "").await;
        let imprint = tables.write_fingerprint().await;
        let answers = at_once(&store, of_all_kinds()).await;
        if answers.iter().all(Result::is_ok) {
            let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
            assert_eq!(answers, outcomes, "as if nothing had failed");
            assert_eq!(tables.synced_tables().await, expected.synced_tables().await);
            assert_eq!(events(&mut tables).await, events(&mut expected).await);
            assert!(at > 40, "only {at} writes");
            return;
        }
        for answer in answers {
            let Err(Rejection::Store(failure)) = answer else { panic!("{at}: {answer:?}") };
            assert!(matches!(*failure, StoreError::Unavailable(_)), "{at}: {failure:?}");
        }
        assert_eq!(tables.write_fingerprint().await, imprint, "something of the {at}th is left");
    }
    panic!("it fails for ever");
}

/// What happens to one user in the midst of others, what was there before, and how many rows at
/// the least are written for it.
fn fates() -> [(Value, Vec<Value>, usize); 5] {
    let there = || {
        vec![
            changed("user_3", 1),
            fixtures::session_event("session.created", "sess_3", "user_3", 0),
        ]
    };
    let mut updated = changed("user_3", 2);
    updated["data"]["external_accounts"][1]["id"] = "eac_new".into();
    [
        (fixtures::user_event("user.created", "user_3", 0), Vec::new(), 5),
        (updated, there(), 8),
        (fixtures::session_event("session.created", "sess_3", "user_3", 0), Vec::new(), 2),
        (fixtures::session_event("session.ended", "sess_3", "user_3", 4), there(), 1),
        (fixtures::user_deleted("user_3", 5), there(), 8),
    ]
}

#[apply(both_engines)]
async fn where_any_write_fails_for_an_events_own_sake_that_event_fails_and_no_other(
    engine: Engine,
) {
    for (fate, there, least) in fates() {
        let (_database, store, mut tables) = migrated(engine).await;
        for (at, body) in there.iter().enumerate() {
            commit(&store, &[event(&format!("msg_before_{at}"), body)]).await;
        }
        trap::lay(&mut tables).await;
        let kept = trap::rows_of(&mut tables, "user_3").await;
        let writes = fails_until_it_is_taken(&store, &mut tables, &fate, &kept).await;
        assert!(writes > least, "{}: only {writes} writes", fate["type"]);
        assert_ne!(trap::rows_of(&mut tables, "user_3").await, kept, "{}", fate["type"]);
    }
}

/// Sends an event among neighbours, again and again, each time with the next of its writes failing;
/// at which it was applied at last.
async fn fails_until_it_is_taken(
    store: &Store,
    tables: &mut Tables,
    fate: &Value,
    kept: &Value,
) -> usize {
    for at in 1..=MOST {
        trap::set(tables, at, Fault::Event, "user_3").await;
        let neighbours = (0..6).map(|neighbour| {
            let user = format!("user_{at}_{neighbour}");
            let body = match neighbour % 2 {
                0 => fixtures::user_event("user.created", &user, 0),
                _ => fixtures::session_event("session.created", &format!("sess_{user}"), &user, 0),
            };
            event(&format!("msg_{user}"), &body)
        });
        let mut batch: Vec<_> = neighbours.collect();
        batch.insert(3, event("msg_3", fate));
        let mut answers = at_once(store, batch).await;
        let own = answers.remove(3).unwrap();
        for answer in answers {
            assert_eq!(answer.unwrap(), Outcome::Recorded(Decision::Applied), "{at}: a neighbour");
        }
        let came =
            format!("SELECT clerk_id FROM users WHERE clerk_id LIKE 'user\\_{at}\\__' ESCAPE '\\'");
        assert_eq!(tables.column(&came).await.len(), 6, "{at}: the neighbours");
        if own == Outcome::Recorded(Decision::Applied) {
            return at;
        }
        // It is kept as failed once. Its repetitions are tried, and fail again.
        let expected = match at {
            1 => Outcome::Recorded(Decision::Failed),
            _ => Outcome::Duplicate,
        };
        assert_eq!(own, expected, "{at}");
        assert_eq!(&trap::rows_of(tables, "user_3").await, kept, "{at}: half of it");
        let reasons = tables.column("SELECT reason FROM webhook_events WHERE id = 'msg_3'").await;
        assert!(reasons[0].starts_with("rejected by the database: code "), "{reasons:?}");
    }
    panic!("it fails for ever");
}

/// A constraint that is looked at in the end alone: the last statement fails, which is the commit.
#[apply(both_engines)]
async fn where_the_commit_itself_fails_for_an_events_sake_that_event_fails_alone(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let deferred = match engine {
        Engine::Sqlite => {
            "CREATE TABLE none (id INTEGER PRIMARY KEY); \
             CREATE TABLE owed (id INTEGER REFERENCES none DEFERRABLE INITIALLY DEFERRED); \
             CREATE TRIGGER late AFTER INSERT ON users WHEN NEW.clerk_id = 'user_3' \
             BEGIN INSERT INTO owed VALUES (1); END"
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
        let user = |at: usize| fixtures::user_event("user.created", &format!("user_{at}"), 0);
        (0..7).map(|at| event(&format!("msg_{at}"), &user(at))).collect::<Vec<_>>()
    };
    let outcomes: Vec<_> = at_once(&store, batch()).await.into_iter().map(Result::unwrap).collect();
    let mut expected = vec![Outcome::Recorded(Decision::Applied); 7];
    expected[3] = Outcome::Recorded(Decision::Failed);
    assert_eq!(outcomes, expected);
    assert_eq!(tables.rows("users").await.len(), 6);

    let accept = match engine {
        Engine::Sqlite => "DROP TRIGGER late",
        Engine::Postgres => "DROP TRIGGER late ON users",
    };
    tables.run(accept).await;
    let outcomes: Vec<_> = at_once(&store, batch()).await.into_iter().map(Result::unwrap).collect();
    let mut expected = vec![Outcome::Duplicate; 7];
    expected[3] = Outcome::Recorded(Decision::Applied);
    assert_eq!(outcomes, expected, "its repetition, now that nothing is in its way");
    assert_eq!(tables.rows("users").await.len(), 7);
}
