//! Content and signatures of messages.

use http::HeaderMap;
use meetvo::clerk::signature::signer;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{Endpoint, post, request, start};
use crate::harness::{
    Engine, KEY, NOW, Received, Receiver, Service, TEST_TIMEOUT, apply, both_engines, fixtures,
    organization_events,
};

/// Returns one family of the headers that are signed.
fn family(message: &Received, prefix: &str) -> HeaderMap {
    let names = ["id", "timestamp", "signature"].map(|name| format!("{prefix}-{name}"));
    let headers = names.map(|name| {
        let value = message.headers[&name].parse().unwrap();
        (name.parse::<http::HeaderName>().unwrap(), value)
    });
    headers.into_iter().collect()
}

/// Returns whether a library of Svix accepts both families of headers.
fn is_signed(message: &Received, secret: &str) -> bool {
    let signer = signer(secret).unwrap();
    let accepts = |prefix| {
        let headers = family(message, prefix);
        signer.verify_ignoring_timestamp(message.text.as_bytes(), &headers).is_ok()
    };
    let (webhook, svix) = (accepts("webhook"), accepts("svix"));
    assert_eq!(webhook, svix, "the families differ: {:?}", message.headers);
    webhook
}

/// Asserts that a message is signed with this secret now.
fn assert_signed(message: &Received, secret: &str) {
    assert!(is_signed(message, secret), "{:?}", message.headers);
    let timestamp: i64 = message.headers["webhook-timestamp"].parse().unwrap();
    assert_eq!(timestamp, NOW / 1_000);
}

