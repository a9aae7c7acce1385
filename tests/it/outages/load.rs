//! Load during an outage: deliveries, which are retried until they are accepted, and reads.

use std::{collections::BTreeSet, time::Duration};

use futures_util::{StreamExt, stream};
use reqwest::{Client, RequestBuilder};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::PAUSE;
use crate::harness::{
    ApiResponse, BUSY_MACHINE, Delivery, Engine, KEY, NOW, Service, TEST_TIMEOUT, fixtures, unique,
};

/// Number of clients that send deliveries concurrently.
pub(super) const SENDERS: usize = 8;
/// Number of clients that read concurrently.
pub(super) const READERS: usize = 4;

/// Maximum response time. The service guarantees two seconds.
const MAX_RESPONSE_TIME: Duration = BUSY_MACHINE.saturating_add(Duration::from_secs(2));

/// Running clients.
pub(super) struct Load {
    senders: JoinSet<Vec<Delivery>>,
    readers: JoinSet<()>,
    counts: watch::Sender<Counts>,
}

/// Responses so far.
#[derive(Clone, Default)]
struct Counts {
    sent: Count,
    read: Count,
    /// Problem codes of the rejected requests.
    codes: BTreeSet<String>,
    over: bool,
}

#[derive(Clone, Copy, Default)]
struct Count {
    accepted: usize,
    rejected: usize,
}

impl Counts {
    fn add(&mut self, which: fn(&mut Self) -> &mut Count, answer: &ApiResponse) {
        match answer.status.as_u16() {
            200 => which(self).accepted += 1,
            503 => {
                which(self).rejected += 1;
                self.codes.insert(answer.problem().1.to_owned());
            }
            _ => panic!("{answer:?}"),
        }
    }
}

impl Load {
    pub(super) fn start(service: &Service) -> Self {
        let counts = watch::Sender::new(Counts::default());
        let (mut senders, mut readers) = (JoinSet::new(), JoinSet::new());
        for _ in 0..SENDERS {
            senders.spawn(send(service.client.clone(), service.url.clone(), counts.clone()));
        }
        for _ in 0..READERS {
            readers.spawn(read(service.client.clone(), service.url.clone(), counts.clone()));
        }
        Self { senders, readers, counts }
    }

    /// Waits until as many further deliveries and reads are accepted as there are clients.
    pub(super) async fn is_accepted(&self) {
        let before = self.counts.borrow().clone();
        self.wait_until(|counts| {
            counts.sent.accepted >= before.sent.accepted + SENDERS
                && counts.read.accepted >= before.read.accepted + READERS
        })
        .await;
    }

    /// Waits until a further delivery and a further read are rejected.
    pub(super) async fn is_rejected(&self) {
        let (_, read) = self.rejected();
        self.deliveries_are_rejected().await;
        self.wait_until(|counts| counts.read.rejected > read).await;
    }

    pub(super) async fn deliveries_are_rejected(&self) {
        let (sent, _) = self.rejected();
        self.wait_until(|counts| counts.sent.rejected > sent).await;
    }

    /// Waits until as many further reads are accepted as there are clients that read.
    pub(super) async fn reads_are_accepted(&self) {
        let before = self.counts.borrow().read.accepted;
        self.wait_until(|counts| counts.read.accepted >= before + READERS).await;
    }

    /// Waits until a round of requests is accepted without a rejection.
    pub(super) async fn is_accepted_without_rejection(&self) {
        loop {
            let before = self.rejected();
            self.is_accepted().await;
            if self.rejected() == before {
                return;
            }
        }
    }

    /// Returns the numbers of deliveries and reads rejected with 503 so far.
    pub(super) fn rejected(&self) -> (usize, usize) {
        let counts = self.counts.borrow();
        (counts.sent.rejected, counts.read.rejected)
    }

    async fn wait_until(&self, condition: impl Fn(&Counts) -> bool) {
        let mut counts = self.counts.subscribe();
        let met = timeout(TEST_TIMEOUT, counts.wait_for(condition)).await;
        drop(met.expect("the load reaches the condition").unwrap());
    }

    /// Waits until all deliveries are accepted. Asserts that the database contains each event
    /// exactly once and the resulting synced tables. Returns the problem codes of the rejected
    /// requests.
    pub(super) async fn end(mut self, service: Service) -> BTreeSet<String> {
        self.counts.send_modify(|counts| counts.over = true);
        let mut sent = Vec::new();
        while let Some(deliveries) = self.senders.join_next().await {
            sent.extend(deliveries.unwrap());
        }
        while let Some(ended) = self.readers.join_next().await {
            ended.unwrap();
        }
        let mut tables = service.tables().await;
        let ids: BTreeSet<_> = sent.iter().map(|delivery| delivery.id.clone()).collect();
        let sql = "SELECT id FROM webhook_events WHERE decision <> 'failed'";
        let stored = tables.column(sql).await;
        assert_eq!(stored.len(), sent.len(), "no event is stored twice");
        assert_eq!(BTreeSet::from_iter(stored), ids, "no event is lost");

        let undisturbed = Service::start(Engine::Sqlite).await;
        let decisions = stream::iter(&sent).map(|it| undisturbed.deliver(it)).buffered(SENDERS);
        decisions.collect::<Vec<_>>().await;
        let expected = undisturbed.tables().await.synced_tables().await;
        assert_eq!(tables.synced_tables().await, expected, "as without an outage");
        self.counts.borrow().codes.clone()
    }
}

/// Sends one event after the other, and retries each until it is accepted. Returns all of them.
async fn send(client: Client, url: String, counts: watch::Sender<Counts>) -> Vec<Delivery> {
    let mut accepted_deliveries = Vec::new();
    while !counts.borrow().over {
        let (user, session) = (unique("user_"), unique("sess_"));
        for body in [
            fixtures::session_event("session.created", &session, &user, 0),
            fixtures::user_event("user.created", &user, 0),
            fixtures::user_event("user.updated", &user, 1),
            fixtures::session_event("session.ended", &session, &user, 2),
        ] {
            let delivery = Delivery::new(&body, NOW);
            loop {
                let answer = send_in_time(delivery.request(&client, &url)).await;
                counts.send_modify(|counts| counts.add(|it| &mut it.sent, &answer));
                sleep(PAUSE).await;
                if answer.status == 200 {
                    break;
                }
            }
            accepted_deliveries.push(delivery);
        }
    }
    accepted_deliveries
}

async fn read(client: Client, url: String, counts: watch::Sender<Counts>) {
    while !counts.borrow().over {
        let request = client.get(format!("{url}/v1/users?limit=1")).bearer_auth(KEY);
        let answer = send_in_time(request).await;
        counts.send_modify(|counts| counts.add(|it| &mut it.read, &answer));
        sleep(PAUSE).await;
    }
}

/// Sends a request and asserts that the response arrives in time, also during an outage.
pub(super) async fn send_in_time(request: RequestBuilder) -> ApiResponse {
    let sent = Instant::now();
    let answer = ApiResponse::fetch(request).await;
    assert!(sent.elapsed() < MAX_RESPONSE_TIME, "{answer:?} took {:?}", sent.elapsed());
    if answer.status == 503 {
        answer.problem();
        assert_eq!(answer.header("retry-after"), Some("5"));
    }
    answer
}

/// Sends a request to a path that requires no authentication.
pub(super) async fn get_public(service: &Service, path: &str) -> ApiResponse {
    send_in_time(service.client.get(service.url_for(path))).await
}
