//! The fewest events of a story that failed which still fail: what a person would like to look at.

use super::{
    model::{self, Event},
    round::{Story, by_tag, difference, nothing},
};
use crate::harness::{Engine, Service};

/// One event after the other, over one connection. How it differs from the model, if it does.
async fn attempt(service: &Service, events: &[Event], number: usize) -> Option<String> {
    let tag = format!("shrunk{number:06}");
    let story = Story { seed: 0, order: 0, tag, events: events.to_vec() };
    for event in events {
        service.deliver(&story.delivery(event)).await;
    }
    let expected = model::projection(events);
    let mut found = by_tag(&mut service.tables().await).await;
    let found = found.remove(&story.tag).unwrap_or_else(nothing);
    (found != expected).then(|| difference(&expected, &found))
}

/// Leaves events out one by one, as long as it fails without.
pub async fn shrunk(engine: Engine, story: &Story) -> String {
    let service = Service::start(engine).await;
    let (mut events, mut number) = (story.events.clone(), 0);
    let Some(mut differs) = attempt(&service, &events, number).await else {
        return format!("One by one it does not: it takes company.\n{}", told(&events));
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
    format!("It takes no more than these, in this order:\n{}\n{differs}", told(&events))
}

fn told(events: &[Event]) -> String {
    let lines = events.iter().map(|event| format!("{} {}", event.id, event.body));
    lines.collect::<Vec<_>>().join("\n")
}
