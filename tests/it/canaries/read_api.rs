//! Canaries in the responses of the read API.

use serde_json::Value;

use super::{Scenario, event_id, marked_payloads, marked_payloads::Exposure};
use crate::harness::{Database, Engine, apply, both_engines};

#[apply(both_engines)]
async fn reads_return_columns_and_events_return_payloads(engine: Engine) {
    let database = Database::new(engine).await;
    let mut scenario = Scenario::start(&database, []);
    scenario.deliver_all().await;
    let users = scenario.read("/v1/users?limit=500").await;
    let ids: Vec<_> = users["data"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert!(ids.len() > 25, "{users}");
    let mut responses = vec![users.clone()];
    for id in ids.iter().map(|id| id.as_str().unwrap()) {
        for path in ["", "/sessions", "/accounts", "/verifications", "/memberships"] {
            responses.push(scenario.read(&format!("/v1/users/{id}{path}")).await);
        }
    }
    let organizations = scenario.read("/v1/organizations?limit=500").await;
    for organization in organizations["data"].as_array().unwrap() {
        let id = organization["id"].as_str().unwrap();
        for path in ["", "/memberships", "/invitations", "/domains"] {
            responses.push(scenario.read(&format!("/v1/organizations/{id}{path}")).await);
        }
    }
    for path in ["/v1/memberships?limit=500", "/v1/roles", "/v1/permissions"] {
        responses.push(scenario.read(path).await);
    }
    responses.push(organizations);
    for path in ["/v1/changes?limit=500", "/v1/events?limit=500", "/v1/decisions", "/v1/status"] {
        let response = scenario.read(path).await.to_string();
        assert!(
            marked_payloads::find_canaries(response.as_bytes()).is_empty(),
            "{path}: {response}"
        );
    }
    let responses = Value::from(responses).to_string().into_bytes();
    let is_allowed = |exposure| exposure == Exposure::Column;
    assert!(
        scenario.canaries.find_forbidden(&responses, is_allowed).is_empty(),
        "{:?}",
        scenario.canaries.find_forbidden(&responses, is_allowed)
    );
    assert!(marked_payloads::find_canaries(&responses).len() > 200, "columns are returned");

    let mut payloads = Vec::new();
    for (name, _) in marked_payloads::payloads() {
        payloads.push(scenario.read(&format!("/v1/events/{}", event_id(&name))).await);
    }
    let payloads = Value::from(payloads).to_string().into_bytes();
    let is_allowed = |exposure| matches!(exposure, Exposure::Column | Exposure::EventPayload);
    assert!(
        scenario.canaries.find_forbidden(&payloads, is_allowed).is_empty(),
        "{:?}",
        scenario.canaries.find_forbidden(&payloads, is_allowed)
    );
    assert!(marked_payloads::find_canaries(&payloads).len() > 500, "payloads are returned");
}
