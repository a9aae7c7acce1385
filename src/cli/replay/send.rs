//! The requests: as many under way as was asked for, each to the next of the targets.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::{HeaderName, HeaderValue, Request, Uri, header};
use http_body_util::Full;
use hyper::body::Bytes;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;
use tokio::{
    task::JoinSet,
    time::{Instant, timeout},
};

use super::{
    connection::{Connector, Target, Trouble, Way},
    plan::{Message, Plan},
    report::{Answer, Report},
    sign::Signer,
};
use crate::{clerk::signature, cli::Failure, clock::Clock};

/// Longer than Svix waits.
const TIMEOUT: Duration = Duration::from_secs(20);

const ID: HeaderName = HeaderName::from_static(signature::ID);
const TIMESTAMP: HeaderName = HeaderName::from_static(signature::TIMESTAMP);
const SIGNATURE: HeaderName = HeaderName::from_static(signature::SIGNATURE);
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const AGENT: HeaderValue =
    HeaderValue::from_static(concat!("meetvo-replay/", env!("CARGO_PKG_VERSION")));

/// Signs messages and posts them.
#[derive(Clone)]
pub(in crate::cli) struct Sender {
    targets: Arc<[Target]>,
    connector: Connector,
    signer: Signer,
    clock: Clock,
}

impl Sender {
    pub(in crate::cli) fn new(targets: &[Uri], secret: &str) -> Result<Self, Failure> {
        let targets: Option<Arc<[_]>> = targets.iter().map(Target::of).collect();
        let targets = targets.ok_or(Failure::Target)?;
        Ok(Self {
            connector: Connector::to(&targets).map_err(Failure::Certificates)?,
            targets,
            signer: Signer::new(secret)?,
            clock: Clock::system(),
        })
    }

    /// Sends everything, and tells what became of it.
    pub(in crate::cli) async fn send(
        self,
        plan: &Arc<Plan>,
        concurrency: u32,
        progress: bool,
    ) -> Report {
        let started = Instant::now();
        let next = Arc::new(AtomicUsize::new(0));
        let bar = if progress { bar(plan.len()) } else { ProgressBar::hidden() };
        let mut workers = JoinSet::new();
        for _ in 0..plan.len().min(concurrency as usize) {
            workers.spawn(self.clone().work(Arc::clone(plan), Arc::clone(&next), bar.clone()));
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
    async fn work(self, plan: Arc<Plan>, next: Arc<AtomicUsize>, bar: ProgressBar) -> Report {
        let way = |target| Way::to(target, &self.connector);
        let mut ways: Vec<_> = self.targets.iter().map(way).collect();
        let mut report = Report::default();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(message) = plan.message(place) else { return report };
            let way = &mut ways[place % self.targets.len()];
            let started = Instant::now();
            let answer = self.answer(way, message).await;
            report.add(answer, started.elapsed());
            bar.inc(1);
        }
    }

    /// Sends one message, to the first of the targets.
    pub(in crate::cli) async fn send_one(&self, message: Message) -> Answer {
        self.answer(&mut Way::to(&self.targets[0], &self.connector), message).await
    }

    async fn answer(&self, way: &mut Way<'_>, message: Message) -> Answer {
        match timeout(TIMEOUT, self.post(way, message)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(trouble)) => Answer::Unsent(trouble),
            Err(_) => Answer::TimedOut,
        }
    }

    async fn post(&self, way: &mut Way<'_>, message: Message) -> Result<Answer, Trouble> {
        let seconds = self.clock.now().div_euclid(1000);
        let signature = self.signer.sign(&message.id, seconds, &message.body);
        let request = Request::post(&way.target.path)
            .header(header::HOST, &way.target.host)
            .header(ID, message.id)
            .header(TIMESTAMP, seconds)
            .header(SIGNATURE, signature)
            .header(header::CONTENT_TYPE, JSON)
            .header(header::USER_AGENT, AGENT)
            .body(Full::<Bytes>::from(message.body))?;
        let (status, body) = way.send(request).await?;
        Ok(Answer::Answered(status, decision(&body)))
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

fn bar(length: usize) -> ProgressBar {
    let style = "{bar:40} {pos}/{len}  {per_sec}  {eta} left";
    let bar = ProgressBar::new(length as u64);
    match ProgressStyle::with_template(style) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
