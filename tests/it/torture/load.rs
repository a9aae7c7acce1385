//! Those who send as Svix does: one event after the other, each again until it is accepted 200.

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

use super::TEST_TIMEOUT;
use crate::harness::{Delivery, Rng, SECRET, client_builder, fixtures, unique};

/// Who send at once.
const SENDERS: usize = 16;

/// What one of them sends while nobody asks how far they are: it must not fill the disk.
const MOST: usize = 5_000;

/// Before an event that was turned away is sent again.
const PAUSE: Duration = Duration::from_millis(20);

/// An answer within two seconds is the promise. The rest is for a machine on which these, the services
/// and a hundred other tests share two cores.
const ANSWER: Duration = Duration::from_millis(2_000 + 1_500);

/// An event that was thought of.
#[derive(Clone)]
pub struct Event {
    pub id: String,
    pub body: Value,
}

/// Tells the stories of users, one event after the other.
pub struct Sender {
    rng: Rng,
    /// What is to come of the story. The first of it may have been sent, and not been accepted.
    story: VecDeque<Event>,
    repeats: bool,
    /// What was accepted 200, in its order.
    accepted: Vec<Event>,
    /// How often each decision was the answer.
    decisions: BTreeMap<String, usize>,
    /// How often each code was, where it was 503.
    rejections: BTreeMap<String, usize>,
}

/// All of them. They outlive the services that they send to.
pub struct Senders(Vec<Sender>);

/// All of them at work.
pub struct Load {
    sending: JoinSet<Sender>,
    told: Told,
}

/// What is told to those who send, and what they tell.
#[derive(Clone)]
struct Told {
    /// Where the services are.
    urls: watch::Sender<Vec<String>>,
    accepted: watch::Sender<usize>,
    turned_away: watch::Sender<usize>,
    /// How often somebody asked how far they are.
    asked: watch::Sender<usize>,
    over: watch::Sender<bool>,
}

impl Senders {
    pub fn new(rng: &mut Rng) -> Self {
        let sender = |_| Sender {
            rng: Rng(rng.below(usize::MAX) as u64),
            story: VecDeque::new(),
            repeats: false,
            accepted: Vec::new(),
            decisions: BTreeMap::new(),
            rejections: BTreeMap::new(),
        };
        Self((0..SENDERS).map(sender).collect())
    }

    /// Sends to these services by turns, as a load balancer would, until they are gone.
    pub fn start(self, urls: &[&str]) -> Load {
        let told = Told {
            urls: watch::Sender::new(owned(urls)),
            accepted: watch::Sender::new(0),
            turned_away: watch::Sender::new(0),
            asked: watch::Sender::new(0),
            over: watch::Sender::new(false),
        };
        let mut sending = JoinSet::new();
        for sender in self.0 {
            sending.spawn(sender.send(told.clone()));
        }
        Load { sending, told }
    }

    pub fn accepted(&self) -> impl Iterator<Item = &Event> {
        self.0.iter().flat_map(|sender| &sender.accepted)
    }

    /// How often each decision was the answer.
    pub fn decisions(&self) -> BTreeMap<&str, usize> {
        sum(self.0.iter().map(|sender| &sender.decisions))
    }

    /// How often each code was, where it was 503.
    pub fn rejections(&self) -> BTreeMap<&str, usize> {
        sum(self.0.iter().map(|sender| &sender.rejections))
    }
}

fn owned(urls: &[&str]) -> Vec<String> {
    urls.iter().map(|url| (*url).to_owned()).collect()
}

fn sum<'a>(counts: impl Iterator<Item = &'a BTreeMap<String, usize>>) -> BTreeMap<&'a str, usize> {
    let mut all = BTreeMap::new();
    for (what, count) in counts.flatten() {
        *all.entry(what.as_str()).or_default() += count;
    }
    all
}

impl Load {
    /// Waits until so many more were accepted 200.
    pub async fn wait_for_accepted(&self, count: usize) {
        self.counts(&self.told.accepted, count).await;
    }

    /// Waits until so many more were accepted 503.
    pub async fn wait_for_rejected(&self, count: usize) {
        self.counts(&self.told.turned_away, count).await;
    }