/// Returns the newest entry of the change feed.
async fn newest_change(service: &Service) -> Value {
    service.get("/v1/changes?limit=500").await.body["data"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone()
}

#[apply(both_engines)]
async fn message_has_object_and_change_of_api(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    let endpoint = Endpoint::new(&service, &receiver, &["user.*"]).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    let message = receiver.wait_for(1).await.remove(0);
    assert_signed(&message, &endpoint.secret);
    let user = service.get("/v1/users/user_1").await.body;
    let mut change = newest_change(&service).await;
    change["previous"] = Value::Null;
    let expected = json!({
        "type": "user.created", "timestamp": change["at"], "data": user, "change": change,
    });
    assert_eq!(message.body, expected);
    assert_eq!(message.headers["content-type"], "application/json");
    assert!(!message.text.contains("private_metadata"), "{}", message.text);
}

#[apply(both_engines)]
async fn update_has_earlier_values_of_changed_fields(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    Endpoint::new(&service, &receiver, &["user.updated", "session.updated"]).await;
    for offset in [0, 5_000] {
        service.send(&fixtures::user_event("user.updated", "user_1", offset)).await;
    }
    let message = receiver.wait_for(1).await.remove(0);
    assert_eq!(message.body["data"]["first_name"], "Ada 5000");
    let expected = json!({ "first_name": "Ada 0", "updated_at": "2026-08-12T09:30:00.000Z" });
    assert_eq!(message.body["change"]["previous"], expected);
    for (kind, offset) in [("session.created", 0), ("session.ended", 6_000)] {
        service.send(&fixtures::session_event(kind, "sess_1", "user_1", offset)).await;
    }
    let message = receiver.wait_for(2).await.remove(1);
    let previous = &message.body["change"]["previous"];
    assert_eq!(previous["status"], "active", "{previous}");
    assert_eq!(previous.get("user_id"), None);
}

#[apply(both_engines)]
async fn deletion_has_only_the_id(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    Endpoint::new(&service, &receiver, &["user.deleted"]).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    service.send(&fixtures::user_deleted("user_1", 1_000)).await;
    let message = receiver.wait_for(1).await.remove(0);
    assert_eq!(message.about(), ("user.deleted", "user_1"));
    assert_eq!(message.body["data"], json!({ "id": "user_1", "deleted": true }));
}

/// A message that waits holds no personal data: it has the state at the time of the attempt.
#[apply(both_engines)]
async fn late_message_does_not_contain_deleted_user(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    service.send(&fixtures::user_deleted("user_1", 1_000)).await;
    let endpoint = Endpoint::new(&service, &receiver, &["user.*"]).await;
    let replay = post(&service, &endpoint.path("/replay"), &json!({ "after": "0" })).await;
    assert_eq!(replay.status, 202, "{}", replay.body);
    let messages = receiver.wait_for(2).await;
    for (message, message_type) in messages.iter().zip(["user.created", "user.deleted"]) {
        assert_eq!(message.about(), (message_type, "user_1"));
        assert!(!message.text.contains("Ada"), "{}", message.text);
    }
}

#[apply(both_engines)]
async fn membership_has_profile_of_its_user(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    Endpoint::new(&service, &receiver, &["membership.*", "organization.created"]).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    service
        .send(&organization_events::organization_event("organization.created", "org_1", 0))
        .await;
    let kind = "organizationMembership.created";
    let membership = organization_events::membership_event(kind, "orgmem_1", "org_1", "user_1", 0);
    service.send(&membership).await;
    let messages = receiver.wait_for(2).await;
    let membership = messages.iter().find(|it| it.body["type"] == "membership.created").unwrap();
    let id = membership.body["data"]["id"].as_str().unwrap();
    let shown = service.get(&format!("/v1/memberships/{id}")).await.body;
    assert_eq!(membership.body["data"], shown);
    assert_eq!(shown["user"]["first_name"], "Ada 0");
}

#[apply(both_engines)]
async fn custom_headers_are_sent_and_not_shown(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    let body = json!({
        "url": receiver.url, "types": ["*"], "headers": { "authorization": "Bearer t0ken" },
    });
    let endpoint = Endpoint::with(&service, &body).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    let message = receiver.wait_for(1).await.remove(0);
    assert_eq!(message.headers["authorization"], "Bearer t0ken");
    let shown = endpoint.get(&service).await;
    assert_eq!(shown["header_names"], json!(["authorization"]));
    assert!(!shown.to_string().contains("t0ken"), "{shown}");
    let mut tables = service.tables().await;
    let stored = tables.column("SELECT headers FROM push_endpoints").await;
    assert!(!stored[0].contains("t0ken"), "{stored:?}");
    let secret = tables.column("SELECT secret FROM push_endpoints").await;
    assert!(secret[0].starts_with("tests:") && !secret[0].contains(&endpoint.secret[6..]));
}

#[apply(both_engines)]
async fn rotated_secret_signs_beside_previous_one(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    let endpoint = Endpoint::new(&service, &receiver, &["*"]).await;
    let rotated = request(&service, Method::POST, &endpoint.path("/rotate"), &Value::Null).await;
    assert_eq!(rotated.status, 200, "{}", rotated.body);
    let secret = rotated.body["secret"].as_str().unwrap();
    assert_ne!(secret, endpoint.secret);
    assert_eq!(endpoint.get(&service).await["rotating"], true);
    let message = first_signed_with(secret, &service, &receiver).await;
    for secret in [secret, &*endpoint.secret] {
        assert_signed(&message, secret);
    }
    service.clock.set(NOW + 24 * 60 * 60 * 1_000);
    let later = fixtures::user_event("user.created", "user_later", 24 * 60 * 60 * 1_000);
    service.send(&later).await;
    let message = message_about("user_later", &receiver).await;
    assert!(is_signed(&message, secret) && !is_signed(&message, &endpoint.secret));
}

/// Creates users until the message about one is signed with this secret, and returns it. A sender that
/// has just started notices a change of its endpoint only within a second.
async fn first_signed_with(secret: &str, service: &Service, receiver: &Receiver) -> Received {
    let create = async {
        for number in 1.. {
            let id = format!("user_{number}");
            service.send(&fixtures::user_event("user.created", &id, 0)).await;
            let message = message_about(&id, receiver).await;
            if is_signed(&message, secret) {
                return message;
            }
        }
        unreachable!("the numbers do not end")
    };
    timeout(TEST_TIMEOUT, create).await.expect("no message is signed with the secret")
}

/// Waits for the message about a user.
async fn message_about(id: &str, receiver: &Receiver) -> Received {
    let is_about = |message: &Received| message.about().1 == id;
    let messages = receiver.wait_until(|all| all.iter().any(is_about)).await;
    messages.into_iter().find(is_about).unwrap()
}

#[apply(both_engines)]
async fn test_message_is_sent_at_once(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    let endpoint = Endpoint::new(&service, &receiver, &["user.created"]).await;
    let test = request(&service, Method::POST, &endpoint.path("/test"), &Value::Null).await;
    assert_eq!(test.body, json!({ "delivered": true, "status": 200, "problem": null }));
    let message = receiver.wait_for(1).await.remove(0);
    assert_eq!(message.body["type"], "meetvo.test");
    assert_signed(&message, &endpoint.secret);
    let unknown = service.client.post(service.url_for("/v1/endpoints/ep_1/test")).bearer_auth(KEY);
    assert_eq!(unknown.send().await.unwrap().status(), 404);
}
