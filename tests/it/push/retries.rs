//! Times of the attempts, the dead letter, and replays.

use meetvo::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Endpoint, post, request, start};
use crate::harness::{
    Answer, Engine, NOW, Received, Receiver, Service, apply, both_engines, fixtures,
};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// Delays between the attempts, each with the jitter of at most a tenth.
const DELAYS: [i64; 7] =
    [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR];

/// Sets the clock to after the delay, with the longest jitter.
fn pass(clock: &Clock, delay: i64) {
    clock.set(clock.now() + delay + delay / 10);
}

async fn sign_up(service: &Service, user: &str) {
    service.send(&fixtures::user_event("user.created", user, 0)).await;
}

/// Returns the attempts of an endpoint, the oldest change and attempt first.
async fn attempts(service: &Service, endpoint: &Endpoint) -> Vec<Value> {
    let mut found = service.get(&endpoint.path("/attempts?limit=500")).await.body;
    let mut attempts: Vec<Value> = serde_json::from_value(found["data"].take()).unwrap();
    attempts.reverse();
    attempts
}

#[apply(both_engines)]
async fn failed_message_is_retried_on_schedule(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    receiver.answer(|_| Answer::Status(500));
    let endpoint = Endpoint::new(&service, &receiver, &["*"]).await;
    sign_up(&service, "user_1").await;
    for (attempt, delay) in (1..).zip(DELAYS) {
        receiver.wait_for(attempt).await;
        // One millisecond before the delay, the message is not sent.
        service.clock.set(service.clock.now() + delay - 1);
        endpoint.wait_for(&service, "waiting", &json!(1)).await;
        assert_eq!(receiver.all().len(), attempt);
        pass(&service.clock, delay / 10 + 1);
    }
    let all = receiver.wait_for(8).await;
    assert!(all.iter().all(|message| message.id() == all[0].id()));
    endpoint.wait_for(&service, "failed", &json!(1)).await;
    let attempts = attempts(&service, &endpoint).await;
    let numbers: Vec<_> = attempts.iter().map(|it| it["attempt"].as_i64().unwrap()).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8]);
    assert!(attempts.iter().all(|it| it["status"] == 500 && it["problem"] == "answered with 500"));
    let shown = endpoint.get(&service).await;
    assert_eq!((&shown["waiting"], &shown["success_rate"]), (&json!(0), &json!(0.0)));
}

#[apply(both_engines)]
async fn later_change_waits_for_retried_one(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    let mut failures = 1;
    receiver.answer(move |message| {
        let fails = failures > 0 && message.body["data"]["id"] == "user_1";
        failures -= usize::from(fails);
        Answer::Status(if fails { 500 } else { 200 })
    });
    let endpoint = Endpoint::new(&service, &receiver, &["*"]).await;
    sign_up(&service, "user_1").await;
    receiver.wait_for(1).await;
    service.send(&fixtures::user_event("user.updated", "user_1", SECOND)).await;
    sign_up(&service, "user_2").await;
    // The other user does not wait, and the later change of the first one gets a row.
    receiver.wait_for(2).await;
    endpoint.wait_for(&service, "waiting", &json!(2)).await;
    let about: Vec<_> = receiver.all().iter().map(|it| it.about().1.to_owned()).collect();
    assert_eq!(about, ["user_1", "user_2"]);
    pass(&service.clock, 5 * SECOND);
    receiver.wait_for(4).await;
    let all = receiver.accepted();
    let about: Vec<_> = all.iter().map(Received::about).collect();
    let expected =
        [("user.created", "user_2"), ("user.created", "user_1"), ("user.updated", "user_1")];
    assert_eq!(about, expected);
    endpoint.wait_for(&service, "waiting", &json!(0)).await;
    assert_eq!(endpoint.get(&service).await["failing_since"], Value::Null);
}

#[apply(both_engines)]
async fn endpoint_can_request_a_delay(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    let mut is_first = true;
    receiver.answer(move |_| match std::mem::take(&mut is_first) {
        true => Answer::Header(429, "retry-after", "3600"),
        false => Answer::Status(204),
    });
    let endpoint = Endpoint::new(&service, &receiver, &["*"]).await;
    sign_up(&service, "user_1").await;
    endpoint.wait_for(&service, "waiting", &json!(1)).await;
    service.clock.set(NOW + HOUR - 1);
    sign_up(&service, "user_2").await;
    receiver.wait_for(2).await;
    assert_eq!(receiver.accepted()[0].about().1, "user_2");
    service.clock.set(NOW + HOUR + 1);
    receiver.wait_for(3).await;
    assert_eq!(receiver.accepted()[1].about().1, "user_1");
}

