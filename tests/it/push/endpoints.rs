//! Management of endpoints by the API and by `meetvo endpoints`.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Endpoint, PUSH, post, request, start};
use crate::harness::{
    Answer, Database, Engine, Process, Receiver, Service, apply, both_engines, fixtures,
};

#[apply(both_engines)]
async fn endpoints_are_created_changed_and_deleted(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    assert_eq!(service.get("/v1/endpoints").await.body, json!({ "data": [] }));
    let body = json!({
        "url": receiver.url, "types": ["user.*", "user.*"], "description": "Mails", "rate": 10,
    });
    let endpoint = Endpoint::with(&service, &body).await;
    let shown = endpoint.get(&service).await;
    let expected = json!({
        "id": endpoint.id, "url": receiver.url, "types": ["user.*"], "description": "Mails",
        "header_names": [], "rate": 10, "status": "enabled", "disabled_reason": null,
        "disabled_at": null, "failing_since": null, "cursor": "0", "rotating": false,
        "created_at": "2026-08-12T09:30:00.000Z", "updated_at": "2026-08-12T09:30:00.000Z",
        "waiting": 0, "failed": 0, "recent_attempts": 0, "success_rate": null,
        "latency_ms": null, "delivered_at": null,
    });
    assert_eq!(shown, expected);
    let change = json!({ "types": ["session.ended", "*"], "rate": 0, "description": "" });
    let changed = request(&service, Method::PATCH, &endpoint.path(""), &change).await;
    // `ended` is a status, and no operation.
    assert_eq!(changed.problem(), (400, "endpoint_invalid"));
    let change = json!({ "types": ["session.deleted", "*"], "rate": 0, "description": "" });
    let changed = request(&service, Method::PATCH, &endpoint.path(""), &change).await.body;
    assert_eq!(changed["types"], json!(["session.deleted", "*"]));
    assert_eq!((&changed["rate"], &changed["description"]), (&Value::Null, &json!("")));
    let deleted = request(&service, Method::DELETE, &endpoint.path(""), &Value::Null).await;
    assert_eq!(deleted.status, 204);
    assert_eq!(service.get(&endpoint.path("")).await.problem(), (404, "not_found"));
    let again = request(&service, Method::DELETE, &endpoint.path(""), &Value::Null).await;
    assert_eq!(again.problem(), (404, "not_found"));
}

#[apply(both_engines)]
async fn wrong_values_are_refused(engine: Engine) {
    let service = start(engine).await;
    let url = "https://app.example.com/hooks";
    for (body, code) in [
        (json!({ "url": url, "types": [] }), "endpoint_invalid"),
        (json!({ "url": url, "types": ["user"] }), "endpoint_invalid"),
        (json!({ "url": url, "types": ["user.signed_up"] }), "endpoint_invalid"),
        (json!({ "url": url, "types": ["*"], "rate": 10_001 }), "endpoint_invalid"),
        (json!({ "url": url, "types": ["*"], "description": "x".repeat(257) }), "endpoint_invalid"),
        (json!({ "url": url, "types": ["*"], "headers": { "host": "a" } }), "endpoint_invalid"),
        (
            json!({ "url": url, "types": ["*"], "headers": { "webhook-id": "a" } }),
            "endpoint_invalid",
        ),
        (json!({ "url": url, "types": ["*"], "headers": { "a b": "a" } }), "endpoint_invalid"),
        (json!({ "url": url, "types": ["*"], "headers": { "a": "b\nc: d" } }), "endpoint_invalid"),
        (json!({ "url": url }), "body_invalid"),
        (json!({ "types": ["*"] }), "body_invalid"),
        (json!({ "url": url, "types": "*" }), "body_invalid"),
        (json!({ "url": url, "types": ["*"], "secret": "whsec_" }), "body_invalid"),
        (json!([]), "body_invalid"),
    ] {
        let created = post(&service, "/v1/endpoints", &body).await;
        assert_eq!(created.problem(), (400, code), "{body}");
    }
    let other = request(&service, Method::PUT, "/v1/endpoints", &json!({})).await;
    assert_eq!(other.problem(), (405, "method_not_allowed"));
    assert_eq!(other.header("allow"), Some("GET, HEAD, POST"));
}

#[apply(both_engines)]
async fn at_most_fifty_endpoints_exist(engine: Engine) {
    let service = start(engine).await;
    let body = json!({ "url": "https://app.example.com/hooks", "types": ["*"] });
    for _ in 0..50 {
        Endpoint::with(&service, &body).await;
    }
    let created = post(&service, "/v1/endpoints", &body).await;
    assert_eq!(created.problem(), (409, "endpoint_limit"));
}

#[apply(both_engines)]
async fn endpoint_without_key_is_refused(engine: Engine) {
    let service = Service::start(engine).await;
    let body = json!({ "url": "https://app.example.com/hooks", "types": ["*"] });
    let created = post(&service, "/v1/endpoints", &body).await;
    assert_eq!(created.problem(), (501, "push_off"));
    assert!(created.body["detail"].as_str().unwrap().contains("MEETVO_PUSH_KEYS"));
}

#[apply(both_engines)]
async fn endpoint_gets_only_its_types(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    Endpoint::new(&service, &receiver, &["user.deleted", "session.*"]).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    service.send(&fixtures::session_event("session.created", "sess_1", "user_1", 0)).await;
    service.send(&fixtures::user_event("user.created", "user_2", 0)).await;
    service.send(&fixtures::user_deleted("user_2", 1_000)).await;
    let mut about: Vec<_> =
        receiver.wait_for(2).await.iter().map(|it| it.about().0.to_owned()).collect();
    about.sort_unstable();
    assert_eq!(about, ["session.created", "user.deleted"]);
}

/// Returns the result of `meetvo endpoints …` as JSON.
fn endpoints(database: &Database, arguments: &[&str]) -> Value {
    let output = Process::run(database, PUSH, &[&["endpoints"], arguments, &["--json"]].concat());
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[apply(both_engines)]
async fn command_manages_endpoints_of_a_running_service(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    let database = &*service.database;
    let run = |arguments: &[&str]| tokio::task::block_in_place(|| endpoints(database, arguments));
    let created = run(&["new", &receiver.url, "--type", "user.*", "--header", "x-a=b"]);
    assert!(created["secret"].as_str().unwrap().starts_with("whsec_"), "{created}");
    let id = created["id"].as_str().unwrap();
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    let message = receiver.wait_for(1).await.remove(0);
    assert_eq!((message.about(), &*message.headers["x-a"]), (("user.created", "user_1"), "b"));
    assert_eq!(run(&["list"])[0]["id"], id);
    assert_eq!(run(&["update", id, "--type", "*"])["types"], json!(["*"]));
    assert_eq!(run(&["test", id])["delivered"], true);
    assert_eq!(run(&["disable", id])["status"], "disabled");
    assert_eq!(run(&["enable", id])["status"], "enabled");
    assert_ne!(run(&["rotate", id])["secret"], created["secret"]);
    run(&["replay", id, "--after", "0"]);
    receiver.wait_until(|all| all.iter().filter(|it| it.id() == message.id()).count() >= 2).await;
    receiver.answer(|_| Answer::Status(500));
    let endpoint = Endpoint { id: id.to_owned(), secret: String::new() };
    service.send(&fixtures::user_event("user.created", "user_2", 0)).await;
    endpoint.wait_for(&service, "waiting", &json!(1)).await;
    assert_eq!(run(&["attempts", id, "--failed"])[0]["problem"], "answered with 500");
    assert_eq!(run(&["delete", id])["deleted"], true);
    assert_eq!(run(&["list"]), json!([]));
}
