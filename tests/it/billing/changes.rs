//! The change feed and pushed messages about the plans of payers.

use serde_json::{Value, json};

use super::{ORGANIZATION, USER, apply_all, start};
use crate::{
    harness::{
        Engine, Receiver, Service, apply,
        billing_events::{Item, Payer, payment_event, subscription_event},
        both_engines, fixtures,
    },
    push::{self, Endpoint},
};

/// Returns the entries of the change feed that match a filter.
async fn feed(service: &Service, filter: &str) -> Vec<Value> {
    let answer = service.get(&format!("/v1/changes?after=0&limit=500&{filter}")).await;
    answer.body["data"].as_array().unwrap().clone()
}

/// Returns the operations and plans of the changes of a payer's plan.
async fn changes(service: &Service) -> Vec<(String, String)> {
    let entries = feed(service, "kind=entitlement").await;
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
    entries.iter().map(|entry| (text(entry, "id"), text(entry, "operation"))).collect()
}

fn changed(payer: Payer<'_>) -> (String, String) {
    (payer.id().to_owned(), "changed".to_owned())
}

#[apply(both_engines)]
async fn each_change_of_plan_is_listed_once(engine: Engine) {
    let service = start(engine).await;
    let free = Item::new("csub_item_0", USER, "free", "active", 1);
    let pro = Item::new("csub_item_1", USER, "pro", "active", 5);
    let renewed = Item { end: Some(2_000_000), updated: 6, ..pro.clone() };
    let canceled = Item { status: "canceled".to_owned(), updated: 7, ..pro.clone() };
    let ended = Item { status: "ended".to_owned(), updated: 8, ..pro.clone() };
    let steps = [
        (subscription_event("created", USER, "active", std::slice::from_ref(&free), 1), 0),
        (pro.event("active"), 1),
        (subscription_event("updated", USER, "active", std::slice::from_ref(&pro), 5), 1),
        (renewed.event("updated"), 1),
        (canceled.event("canceled"), 1),
        (payment_event("pa_1", USER, "paid", 7), 1),
        (ended.event("ended"), 2),
    ];
    for (event, count) in steps {
        assert_ne!(service.send(&event).await, "failed");
        assert_eq!(changes(&service).await, vec![changed(USER); count], "{event}");
    }
    let entry = &feed(&service, "operation=changed").await[0];
    assert_eq!((&entry["user_id"], &entry["organization_id"]), (&json!("user_1"), &Value::Null));
    // Of the embedded items, each change is in the feed.
    let items = feed(&service, "kind=subscription_item").await;
    assert!(items.iter().any(|it| it["id"] == "csub_item_0" && it["operation"] == "created"));
}

/// In the one order, the payer has the default plan in between; in the other one not.
#[apply(both_engines)]
async fn crossed_upgrade_is_one_change(engine: Engine) {
    let service = start(engine).await;
    let old = Item::new("csub_item_1", ORGANIZATION, "team", "active", 5);
    let new = Item { start: 10, ..Item::new("csub_item_2", ORGANIZATION, "scale", "active", 10) };
    let ended = Item { status: "ended".to_owned(), updated: 11, ..old.clone() };
    apply_all(&service, &[old.event("active"), new.event("active"), ended.event("ended")]).await;
    assert_eq!(changes(&service).await, vec![changed(ORGANIZATION); 2], "team, then scale");
}

/// Reprocessing and a rebuild cause no further change.
#[apply(both_engines)]
async fn rebuild_repeats_no_change(engine: Engine) {
    let service = start(engine).await;
    let items = [
        Item::new("csub_item_1", USER, "pro", "active", 5),
        Item::new("csub_item_2", USER, "free", "upcoming", 5),
        Item::new("csub_item_3", USER, "max", "upcoming", 5),
    ];
    apply_all(&service, &[subscription_event("created", USER, "active", &items, 5)]).await;
    assert_eq!(changes(&service).await.len(), 1);
    let output = crate::harness::Process::run(&*service.database, [], &["rebuild", "--check"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(changes(&service).await.len(), 1);
}

#[apply(both_engines)]
async fn pushed_message_has_both_plans(engine: Engine) {
    let (service, receiver) = (push::start(engine).await, Receiver::start().await);
    Endpoint::new(&service, &receiver, &["entitlement.changed"]).await;
    apply_all(
        &service,
        &[
            fixtures::user_event("user.created", "user_1", 0),
            Item::new("csub_item_1", USER, "pro", "active", 5).event("active"),
        ],
    )
    .await;
    let message = receiver.wait_for(1).await.remove(0);
    assert_eq!(message.body["type"], "entitlement.changed");
    let data = &message.body["data"];
    assert_eq!((&data["plan"], &data["payer"]["id"]), (&json!("pro"), &json!("user_1")));
    assert_eq!(message.body["change"]["previous"], json!({ "plan_id": null, "plan": null }));
    let ended = Item { status: "ended".to_owned(), ..Item::new("csub_item_1", USER, "pro", "", 6) };
    apply_all(&service, &[ended.event("ended")]).await;
    let message = receiver.wait_for(2).await.remove(1);
    assert_eq!(message.body["data"]["is_default"], true);
    let previous = json!({ "plan_id": "cplan_pro", "plan": "pro" });
    assert_eq!(message.body["change"]["previous"], previous);
}
