//! The same events, and different events of the same users, to two services at once.

use std::collections::BTreeMap;

use futures_util::{StreamExt, future::join, stream};
use serde_json::{Value, json};

use super::{Pair, insist};
use crate::harness::{Delivery, Engine, NOW, SECRET, Service, apply, both_engines, fixtures};

/// Connections to each service.
const CONNECTIONS: usize = 16;

/// Events of a few users, so that every batch is about users of every other.
fn story() -> Vec<Delivery> {
    let mut bodies = Vec::new();
    for at in 0..400 {
        let (user, later) = (format!("user_{}", at % 40), at * 7 % 100);
        let session = format!("sess_{}_{}", at % 40, at % 3);
        bodies.push(match at % 8 {
            0..3 => fixtures::user_event("user.updated", &user, later),
            3 => {
                let mut event = fixtures::session_event("session.created", &session, &user, later);
                event["data"]["user"] = fixtures::user(&user, later);
                event
            }
            4 => fixtures::session_event("session.created", &session, &user, later),
            5 => fixtures::session_event("session.ended", &session, &user, later),
            6 if at % 40 > 30 => fixtures::user_deleted(&user, later),
            6 => fixtures::event("role.created", json!({ "id": user }), later),
            // Not understood, and about nobody.
            _ => json!({ "type": "user.deleted", "data": {} }),
        });
    }
    let signed = |(at, body): (usize, Value)| {
        Delivery::signed(SECRET, &format!("msg_{at}"), NOW, body.to_string())
    };
    bodies.into_iter().enumerate().map(signed).collect()
}

/// Posts each over some connections; how often each id was answered with something new.
async fn post(service: &Service, deliveries: impl Iterator<Item = &Delivery>) -> Vec<String> {
    let post =
        async |it: &Delivery| (insist(service, it).await != "duplicate").then(|| it.id.clone());
    let answers = stream::iter(deliveries).map(post).buffer_unordered(CONNECTIONS);
    answers.filter_map(async |recorded| recorded).collect().await
}

#[apply(both_engines)]
async fn the_same_events_in_opposite_orders_are_applied_once_and_end_as_with_one(engine: Engine) {
    let story = story();
    let alone = Service::start(engine).await;
    for delivery in &story {
        alone.deliver(delivery).await;
    }
    let expected = alone.tables().await.synced_tables().await;

    let pair = Pair::start(engine).await;
    let [one, other] = &pair.services;
    let (mut recorded, others) =
        join(post(one, story.iter()), post(other, story.iter().rev())).await;
    assert!(recorded.len() > 20 && others.len() > 20, "both took part");
    recorded.extend(others);
    let mut times: BTreeMap<_, usize> = BTreeMap::new();
    for id in recorded {
        *times.entry(id).or_default() += 1;
    }
    assert_eq!(times.len(), story.len(), "each is recorded");
    assert!(times.values().all(|times| *times == 1), "and once: {times:?}");

    let database = pair.stop().await;
    let mut tables = database.tables().await;
    let kept = "SELECT COUNT(*) || ' ' || COUNT(DISTINCT id) FROM webhook_events";
    assert_eq!(tables.column(kept).await, [format!("{0} {0}", story.len())]);
    assert_eq!(tables.synced_tables().await, expected);
    assert_eq!(tables.deadlocks().await, "0");
}
