//! Messages about an event: `GET /v1/events/{id}/messages`.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{Endpoint, request, start};
use crate::harness::{
    Answer, Engine, Receiver, Service, TEST_TIMEOUT, apply, both_engines, fixtures,
};

/// Returns the ID of the newest event.
async fn newest_event(service: &Service) -> String {
    let listed = service.get("/v1/events?limit=1").await.body;
    listed["data"][0]["id"].as_str().unwrap().to_owned()
}

/// Returns the messages about an event for an endpoint.
async fn messages(service: &Service, event_id: &str, endpoint: &Endpoint) -> Vec<Value> {
    let listed = service.list(&format!("/v1/events/{event_id}/messages")).await;
    listed.into_iter().filter(|message| message["endpoint_id"] == endpoint.id).collect()
}

/// Waits until the only message about an event for an endpoint has a status, and returns it.
async fn wait_for(service: &Service, id: &str, endpoint: &Endpoint, status: &str) -> Value {
    let wait = async {
        loop {
            let mut found = messages(service, id, endpoint).await;
            assert_eq!(found.len(), 1, "{found:?}");
            if found[0]["status"] == status {
                return found.remove(0);
            }
        }
    };
    let waited = timeout(TEST_TIMEOUT, wait).await;
    waited.unwrap_or_else(|_| panic!("no message is {status}"))
}

#[apply(both_engines)]
async fn message_has_status_and_attempts(engine: Engine) {
    let service = start(engine).await;
    let receivers = [Receiver::start().await, Receiver::start().await, Receiver::start().await];
    let [healthy, failing, hanging] = &receivers;
    failing.answer(|_| Answer::Status(500));
    hanging.answer(|_| Answer::Hang);
    let delivered = Endpoint::new(&service, healthy, &["*"]).await;
    let retrying = Endpoint::new(&service, failing, &["user.*"]).await;
    let waiting = Endpoint::new(&service, hanging, &["user.created"]).await;
    // A sender that has just started stops only within seconds, so that its receiver must not answer.
    let disabled = Endpoint::new(&service, hanging, &["*"]).await;
    request(&service, Method::POST, &disabled.path("/disable"), &Value::Null).await;
    let other = Endpoint::new(&service, healthy, &["user.deleted"]).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    let id = newest_event(&service).await;

    let message = wait_for(&service, &id, &delivered, "delivered").await;
    assert_eq!((&message["type"], &message["url"]), (&json!("user.created"), &json!(healthy.url)));
    assert_eq!(message["attempts"][0]["status"], 200);
    let message = wait_for(&service, &id, &retrying, "retrying").await;
    assert_eq!(message["attempts"][0]["problem"], "answered with 500");
    assert!(message["next_attempt_at"].is_string(), "{message}");
    let message = wait_for(&service, &id, &waiting, "waiting").await;
    assert_eq!(message["attempts"], json!([]));
    wait_for(&service, &id, &disabled, "disabled").await;
    assert_eq!(messages(&service, &id, &other).await, Vec::<Value>::new());

    // An endpoint gets no messages about the changes before its creation.
    let later = Endpoint::new(&service, healthy, &["*"]).await;
    assert_eq!(messages(&service, &id, &later).await, Vec::<Value>::new());
    // A message is sent again until it has failed for good.
    let replay = json!({ "cursor": message["cursor"] });
    failing.answer(|_| Answer::Status(410));
    request(&service, Method::POST, &retrying.path("/replay"), &replay).await;
    wait_for(&service, &id, &retrying, "disabled").await;
}

#[apply(both_engines)]
async fn event_has_messages_about_embedded_user(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    let endpoint = Endpoint::new(&service, &receiver, &["*"]).await;
    let mut event = fixtures::session_event("session.created", "sess_1", "user_1", 0);
    event["data"]["user"] = fixtures::user("user_1", 0);
    service.send(&event).await;
    receiver.wait_for(2).await;
    let listed = service.get("/v1/events?type=session.created").await.body;
    let id = listed["data"][0]["id"].as_str().unwrap();
    let found = messages(&service, id, &endpoint).await;
    let mut types: Vec<_> = found.iter().map(|it| it["type"].as_str().unwrap()).collect();
    types.sort_unstable();
    assert_eq!(types, ["session.created", "user.created"]);
}

#[apply(both_engines)]
async fn unknown_event_has_no_messages(engine: Engine) {
    let service = start(engine).await;
    assert_eq!(service.get("/v1/events/msg_unknown/messages").await.status, 404);
    service.send(&fixtures::event("email.created", json!({ "id": "ema_1" }), 0)).await;
    let id = newest_event(&service).await;
    assert_eq!(service.list(&format!("/v1/events/{id}/messages")).await, Vec::<Value>::new());
}
