//! Messages arrive at least once, in the order of each object, from one process.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use serde_json::{json, value::RawValue};
use tokio::task::block_in_place;

use super::{Endpoint, PUSH, start, start_on};
use crate::{
    harness::{
        Answer, ApiResponse, Database, Delivery, Engine, KEY, NOW, Process, Received, Receiver,
        Rng, TEST_TIMEOUT, apply, both_engines, client, env_number, fixtures, report_work, retried,
        settings,
    },
    torture::{cycles, seed},
};

/// Asserts that the accepted messages are in the order of the changes for each object, and that a
/// repetition has the same ID. Returns the number of changes.
fn assert_order(accepted: &[Received]) -> usize {
    let mut last: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    let mut ids: BTreeMap<&str, i64> = BTreeMap::new();
    for message in accepted {
        let (kind, id) = (message.about().0.split('.').next().unwrap(), message.about().1);
        let cursor = message.cursor();
        let is_new = ids.insert(message.id(), cursor).is_none_or(|known| {
            assert_eq!(known, cursor, "an ID belongs to one change");
            false
        });
        let newest = last.entry((kind, id)).or_insert(0);
        assert!(!is_new || cursor > *newest, "{kind} {id}: {cursor} after {newest}");
        *newest = (*newest).max(cursor);
    }
    ids.len()
}

#[apply(both_engines)]
async fn two_replicas_send_each_message_once(engine: Engine) {
    let (first, receiver) = (start(engine).await, Receiver::start().await);
    let second = start_on(Arc::clone(&first.database), first.clock.clone()).await;
    Endpoint::new(&first, &receiver, &["*"]).await;
    for user in 0..40 {
        let service = if user % 2 == 0 { &first } else { &second };
        service.send(&fixtures::user_event("user.created", &format!("user_{user}"), 0)).await;
    }
    let all = receiver.wait_for(40).await;
    assert_eq!((all.len(), assert_order(&all)), (40, 40));
    // The other replica takes over when the first one stops.
    let database = first.stop().await;
    second.send(&fixtures::user_event("user.created", "user_last", 0)).await;
    receiver.wait_for(41).await;
    drop((database, second));
}

#[apply(both_engines)]
async fn restarted_service_sends_what_was_left(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    receiver.answer(|_| Answer::Status(503));
    let endpoint = Endpoint::new(&service, &receiver, &["*"]).await;
    for user in 0..10 {
        service.send(&fixtures::user_event("user.created", &format!("user_{user}"), 0)).await;
    }
    endpoint.wait_for(&service, "waiting", &json!(10)).await;
    let clock = service.clock.clone();
    let database = service.stop().await;
    receiver.answer(|_| Answer::Status(200));
    clock.set(NOW + 10_000);
    let service = start_on(database, clock).await;
    receiver.wait_until(|all| all.iter().filter(|it| it.accepted).count() == 10).await;
    endpoint.wait_for(&service, "waiting", &json!(0)).await;
    assert_eq!(endpoint.get(&service).await["cursor"], "10");
}

/// The messages of changes without a webhook are sent only if an operator asks for them.
#[apply(both_engines)]
async fn backfill_sends_nothing_unless_asked(engine: Engine) {
    use meetvo::{
        app,
        domain::change_source::ChangeSource,
        objects::{Kind, decode::api_object},
        store::commit::Batch,
    };
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    let endpoint = Endpoint::new(&service, &receiver, &["*"]).await;
    let settings = settings(&service.database, []);
    let store = app::open_store(&settings.database).await.unwrap();
    for (user, notifies) in [("user_1", false), ("user_2", true)] {
        let object = RawValue::from_string(fixtures::user(user, 0).to_string()).unwrap();
        let events = [api_object::fetched(Kind::User, &object, ChangeSource::Backfill, NOW)];
        let batch = Batch { events: &events, secrets_used: &[] };
        store.notifying(notifies).commit(batch).await.unwrap();
    }
    let message = receiver.wait_for(1).await.remove(0);
    assert_eq!(message.about(), ("user.created", "user_2"));
    assert_eq!(message.body["change"]["source"], "backfill");
    endpoint.wait_for(&service, "cursor", &json!("2")).await;
    assert_eq!(receiver.all().len(), 1);
}

