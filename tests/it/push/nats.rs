//! Streams of NATS JetStream as endpoints.

use std::collections::BTreeSet;

use async_nats::{
    ConnectOptions,
    jetstream::{
        self, Context,
        consumer::{DeliverPolicy, pull},
        stream::Config,
    },
};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::{task::block_in_place, time::timeout};

use super::{Endpoint, post, start};
use crate::harness::{
    Engine, NOW, NatsServer, ReservedPort, Service, TEST_TIMEOUT, apply, both_engines, fixtures,
};

/// A stored message: its subject, its ID and its body.
type Stored = (String, String, Value);

/// Reads this number of messages of a stream from its beginning.
async fn read(context: &Context, stream: &str, count: usize) -> Vec<Stored> {
    let stream = context.get_stream(stream).await.unwrap();
    let config = pull::Config { deliver_policy: DeliverPolicy::All, ..pull::Config::default() };
    let consumer = stream.create_consumer(config).await.unwrap();
    let messages = consumer.messages().await.unwrap().take(count);
    let stored = messages.map(|message| {
        let message = message.unwrap();
        let headers = message.headers.as_ref().unwrap();
        let id = headers.get("Nats-Msg-Id").unwrap().to_string();
        assert_eq!(headers.get("webhook-id").unwrap().as_str(), id);
        let body = serde_json::from_slice(&message.payload).unwrap();
        (message.subject.to_string(), id, body)
    });
    timeout(TEST_TIMEOUT, stored.collect()).await.expect("the messages are stored")
}

async fn connect(server: &NatsServer) -> Context {
    jetstream::new(async_nats::connect(&server.url).await.unwrap())
}

async fn endpoint(service: &Service, url: &str) -> Endpoint {
    Endpoint::with(service, &json!({ "url": url, "types": ["*"] })).await
}

#[apply(both_engines)]
async fn changes_are_published_to_a_stream(engine: Engine) {
    let server = block_in_place(|| NatsServer::start(&[]));
    let service = start(engine).await;
    let endpoint = endpoint(&service, &server.url).await;
    let test = post(&service, &endpoint.path("/test"), &Value::Null).await;
    assert_eq!(test.body["delivered"], true, "{}", test.body);
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    service.send(&fixtures::user_event("user.updated", "user_1", 1_000)).await;
    let stored = read(&connect(&server).await, "CLERK", 3).await;
    let subjects: Vec<_> = stored.iter().map(|(subject, ..)| &**subject).collect();
    assert_eq!(subjects, ["clerk.meetvo.test", "clerk.user.created", "clerk.user.updated"]);
    assert_eq!(stored[2].2["data"]["first_name"], "Ada 1000");
    assert_eq!(stored[2].2["change"]["previous"]["first_name"], "Ada 0");
}

/// The server is killed, and the messages meanwhile are published after its return.
#[apply(both_engines)]
async fn killed_server_gets_each_message_once(engine: Engine) {
    let server = block_in_place(|| NatsServer::start(&[]));
    let service = start(engine).await;
    let endpoint = endpoint(&service, &server.url).await;
    let sign_up = async |user: String| {
        service.send(&fixtures::user_event("user.created", &user, 0)).await;
    };
    for user in 0..10 {
        sign_up(format!("user_{user}")).await;
    }
    endpoint.wait_for(&service, "cursor", &json!("10")).await;
    block_in_place(|| server.kill());
    // Until the server is back, no program of another test gets its port.
    let port = server.url.rsplit(':').next().unwrap().parse().unwrap();
    let reserved = ReservedPort::of(port);
    for user in 10..20 {
        sign_up(format!("user_{user}")).await;
    }
    endpoint.wait_for(&service, "cursor", &json!("20")).await;
    block_in_place(|| server.restart(&[]));
    drop(reserved);
    let retried = timeout(TEST_TIMEOUT, retry_all(&service, &endpoint)).await;
    retried.expect("no message waits");
    let context = connect(&server).await;
    let stored = read(&context, "CLERK", 20).await;
    let ids: BTreeSet<_> = stored.iter().map(|(_, id, _)| id).collect();
    assert_eq!(ids.len(), 20);
    let mut stream = context.get_stream("CLERK").await.unwrap();
    assert_eq!(stream.info().await.unwrap().state.messages, 20, "no message is stored twice");
}

