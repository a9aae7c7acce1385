//! The scenarios of `meetvo trigger` about subscriptions: the plan that the user has after each.

use serde_json::{Value, json};

use super::trigger::Target;
use crate::harness::{Engine, apply, both_engines};

/// Returns the plan, its status, whether it ends, whether a payment is due, and whether it is a
/// trial.
async fn plan(target: &Target, user: &str) -> Value {
    let shown = target.get(&format!("/users/{user}/entitlements")).await;
    let ends = !shown["ends_at"].is_null();
    json!([shown["plan"], shown["status"], ends, shown["past_due"], shown["trial"]])
}

/// Scenario with the plan that a user has after it.
fn scenarios() -> [(&'static str, Value); 5] {
    [
        ("subscribe", json!(["team", "active", false, false, false])),
        ("upgrade", json!(["scale", "active", false, false, false])),
        ("cancel", json!(["team", "canceled", true, false, false])),
        ("payment-fails", json!(["team", "past_due", false, true, false])),
        ("trial", json!(["team", "active", false, false, true])),
    ]
}

#[apply(both_engines)]
async fn scenario_leads_to_its_plan(engine: Engine) {
    let target = Target::start(engine).await;
    for (scenario, expected) in scenarios() {
        let events = target.trigger(&["--scenario", scenario]);
        for event in events.iter().filter(|it| it["type"] != "email.created") {
            assert_eq!(event["decision"], "applied", "{scenario}: {event}");
        }
        let user = events[1]["subject"].as_str().unwrap();
        assert_eq!(plan(&target, user).await, expected, "{scenario}");
    }
}

#[apply(both_engines)]
async fn later_call_continues_with_same_subscription(engine: Engine) {
    let target = Target::start(engine).await;
    for (scenario, expected) in scenarios().into_iter().skip(1).take(3) {
        let subscribed = target.trigger(&["--scenario", "subscribe"]);
        let user = subscribed[1]["subject"].as_str().unwrap();
        let later = target.trigger(&["--scenario", scenario, "--user", user]);
        assert!(later.len() < subscribed.len(), "{later:?}");
        assert_eq!(plan(&target, user).await, expected, "{scenario}");
        let subscriptions = target.get(&format!("/users/{user}/subscriptions")).await;
        assert_eq!(subscriptions["data"].as_array().unwrap().len(), 1, "{subscriptions}");
    }
}
