//! The changes of a payer's plan, in any order.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{ORGANIZATION, USER, apply_all, entitlement, expected, start, summary};
use crate::harness::{
    Delivery, Engine, NOW, Rng, Service, apply,
    billing_events::{Item, Payer, subscription_event},
    both_engines, env_number, report_work,
};

/// Of a change of the plan, the event about the end of the old item can come last.
#[apply(both_engines)]
async fn crossed_upgrade_keeps_new_plan(engine: Engine) {
    let service = start(engine).await;
    let old = Item::new("csub_item_1", ORGANIZATION, "team", "active", 5);
    let new = Item { start: 10, ..Item::new("csub_item_2", ORGANIZATION, "scale", "active", 10) };
    let ended = Item { status: "ended".to_owned(), updated: 11, ..old.clone() };
    apply_all(&service, &[old.event("active"), new.event("active")]).await;
    let plan = || entitlement(&service, ORGANIZATION);
    assert_eq!(summary(&plan().await), expected("scale", false, "active"));
    apply_all(&service, &[ended.event("ended")]).await;
    assert_eq!(summary(&plan().await), expected("scale", false, "active"));
    // The first state of the old item comes once more.
    assert_eq!(service.send(&old.event("updated")).await, "stale");
    assert_eq!(summary(&plan().await), expected("scale", false, "active"));
}

#[apply(both_engines)]
async fn canceled_plan_stays_until_period_ends(engine: Engine) {
    let service = start(engine).await;
    let paid = Item { end: Some(50_000), ..Item::new("csub_item_1", USER, "pro", "canceled", 5) };
    let free = Item::new("csub_item_2", USER, "free", "upcoming", 5);
    apply_all(&service, &[subscription_event("updated", USER, "active", &[paid, free], 5)]).await;
    let canceled = entitlement(&service, USER).await;
    assert_eq!(summary(&canceled), expected("pro", false, "canceled"));
    assert_eq!(canceled["ends_at"], "2026-08-12T09:30:50.000Z");
    service.clock.set(NOW + 49_999);
    assert_eq!(entitlement(&service, USER).await["plan"], "pro");
    // The event about the end has not come yet.
    service.clock.set(NOW + 50_000);
    let ended = entitlement(&service, USER).await;
    assert_eq!((&ended["is_default"], &ended["ends_at"]), (&true.into(), &Value::Null));
}

#[apply(both_engines)]
async fn past_due_is_no_loss_of_plan(engine: Engine) {
    let service = start(engine).await;
    let item = Item::new("csub_item_1", USER, "pro", "active", 5);
    apply_all(&service, &[item.event("active")]).await;
    assert_eq!(entitlement(&service, USER).await["past_due"], false);
    // Clerk may mark the subscription only.
    let items = std::slice::from_ref(&item);
    let marked = subscription_event("pastDue", USER, "past_due", items, 6);
    apply_all(&service, &[marked]).await;
    let owing = entitlement(&service, USER).await;
    assert_eq!((&owing["plan"], &owing["past_due"]), (&"pro".into(), &true.into()));
    let owing = Item { status: "past_due".to_owned(), updated: 7, ..item.clone() };
    let paid = subscription_event("updated", USER, "active", &[owing], 8);
    apply_all(&service, &[paid]).await;
    assert_eq!(entitlement(&service, USER).await["past_due"], true);
}

/// Statuses between which an item moves, with their event types.
const STATUSES: [(&str, &str); 8] = [
    ("active", "active"),
    ("updated", "active"),
    ("pastDue", "past_due"),
    ("canceled", "canceled"),
    ("ended", "ended"),
    ("incomplete", "incomplete"),
    ("upcoming", "upcoming"),
    ("abandoned", "abandoned"),
];

/// Random history of a payer: up to four items of three plans, each with some states.
fn history<'a>(rng: &mut Rng, payer: Payer<'a>) -> Vec<(Value, Item<'a>)> {
    let mut events = Vec::new();
    for index in 0..=rng.below(4) {
        let plan = rng.choose(&["free", "pro", "max"]);
        let start = i64::try_from(rng.below(40)).unwrap();
        for _ in 0..=rng.below(4) {
            let (action, status) = rng.choose(&STATUSES);
            let updated = start + i64::try_from(rng.below(60)).unwrap();
            let id = format!("csub_item_{}_{index}", payer.id());
            let item = Item { start, ..Item::new(&id, payer, plan, status, updated) };
            let event = match rng.below(3) {
                0 => {
                    let items = std::slice::from_ref(&item);
                    subscription_event("updated", payer, "active", items, updated)
                }
                _ => item.event(action),
            };
            events.push((event, item));
        }
    }
    events
}

/// Independent model: the newest state of each item, and the plan that follows. The version of an
/// embedded state is that of the item, too.
fn model(deliveries: &[(Delivery, Item<'_>)]) -> Option<(String, String)> {
    let mut newest: BTreeMap<&str, ((i64, &str), &Item<'_>)> = BTreeMap::new();
    for (delivery, item) in deliveries {
        let version = (item.updated, &*delivery.id);
        let entry = newest.entry(&item.id).or_insert((version, item));
        if version > entry.0 {
            *entry = (version, item);
        }
    }
    let live = newest.values().map(|(_, item)| *item);
    let live = live.filter(|it| ["active", "past_due", "canceled"].contains(&&*it.status));
    let decides = live.max_by_key(|item| (item.plan != "free", item.start, item.id.clone()))?;
    Some((decides.plan.clone(), decides.status.clone()))
}

/// Any order and repetition of the events of a payer ends in the same plan.
#[apply(both_engines)]
async fn any_order_ends_in_one_plan(engine: Engine) {
    let sets = env_number("TORTURE_SETS").unwrap_or(30);
    let seed = env_number("TORTURE_SEED").unwrap_or(24);
    let mut rng = Rng(seed);
    let service = Service::start(engine).await;
    let mut deliveries_sent = 0;
    for set in 0..sets {
        let history_seed = rng.below(usize::MAX) as u64;
        let mut results = Vec::new();
        for order in 0..3 {
            let id = format!("{set}_{order}");
            let (user, organization) = (format!("user_{id}"), format!("org_{id}"));
            let payer = match set % 2 {
                0 => Payer::User(&user),
                _ => Payer::Organization(&organization),
            };
            let events = history(&mut Rng(history_seed), payer);
            let deliveries = events.into_iter().enumerate().map(|(index, (event, item))| {
                // The IDs have the same order in each repetition.
                let id = format!("msg_{index:03}_{id}");
                let body = serde_json::to_string(&event).unwrap();
                (Delivery::signed(crate::harness::SECRET, &id, NOW, body), item)
            });
            let mut deliveries: Vec<_> = deliveries.collect();
            rng.shuffle(&mut deliveries);
            for (delivery, _) in &deliveries {
                for _ in 0..=rng.below(2) {
                    let decision = service.deliver(delivery).await;
                    assert_ne!(decision, "failed");
                    deliveries_sent += 1;
                }
            }
            let entitlement = entitlement(&service, payer).await;
            let expected = model(&deliveries);
            let actual = (!entitlement["status"].is_null()).then(|| {
                let text = |name: &str| entitlement[name].as_str().unwrap().to_owned();
                (text("plan"), text("status"))
            });
            assert_eq!(actual, expected, "set {set}, order {order}: {entitlement}");
            results.push(actual);
        }
        assert!(results.iter().all(|it| *it == results[0]), "set {set}: {results:?}");
    }
    report_work(engine, Some(seed), &format!("{sets} sets, {deliveries_sent} deliveries"));
}
