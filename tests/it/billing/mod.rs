//! Clerk Billing: plans, subscriptions, payments, and the plans that payers have.

mod access;
mod changes;
mod drift;
mod objects;
mod transitions;
mod views;

use serde_json::{Value, json};

use crate::harness::{Engine, Service, billing_events::Payer};

/// Sends events, and asserts that each is applied.
async fn apply_all(service: &Service, events: &[Value]) {
    for event in events {
        assert_eq!(service.send(event).await, "applied", "{event}");
    }
}

/// Returns the plan that a payer has.
async fn entitlement(service: &Service, payer: Payer<'_>) -> Value {
    let path = match payer {
        Payer::User(id) => format!("/v1/users/{id}/entitlements"),
        Payer::Organization(id) => format!("/v1/organizations/{id}/entitlements"),
    };
    let answer = service.get(&path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.body
}

/// Returns the key of the plan, whether it is the default one, and its status.
fn summary(entitlement: &Value) -> (Value, Value, Value) {
    let field = |name: &str| entitlement[name].clone();
    (field("plan"), field("is_default"), field("status"))
}

/// Returns a summary.
fn expected(plan: &str, is_default: bool, status: &str) -> (Value, Value, Value) {
    (json!(plan), json!(is_default), json!(status))
}

const USER: Payer<'_> = Payer::User("user_1");
const ORGANIZATION: Payer<'_> = Payer::Organization("org_1");

/// Starts a service with the clock at [`NOW`](crate::harness::NOW).
async fn start(engine: Engine) -> Service {
    Service::start(engine).await
}
