//! The loop that sends the messages of an endpoint.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    num::NonZeroU32,
    panic::resume_unwind,
    sync::Arc,
    time::Duration,
};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter, clock::Clock as _};
use tokio::{
    runtime::Handle,
    sync::watch,
    task::{JoinError, JoinSet},
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    Shapes,
    message::Content,
    metrics::PushMetrics,
    outbox::Outbox,
    results::{Results, Sent},
    targets::{Message, Target},
    throttle::Throttle,
    types::MessageTypes,
};
use crate::{
    clock::Clock,
    store::{
        Store, StoreError,
        changes::ChangeEntry,
        feed::Subscriber,
        push::{endpoints::StoredEndpoint, messages::WaitingMessage},
        run_on,
    },
};

/// Number of messages that an endpoint gets at the same time.
const CONCURRENCY: usize = 16;

/// Shortest interval at which the results are recorded. After a crash, the messages since then are
/// sent again.
const RECORD_INTERVAL: Duration = Duration::from_millis(500);

/// Length of this interval in durations of the last record: a sender has the connection that writes
/// for at most a hundredth of the time.
const RECORD_PAUSE: u32 = 100;

/// Longest interval, and the one at which the position is recorded if there are no results.
const POSITION_INTERVAL: Duration = Duration::from_secs(5);

/// Maximum time between two looks at the clock, which a test can set.
const MAX_WAIT: Duration = Duration::from_millis(250);

/// Time for which a sender that ends waits for the answers to its last messages.
const END_LIMIT: Duration = Duration::from_secs(2);

/// Lease of an endpoint, as its sender sees it.
#[derive(Debug)]
pub(super) struct HeldLease {
    /// ID of the endpoint.
    pub(super) endpoint_id: String,
    /// Time of the request with which the process took the lease.
    pub(super) taken: Instant,
    /// Time of the request with which the process last renewed all of its leases.
    pub(super) renewed: watch::Receiver<Instant>,
    /// Duration of the lease.
    pub(super) duration: Duration,
}

impl HeldLease {
    /// Returns whether the lease surely lasts for this time.
    fn lasts(&self, time: Duration) -> bool {
        self.taken.max(*self.renewed.borrow()).elapsed() + time <= self.duration
    }
}

/// Sender of the messages of an endpoint.
pub(super) struct Sender {
    store: Store,
    clock: Clock,
    shapes: Shapes,
    types: MessageTypes,
    target: Arc<Target>,
    /// Time limit of an attempt.
    attempt_limit: Duration,
    metrics: PushMetrics,
    rate: Option<DefaultDirectRateLimiter>,
    /// Runs all work with the database.
    runtime: Handle,
    throttle: Arc<Throttle>,
    lease: HeldLease,
    /// ID of this process.
    process: Arc<str>,
    outbox: Outbox,
    changes: Subscriber,
    /// Attempts in progress. Each is a task, so that it goes on while the next messages are read.
    in_flight: JoinSet<Sent>,
    results: Results,
    /// Number of times that an operator had moved the position back.
    replays: i64,
    /// Position in the database.
    recorded: i64,
    recorded_at: Instant,
    /// Interval until the next results are recorded.
    record_interval: Duration,
    /// The rate limit allows no message before this time.
    paused_until: Instant,
}

/// Everything that a sender needs besides its endpoint.
pub(super) struct Context {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) shapes: Shapes,
    pub(super) runtime: Handle,
    pub(super) throttle: Arc<Throttle>,
    pub(super) process: Arc<str>,
    pub(super) attempt_limit: Duration,
    pub(super) metrics: PushMetrics,
}

impl Sender {
    /// Creates a sender that goes on where the last one ended.
    pub(super) async fn new(
        context: Context,
        endpoint: &StoredEndpoint,
        (types, target): (MessageTypes, Target),
        lease: HeldLease,
    ) -> Result<Self, StoreError> {
        let Context { store, clock, shapes, runtime, throttle, process, attempt_limit, metrics } =
            context;
        let mut outbox = Outbox::default();
        let waiting = store.waiting_push_messages(&endpoint.id).await?;
        let objects = objects_of(&store, &waiting).await?;
        for message in waiting {
            // A message whose event has expired fails when its time comes.
            let object = objects.get(&message.seq).copied();
            outbox.add_recorded(object.unwrap_or(message.seq.unsigned_abs()), message);
        }
        let rate = endpoint.rate.and_then(|rate| NonZeroU32::new(u32::try_from(rate).ok()?));
        let changes = store.subscribe_after(endpoint.position, None, types.filter());
        Ok(Self {
            changes: changes.reading_on(runtime.clone()),
            store,
            clock,
            shapes,
            types,
            target: Arc::new(target),
            attempt_limit,
            metrics,
            rate: rate.map(|rate| RateLimiter::direct(Quota::per_second(rate))),
            runtime,
            throttle,
            lease,
            process,
            outbox,
            in_flight: JoinSet::new(),
            results: Results::new(endpoint.failing_since),
            replays: endpoint.replays,
            recorded: endpoint.position,
            recorded_at: Instant::now(),
            record_interval: RECORD_INTERVAL,
            paused_until: Instant::now(),
        })
    }

