//! Reduction of a failed permutation to the fewest events that still fail.

use super::{
    model::{self, Event},
    round::{Permutation, by_tag, difference, sorted},
};
use crate::harness::{Engine, Service};

/// Delivers the events one by one over one connection. Returns the difference from the model, if
/// any.
async fn attempt(service: &Service, events: &[Event], number: usize) -> Option<String> {
    let tag = format!("shrunk{number:06}");
    let permutation = Permutation { seed: 0, order: 0, tag, events: events.to_vec() };
    for event in events {
        service.deliver(&permutation.delivery(event)).await;
    }
    let expected = sorted(model::expected_tables(events));
    let mut found = by_tag(&mut service.tables().await).await;
    let found = sorted(found.remove(&permutation.tag).unwrap_or_else(model::no_rows));
    (found != expected).then(|| difference(&expected, &found))
}

/// Removes each event without which the permutation still fails, and describes the result.
pub async fn minimize(engine: Engine, permutation: &Permutation) -> String {
    let service = Service::start(engine).await;
    let (mut events, mut number) = (permutation.events.clone(), 0);
    let Some(mut differs) = attempt(&service, &events, number).await else {
        return format!("It does not fail one by one, only concurrently.\n{}", listed(&events));
    };
    let mut at = 0;
    while at < events.len() {
        let mut fewer = events.clone();
        fewer.remove(at);
        number += 1;
        match attempt(&service, &fewer, number).await {
            Some(still) => (events, differs) = (fewer, still),
            None => at += 1,
        }
    }
    format!("It fails with these events, in this order:\n{}\n{differs}", listed(&events))
}

fn listed(events: &[Event]) -> String {
    let lines = events.iter().map(|event| format!("{} {}", event.id, event.body));
    lines.collect::<Vec<_>>().join("\n")
}
