//! What the read API shows of a user, and what it does not.

use serde_json::Value;

use super::{Scene, id_of, marks, marks::Reach};
use crate::harness::{Database, Engine, apply, both_engines};

#[apply(both_engines)]
async fn reads_return_columns_and_events_return_payloads(engine: Engine) {
    let database = Database::new(engine).await;
    let mut scene = Scene::begin(&database, []);
    scene.deliver_all().await;
    let users = scene.read("/v1/users?limit=500").await;
    let ids: Vec<_> = users["data"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert!(ids.len() > 25, "{users}");
    let mut shown = vec![users.clone()];
    for id in ids.iter().map(|id| id.as_str().unwrap()) {
        for path in ["", "/sessions", "/accounts", "/verifications"] {
            shown.push(scene.read(&format!("/v1/users/{id}{path}")).await);
        }
    }
    for path in ["/v1/changes?limit=500", "/v1/events?limit=500", "/v1/decisions", "/v1/status"] {
        let told = scene.read(path).await.to_string();
        assert!(marks::texts(told.as_bytes()).is_empty(), "{path}: {told}");
    }
    let shown = Value::from(shown).to_string().into_bytes();
    let may = |reach| reach == Reach::Column;
    assert!(
        scene.canaries.in_text(&shown, may).is_empty(),
        "{:?}",
        scene.canaries.in_text(&shown, may)
    );
    assert!(marks::texts(&shown).len() > 200, "columns are shown");

    let mut payloads = Vec::new();
    for (name, _) in marks::payloads() {
        payloads.push(scene.read(&format!("/v1/events/{}", id_of(&name))).await);
    }
    let payloads = Value::from(payloads).to_string().into_bytes();
    let may = |reach| matches!(reach, Reach::Column | Reach::Payload);
    assert!(
        scene.canaries.in_text(&payloads, may).is_empty(),
        "{:?}",
        scene.canaries.in_text(&payloads, may)
    );
    assert!(marks::texts(&payloads).len() > 500, "payloads are shown");
}
