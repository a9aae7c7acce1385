//! Endpoints cannot reach the network of the service, and do not delay each other.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{
    task::block_in_place,
    time::{Instant, sleep},
};

use super::{Endpoint, PUSH, post, start};
use crate::harness::{
    Answer, Database, Delivery, Engine, Process, Receiver, Service, TEST_TIMEOUT, apply,
    both_engines, fixtures,
};

#[apply(both_engines)]
async fn private_addresses_are_refused(engine: Engine) {
    let service = Service::start_with(engine, [PUSH[0]]).await;
    for (url, expected) in [
        ("http://example.com/hooks", "must begin with https://"),
        ("https://127.0.0.1/hooks", "127.0.0.1 is not a public address"),
        ("https://0x7f000001/hooks", "127.0.0.1 is not a public address"),
        ("https://[::1]:8443/hooks", "::1 is not a public address"),
        ("https://169.254.169.254/latest", "169.254.169.254 is not a public address"),
        ("https://user:password@example.com/", "must not contain a user name"),
        ("ftp://example.com/", "begins with https://"),
        ("hooks", "begins with https://"),
    ] {
        let created = post(&service, "/v1/endpoints", &json!({ "url": url, "types": ["*"] })).await;
        assert_eq!(created.problem(), (400, "endpoint_invalid"), "{url}");
        let detail = created.body["detail"].as_str().unwrap();
        assert!(detail.contains(expected) && !detail.contains("password@"), "{url}: {detail}");
    }
}

/// A name is checked when it is resolved for the connection.
#[apply(both_engines)]
async fn name_with_private_address_is_not_reached(engine: Engine) {
    let service = Service::start_with(engine, [PUSH[0]]).await;
    let body = json!({ "url": "https://localhost/hooks", "types": ["*"] });
    let endpoint = Endpoint::with(&service, &body).await;
    let test = post(&service, &endpoint.path("/test"), &Value::Null).await;
    assert_eq!((test.status.as_u16(), &test.body["delivered"]), (200, &json!(false)));
    let problem = test.body["problem"].as_str().unwrap();
    assert!(problem.contains("of localhost is not a public address"), "{problem}");
}

#[apply(both_engines)]
async fn redirect_is_a_failure(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    let other = Receiver::start().await;
    let location: &'static str = String::leak(other.url.clone());
    receiver.answer(move |_| Answer::Header(307, "location", location));
    let endpoint = Endpoint::new(&service, &receiver, &["*"]).await;
    let test = post(&service, &endpoint.path("/test"), &Value::Null).await;
    assert_eq!((&test.body["delivered"], &test.body["status"]), (&json!(false), &json!(307)));
    assert!(other.all().is_empty());
}

#[apply(both_engines)]
async fn hanging_endpoint_delays_no_other(engine: Engine) {
    let (service, healthy) = (start(engine).await, Receiver::start().await);
    let hanging = Receiver::start().await;
    hanging.answer(|_| Answer::Hang);
    for receiver in [&hanging, &healthy] {
        Endpoint::new(&service, receiver, &["*"]).await;
    }
    for user in 0..100 {
        let event = fixtures::user_event("user.created", &format!("user_{user}"), 0);
        let delivery = Delivery::new(&event, service.clock.now());
        assert_eq!(service.deliver_with_retries(&delivery).await, "applied");
    }
    healthy.wait_for(100).await;
    // The other one has as many requests as are sent at the same time, none of which was answered. On a
    // busy machine, their time limit may have passed.
    hanging.wait_for(16).await;
}

/// A renewal of the leases waits for the results that are recorded at this time, and they must not
/// wait for it.
#[apply(both_engines)]
async fn leases_are_renewed_beside_results(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    for _ in 0..30 {
        Endpoint::new(&service, &receiver, &["*"]).await;
    }
    let mut tables = service.tables().await;
    let mut longest = Duration::ZERO;
    let mut user = 0;
    while tables.column("SELECT id FROM push_endpoints WHERE lease < 5").await != [""; 0] {
        user += 1;
        let event = fixtures::user_event("user.created", &format!("user_{user}"), 0);
        let started = Instant::now();
        service.send(&event).await;
        longest = longest.max(started.elapsed());
    }
    // One waiting for the other would take as long as the time limit of a commit.
    assert!(longest < Duration::from_secs(40), "{longest:?}");
}

/// Reads the priorities in Linux' process file system.
#[cfg(target_os = "linux")]
#[apply(both_engines)]
async fn deliveries_have_priority_over_messages(engine: Engine) {
    let database = Database::new(engine).await;
    let process = block_in_place(|| Process::serve(&database, PUSH));
    // A thread starts with the name and the priority of the one that starts it.
    let (push, started) = (("push".to_owned(), 19), Instant::now());
    let mut nice = process.thread_priorities();
    while !nice.contains(&push) {
        assert!(started.elapsed() < TEST_TIMEOUT, "{nice:?}");
        sleep(Duration::from_millis(20)).await;
        nice = process.thread_priorities();
    }
    let others: Vec<_> = nice.iter().filter(|(name, _)| name != "push").collect();
    assert!(others.len() > 2 && others.iter().all(|(_, nice)| *nice == 0), "{nice:?}");
}

#[apply(both_engines)]
async fn rate_limits_messages(engine: Engine) {
    let (service, receiver) = (start(engine).await, Receiver::start().await);
    let body = json!({ "url": receiver.url, "types": ["*"], "rate": 5 });
    Endpoint::with(&service, &body).await;
    let started = Instant::now();
    for user in 0..15 {
        let event = fixtures::user_event("user.created", &format!("user_{user}"), 0);
        service.send(&event).await;
    }
    receiver.wait_for(15).await;
    // Five at once, and then one in each fifth of a second.
    assert!(started.elapsed().as_millis() >= 1_900, "{:?}", started.elapsed());
}