    /// Sends messages until `stop` is canceled, or the endpoint has another sender or is disabled. Then
    /// waits for the last answers, and records them.
    ///
    /// After an error, records nothing: it is not known what the database has, and the next sender
    /// starts from that.
    pub(super) async fn run(mut self, stop: CancellationToken) -> Result<(), StoreError> {
        self.send_all(&stop).await?;
        let answers = async {
            while let Some(sent) = self.in_flight.join_next().await {
                self.results.add(&mut self.outbox, result_of(sent));
            }
        };
        timeout(END_LIMIT, answers).await.ok();
        self.record().await.map(drop)
    }

    async fn send_all(&mut self, stop: &CancellationToken) -> Result<(), StoreError> {
        while !stop.is_cancelled() {
            self.start_attempts().await?;
            if self.is_record_due() && !self.record().await? {
                return Ok(());
            }
            let wait = self.wait();
            tokio::select! {
                Some(sent) = self.in_flight.join_next() => self.add_results(result_of(sent)),
                changes = self.changes.next(), if self.outbox.has_room() => self.add(changes?).await?,
                () = stop.cancelled() => {}
                () = sleep(wait) => {}
            }
        }
        Ok(())
    }

    /// Adds this result, and all others that are there, so that the next messages are created
    /// together.
    fn add_results(&mut self, first: Sent) {
        let mut next = Some(first);
        while let Some(sent) = next {
            self.results.add(&mut self.outbox, sent);
            next = self.in_flight.try_join_next().map(result_of);
        }
    }

    /// Adds changes that were read from the log.
    async fn add(&mut self, changes: Option<Vec<ChangeEntry>>) -> Result<(), StoreError> {
        let Some(changes) = changes else {
            // The next changes have expired, or the database was restored from an older copy.
            let store = self.store.clone();
            let newest = run_on(&self.runtime, async move { store.newest_seq().await }).await?;
            let after = self.changes.position();
            let endpoint = &self.lease.endpoint_id;
            tracing::error!(endpoint, after, newest, "the event log lacks changes to push");
            let next = if newest < after { newest } else { 0 };
            let changes = self.store.subscribe_after(next, None, self.types.filter());
            self.changes = changes.reading_on(self.runtime.clone());
            return Ok(());
        };
        for change in changes {
            if change.is_pushed && self.types.include(change.kind, change.operation) {
                self.outbox.add(object_hash(&change), change);
            }
        }
        Ok(())
    }

    /// Starts attempts until enough are in progress. Starts none that could outlast the lease.
    async fn start_attempts(&mut self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let has_room = self.in_flight.len() < CONCURRENCY && self.paused_until <= Instant::now();
        if !has_room || self.outbox.next_due().is_none_or(|at| at > now) {
            return Ok(());
        }
        let throttle = Arc::clone(&self.throttle);
        let turn = throttle.turn().await;
        if !self.lease.lasts(self.attempt_limit) {
            return Ok(());
        }
        let mut taken = Vec::new();
        while self.in_flight.len() + taken.len() < CONCURRENCY {
            if self.outbox.next_due().is_none_or(|at| at > now) || !self.is_allowed() {
                break;
            }
            taken.extend(self.outbox.take_due(now));
        }
        if taken.is_empty() {
            return Ok(());
        }
        let seqs: Vec<i64> = taken.iter().map(|(seq, _)| *seq).collect();
        let store = self.store.clone();
        let read =
            run_on(&self.runtime, async move { Content::read(&store, taken, now).await }).await;
        drop(turn);
        let mut messages: HashMap<i64, Message> = match read {
            Ok(content) => content.into_messages(self.shapes, &self.lease.endpoint_id, now),
            Err(error) => {
                for seq in seqs {
                    self.outbox.put_back(seq);
                }
                return Err(error);
            }
        };
        for seq in seqs {
            match messages.remove(&seq) {
                Some(message) => self.start(seq, message),
                None => self.results.add_expired(&mut self.outbox, seq, now),
            }
        }
        Ok(())
    }

