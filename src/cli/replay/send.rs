//! The requests: as many under way as was asked for, each to the next of the targets.

use std::{
    num::NonZeroU32,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::{HeaderName, HeaderValue, Request, Uri, header};
use http_body_util::Full;
use hyper::body::Bytes;
use indicatif::ProgressBar;
use serde::Deserialize;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until, timeout},
};

use super::{
    connection::{Connector, Delivery, Target, Trouble, Way},
    plan::{Message, Plan},
    report::{Answer, Report},
    sign::Signer,
};
use crate::{
    clerk::signature,
    cli::{CommandError, progress},
    clock::Clock,
};

/// Longer than Svix waits.
const TIMEOUT: Duration = Duration::from_secs(20);

const ID: HeaderName = HeaderName::from_static(signature::ID);
const TIMESTAMP: HeaderName = HeaderName::from_static(signature::TIMESTAMP);
const SIGNATURE: HeaderName = HeaderName::from_static(signature::SIGNATURE);
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const AGENT: HeaderValue =
    HeaderValue::from_static(concat!("meetvo-replay/", env!("CARGO_PKG_VERSION")));

/// How a plan is carried out.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct How {
    /// How many requests are under way at once.
    pub(in crate::cli) concurrency: u32,
    /// How many are sent a second, at the most.
    pub(in crate::cli) rate: Option<NonZeroU32>,
    /// Whether all of them are made and signed before the first is sent.
    pub(in crate::cli) presigned: bool,
    /// Whether to show how far it is.
    pub(in crate::cli) progress: bool,
}

/// A delivery, or why it cannot be made.
type Made = Result<Delivery, Trouble>;

/// Where the workers get the next delivery.
struct Deliveries {
    sender: Sender,
    plan: Arc<Plan>,
    /// Those that are made already, each until it is sent.
    made: Vec<Mutex<Option<Made>>>,
    next: AtomicUsize,
}

/// When each is due.
#[derive(Clone, Copy)]
struct Pace {
    began: Instant,
    rate: Option<NonZeroU32>,
}

impl Pace {
    async fn turn(self, place: usize) {
        if let Some(rate) = self.rate {
            sleep_until(self.began + Duration::from_secs(place as u64) / rate.get()).await;
        }
    }
}

impl Deliveries {
    fn new(sender: Sender, plan: Arc<Plan>, presigned: bool) -> Self {
        let mut deliveries = Self { sender, plan, made: Vec::new(), next: AtomicUsize::new(0) };
        if presigned {
            let made = (0..deliveries.plan.len()).map(|place| Mutex::new(deliveries.make(place)));
            deliveries.made = made.collect();
        }
        deliveries
    }

    /// The next one with its place, until there is none.
    fn next(&self) -> Option<(usize, Made)> {
        let place = self.next.fetch_add(1, Ordering::Relaxed);
        let made = self.made.get(place);
        let made = made.and_then(|it| it.lock().unwrap_or_else(PoisonError::into_inner).take());
        Some((place, made.or_else(|| self.make(place))?))
    }

    fn make(&self, place: usize) -> Option<Made> {
        let message = self.plan.message(place)?;
        Some(self.sender.delivery(self.sender.target(place), message))
    }
}

/// Signs messages and posts them.
#[derive(Clone)]
pub(in crate::cli) struct Sender {
    targets: Arc<[Target]>,
    connector: Connector,
    signer: Signer,
    clock: Clock,
}

impl Sender {
    pub(in crate::cli) fn new(targets: &[Uri], secret: &str) -> Result<Self, CommandError> {
        let targets: Option<Arc<[_]>> = targets.iter().map(Target::of).collect();
        let targets = targets.ok_or(CommandError::InvalidTarget)?;
        Ok(Self {
            connector: Connector::to(&targets).map_err(CommandError::TlsUnavailable)?,
            targets,
            signer: Signer::new(secret)?,
            clock: Clock::system(),
        })
    }

    /// Sends everything, and tells what became of it.
    pub(in crate::cli) async fn send(self, plan: &Arc<Plan>, how: How) -> Report {
        let deliveries = Deliveries::new(self.clone(), Arc::clone(plan), how.presigned);
        let deliveries = Arc::new(deliveries);
        let started = Instant::now();
        let pace = Pace { began: started, rate: how.rate };
        let bar = match how.progress {
            true => progress::bar(plan.len() as u64, "{bar:40} {pos}/{len}  {per_sec}  {eta} left"),
            false => ProgressBar::hidden(),
        };
        let mut workers = JoinSet::new();
        for _ in 0..plan.len().min(how.concurrency as usize) {
            workers.spawn(self.clone().work(Arc::clone(&deliveries), pace, bar.clone()));
        }
        let mut report = Report::default();
        for part in workers.join_all().await {
            report.merge(part);
        }
        bar.finish_and_clear();
        report.finish(started.elapsed());
        report
    }

    /// Sends the next message until there is none.
    async fn work(self, deliveries: Arc<Deliveries>, pace: Pace, bar: ProgressBar) -> Report {
        let way = |target| Way::to(target, &self.connector);
        let mut ways: Vec<_> = self.targets.iter().map(way).collect();
        let mut report = Report::default();
        while let Some((place, delivery)) = deliveries.next() {
            let way = &mut ways[place % self.targets.len()];
            pace.turn(place).await;
            let started = Instant::now();
            report.add(answer(way, delivery).await, started.elapsed());
            bar.inc(1);
        }
        report
    }

    /// Sends one message, to the first of the targets.
    pub(in crate::cli) async fn send_one(&self, message: Message) -> Answer {
        let target = self.target(0);
        let delivery = self.delivery(target, message);
        answer(&mut Way::to(target, &self.connector), delivery).await
    }

    /// Whose turn it is.
    fn target(&self, place: usize) -> &Target {
        &self.targets[place % self.targets.len()]
    }

    fn delivery(&self, target: &Target, message: Message) -> Made {
        let seconds = self.clock.now().div_euclid(1000);
        let signature = self.signer.sign(&message.id, seconds, &message.body);
        Ok(Request::post(&target.path)
            .header(header::HOST, &target.host)
            .header(ID, message.id)
            .header(TIMESTAMP, seconds)
            .header(SIGNATURE, signature)
            .header(header::CONTENT_TYPE, JSON)
            .header(header::USER_AGENT, AGENT)
            .body(Full::<Bytes>::from(message.body))?)
    }
}

async fn answer(way: &mut Way<'_>, delivery: Made) -> Answer {
    let sent = async { way.send(delivery?).await };
    match timeout(TIMEOUT, sent).await {
        Ok(Ok((status, body))) => Answer::Answered(status, decision(&body)),
        Ok(Err(trouble)) => Answer::Unsent(trouble),
        Err(_) => Answer::TimedOut,
    }
}

/// The decision that the service answers; other handlers answer something else.
fn decision(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Decided {
        decision: Option<String>,
        code: Option<String>,
    }
    let decided: Decided = serde_json::from_slice(body).ok()?;
    decided.decision.or(decided.code)
}