    async fn counts(&self, so_far: &watch::Sender<usize>, more: usize) {
        self.told.asked.send_modify(|times| *times += 1);
        let mut so_far = so_far.subscribe();
        let goal = *so_far.borrow() + more;
        let enough = timeout(TEST_TIMEOUT, so_far.wait_for(|so_far| *so_far >= goal)).await;
        drop(enough.expect("the load goes on").unwrap());
    }

    /// From now on the services are there.
    pub fn set_urls(&self, urls: &[&str]) {
        self.told.urls.send_replace(owned(urls));
    }

    /// Waits until the services have gone away from everybody.
    pub async fn end(mut self) -> Senders {
        let mut senders = Vec::new();
        while let Some(sender) = timeout(TEST_TIMEOUT, self.sending.join_next()).await.unwrap() {
            senders.push(sender.unwrap());
        }
        Senders(senders)
    }

    /// Has every story told to its end, of services that stay.
    pub async fn finish(self) -> Senders {
        self.told.over.send_replace(true);
        let senders = self.end().await;
        assert!(senders.0.iter().all(|sender| sender.story.is_empty()), "nobody was left alone");
        senders
    }
}

impl Sender {
    /// Until an answer does not come from any of the services, or the story that was begun is told.
    async fn send(mut self, told: Told) -> Self {
        let client = client_builder().timeout(TEST_TIMEOUT).build().unwrap();
        let (mut unreachable, mut asked, mut last) = (0, told.asked.subscribe(), MOST);
        for turn in 0.. {
            if asked.has_changed().unwrap() {
                asked.mark_unchanged();
                last = turn + MOST;
            }
            if turn == last {
                break;
            }
            if self.story.is_empty() {
                if *told.over.borrow() {
                    break;
                }
                self.story = story(&mut self.rng);
            }
            let (url, services) = told.whose(turn);
            let sent = Instant::now();
            let Ok(answer) = self.delivery().request(&client, &url).send().await else {
                self.repeats = true;
                unreachable += 1;
                if unreachable >= services {
                    break;
                }
                continue;
            };
            assert!(sent.elapsed() < ANSWER, "{answer:?} took {:?}", sent.elapsed());
            unreachable = 0;
            match answer.status() {
                StatusCode::OK => {
                    // The head came and the rest may not: 200 was said all the same.
                    let decision = answer.json().await.unwrap_or_default();
                    self.is_answered(&decision);
                    told.accepted.send_modify(|accepted| *accepted += 1);
                }
                StatusCode::SERVICE_UNAVAILABLE => {
                    self.repeats = true;
                    let why: Value = answer.json().await.unwrap_or_default();
                    let code = why["code"].as_str().unwrap_or_default().to_owned();
                    *self.rejections.entry(code).or_default() += 1;
                    told.turned_away.send_modify(|times| *times += 1);
                    tokio::time::sleep(PAUSE).await;
                }
                other => panic!("{other}"),
            }
        }
        self
    }

    /// Signed anew each time, under the id that it has.
    fn delivery(&self) -> Delivery {
        let Event { id, body } = &self.story[0];
        Delivery::signed(SECRET, id, Clock::system().now(), body.to_string())
    }

    fn is_answered(&mut self, answer: &Value) {
        let event = self.story.pop_front().unwrap();
        if let Some(decision) = answer["decision"].as_str() {
            let known = ["applied", "stale", "tombstoned"].contains(&decision);
            // Only what was sent before can have been seen.
            assert!(known || self.repeats && decision == "duplicate", "{decision}: {}", event.body);
            *self.decisions.entry(decision.to_owned()).or_default() += 1;
        }
        self.accepted.push(event);
        self.repeats = false;
    }
}

impl Told {
    /// To whom one sends whose turn it is, and how many there are.
    fn whose(&self, turn: usize) -> (String, usize) {
        let urls = self.urls.borrow();
        (urls[turn % urls.len()].clone(), urls.len())
    }
}

/// What happens to a user, who signs up, changes, and goes perhaps; half of the time in disorder.
fn story(rng: &mut Rng) -> VecDeque<Event> {
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