    fn start(&mut self, seq: i64, message: Message) {
        let (target, clock) = (Arc::clone(&self.target), self.clock.clone());
        let metrics = self.metrics.clone();
        self.in_flight.spawn(async move {
            let (at, started) = (clock.now(), Instant::now());
            let reply = target.send(&message, at).await;
            let duration = started.elapsed();
            metrics.record(&reply, duration);
            Sent { seq, at, duration, reply }
        });
    }

    /// Returns whether the rate limit allows another message.
    fn is_allowed(&mut self) -> bool {
        let Some(rate) = &self.rate else { return true };
        match rate.check() {
            Ok(()) => true,
            Err(not_until) => {
                let wait = not_until.wait_time_from(rate.clock().now());
                self.paused_until = Instant::now() + wait;
                false
            }
        }
    }

    /// Returns the interval until the next record. Deliveries use the same connection.
    fn record_interval(&self) -> Duration {
        if self.throttle.is_busy() { POSITION_INTERVAL } else { self.record_interval }
    }

    fn is_record_due(&self) -> bool {
        let elapsed = self.recorded_at.elapsed();
        self.results.disables()
            || (self.results.has_attempts() && elapsed >= self.record_interval())
            || (elapsed >= POSITION_INTERVAL
                && (self.outbox.position(self.changes.position()) != self.recorded
                    || self.outbox.has_blocked()))
    }

    /// Records the results. Returns false if the endpoint has another sender, or is disabled now.
    async fn record(&mut self) -> Result<bool, StoreError> {
        let progress = self.results.take(&mut self.outbox, self.changes.position());
        let (position, disable) = (progress.position, progress.disable);
        let (store, process) = (self.store.clone(), Arc::clone(&self.process));
        let (endpoint, replays) = (self.lease.endpoint_id.clone(), self.replays);
        let write = async move {
            store.record_push_progress((&endpoint, replays, &process), &progress).await
        };
        let started = Instant::now();
        let is_held = run_on(&self.runtime, write).await?;
        self.recorded = position;
        self.recorded_at = Instant::now();
        let interval = started.elapsed() * RECORD_PAUSE;
        self.record_interval = interval.clamp(RECORD_INTERVAL, POSITION_INTERVAL);
        if let Some((reason, _)) = disable {
            let endpoint = &self.lease.endpoint_id;
            tracing::error!(endpoint, reason, "disabled an endpoint; `meetvo endpoints enable`");
        }
        Ok(is_held && disable.is_none())
    }

    /// Returns the time until something must be done without an answer or a change.
    fn wait(&self) -> Duration {
        let mut wait = MAX_WAIT;
        if self.results.has_attempts() {
            wait = wait.min(self.record_interval().saturating_sub(self.recorded_at.elapsed()));
        }
        if self.in_flight.len() < CONCURRENCY
            && let Some(due) = self.outbox.next_due()
        {
            let left = u64::try_from(due.saturating_sub(self.clock.now())).unwrap_or_default();
            let paused = self.paused_until.saturating_duration_since(Instant::now());
            wait = wait.min(Duration::from_millis(left).max(paused).max(Duration::from_millis(1)));
        }
        wait
    }
}

/// Returns the result of an attempt's task. A panic continues in the caller.
fn result_of(ended: Result<Sent, JoinError>) -> Sent {
    match ended.map_err(JoinError::into_panic) {
        Ok(sent) => sent,
        Err(panic) => resume_unwind(panic),
    }
}

/// Returns a hash that tells the objects of an endpoint's messages apart. Two objects with one hash
/// would only wait for each other.
fn object_hash(change: &ChangeEntry) -> u64 {
    let mut hasher = DefaultHasher::new();
    (change.kind, &change.id).hash(&mut hasher);
    hasher.finish()
}

/// Returns the hashes of the objects of waiting messages, by the number of the change. Expired events
/// are left out.
async fn objects_of(
    store: &Store,
    waiting: &[WaitingMessage],
) -> Result<HashMap<i64, u64>, StoreError> {
    let seqs: Vec<i64> = waiting.iter().map(|it| it.seq).collect();
    let changes = store.changes_by_seq(&seqs).await?;
    Ok(changes.iter().map(|change| (change.seq, object_hash(change))).collect())
}
