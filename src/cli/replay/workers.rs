//! Sends the messages of a schedule, several at a time.
//!
//! Every worker takes the next request from one shared queue and waits for its response before it
//! takes another.

use std::{
    num::NonZeroU32,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use indicatif::ProgressBar;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};

use super::{
    report::Report,
    schedule::Schedule,
    sender::{BuiltRequest, Sender},
};
use crate::cli::progress;

/// Options for sending a schedule.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct SendOptions {
    /// Number of requests in flight at the same time.
    pub(in crate::cli) concurrency: u32,
    /// Maximum number of requests per second; `None` for no limit.
    pub(in crate::cli) rate: Option<NonZeroU32>,
    /// Whether all requests are built and signed before the first one is sent.
    pub(in crate::cli) presign: bool,
    /// Whether to show a progress bar on standard error.
    pub(in crate::cli) progress: bool,
}

/// Queue of requests, shared by all workers.
struct RequestQueue {
    sender: Sender,
    schedule: Schedule,
    /// Requests that were built in advance. The slot of a request is emptied when it is taken.
    presigned: Vec<Mutex<Option<BuiltRequest>>>,
    /// Index of the next request.
    next: AtomicUsize,
}

impl RequestQueue {
    fn new(sender: Sender, schedule: Schedule, presign: bool) -> Self {
        let mut queue = Self { sender, schedule, presigned: Vec::new(), next: AtomicUsize::new(0) };
        if presign {
            let requests = (0..queue.schedule.len()).map(|index| Mutex::new(queue.build(index)));
            queue.presigned = requests.collect();
        }
        queue
    }

    /// Takes the next request with its index; `None` at the end of the schedule.
    fn take(&self) -> Option<(usize, BuiltRequest)> {
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        let slot = self.presigned.get(index);
        let presigned =
            slot.and_then(|it| it.lock().unwrap_or_else(PoisonError::into_inner).take());
        Some((index, presigned.or_else(|| self.build(index))?))
    }

    fn build(&self, index: usize) -> Option<BuiltRequest> {
        let message = self.schedule.message(index)?;
        Some(self.sender.request(index, message))
    }
}

/// Maximum rate, which gives every request its earliest time.
#[derive(Clone, Copy)]
struct RateLimit {
    started: Instant,
    per_second: Option<NonZeroU32>,
}

impl RateLimit {
    /// Waits until the request with this index may be sent.
    async fn wait(self, index: usize) {
        if let Some(per_second) = self.per_second {
            sleep_until(self.started + Duration::from_secs(index as u64) / per_second.get()).await;
        }
    }
}

/// Sends every message of a schedule and returns the report.
pub(in crate::cli) async fn send_all(
    sender: Sender,
    schedule: Schedule,
    options: SendOptions,
) -> Report {
    let total = schedule.len();
    let queue = Arc::new(RequestQueue::new(sender, schedule, options.presign));
    let started = Instant::now();
    let rate = RateLimit { started, per_second: options.rate };
    let bar = match options.progress {
        true => progress::bar(total as u64, "{bar:40} {pos}/{len}  {per_sec}  {eta} left"),
        false => ProgressBar::hidden(),
    };
    let mut workers = JoinSet::new();
    for _ in 0..total.min(options.concurrency as usize) {
        workers.spawn(work(Arc::clone(&queue), rate, bar.clone()));
    }
    let mut report = Report::default();
    for part in workers.join_all().await {
        report.merge(part);
    }
    bar.finish_and_clear();
    report.finish(started.elapsed());
    report
}

/// Sends requests from the queue until it is empty.
async fn work(queue: Arc<RequestQueue>, rate: RateLimit, bar: ProgressBar) -> Report {
    let mut report = Report::default();
    while let Some((index, request)) = queue.take() {
        rate.wait(index).await;
        let started = Instant::now();
        let outcome = queue.sender.post(request).await;
        report.add(outcome, started.elapsed());
        bar.inc(1);
    }
    report
}
