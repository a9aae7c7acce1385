//! Deliveries without a pause, until the service is gone: what it had answered 200, it must keep.

use std::{collections::BTreeMap, time::Duration};

use futures_util::{StreamExt, stream};
use meetvo::clock::Clock;
use reqwest::StatusCode;
use tokio::{sync::watch, task::JoinSet, time::timeout};

use crate::harness::{ApiResponse, Delivery, KEY, Process, client, client_builder, fixtures, unique};

/// Connections that post at once.
const CLIENTS: usize = 16;

/// What one connection posts at the most: a service that never ends must not fill the disk.
const MOST: usize = 5_000;

/// Ends a test that would hang.
const TEST_TIMEOUT: Duration = Duration::from_mins(1);

/// Clients that post events of new users, each as fast as it is answered.
pub(super) struct Load {
    clients: JoinSet<Vec<Promise>>,
    answered: watch::Sender<usize>,
}

/// An event that was answered 200, and the user whom it made.
pub(super) struct Promise {
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

    /// Waits until so many were answered 200.
    pub(super) async fn until(&self, count: usize) {
        let mut answered = self.answered.subscribe();
        let enough = timeout(TEST_TIMEOUT, answered.wait_for(|answered| *answered >= count)).await;
        enough.expect("the load gets through").unwrap();
    }

    /// Waits until the service has gone away from every client; what it had promised.
    pub(super) async fn end(mut self) -> Vec<Promise> {
        let mut promises = Vec::new();
        while let Some(client) = timeout(TEST_TIMEOUT, self.clients.join_next()).await.unwrap() {
            promises.extend(client.unwrap());
        }
        promises
    }
}

/// Posts until an answer does not come, or says that there will be none.
async fn post(url: String, answered: watch::Sender<usize>) -> Vec<Promise> {
    let client = client_builder().timeout(TEST_TIMEOUT).build().unwrap();
    let mut promises = Vec::new();
    for _ in 0..MOST {
        let user = unique("user_");
        let body = fixtures::user_event("user.created", &user, 0);
        let delivery = Delivery::new(&body, Clock::system().now());
        let Ok(answer) = delivery.request(&client, &url).send().await else { break };
        // The head came and the rest did not: 200 was said all the same.
        match answer.status() {
            StatusCode::OK => promises.push(Promise { event: delivery.id, user }),
            StatusCode::SERVICE_UNAVAILABLE => break,
            other => panic!("{other}"),
        }
        drop(answer.bytes().await);
        answered.send_modify(|answered| *answered += 1);
    }
    promises
}

/// Looks for every event and its user in a service; how often each decision was found.
pub(super) async fn find(process: &Process, promises: &[Promise]) -> BTreeMap<String, usize> {
    let client = client();
    let read = async |path: String| {
        let answer =
            ApiResponse::fetch(client.get(format!("{}{path}", process.url)).bearer_auth(KEY)).await;
        assert_eq!(answer.status, 200, "{path} was promised: {}", answer.body);
        answer.body
    };
    let look = async |promise: &Promise| {
        let event = read(format!("/v1/events/{}", promise.event)).await;
        assert_eq!(event["subject"], promise.user.as_str());
        let user = read(format!("/v1/users/{}", promise.user)).await;
        assert_eq!(user["email"], format!("{}@example.com", promise.user));
        event["decision"].as_str().unwrap().to_owned()
    };
    let mut decisions = BTreeMap::new();
    let mut looked = stream::iter(promises).map(look).buffer_unordered(CLIENTS);
    while let Some(decision) = looked.next().await {
        *decisions.entry(decision).or_default() += 1;
    }
    decisions
}
