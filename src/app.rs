//! Composition root: builds the running service from the settings. The tests start the same
//! service.

mod api_key_refresh;
mod background;
mod clerk_client;
mod collector;
mod database;
mod drift_check;
mod error;
mod listening_page;
mod metrics_export;
mod push;
mod retention;
mod server;
mod writers;

use std::{future::Future, iter::once, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use actix_web::dev::{Server, ServerHandle};
use futures_util::{
    FutureExt, TryFutureExt,
    future::{BoxFuture, join, join_all, try_join_all},
};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use self::{
    api_key_refresh::ApiKeyRefresh, background::BackgroundTasks, clerk_client::ClerkServices,
    database::open_migrated_store, metrics_export::MetricsExporter, push::PushThread,
    retention::RetentionTask, writers::WriterThreads,
};
pub use self::{
    collector::collector,
    database::{
        back_up, exposed_database_files, open_existing_store, open_snapshot, open_store, restore,
    },
    error::{Crash, StartError},
    listening_page::start_listening_page,
    push::endpoint_admin,
};
use crate::{
    clerk::{
        session_token::{Jwks, Keys, Verifier, suffixed_cookie},
        signature::{InvalidSecret, SigningSecrets},
    },
    clock::Clock,
    config::{self, Environment, Fault, Faults, Settings},
    http::{
        self, ClockOffset, ConcurrencyLimits, CorsPolicy, LogSampler, Metrics, OpenRequests,
        RateLimits, RefusedDeliveries, State, UsualSilence, Writability,
    },
    ingest::{self, IngestMetrics, QueueShutdown, Writer},
    objects::decode::Decoder,
    push::metrics::PushMetrics,
    store::Store,
};

/// Quarters of the shutdown timeout for the requests in progress. The rest is for the events that
/// they have queued.
const REQUESTS_SHARE: u32 = 3;

/// A service whose listeners are open, and which accepts connections when it is run.
pub struct Application {
    server: Server,
    /// Server for `/metrics` without authentication, and its address, if configured.
    metrics: Option<(Server, SocketAddr)>,
    address: SocketAddr,
    writers: WriterThreads,
    background: BackgroundTasks,
    metrics_export: Option<MetricsExporter>,
    push: PushThread,
    store: Store,
    /// Token that ends the waiting and streaming requests when the service stops.
    stopping: CancellationToken,
    open_requests: OpenRequests,
    queue: QueueShutdown,
    shutdown_timeout: Duration,
}

impl Application {
    /// Opens the database, migrates its schema, and opens the listeners.
    ///
    /// # Errors
    /// Returns an error if the settings are invalid, if the database cannot be opened or migrated,
    /// or if an address is not available.
    pub async fn build(settings: &Settings, clock: Clock) -> Result<Self, StartError> {
        check(settings)?;
        let secrets = signing_secrets(&settings.clerk)?;
        let session_verifier = verifier(&settings.clerk)?;
        let store = open_migrated_store(&settings.database).await?;
        let stores = store.writers(settings.ingest.writers);
        let listener = server::listen(&settings.server)?;
        let (ingest_metrics, push_metrics) = (IngestMetrics::new()?, PushMetrics::new()?);
        // Its write probe reaches the connections of all writers.
        let store = stores.first().cloned().unwrap_or(store);
        let (queue, writers) = Writer::new(stores, ingest_limits(settings), Some(&ingest_metrics));
        let (keys, refresh) = ApiKeyRefresh::start(&store, &clock, &settings.api.keys).await;
        let clerk = ClerkServices::new(settings, &store, &queue, &clock)?;
        let endpoints = endpoint_admin(settings, &store, &clock)?;
        let (stopping, open_requests) = (CancellationToken::new(), OpenRequests::default());
        let queue_shutdown = queue.shutdown();
        let state = Arc::new(State {
            stopping: stopping.clone(),
            concurrency: concurrency_limits(&settings.api),
            clock: clock.clone(),
            secrets,
            decoder: Decoder { pinned_instance: settings.clerk.instance_id.clone() },
            queue,
            store: store.clone(),
            endpoints: endpoints.clone(),
            keys,
            rate_limits: rate_limits(&settings.api),
            log_sampler: LogSampler::default(),
            session_verifier,
            provider_tokens: clerk.tokens,
            read_through: clerk.read_through,
            cors: CorsPolicy::new(&settings.api.allowed_origins, &settings.api.allowed_headers),
            public_profiles: settings.api.public_profiles,
            members_see_members: settings.api.members_see_members,
            limits: request_limits(settings),
            metrics: Metrics::new(&ingest_metrics, &push_metrics)?,
            clock_offset: ClockOffset::default(),
            usual_silence: UsualSilence::default(),
            refused_deliveries: RefusedDeliveries::default(),
            writability: Writability::new(ingest_metrics.health()),
        });
        let metrics = server::metrics(&settings.metrics, &state)?;
        let exporter = MetricsExporter::new(&settings.telemetry, &state)?;
        let (server, address) = server::serve(&settings.server, listener, state, &open_requests)?;
        let retention = RetentionTask::new(store.clone(), clock, settings);
        let (drift, export) = (clerk.drift_check, exporter.clone());
        Ok(Self {
            server,
            metrics,
            address,
            writers: WriterThreads::start(writers).map_err(StartError::WriterThreads)?,
            background: BackgroundTasks::start(&store, refresh.run(), retention, drift, export),
            metrics_export: exporter,
            push: PushThread::start(&endpoints, push_metrics, queue_shutdown.clone())?,
            store,
            stopping,
            open_requests,
            queue: queue_shutdown,
            shutdown_timeout: settings.server.shutdown_timeout,
        })
    }

    /// Returns the address of the API. If the configured port is 0, the operating system chooses
    /// it.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the address of the separate metrics listener, if one is configured.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(|(_, address)| *address)
    }

    /// Serves requests until `stop` is ready, and then shuts down gracefully: accepts no new
    /// requests, completes those in progress, and commits the queued events. Takes at most the
    /// shutdown timeout, with two seconds more for the last metrics, and logs what is left at its
    /// end.
    ///
    /// # Errors
    /// Returns an error if a task of the service ends, or if the queued events are not committed
    /// within the shutdown timeout.
    pub async fn run_until(self, stop: impl Future<Output = ()>) -> Result<(), Crash> {
        let Self {
            server,
            metrics,
            address: _,
            mut writers,
            mut background,
            metrics_export,
            mut push,
            store,
            stopping,
            open_requests,
            queue,
            shutdown_timeout,
        } = self;
        let servers: Vec<Server> = once(server).chain(metrics.map(|(server, _)| server)).collect();
        let handles: Vec<_> = servers.iter().map(Server::handle).collect();
        let mut server = try_join_all(servers).map_ok(drop).boxed();
        tokio::select! {
            ended = &mut server => return Err(Crash::Server(outcome(ended))),
            ended = writers.first_ended() => return Err(Crash::Writer(outcome(ended))),
            crash = background.first_ended() => return Err(crash),
            ended = push.ended() => return Err(Crash::Push(ended)),
            () = stop => tracing::info!("shutting down: draining requests and queued events"),
        }
        let started = Instant::now();
        stopping.cancel();
        background.stop_unneeded();
        let deadline = started + shutdown_timeout * REQUESTS_SHARE / 4;
        drain_requests(server, &handles, &open_requests, deadline).await?;
        // The threads of the servers have ended, and with them the runtimes that opened connections.
        store.renew_readers();
        let deadline = started + shutdown_timeout;
        drain_events(writers, &queue, deadline).await?;
        push.stop(deadline.saturating_duration_since(Instant::now())).await;
        if let Some(exporter) = metrics_export {
            exporter.send_last(deadline.saturating_duration_since(Instant::now())).await;
        }
        if timeout_at(deadline, store.close()).await.is_err() {
            tracing::warn!("the database connections were still open at the end of the shutdown");
        }
        tracing::info!("stopped");
        Ok(())
    }
}

