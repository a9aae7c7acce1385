//! Composition root: builds the running service from the settings. The tests start the same
//! service.

mod api_key_refresh;
mod clerk_client;
mod database;
mod drift_check;
mod error;
mod retention;
mod server;
mod writers;

use std::{future::Future, iter::once, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use actix_web::dev::Server;
use futures_util::{
    TryFutureExt,
    future::{join_all, try_join_all},
};
use tokio::time::timeout;
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use self::{
    api_key_refresh::ApiKeyRefresh, clerk_client::ClerkServices, database::database_error,
    drift_check::DriftCheckTask, retention::RetentionTask, writers::WriterThreads,
};
pub use self::{
    database::{exposed_database_files, open_existing_store, open_snapshot, open_store},
    error::{Crash, StartError},
};
use crate::{
    clerk::{
        decode::Decoder,
        session_token::{Jwks, Keys, Verifier, suffixed_cookie},
        signature::{InvalidSecret, SigningSecrets},
    },
    clock::Clock,
    config::{self, Environment, Fault, Faults, Settings},
    http::{
        self, ClockOffset, ConcurrencyLimits, CorsPolicy, LogSampler, Metrics, RateLimits,
        RefusedDeliveries, State, UsualSilence, Writability,
    },
    ingest::{self, IngestMetrics, Writer},
    store::Store,
};

/// Delay before a background task retries after a database failure.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// A service whose listeners are open, and which accepts connections when it is run.
pub struct Application {
    server: Server,
    /// Server for `/metrics` without authentication, and its address, if configured.
    metrics: Option<(Server, SocketAddr)>,
    address: SocketAddr,
    writers: WriterThreads,
    checkpoints: AbortOnDropHandle<()>,
    change_feed: AbortOnDropHandle<()>,
    api_key_refresh: AbortOnDropHandle<()>,
    retention: AbortOnDropHandle<()>,
    drift_check: AbortOnDropHandle<()>,
    store: Store,
    /// Token that ends the waiting and streaming requests when the service stops.
    stopping: CancellationToken,
    shutdown_timeout: Duration,
}

impl Application {
    /// Opens the database, migrates its schema, and opens the listeners.
    ///
    /// # Errors
    /// Returns an error if the settings are invalid, if the database cannot be opened or migrated,
    /// or if an address is not available.
    pub async fn build(settings: &Settings, clock: Clock) -> Result<Self, StartError> {
        settings.require_signing_secret()?;
        settings.require_private_secrets()?;
        warn_if_exposed(settings);
        let secrets = signing_secrets(&settings.clerk)?;
        let session_verifier = verifier(&settings.clerk)?;
        let store = open_store(&settings.database).await?;
        store.migrate().await.map_err(|source| database_error(&settings.database, source))?;
        let listener = server::listen(&settings.server)?;
        let ingest_metrics = IngestMetrics::new()?;
        let (stores, limits) =
            (store.writers(settings.ingest.writers), ingest_limits(&settings.ingest));
        let (queue, writers) = Writer::new(stores, limits, Some(&ingest_metrics));
        let (keys, refresh) = ApiKeyRefresh::start(&store, &clock, &settings.api.keys).await;
        let clerk = ClerkServices::new(settings, &store, &queue, &clock)?;
        let stopping = CancellationToken::new();
        let state = Arc::new(State {
            stopping: stopping.clone(),
            concurrency: ConcurrencyLimits::new(settings.api.max_waits, settings.api.max_streams),
            clock: clock.clone(),
            secrets,
            decoder: Decoder { pinned_instance: settings.clerk.instance_id.clone() },
            queue,
            store: store.clone(),
            keys,
            rate_limits: rate_limits(&settings.api),
            log_sampler: LogSampler::default(),
            session_verifier,
            provider_tokens: clerk.tokens,
            read_through: clerk.read_through,
            cors: CorsPolicy::new(&settings.api.allowed_origins, &settings.api.allowed_headers),
            public_profiles: settings.api.public_profiles,
            limits: request_limits(settings),
            metrics: Metrics::new(&ingest_metrics)?,
            clock_offset: ClockOffset::default(),
            usual_silence: UsualSilence::default(),
            refused_deliveries: RefusedDeliveries::default(),
            writability: Writability::new(ingest_metrics.health()),
        });
        let metrics = server::metrics(&settings.metrics, &state)?;
        let (server, address) = server::serve(&settings.server, listener, state)?;
        let writers = WriterThreads::start(writers).map_err(StartError::WriterThreads)?;
        let checkpoints = spawn(run_checkpoints(store.clone()));
        let retention = spawn(RetentionTask::new(store.clone(), clock, settings.retention).run());
        let drift_check = spawn(DriftCheckTask::run(clerk.drift_check));
        let change_feed = spawn(run_change_feed(store.clone()));
        let api_key_refresh = spawn(refresh.run());
        let shutdown_timeout = settings.server.shutdown_timeout;
        Ok(Self {
            server,
            metrics,
            address,
            writers,
            checkpoints,
            change_feed,
            api_key_refresh,
            retention,
            drift_check,
            store,
            stopping,
            shutdown_timeout,
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
    /// requests, completes those in progress, and commits the queued events.
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
            mut checkpoints,
            mut change_feed,
            mut api_key_refresh,
            mut retention,
            mut drift_check,
            store,
            stopping,
            shutdown_timeout,
        } = self;
        let servers: Vec<Server> = once(server).chain(metrics.map(|(server, _)| server)).collect();
        let handles: Vec<_> = servers.iter().map(Server::handle).collect();
        {
            let mut server = pin!(try_join_all(servers).map_ok(drop));
            tokio::select! {
                ended = &mut server => return Err(Crash::Server(outcome(ended))),
                ended = writers.first_ended() => return Err(Crash::Writer(outcome(ended))),
                ended = &mut checkpoints => return Err(Crash::Checkpoints(outcome(ended))),
                ended = &mut change_feed => return Err(Crash::ChangeFeed(outcome(ended))),
                ended = &mut api_key_refresh => return Err(Crash::ApiKeys(outcome(ended))),
                ended = &mut retention => return Err(Crash::Retention(outcome(ended))),
                ended = &mut drift_check => return Err(Crash::DriftCheck(outcome(ended))),
                () = stop => tracing::info!("shutting down: draining requests and queued events"),
            }
            stopping.cancel();
            // The next start continues the work of these tasks.
            retention.abort();
            drift_check.abort();
            let stop = join_all(handles.iter().map(|handle| handle.stop(true)));
            let (_, ended) = tokio::join!(stop, server);
            ended.map_err(|error| Crash::Server(error.to_string()))?;
        }
        // The server owned the queue and has dropped it. The writers end when all queued events are
        // committed.
        match timeout(shutdown_timeout, writers.join_all()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(Crash::Writer(error.to_string())),
            Err(_) => return Err(Crash::DrainTimeout),
        }
        store.close().await;
        tracing::info!("stopped");
        Ok(())
    }
}

/// Spawns a background task that is aborted when its handle is dropped.
#[expect(clippy::disallowed_methods, reason = "`run_until` observes the end of each task")]
fn spawn(task: impl Future<Output = ()> + Send + 'static) -> AbortOnDropHandle<()> {
    AbortOnDropHandle::new(tokio::spawn(task))
}

/// Returns the secrets that verify deliveries.
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

fn signing_secrets(settings: &config::Clerk) -> Result<SigningSecrets, InvalidSecret> {
    let secrets = settings.webhook_signing_secrets.iter();
    SigningSecrets::new(secrets.map(|it| (it.label.as_str(), it.secret.expose())))
}

/// Returns the limits of the queue and its batches.
fn ingest_limits(settings: &config::Ingest) -> ingest::Limits {
    let config::Ingest { queue_capacity, batch_size, timeout, writers: _ } = *settings;
    ingest::Limits { queue_capacity, batch_size, timeout }
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

/// Notifies the subscribers of the change feed. After a failure, retries; the feed resumes from its
/// cursor, so no subscriber misses a change.
async fn run_change_feed(store: Store) {
    loop {
        let Err(error) = store.publish_changes().await;
        tracing::warn!(%error, "failed to read the change feed");
        tokio::time::sleep(RETRY_DELAY).await;
    }
}

/// Runs the database checkpoints. After a failure, retries.
async fn run_checkpoints(store: Store) {
    while let Err(error) = store.run_checkpoints().await {
        tracing::warn!(%error, "database checkpoint failed");
        tokio::time::sleep(RETRY_DELAY).await;
    }
}

/// Describes why a task or server ended that must run until the shutdown.
fn outcome<E: std::fmt::Display>(ended: Result<(), E>) -> String {
    ended.map_or_else(|error| error.to_string(), |()| "returned before the shutdown".to_owned())
}
