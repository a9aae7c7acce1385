//! The senders of this process, and their leases.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    panic::resume_unwind,
    sync::Arc,
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::watch,
    task::{JoinError, JoinSet},
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

use super::{
    Shapes,
    admin::EndpointAdmin,
    endpoint,
    metrics::PushMetrics,
    sender::{Context, HeldLease, Sender},
    targets::{Connector, Target},
    throttle::Throttle,
    types::MessageTypes,
};
use crate::{
    clock::Clock,
    sealing::Sealer,
    store::{
        Store, StoreError,
        push::{endpoints::StoredEndpoint, leases::Lease},
        run_on,
    },
};

/// Interval at which the endpoints are read.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Interval at which the leases are renewed.
const RENEWAL: Duration = Duration::from_secs(2);

/// Duration of a lease, without the time limit of an attempt.
const LEASE: Duration = Duration::from_secs(6);

/// Delay before an endpoint that cannot be used is tried again.
const UNUSABLE_DELAY: Duration = Duration::from_mins(1);

/// Delivery of changes to all endpoints, of which this process serves those whose lease it has.
pub struct Senders {
    store: Store,
    clock: Clock,
    shapes: Shapes,
    sealer: Option<Arc<Sealer>>,
    connector: Connector,
    metrics: PushMetrics,
    /// Runs all work with the database, because the thread of the senders has a low priority.
    runtime: Handle,
    throttle: Arc<Throttle>,
    /// ID of this process.
    process: Arc<str>,
    /// Duration of a lease.
    lease: Duration,
    /// Time of the request with which all leases were renewed.
    renewed: watch::Sender<Instant>,
    running: BTreeMap<String, Running>,
    /// Tasks of the senders. Each is a task of its own: a sender that waits for another future of one
    /// task would keep the transaction that it has begun.
    tasks: JoinSet<(String, Result<(), StoreError>)>,
    /// Leases of other processes, with the time since which they are unchanged.
    watched: HashMap<String, (Lease, Instant)>,
    /// Endpoints that cannot be used, with the time of the next try.
    unusable: HashMap<String, Instant>,
    /// Whether the last poll failed. Only the first of several failures is logged.
    is_failing: bool,
}

/// A running sender.
struct Running {
    revision: i64,
    stop: CancellationToken,
}

impl fmt::Debug for Senders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoints: Vec<_> = self.running.keys().collect();
        f.debug_struct("Senders").field("endpoints", &endpoints).finish_non_exhaustive()
    }
}

impl Senders {
    /// Creates the senders of a process to the endpoints that `admin` manages. `process` is an ID that
    /// no other process has. `runtime` runs all work with the database.
    #[must_use]
    pub fn new(
        admin: EndpointAdmin,
        shapes: Shapes,
        metrics: PushMetrics,
        process: Arc<str>,
        (throttle, runtime): (Throttle, Handle),
    ) -> Self {
        let EndpointAdmin { store, sealer, connector, clock } = admin;
        Self {
            store,
            clock,
            shapes,
            sealer,
            metrics,
            runtime,
            throttle: Arc::new(throttle),
            process,
            lease: LEASE + connector.timeout(),
            connector,
            renewed: watch::Sender::new(Instant::now()),
            running: BTreeMap::new(),
            tasks: JoinSet::new(),
            watched: HashMap::new(),
            unusable: HashMap::new(),
            is_failing: false,
        }
    }

    /// Sends messages until `stop` is canceled. Then lets the senders end, and gives up their
    /// leases.
    pub async fn run(mut self, stop: CancellationToken) {
        loop {
            let polled = self.poll().await;
            if let (Err(error), false) = (&polled, self.is_failing) {
                tracing::warn!(%error, "the push to endpoints is interrupted");
            }
            self.is_failing = polled.is_err();
            let next = sleep(POLL_INTERVAL);
            tokio::pin!(next);
            loop {
                tokio::select! {
                    () = &mut next => break,
                    Some(ended) = self.tasks.join_next() => drop(self.ended(ended)),
                    () = stop.cancelled() => return self.end().await,
                }
            }
        }
    }

    async fn end(mut self) {
        for running in self.running.values() {
            running.stop.cancel();
        }
        while let Some(ended) = self.tasks.join_next().await {
            let Some(id) = self.ended(ended) else { continue };
            if let Err(error) = self.release(&id).await {
                tracing::warn!(%error, endpoint = id, "failed to give up the lease of an endpoint");
            }
        }
    }

