//! Senders that behave like Svix: each sends one event after the other, and repeats each event
//! until it is answered with 200.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use meetvo::clock::Clock;
use reqwest::StatusCode;
use serde_json::Value;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, timeout},
};

use crate::harness::{
    BUSY_MACHINE, Delivery, Rng, SECRET, TEST_TIMEOUT, client_builder, fixtures, unique,
};

/// Number of concurrent senders.
const SENDERS: usize = 16;

/// Maximum number of deliveries of a sender between two checks of its progress. It keeps an idle
/// load from filling the disk.
const MAX_DELIVERIES: usize = 5_000;

/// Delay before a rejected event is sent again.
const RETRY_DELAY: Duration = Duration::from_millis(20);

/// Maximum response time: the guaranteed two seconds, and a margin for a machine on which senders,
/// services and a hundred other tests share two cores.
const RESPONSE_LIMIT: Duration = BUSY_MACHINE.saturating_add(Duration::from_secs(2));

/// Generated event.
#[derive(Clone)]
pub struct Event {
    pub id: String,
    pub body: Value,
}

/// Sender of the histories of random users, one event at a time.
pub struct Sender {
    rng: Rng,
    /// Remaining events of the current user. The first may have been sent without a response.
    remaining: VecDeque<Event>,
    /// The first remaining event may have been stored already.
    may_be_duplicate: bool,
    /// Events that were answered with 200, in this order.
    accepted: Vec<Event>,
    /// Number of responses by decision.
    decisions: BTreeMap<String, usize>,
    /// Number of 503 responses by problem code.
    rejections: BTreeMap<String, usize>,
}

/// Idle senders. They outlive the services to which they send.
pub struct Senders(Vec<Sender>);

/// Running senders.
pub struct Load {
    sending: JoinSet<Sender>,
    state: LoadState,
}

/// Shared state of the senders and the test.
#[derive(Clone)]
struct LoadState {
    /// URLs of the services.
    urls: watch::Sender<Vec<String>>,
    accepted: watch::Sender<usize>,
    rejected: watch::Sender<usize>,
    /// Number of times that the test has waited for progress.
    progress_checks: watch::Sender<usize>,
    /// The senders stop after the current user.
    is_finishing: watch::Sender<bool>,
}

impl Senders {
    pub fn new(rng: &mut Rng) -> Self {
        let sender = |_| Sender {
            rng: Rng(rng.below(usize::MAX) as u64),
            remaining: VecDeque::new(),
            may_be_duplicate: false,
            accepted: Vec::new(),
            decisions: BTreeMap::new(),
            rejections: BTreeMap::new(),
        };
        Self((0..SENDERS).map(sender).collect())
    }

    /// Sends to the services in turn, as a load balancer does, until they are unavailable.
    pub fn start(self, urls: &[&str]) -> Load {
        let state = LoadState {
            urls: watch::Sender::new(owned(urls)),
            accepted: watch::Sender::new(0),
            rejected: watch::Sender::new(0),
            progress_checks: watch::Sender::new(0),
            is_finishing: watch::Sender::new(false),
        };
        let mut sending = JoinSet::new();
        for sender in self.0 {
            sending.spawn(sender.send(state.clone()));
        }
        Load { sending, state }
    }

    pub fn accepted(&self) -> impl Iterator<Item = &Event> {
        self.0.iter().flat_map(|sender| &sender.accepted)
    }

    /// Returns the number of responses by decision.
    pub fn decisions(&self) -> BTreeMap<&str, usize> {
        sum(self.0.iter().map(|sender| &sender.decisions))
    }

    /// Returns the number of 503 responses by problem code.
    pub fn rejections(&self) -> BTreeMap<&str, usize> {
        sum(self.0.iter().map(|sender| &sender.rejections))
    }
}

fn owned(urls: &[&str]) -> Vec<String> {
    urls.iter().map(|url| (*url).to_owned()).collect()
}

fn sum<'a>(counts: impl Iterator<Item = &'a BTreeMap<String, usize>>) -> BTreeMap<&'a str, usize> {
    let mut all = BTreeMap::new();
    for (key, count) in counts.flatten() {
        *all.entry(key.as_str()).or_default() += count;
    }
    all
}

impl Load {
    /// Waits until so many more deliveries are answered with 200.
    pub async fn wait_for_accepted(&self, count: usize) {
        self.wait_for(&self.state.accepted, count).await;
    }

    /// Waits until so many more deliveries are answered with 503.
    pub async fn wait_for_rejected(&self, count: usize) {
        self.wait_for(&self.state.rejected, count).await;
    }

    async fn wait_for(&self, counter: &watch::Sender<usize>, count: usize) {
        self.state.progress_checks.send_modify(|times| *times += 1);
        let mut counter = counter.subscribe();
        let goal = *counter.borrow() + count;
        let reached = timeout(TEST_TIMEOUT, counter.wait_for(|it| *it >= goal)).await;
        drop(reached.expect("the load makes progress").unwrap());
    }