/// Stops the servers and waits until the requests in progress are complete. Those that are not
/// complete at the deadline are left.
async fn drain_requests(
    server: BoxFuture<'_, std::io::Result<()>>,
    handles: &[ServerHandle],
    open: &OpenRequests,
    deadline: Instant,
) -> Result<(), Crash> {
    let stop = join_all(handles.iter().map(|handle| handle.stop(true)));
    // Counted before the server is dropped, which closes its connections.
    let mut drained = pin!(join(stop, server));
    if let Ok((_, ended)) = timeout_at(deadline, &mut drained).await {
        return ended.map_err(|error| Crash::Server(error.to_string()));
    }
    let requests = open.count();
    tracing::warn!(requests, "requests were still in progress; the shutdown leaves them");
    Ok(())
}

/// Closes the queue and waits until the writers have committed its events.
async fn drain_events(
    writers: WriterThreads,
    queue: &QueueShutdown,
    deadline: Instant,
) -> Result<(), Crash> {
    queue.close();
    match timeout_at(deadline, writers.join_all()).await {
        Ok(ended) => ended.map_err(|error| Crash::Writer(error.to_string())),
        Err(_) => Err(Crash::DrainTimeout(queue.uncommitted())),
    }
}

/// Checks what only a service needs.
fn check(settings: &Settings) -> Result<(), Faults> {
    settings.require_for_service()?;
    settings.require_private_secrets()?;
    warn_if_exposed(settings);
    Ok(())
}