#[apply(both_engines)]
async fn gone_endpoint_is_disabled_at_once(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    receiver.answer(|_| Answer::Status(410));
    let endpoint = Endpoint::new(&service, &receiver, &["*"]).await;
    sign_up(&service, "user_1").await;
    endpoint.wait_for(&service, "status", &json!("disabled")).await;
    assert_eq!(endpoint.get(&service).await["disabled_reason"], "gone");
    sign_up(&service, "user_2").await;
    assert_eq!(receiver.all().len(), 1);
    // Nothing is lost when it is enabled again.
    receiver.answer(|_| Answer::Status(200));
    let enabled = post(&service, &endpoint.path("/enable"), &Value::Null).await;
    assert_eq!(enabled.body["status"], "enabled");
    pass(&service.clock, 5 * SECOND);
    receiver.wait_until(|all| all.iter().filter(|it| it.accepted).count() == 2).await;
}

#[apply(both_engines)]
async fn endpoint_failing_for_five_days_is_disabled(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    receiver.answer(|_| Answer::Status(503));
    let endpoint = Endpoint::new(&service, &receiver, &["*"]).await;
    sign_up(&service, "user_1").await;
    endpoint.wait_for(&service, "failing_since", &json!("2026-08-12T09:30:00.000Z")).await;
    service.clock.set(NOW + 5 * 24 * HOUR - 1);
    receiver.wait_for(2).await;
    endpoint.wait_for(&service, "status", &json!("enabled")).await;
    service.clock.set(NOW + 5 * 24 * HOUR + 6 * MINUTE);
    endpoint.wait_for(&service, "status", &json!("disabled")).await;
    let shown = endpoint.get(&service).await;
    assert_eq!(shown["disabled_reason"], "failing", "{shown}");
}

#[apply(both_engines)]
async fn messages_can_be_sent_again(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    let endpoint = Endpoint::new(&service, &receiver, &["*"]).await;
    for user in ["user_1", "user_2", "user_3"] {
        sign_up(&service, user).await;
    }
    let first = receiver.wait_for(3).await;
    let replay = |body: Value| {
        let (service, path) = (&service, endpoint.path("/replay"));
        async move { request(service, Method::POST, &path, &body).await.status.as_u16() }
    };
    let second = first.iter().find(|it| it.about().1 == "user_2").unwrap();
    assert_eq!(replay(json!({ "cursor": second.cursor().to_string() })).await, 202);
    let again = receiver.wait_for(4).await.remove(3);
    assert_eq!((again.id(), again.about()), (second.id(), second.about()));
    let after = first.iter().map(Received::cursor).min().unwrap();
    assert_eq!(replay(json!({ "after": after.to_string() })).await, 202);
    let mut again: Vec<_> = receiver.wait_for(6).await.drain(4..).map(|it| it.cursor()).collect();
    again.sort_unstable();
    assert_eq!(again, [after + 1, after + 2]);
    for (body, status) in [
        (json!({ "cursor": "999" }), 404),
        (json!({ "after": "999" }), 410),
        (json!({}), 400),
        (json!({ "after": "1", "cursor": "1" }), 400),
        (json!({ "failed_since": "yesterday" }), 400),
    ] {
        assert_eq!(replay(body.clone()).await, status, "{body}");
    }
}

#[apply(both_engines)]
async fn failed_messages_can_be_sent_again(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    receiver.answer(|_| Answer::Status(500));
    let endpoint = Endpoint::new(&service, &receiver, &["*"]).await;
    sign_up(&service, "user_1").await;
    for (attempt, delay) in (1..).zip(DELAYS) {
        receiver.wait_for(attempt).await;
        endpoint.wait_for(&service, "waiting", &json!(1)).await;
        pass(&service.clock, delay);
    }
    receiver.wait_for(8).await;
    endpoint.wait_for(&service, "failed", &json!(1)).await;
    receiver.answer(|_| Answer::Status(200));
    let since = json!({ "failed_since": "2026-08-12T09:30:00Z" });
    assert_eq!(post(&service, &endpoint.path("/replay"), &since).await.status, 202);
    receiver.wait_for(9).await;
    endpoint.wait_for(&service, "failed", &json!(0)).await;
    assert_eq!(receiver.accepted().len(), 1);
}
