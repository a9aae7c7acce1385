//! What goes on while the database is away: deliveries, which are sent again until they are taken,
//! and reads.

use std::{collections::BTreeSet, time::Duration};

use futures_util::{StreamExt, stream};
use reqwest::{Client, RequestBuilder};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::{PATIENCE, PAUSE};
use crate::harness::{Answer, Delivery, Engine, KEY, NOW, Service, fixtures, unique};

/// Who sends deliveries, and who reads, at once.
pub(super) const SENDERS: usize = 8;
pub(super) const READERS: usize = 4;

/// An answer within two seconds is the promise. The rest is for a machine on which this client, the
/// service, the server and a hundred other tests share two cores. What no limit ends takes for ever.
const ANSWER: Duration = Duration::from_millis(2_000 + 1_500);

/// Clients at work.
pub(super) struct Load {
    senders: JoinSet<Vec<Delivery>>,
    readers: JoinSet<()>,
    counts: watch::Sender<Counts>,
}

/// How requests were answered, so far.
#[derive(Clone, Default)]
struct Counts {
    sent: Count,
    read: Count,
    /// Of those that were turned away.
    codes: BTreeSet<String>,
    over: bool,
}

#[derive(Clone, Copy, Default)]
struct Count {
    answered: usize,
    turned_away: usize,
}

impl Counts {
    fn add(&mut self, which: fn(&mut Self) -> &mut Count, answer: &Answer) {
        match answer.status.as_u16() {
            200 => which(self).answered += 1,
            503 => {
                which(self).turned_away += 1;
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

    /// Waits until so many of either kind were answered as there are clients, from now on.
    pub(super) async fn is_taken(&self) {
        let before = self.counts.borrow().clone();
        self.until(|counts| {
            counts.sent.answered >= before.sent.answered + SENDERS
                && counts.read.answered >= before.read.answered + READERS
        })
        .await;
    }

    /// Waits until some of either kind were turned away, from now on.
    pub(super) async fn is_turned_away(&self) {
        let (_, read) = self.turned_away();
        self.deliveries_are_turned_away().await;
        self.until(|counts| counts.read.turned_away > read).await;
    }

    pub(super) async fn deliveries_are_turned_away(&self) {
        let (sent, _) = self.turned_away();
        self.until(|counts| counts.sent.turned_away > sent).await;
    }

    /// Waits until nobody is turned away any more.
    pub(super) async fn is_taken_again(&self) {
        loop {
            let before = self.turned_away();
            self.is_taken().await;
            if self.turned_away() == before {
                return;
            }
        }
    }

    /// How many deliveries and reads were answered 503 so far.
    pub(super) fn turned_away(&self) -> (usize, usize) {
        let counts = self.counts.borrow();
        (counts.sent.turned_away, counts.read.turned_away)
    }

    async fn until(&self, condition: impl Fn(&Counts) -> bool) {
        let mut counts = self.counts.subscribe();
        let met = timeout(PATIENCE, counts.wait_for(condition)).await;
        drop(met.expect("the load goes on").unwrap());
    }

    /// Has everything taken that was begun. The database is to hold it all, each event once, and
    /// what follows from it. Returns the codes of what was turned away.
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
        let kept = tables.column("SELECT id FROM webhook_events WHERE decision <> 'failed'").await;
        assert_eq!(kept.len(), sent.len(), "nothing is kept twice");
        assert_eq!(BTreeSet::from_iter(kept), ids, "nothing is lost");

        let untroubled = Service::start(Engine::Sqlite).await;
        let decisions = stream::iter(&sent).map(|it| untroubled.deliver(it)).buffered(SENDERS);
        decisions.collect::<Vec<_>>().await;
        let expected = untroubled.tables().await.projection().await;
        assert_eq!(tables.projection().await, expected, "as without an outage");
        self.counts.borrow().codes.clone()
    }
}

/// Sends one event after the other, each until it is taken; all of them.
async fn send(client: Client, url: String, counts: watch::Sender<Counts>) -> Vec<Delivery> {
    let mut taken = Vec::new();
    while !counts.borrow().over {
        let (user, session) = (unique("user_"), unique("sess_"));
        for body in [
            fixtures::session_event("session.created", &session, &user, 0),
            fixtures::user_event("user.created", &user, 0),
            fixtures::user_event("user.updated", &user, 1),
            fixtures::session_event("session.ended", &session, &user, 2),
        ] {
            let delivery = Delivery::of(&body, NOW);
            loop {
                let answer = ask(delivery.request(&client, &url)).await;
                counts.send_modify(|counts| counts.add(|it| &mut it.sent, &answer));
                sleep(PAUSE).await;
                if answer.status == 200 {
                    break;
                }
            }
            taken.push(delivery);
        }
    }
    taken
}

async fn read(client: Client, url: String, counts: watch::Sender<Counts>) {
    while !counts.borrow().over {
        let answer = ask(client.get(format!("{url}/v1/users?limit=1")).bearer_auth(KEY)).await;
        counts.send_modify(|counts| counts.add(|it| &mut it.read, &answer));
        sleep(PAUSE).await;
    }
}

/// Asks what is to be answered in time, whatever happens to the database.
pub(super) async fn ask(request: RequestBuilder) -> Answer {
    let asked = Instant::now();
    let answer = Answer::of(request).await;
    assert!(asked.elapsed() < ANSWER, "{answer:?} took {:?}", asked.elapsed());
    if answer.status == 503 {
        answer.problem();
        assert_eq!(answer.header("retry-after"), Some("5"));
    }
    answer
}

/// Asks for what is open to everybody.
pub(super) async fn open(service: &Service, path: &str) -> Answer {
    ask(service.client.get(service.at(path))).await
}