    /// Takes note of the end of a sender, and returns the ID of its endpoint. A panic continues in this
    /// task, so that it ends the process.
    fn ended(
        &mut self,
        ended: Result<(String, Result<(), StoreError>), JoinError>,
    ) -> Option<String> {
        let (id, ended) = match ended {
            Ok(ended) => ended,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(_canceled) => return None,
            },
        };
        self.running.remove(&id);
        if let Err(error) = ended {
            tracing::warn!(%error, endpoint = id, "the sender of an endpoint failed and starts again");
        }
        Some(id)
    }

    /// Renews the leases, starts a sender for each endpoint that has none, and stops those of changed
    /// endpoints.
    async fn poll(&mut self) -> Result<(), StoreError> {
        let asked = Instant::now();
        let renews = !self.running.is_empty() && self.renewed.borrow().elapsed() >= RENEWAL;
        if renews {
            let (store, process) = (self.store.clone(), Arc::clone(&self.process));
            let renew = async move { store.renew_push_leases(&process).await };
            run_on(&self.runtime, renew).await?;
        }
        let store = self.store.clone();
        let leases = run_on(&self.runtime, async move { store.push_leases().await }).await?;
        for (id, running) in &self.running {
            let lease = leases.iter().find(|it| it.id == *id);
            let is_same = |it: &Lease| {
                it.revision == running.revision && it.sender.as_deref() == Some(&*self.process)
            };
            if !lease.is_some_and(is_same) {
                running.stop.cancel();
            }
        }
        if renews {
            self.renewed.send_replace(asked);
        }
        self.watched.retain(|id, _| leases.iter().any(|it| it.id == *id));
        for lease in leases {
            if !self.running.contains_key(&lease.id) && self.is_free(&lease) {
                self.start(lease).await?;
            }
        }
        Ok(())
    }

    /// Returns whether this process can take a lease.
    fn is_free(&mut self, lease: &Lease) -> bool {
        if self.unusable.get(&lease.id).is_some_and(|until| Instant::now() < *until) {
            return false;
        }
        if lease.sender.as_deref().is_none_or(|sender| sender == &*self.process) {
            return true;
        }
        let now = Instant::now();
        let (watched, since) =
            self.watched.entry(lease.id.clone()).or_insert_with(|| (lease.clone(), now));
        if watched != lease {
            (*watched, *since) = (lease.clone(), now);
        }
        since.elapsed() > self.lease
    }

    async fn start(&mut self, lease: Lease) -> Result<(), StoreError> {
        let taken = Instant::now();
        let (store, process) = (self.store.clone(), Arc::clone(&self.process));
        let free = lease.clone();
        let take = async move {
            let is_taken = store.take_push_lease(&free, &process).await?;
            if is_taken { store.push_endpoint(&free.id).await } else { Ok(None) }
        };
        let Some(endpoint) = run_on(&self.runtime, take).await? else { return Ok(()) };
        let used = match self.usable(&endpoint) {
            Ok(used) => used,
            Err(problem) => {
                tracing::error!(endpoint = lease.id, problem, "cannot send to an endpoint");
                self.unusable.insert(lease.id.clone(), Instant::now() + UNUSABLE_DELAY);
                return self.release(&lease.id).await;
            }
        };
        let context = Context {
            store: self.store.clone(),
            clock: self.clock.clone(),
            shapes: self.shapes,
            runtime: self.runtime.clone(),
            throttle: Arc::clone(&self.throttle),
            process: Arc::clone(&self.process),
            attempt_limit: self.connector.timeout(),
            metrics: self.metrics.clone(),
        };
        let (id, revision) = (lease.id.clone(), lease.revision);
        let held = HeldLease {
            endpoint_id: lease.id,
            taken,
            renewed: self.renewed.subscribe(),
            duration: self.lease,
        };
        let create = async move { Sender::new(context, &endpoint, used, held).await };
        let sender = run_on(&self.runtime, create).await?;
        let stop = CancellationToken::new();
        self.running.insert(id.clone(), Running { revision, stop: stop.clone() });
        self.tasks.spawn(async move { (id, sender.run(stop).await) });
        Ok(())
    }

    /// Gives up the lease of an endpoint.
    async fn release(&self, id: &str) -> Result<(), StoreError> {
        let (store, process, id) = (self.store.clone(), Arc::clone(&self.process), id.to_owned());
        let release = async move { store.release_push_lease(&id, &process).await };
        run_on(&self.runtime, release).await
    }

    fn usable(&self, endpoint: &StoredEndpoint) -> Result<(MessageTypes, Target), String> {
        let sealer = self.sealer.as_deref().ok_or(endpoint::EndpointError::NoKey);
        let sealer = sealer.map_err(|error| error.to_string())?;
        let target = endpoint::target(endpoint, sealer, &self.connector);
        let types = endpoint::types(endpoint).map_err(|error| error.to_string())?;
        Ok((types, target.map_err(|error| error.to_string())?))
    }
}
