//! `GET /v1/status`

use serde_json::{Value, json};

use crate::harness::{Engine, Service, apply, both_engines, fixtures};

async fn status(service: &Service) -> Value {
    let answer = service.get("/v1/status").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

/// The colour, and the codes of the reasons.
fn colour(status: &Value) -> (&str, Vec<&str>) {
    let reasons = status["reasons"].as_array().unwrap().iter();
    (status["status"].as_str().unwrap(), reasons.map(|it| it["code"].as_str().unwrap()).collect())
}

#[apply(both_engines)]
async fn a_service_that_is_well_says_so(engine: Engine) {
    let service = Service::start(engine).await;
    let idle = status(&service).await;
    assert_eq!(colour(&idle), ("green", vec![]));
    assert_eq!(idle["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(idle["queue"], json!({ "waiting": 0, "capacity": 4096 }));
    let nothing = json!({ "newest_received_at": null, "newest_failed_at": null, "secrets": [] });
    assert_eq!(idle["events"], nothing);
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    let now = json!("2026-08-12T09:30:00.000Z");
    let expected = json!({
        "newest_received_at": now, "newest_failed_at": null,
        "secrets": [{ "label": "primary", "last_used_at": now }],
    });
    assert_eq!(status(&service).await["events"], expected);
}

#[apply(both_engines)]
async fn failed_events_ask_for_a_look(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&json!({ "type": "user.created", "data": {} })).await;
    let amber = status(&service).await;
    assert_eq!(colour(&amber), ("amber", vec!["events_failed"]));
    assert_eq!(amber["events"]["newest_failed_at"], "2026-08-12T09:30:00.000Z");
}

#[apply(both_engines)]
async fn without_its_database_a_service_tells_all_the_same(engine: Engine) {
    let service = Service::start(engine).await;
    service.tables().await.run("ALTER TABLE webhook_events RENAME TO elsewhere").await;
    let red = status(&service).await;
    assert_eq!(colour(&red), ("red", vec!["database_unavailable"]));
    assert_eq!(red["events"], Value::Null);
    service.tables().await.run("ALTER TABLE elsewhere RENAME TO webhook_events").await;
    assert_eq!(colour(&status(&service).await), ("green", vec![]));
}
