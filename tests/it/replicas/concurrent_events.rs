//! Two services receive the same events, and different events of the same users, at the same time.

use std::collections::BTreeMap;

use futures_util::{StreamExt, future::join, stream};
use serde_json::{Value, json};

use super::Pair;
use crate::harness::{Delivery, Engine, NOW, SECRET, Service, apply, both_engines, fixtures};

/// Connections to each service.
const CONNECTIONS: usize = 16;

/// Creates events of a few users, so that all batches concern the same users.
fn deliveries() -> Vec<Delivery> {
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
            // Cannot be decoded and has no subject.
            _ => json!({ "type": "user.deleted", "data": {} }),
        });
    }
    let signed = |(at, body): (usize, Value)| {
        Delivery::signed(SECRET, &format!("msg_{at}"), NOW, body.to_string())
    };
    bodies.into_iter().enumerate().map(signed).collect()
}

/// Posts the deliveries over several connections, and returns the IDs of those that were not
/// duplicates.
async fn post(service: &Service, deliveries: impl Iterator<Item = &Delivery>) -> Vec<String> {
    let post = async |it: &Delivery| {
        (service.deliver_with_retries(it).await != "duplicate").then(|| it.id.clone())
    };
    let answers = stream::iter(deliveries).map(post).buffer_unordered(CONNECTIONS);
    answers.filter_map(async |recorded| recorded).collect().await
}

#[apply(both_engines)]
async fn opposite_orders_end_as_one_service(engine: Engine) {
    let deliveries = deliveries();
    let single = Service::start(engine).await;
    for delivery in &deliveries {
        single.deliver(delivery).await;
    }
    let expected = single.tables().await.synced_tables().await;

    let pair = Pair::start(engine).await;
    let [one, other] = &pair.services;
    let (mut recorded, others) =
        join(post(one, deliveries.iter()), post(other, deliveries.iter().rev())).await;
    assert!(recorded.len() > 20 && others.len() > 20, "both services record events");
    recorded.extend(others);
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for id in recorded {
        *counts.entry(id).or_default() += 1;
    }
    assert_eq!(counts.len(), deliveries.len(), "each event is recorded");
    assert!(counts.values().all(|count| *count == 1), "each event is recorded once: {counts:?}");

    let database = pair.stop().await;
    let mut tables = database.tables().await;
    let counts = "SELECT COUNT(*) || ' ' || COUNT(DISTINCT id) FROM webhook_events \
                  WHERE type NOT LIKE 'meetvo.%'";
    assert_eq!(tables.column(counts).await, [format!("{0} {0}", deliveries.len())]);
    assert_eq!(tables.synced_tables().await, expected);
    assert_eq!(tables.deadlocks().await, "0");
}