/// The receiver is away for ten hours, by the clock of the service. Of each user there are two
/// changes, and the second waits for the first.
#[apply(both_engines)]
async fn changes_of_ten_hours_arrive_afterwards(engine: Engine) {
    let users = usize::try_from(env_number("TORTURE_CHANGES").unwrap_or(300) / 2).unwrap();
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    receiver.answer(|_| Answer::Status(503));
    let endpoint = Endpoint::new(&service, &receiver, &["*"]).await;
    let client = client();
    for (kind, offset) in [("user.created", 0), ("user.updated", 1)] {
        for user in 0..users {
            let event = fixtures::user_event(kind, &format!("user_{user}"), offset);
            let delivery = Delivery::new(&event, service.clock.now());
            retried(|| delivery.request(&client, &service.url)).await;
        }
    }
    endpoint.wait_for(&service, "waiting", &json!(2 * users)).await;
    receiver.wait_for_count(users).await;
    // The attempts after 5 s, 5 min, 30 min and 2 h fail, too. The next one comes after 5 h.
    for (hour, attempts) in [(1, 2), (2, 3), (3, 4), (6, 5), (10, 5)] {
        service.clock.set(NOW + hour * 60 * 60 * 1_000);
        receiver.wait_for_count(attempts * users).await;
    }
    receiver.answer(|_| Answer::Status(200));
    service.clock.set(NOW + 24 * 60 * 60 * 1_000);
    receiver.wait_for_count(7 * users).await;
    endpoint.wait_for(&service, "waiting", &json!(0)).await;
    let accepted = receiver.accepted();
    assert_eq!((assert_order(&accepted), accepted.len()), (2 * users, 2 * users));
    let failed = receiver.all().len() - accepted.len();
    report_work(engine, None, &format!("{} changes, {failed} failed attempts", 2 * users));
}

/// Starts a process that pushes.
fn serve(database: &Database) -> Process {
    let [keys, private] = PUSH;
    let timeout = ("MEETVO__PUSH__TIMEOUT_MS", "3000");
    Process::serve(database, [keys, private, timeout])
}

/// Lets a receiver fail at random at the first attempt of each message. The second attempt comes
/// after 5 s, and a third one would come only after 5 min.
fn fail_at_random(receiver: &Receiver, mut rng: Rng) {
    let mut known = BTreeSet::new();
    receiver.answer(move |message| {
        if !known.insert(message.id().to_owned()) {
            return Answer::Status(200);
        }
        rng.choose(&[
            Answer::Status(200),
            Answer::Status(200),
            Answer::Status(200),
            Answer::Status(204),
            Answer::Slow(Duration::from_millis(20)),
            Answer::Status(500),
            Answer::Header(429, "retry-after", "1"),
            Answer::Cut,
            Answer::Hang,
        ])
    });
}

/// Receivers fail at random, the processes are killed, and yet every change arrives in the order of
/// its object. The clock is that of the machine, so that failed messages wait for seconds.
#[apply(both_engines)]
async fn random_failures_lose_and_reorder_nothing(engine: Engine) {
    let (seed, rounds) = (seed(), cycles(3));
    let database = Database::new(engine).await;
    let mut replicas = block_in_place(|| [serve(&database), serve(&database)]);
    let receiver = Receiver::start().await;
    let client = client();
    let body = json!({ "url": receiver.url, "types": ["*"] });
    let request = client.post(format!("{}/v1/endpoints", replicas[0].url)).bearer_auth(KEY);
    assert_eq!(ApiResponse::fetch(request.json(&body)).await.status, 201);
    let mut rng = Rng(seed);
    fail_at_random(&receiver, Rng(seed + 1));
    let mut expected = BTreeSet::new();
    for round in 0..rounds {
        let arrived = receiver.count();
        for step in 0..30 {
            let user = format!("user_{}", rng.below(10));
            let offset = i64::try_from(round * 1_000 + step).unwrap();
            let now = meetvo::clock::Clock::system().now();
            let mut event = fixtures::user_event("user.updated", &user, offset);
            event["timestamp"] = json!(now);
            let delivery = Delivery::new(&event, now);
            let url = &replicas[rng.below(2)].url;
            assert_eq!(
                retried(|| delivery.request(&client, url)).await.body["decision"],
                "applied"
            );
            expected.insert(delivery.id);
        }
        // Otherwise, the processes would be killed before one of them has taken over the lease.
        receiver.wait_for_count(arrived + 10).await;
        let killed = rng.below(2);
        replicas[killed].kill();
        replicas[killed] = block_in_place(|| serve(&database));
    }
    receiver.answer(|_| Answer::Status(200));
    // On a busy machine, a second attempt can fail too. The third one comes after five minutes.
    let accepted = receiver
        .wait_within(3 * TEST_TIMEOUT, |all| {
            let arrived = all.iter().filter(|it| it.accepted).map(event_id);
            arrived.collect::<BTreeSet<_>>() == expected.iter().map(String::as_str).collect()
        })
        .await;
    let accepted: Vec<_> = accepted.into_iter().filter(|it| it.accepted).collect();
    let changes = assert_order(&accepted);
    assert_eq!(changes, expected.len());
    let repeated = accepted.len() - changes;
    let failed = receiver.all().len() - accepted.len();
    let work = format!(
        "{changes} changes, {rounds} kills, {failed} failed attempts, {repeated} repeated messages"
    );
    report_work(engine, Some(seed), &work);
}

/// Returns the ID of the event of a message.
fn event_id(message: &Received) -> &str {
    message.body["change"]["event_id"].as_str().unwrap()
}