/// Warns if other machines can reach a service with the settings of a developer's machine.
fn warn_if_exposed(settings: &Settings) {
    if settings.environment == Environment::Development && !settings.server.is_loopback() {
        let host = &settings.server.host;
        tracing::warn!(
            host,
            "other machines can reach this service, and MEETVO_ENV=development disables the checks \
             of production; on a server, set MEETVO_ENV=production"
        );
    }
}

/// Returns the secrets that verify deliveries.
fn signing_secrets(settings: &config::Clerk) -> Result<SigningSecrets, InvalidSecret> {
    let secrets = settings.webhook_signing_secrets.iter();
    let secrets = SigningSecrets::new(secrets.map(|it| (it.label.as_str(), it.secret.expose())))?;
    Ok(secrets.with_tolerance(settings.tolerance_seconds))
}

/// Returns the limits of the queue and its batches.
fn ingest_limits(settings: &Settings) -> ingest::Limits {
    let config::Ingest { queue_capacity, batch_size, timeout, writers: _ } = settings.ingest;
    let max_pending_bytes = settings.server.max_pending_bytes;
    ingest::Limits { queue_capacity, max_pending_bytes, batch_size, timeout }
}

/// Returns the limits of the requests that are held open.
fn concurrency_limits(settings: &config::Api) -> ConcurrencyLimits {
    ConcurrencyLimits::new(settings.max_waits, settings.max_streams, settings.key_share_percent)
}

/// Returns the rate limits of the callers.
fn rate_limits(settings: &config::Api) -> RateLimits {
    RateLimits::new(settings.key_rate, settings.session_rate, settings.failure_rate)
}

/// Returns the limits of a request.
fn request_limits(settings: &Settings) -> http::Limits {
    http::Limits {
        max_body_bytes: settings.server.max_body_bytes,
        body_timeout: settings.server.body_timeout,
        read_timeout: settings.api.timeout,
        dashboard_session: Duration::from_hours(settings.api.dashboard_session_hours.into()),
    }
}

/// Creates the verifier of session tokens, if they are accepted.
fn verifier(clerk: &config::Clerk) -> Result<Option<Verifier>, Faults> {
    let Some(settings) = &clerk.session_tokens else { return Ok(None) };
    let fault = |setting: &str, problem: String| {
        Faults(vec![Fault { setting: setting.to_owned(), problem }])
    };
    let keys = match &settings.jwt_key {
        Some(pem) => {
            Keys::from_pem(pem).map_err(|error| fault("clerk.jwt_key", error.to_string()))?
        }
        None => Keys::from_jwks(
            Jwks::new(&settings.issuer)
                .map_err(|error| fault("clerk.issuer", format!("has no JWKS URL: {error}")))?,
        ),
    };
    let publishable_key = Some(&*clerk.publishable_key).filter(|key| !key.is_empty());
    Ok(Some(Verifier {
        issuer: settings.issuer.clone(),
        authorized_parties: settings.authorized_parties.clone(),
        suffixed_cookie: publishable_key.map(suffixed_cookie),
        keys,
    }))
}

/// Describes why a task or server ended that must run until the shutdown.
fn outcome<E: std::fmt::Display>(ended: Result<(), E>) -> String {
    ended.map_or_else(|error| error.to_string(), |()| "returned before the shutdown".to_owned())
}