/// Moves the clock to the next attempt until no message waits. A message can fail several times, because
/// the client takes seconds to connect again.
async fn retry_all(service: &Service, endpoint: &Endpoint) {
    let mut tables = service.tables().await;
    let next_attempt = "SELECT CAST(next_attempt_at AS TEXT) FROM push_messages \
                        WHERE next_attempt_at IS NOT NULL ORDER BY next_attempt_at LIMIT 1";
    while endpoint.get(service).await["waiting"] != 0 {
        if let Some(at) = tables.column(next_attempt).await.first() {
            service.clock.set(at.parse::<i64>().unwrap().max(service.clock.now()));
        }
    }
}

#[apply(both_engines)]
async fn repeated_message_is_stored_once(engine: Engine) {
    let server = block_in_place(|| NatsServer::start(&[]));
    let service = start(engine).await;
    let endpoint = endpoint(&service, &server.url).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    endpoint.wait_for(&service, "recent_attempts", &json!(1)).await;
    service.clock.set(NOW + 1_000);
    let again = post(&service, &endpoint.path("/replay"), &json!({ "after": "0" })).await;
    assert_eq!(again.status, 202);
    endpoint.wait_for(&service, "recent_attempts", &json!(2)).await;
    let mut stream = connect(&server).await.get_stream("CLERK").await.unwrap();
    assert_eq!(stream.info().await.unwrap().state.messages, 1);
}

#[apply(both_engines)]
async fn credentials_and_stream_are_used(engine: Engine) {
    let options = ["--user", "meetvo", "--pass", "pass:word"];
    let server = block_in_place(|| NatsServer::start(&options));
    let service = start(engine).await;
    let url = format!("{}/changes", server.url);
    // Base64 of meetvo:pass:word.
    let body = json!({
        "url": url, "types": ["*"],
        "headers": { "authorization": "Basic bWVldHZvOnBhc3M6d29yZA==" },
    });
    let allowed = Endpoint::with(&service, &body).await;
    let refused = endpoint(&service, &url).await;
    let test = |endpoint: &Endpoint| {
        let path = endpoint.path("/test");
        let service = &service;
        async move { post(service, &path, &Value::Null).await.body }
    };
    assert_eq!(test(&allowed).await["delivered"], true);
    let refused = test(&refused).await;
    let problem = refused["problem"].as_str().unwrap();
    assert!(problem.contains("authorization"), "{problem}");
    let login = ConnectOptions::with_user_and_password("meetvo".into(), "pass:word".into());
    let context = jetstream::new(login.connect(&server.url).await.unwrap());
    assert_eq!(read(&context, "changes", 1).await[0].0, "clerk.meetvo.test");
}

#[apply(both_engines)]
async fn stream_with_other_subjects_is_refused(engine: Engine) {
    let server = block_in_place(|| NatsServer::start(&[]));
    let (service, context) = (start(engine).await, connect(&server).await);
    let subjects = vec!["orders.>".to_owned()];
    let config = Config { name: "ORDERS".to_owned(), subjects, ..Config::default() };
    context.create_stream(config).await.unwrap();
    let endpoint = endpoint(&service, &format!("{}/ORDERS", server.url)).await;
    let test = post(&service, &endpoint.path("/test"), &Value::Null).await.body;
    let expected = "the stream ORDERS has the subjects orders.>; add clerk.>";
    assert!(test["problem"].as_str().unwrap().starts_with(expected), "{test}");
}