    /// Replaces the URLs of the services.
    pub fn set_urls(&self, urls: &[&str]) {
        self.state.urls.send_replace(owned(urls));
    }

    /// Waits until every sender has stopped because all services are unavailable.
    pub async fn wait_until_stopped(mut self) -> Senders {
        let mut senders = Vec::new();
        while let Some(sender) = timeout(TEST_TIMEOUT, self.sending.join_next()).await.unwrap() {
            senders.push(sender.unwrap());
        }
        Senders(senders)
    }

    /// Waits until every sender has sent all events of its current user, and stops the load.
    pub async fn finish(self) -> Senders {
        self.state.is_finishing.send_replace(true);
        let senders = self.wait_until_stopped().await;
        assert!(
            senders.0.iter().all(|sender| sender.remaining.is_empty()),
            "no sender has events left"
        );
        senders
    }
}

impl Sender {
    /// Sends events until no service responds, the load finishes, or the limit is reached.
    async fn send(mut self, state: LoadState) -> Self {
        let client = client_builder().timeout(TEST_TIMEOUT).build().unwrap();
        let (mut failures, mut progress_checks, mut last_turn) =
            (0, state.progress_checks.subscribe(), MAX_DELIVERIES);
        for turn in 0.. {
            if progress_checks.has_changed().unwrap() {
                progress_checks.mark_unchanged();
                last_turn = turn + MAX_DELIVERIES;
            }
            if turn == last_turn {
                break;
            }
            if self.remaining.is_empty() {
                if *state.is_finishing.borrow() {
                    break;
                }
                self.remaining = user_history(&mut self.rng);
            }
            let (url, service_count) = state.target(turn);
            let sent_at = Instant::now();
            let Ok(response) = self.delivery().request(&client, &url).send().await else {
                self.may_be_duplicate = true;
                failures += 1;
                if failures >= service_count {
                    break;
                }
                continue;
            };
            assert!(
                sent_at.elapsed() < RESPONSE_LIMIT,
                "{response:?} took {:?}",
                sent_at.elapsed()
            );
            failures = 0;
            match response.status() {
                StatusCode::OK => {
                    // The status counts, even if the connection breaks before the body is complete.
                    let decision = response.json().await.unwrap_or_default();
                    self.record_success(&decision);
                    state.accepted.send_modify(|accepted| *accepted += 1);
                }
                StatusCode::SERVICE_UNAVAILABLE => {
                    self.may_be_duplicate = true;
                    let problem: Value = response.json().await.unwrap_or_default();
                    let code = problem["code"].as_str().unwrap_or_default().to_owned();
                    *self.rejections.entry(code).or_default() += 1;
                    state.rejected.send_modify(|times| *times += 1);
                    tokio::time::sleep(RETRY_DELAY).await;
                }
                other => panic!("{other}"),
            }
        }
        self
    }

    /// Returns the first remaining event with a new signature and the same ID.
    fn delivery(&self) -> Delivery {
        let Event { id, body } = &self.remaining[0];
        Delivery::signed(SECRET, id, Clock::system().now(), body.to_string())
    }

    /// Moves the first remaining event to the accepted events.
    fn record_success(&mut self, response: &Value) {
        let event = self.remaining.pop_front().unwrap();
        if let Some(decision) = response["decision"].as_str() {
            let is_expected = ["applied", "stale", "tombstoned"].contains(&decision);
            // Only an event that was sent before can be a duplicate.
            assert!(
                is_expected || self.may_be_duplicate && decision == "duplicate",
                "{decision}: {}",
                event.body
            );
            *self.decisions.entry(decision.to_owned()).or_default() += 1;
        }
        self.accepted.push(event);
        self.may_be_duplicate = false;
    }
}

impl LoadState {
    /// Returns the URL of the service for a turn, and the number of services.
    fn target(&self, turn: usize) -> (String, usize) {
        let urls = self.urls.borrow();
        (urls[turn % urls.len()].clone(), urls.len())
    }
}

/// Returns the events of a user who signs up, changes, and possibly is deleted. Half of the
/// histories are out of order.
fn user_history(rng: &mut Rng) -> VecDeque<Event> {
    let (user, session) = (unique("user_"), unique("sess_"));
    let mut bodies = vec![
        fixtures::session_event("session.created", &session, &user, 0),
        fixtures::user_event("user.created", &user, 0),
    ];
    let changes = 1..=i64::try_from(rng.below(3)).unwrap();
    bodies.extend(changes.map(|later| fixtures::user_event("user.updated", &user, later)));
    bodies.push(fixtures::session_event("session.ended", &session, &user, 5));
    if rng.below(3) == 0 {
        bodies.push(fixtures::user_deleted(&user, 9));
    }
    if rng.below(2) == 0 {
        rng.shuffle(&mut bodies);
    }
    bodies.into_iter().map(|body| Event { id: unique("msg_"), body }).collect()
}
