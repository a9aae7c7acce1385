//! Continuous deliveries until the service ends. It must have stored every event that it answered
//! 200.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};
use meetvo::clock::Clock;
use reqwest::StatusCode;
use tokio::{sync::watch, task::JoinSet, time::timeout};

use crate::harness::{
    ApiResponse, Delivery, KEY, Process, TEST_TIMEOUT, client, client_builder, fixtures, unique,
};

/// Number of connections that post at the same time.
const CLIENTS: usize = 16;

/// Maximum number of deliveries per connection, so that a service that does not end cannot fill the
/// disk.
const MAX_DELIVERIES: usize = 5_000;

/// Clients that post events of new users, each one as soon as the previous one is answered.
pub(super) struct Load {
    clients: JoinSet<Vec<AcknowledgedEvent>>,
    answered: watch::Sender<usize>,
}

/// An event that was answered 200, and the user that it created.
pub(super) struct AcknowledgedEvent {
    event: String,
    user: String,
}

impl Load {
    /// Starts to post to a service.
    pub(super) fn start(process: &Process) -> Self {
        let (answered, mut clients) = (watch::Sender::new(0), JoinSet::new());
        for _ in 0..CLIENTS {
            clients.spawn(post(process.url.clone(), answered.clone()));
        }
        Self { clients, answered }
    }

    /// Waits until `count` events were answered 200.
    pub(super) async fn until(&self, count: usize) {
        let mut answered = self.answered.subscribe();
        let enough = timeout(TEST_TIMEOUT, answered.wait_for(|answered| *answered >= count)).await;
        enough.expect("the service answers the load").unwrap();
    }

    /// Waits until the service has ended, and returns the acknowledged events.
    pub(super) async fn end(mut self) -> Vec<AcknowledgedEvent> {
        let mut acknowledged = Vec::new();
        while let Some(client) = timeout(TEST_TIMEOUT, self.clients.join_next()).await.unwrap() {
            acknowledged.extend(client.unwrap());
        }
        acknowledged
    }
}

/// Posts until a response is missing, or says that the service is shutting down.
async fn post(url: String, answered: watch::Sender<usize>) -> Vec<AcknowledgedEvent> {
    let client = client_builder().timeout(TEST_TIMEOUT).build().unwrap();
    let mut acknowledged = Vec::new();
    for _ in 0..MAX_DELIVERIES {
        let user = unique("user_");
        let body = fixtures::user_event("user.created", &user, 0);
        let delivery = Delivery::new(&body, Clock::system().now());
        let Ok(answer) = delivery.request(&client, &url).send().await else { break };
        // A head with 200 counts, even if the rest of the response is lost.
        match answer.status() {
            StatusCode::OK => acknowledged.push(AcknowledgedEvent { event: delivery.id, user }),
            StatusCode::SERVICE_UNAVAILABLE => break,
            other => panic!("{other}"),
        }
        drop(answer.bytes().await);
        answered.send_modify(|answered| *answered += 1);
    }
    acknowledged
}

/// Looks for every event and its user in a service. Returns the number of events by decision.
pub(super) async fn find(
    process: &Process,
    acknowledged: &[AcknowledgedEvent],
) -> BTreeMap<String, usize> {
    let client = client();
    let read = async |path: String| {
        let answer =
            ApiResponse::fetch(client.get(format!("{}{path}", process.url)).bearer_auth(KEY)).await;
        assert_eq!(answer.status, 200, "{path} was acknowledged: {}", answer.body);
        answer.body
    };
    let look = async |it: &AcknowledgedEvent| {
        let event = read(format!("/v1/events/{}", it.event)).await;
        assert_eq!(event["subject"], it.user.as_str());
        let user = read(format!("/v1/users/{}", it.user)).await;
        assert_eq!(user["email"], format!("{}@example.com", it.user));
        event["decision"].as_str().unwrap().to_owned()
    };
    let mut decisions = BTreeMap::new();
    let mut looked = stream::iter(acknowledged).map(look).buffer_unordered(CLIENTS);
    while let Some(decision) = looked.next().await {
        *decisions.entry(decision).or_default() += 1;
    }
    decisions
}
