//! The requests: as many under way as was asked for, each to the next of the targets.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::{Request, Uri, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;
use tokio::{task::JoinSet, time::Instant};

use super::{
    plan::{Message, Plan},
    report::{Answer, Report},
    sign::Signer,
};
use crate::{clerk::signature, cli::Failure, clock::Clock};

/// Longer than Svix waits.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The path of the endpoint, where a target names only a server.
const PATH: &str = "/webhooks/clerk";

/// Signs messages and posts them.
#[derive(Clone)]
pub(in crate::cli) struct Sender {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    targets: Arc<[Uri]>,
    signer: Signer,
    clock: Clock,
}

impl Sender {
    pub(in crate::cli) fn new(targets: &[Uri], secret: &str) -> Result<Self, Failure> {
        let targets: Option<Vec<_>> = targets.iter().map(endpoint).collect();
        let https =
            HttpsConnectorBuilder::new().with_native_roots()?.https_or_http().enable_http1();
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(https.build()),
            targets: targets.ok_or(Failure::Target)?.into(),
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
        for _ in 0..concurrency {
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
        let mut report = Report::default();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(message) = plan.message(place) else { return report };
            let target = &self.targets[place % self.targets.len()];
            let started = Instant::now();
            let answer = self.answer(target, message).await;
            report.add(answer, started.elapsed());
            bar.inc(1);
        }
    }

    /// Sends one message, to the first of the targets.
    pub(in crate::cli) async fn send_one(&self, message: Message) -> Answer {
        self.answer(&self.targets[0], message).await
    }

    async fn answer(&self, target: &Uri, message: Message) -> Answer {
        let answer = tokio::time::timeout(TIMEOUT, self.post(target, message)).await;
        answer.unwrap_or(Answer::TimedOut)
    }

    async fn post(&self, target: &Uri, message: Message) -> Answer {
        let seconds = self.clock.now().div_euclid(1000);
        let signature = self.signer.sign(&message.id, seconds, &message.body);
        let request = Request::post(target)
            .header(signature::ID, message.id)
            .header(signature::TIMESTAMP, seconds)
            .header(signature::SIGNATURE, signature)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, concat!("meetvo-replay/", env!("CARGO_PKG_VERSION")))
            .body(Full::from(message.body));
        let Ok(request) = request else { return Answer::Unsent };
        let Ok(response) = self.client.request(request).await else { return Answer::Unsent };
        let status = response.status();
        match response.into_body().collect().await {
            Ok(body) => Answer::Answered(status, decision(&body.to_bytes())),
            Err(_) => Answer::Unsent,
        }
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

fn endpoint(target: &Uri) -> Option<Uri> {
    let mut parts = target.clone().into_parts();
    parts.scheme.as_ref()?;
    if target.path() == "/" {
        parts.path_and_query = PATH.parse().ok();
    }
    Uri::from_parts(parts).ok()
}

fn bar(length: usize) -> ProgressBar {
    let style = "{bar:40} {pos}/{len}  {per_sec}  {eta} left";
    let bar = ProgressBar::new(length as u64);
    match ProgressStyle::with_template(style) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
