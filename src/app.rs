//! The composition root: settings in, a running service out. Tests use the same.

mod clerk;
mod keys;
mod reconcile;
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

use self::{api_key_refresh::ApiKeyRefresh, drift_check::DriftCheckTask, retention::RetentionTask, writers::WriterThreads};
use crate::{
    clerk::{
        decode::Decoder,
        session_token::{Jwks, Keys, Verifier},
        signature::{InvalidSecret, SigningSecrets},
    },
    clock::Clock,
    config::{self, DatabaseUrl, Fault, Faults, Settings},
    http::{self, Metrics, ConcurrencyLimits, RateLimits, Silence, State},
    ingest::{self, IngestMetrics, Writer},
    store::{
        Store, StoreError,
        driver::{Options, Snapshot, Target},
    },
};

/// How long to wait before looking after a database again that did not let us.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// A service that listens, and does nothing until it is run.
pub struct Application {
    server: Server,
    /// What answers /metrics without a key, and where, if anything does.
    metrics: Option<(Server, SocketAddr)>,
    address: SocketAddr,
    writers: WriterThreads,
    checkpoints: AbortOnDropHandle<()>,
    change_feed: AbortOnDropHandle<()>,
    api_key_refresh: AbortOnDropHandle<()>,
    retention: AbortOnDropHandle<()>,
    drift_check: AbortOnDropHandle<()>,
    store: Store,
    /// Tells those who wait that nothing more comes.
    stopping: CancellationToken,
    shutdown_timeout: Duration,
}

/// Why a service did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The settings do not do.
    #[error(transparent)]
    Settings(#[from] Faults),
    /// A secret that the settings let through.
    #[error(transparent)]
    Secret(#[from] InvalidSecret),
    /// The database cannot be used.
    #[error("the database {url} cannot be used: {source}")]
    Database {
        /// Without its password.
        url: String,
        /// Why.
        source: StoreError,
    },
    /// What is to be counted cannot be.
    #[error("the metrics cannot be counted: {0}")]
    Metrics(#[from] prometheus::Error),
    /// The threads that commit cannot be started.
    #[error("the threads that commit cannot be started: {0}")]
    WriterThreads(std::io::Error),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; choose another with {setting}")]
    Listen {
        /// Host and port.
        address: String,
        /// What says where.
        setting: &'static str,
        /// Why.
        source: std::io::Error,
    },
}

/// Why a running service ended by itself.
#[derive(Debug, thiserror::Error)]
pub enum Crash {
    /// A task that commits died.
    #[error("a writer died: {0}")]
    Writer(String),
    /// The task that looks after the database died.
    #[error("the database is no longer looked after: {0}")]
    Tending(String),
    /// The task that tells of changes died.
    #[error("nobody is told of changes any more: {0}")]
    Following(String),
    /// The task that reads the API keys died.
    #[error("API keys are no longer read: {0}")]
    Keeping(String),
    /// The task that lets go of what is too old died.
    #[error("what is too old is no longer let go: {0}")]
    RetentionTask(String),
    /// The task that compares the users with Clerk's died.
    #[error("the users are no longer compared with Clerk's: {0}")]
    Reconciling(String),
    /// The HTTP server ended.
    #[error("the HTTP server ended: {0}")]
    Server(String),
    /// Not everything was done in time when the service was told to stop.
    #[error("events were still waiting for the database when the time to stop was over")]
    Undrained,
}

impl Application {
    /// Opens the database, brings its schema up to date, and listens.
    ///
    /// # Errors
    /// When one of these cannot be done.
    #[expect(clippy::disallowed_methods, reason = "`run_until` watches over the tasks")]
    pub async fn build(settings: &Settings, clock: Clock) -> Result<Self, StartError> {
        settings.require_signing_secret()?;
        let secrets = signing_secrets(&settings.clerk)?;
        let sessions = settings.clerk.session_tokens.as_ref().map(verifier).transpose()?;
        let store = open_store(&settings.database).await?;
        store.migrate().await.map_err(|source| database_error(&settings.database, source))?;
        let listener = server::listen(&settings.server)?;
        let meters = IngestMetrics::new()?;
        let (stores, limits) =
            (store.writers(settings.ingest.writers), ingest_limits(&settings.ingest));
        let (queue, writers) = Writer::new(stores, limits, Some(&meters));
        let (keys, keeper) = ApiKeyRefresh::begin(store.clone(), settings.api.keys.clone()).await;
        let clerk = clerk_client::ClerkServices::begin(settings, &store, &queue, &clock)?;
        let stopping = CancellationToken::new();
        let state = State {
            stopping: stopping.clone(),
            concurrency: ConcurrencyLimits::new(settings.api.max_waits, settings.api.max_streams),
            clock: clock.clone(),
            secrets,
            decoder: Decoder { pinned_instance: settings.clerk.instance_id.clone() },
            queue,
            store: store.clone(),
            keys,
            rate_limits: RateLimits::new(settings.api.key_rate, settings.api.session_rate),
            sessions,
            provider_tokens: clerk.tokens,
            read_through: clerk.read_through,
            allowed_origins: settings.api.allowed_origins.clone(),
            public_profiles: settings.api.public_profiles,
            limits: request_limits(settings),
            metrics: Metrics::new(&meters)?,
            silence: Silence::default(),
        };
        let state = Arc::new(state);
        let metrics = server::metrics(&settings.metrics, &state)?;
        let (server, address) = server::serve(&settings.server, listener, state)?;
        let writers = WriterThreads::begin(writers).map_err(StartError::WriterThreads)?;
        let checkpoints = AbortOnDropHandle::new(tokio::spawn(tend(store.clone())));
        let retention = RetentionTask::new(store.clone(), clock, settings.retention);
        let retention = AbortOnDropHandle::new(tokio::spawn(retention.run()));
        let drift_check = AbortOnDropHandle::new(tokio::spawn(DriftCheckTask::run(clerk.drift_check)));
        let change_feed = AbortOnDropHandle::new(tokio::spawn(follow(store.clone())));
        let api_key_refresh = AbortOnDropHandle::new(tokio::spawn(keeper.run()));
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

    /// Where it listens: with the port that the system chose, where the settings left it open.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the metrics are told without a key, if anywhere.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(|(_, address)| *address)
    }

    /// Serves until `stop` is ready; then takes no more requests, finishes those under way,
    /// commits what was accepted, and ends.
    ///
    /// # Errors
    /// When a part of the service died, or what was accepted could not be committed in time.
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
                ended = writers.first() => return Err(Crash::Writer(outcome(ended))),
                ended = &mut checkpoints => return Err(Crash::Checkpoints(outcome(ended))),
                ended = &mut change_feed => return Err(Crash::ChangeFeed(outcome(ended))),
                ended = &mut api_key_refresh => return Err(Crash::ApiKeys(outcome(ended))),
                ended = &mut retention => return Err(Crash::RetentionTask(outcome(ended))),
                ended = &mut drift_check => return Err(Crash::DriftCheck(outcome(ended))),
                () = stop => tracing::info!("stopping: finishing what is under way"),
            }
            stopping.cancel();
            // What it has not done, the next start does.
            retention.abort();
            drift_check.abort();
            let stop = join_all(handles.iter().map(|handle| handle.stop(true)));
            let (_, ended) = tokio::join!(stop, server);
            ended.map_err(|error| Crash::Server(error.to_string()))?;
        }
        // The server held the queue: now that it is gone, the writers end when all is committed.
        match timeout(shutdown_timeout, writers.all()).await {
            Ok(Ok(())) => {}
            Ok(Err(died)) => return Err(Crash::Writer(died.to_string())),
            Err(_) => return Err(Crash::DrainTimeout),
        }
        store.close().await;
        tracing::info!("stopped");
        Ok(())
    }
}

/// Opens the database of these settings, as it is.
///
/// # Errors
/// When it cannot be opened.
pub async fn open_store(settings: &config::Database) -> Result<Store, StartError> {
    let error = |source| database_error(settings, source);
    let options = options(settings).map_err(error)?;
    let store = Store::open(&options).await.map_err(error)?;
    tracing::debug!(database = %settings.url, "opened the database");
    Ok(store)
}

/// The same where it is there already. A file would be made otherwise.
///
/// # Errors
/// When there is none, or it cannot be opened.
pub async fn open_existing_store(settings: &config::Database) -> Result<Store, StartError> {
    let there = options(settings).and_then(|it| it.target.must_exist());
    there.map_err(|source| database_error(settings, source))?;
    open_store(settings).await
}

/// Opens the database of these settings for reading alone, as it is at this instant.
///
/// # Errors
/// When it cannot be opened, or has another schema than this program's.
pub async fn open_snapshot(settings: &config::Database) -> Result<Snapshot, StartError> {
    let error = |source| database_error(settings, source);
    let options = options(settings).map_err(error)?;
    let mut snapshot = Snapshot::open(&options).await.map_err(error)?;
    if let Err(unfit) = snapshot.check_schema().await {
        snapshot.close().await;
        return Err(error(unfit));
    }
    Ok(snapshot)
}

fn options(settings: &config::Database) -> Result<Options, StoreError> {
    let target = match &settings.url {
        DatabaseUrl::Sqlite(file) => Target::Sqlite(file.clone()),
        DatabaseUrl::Postgres(url) => Target::postgres(url.expose())?,
    };
    Ok(Options {
        target,
        max_connections: settings.max_connections,
        acquire_timeout: settings.acquire_timeout,
        commit_timeout: settings.commit_timeout,
    })
}

fn database_error(settings: &config::Database, source: StoreError) -> StartError {
    StartError::Database { url: settings.url.to_string(), source }
}

/// What deliveries are verified with.
fn signing_secrets(settings: &config::Clerk) -> Result<SigningSecrets, InvalidSecret> {
    let secrets = settings.webhook_signing_secrets.iter();
    SigningSecrets::new(secrets.map(|it| (it.label.as_str(), it.secret.expose())))
}

/// How much may wait for a commit.
fn ingest_limits(settings: &config::Ingest) -> ingest::Limits {
    let config::Ingest { queue_capacity, batch_size, timeout, writers: _ } = *settings;
    ingest::Limits { queue_capacity, batch_size, timeout }
}

/// How much a request may take.
fn request_limits(settings: &Settings) -> http::Limits {
    http::Limits {
        max_body_bytes: settings.server.max_body_bytes,
        body_timeout: settings.server.body_timeout,
        read_timeout: settings.api.timeout,
    }
}

/// What decides about session tokens.
fn verifier(settings: &config::SessionTokens) -> Result<Verifier, Faults> {
    let fault = |setting: &str, problem: String| {
        Faults(vec![Fault { setting: setting.to_owned(), problem }])
    };
    let keys = match &settings.jwt_key {
        Some(pem) => Keys::from_pem(pem).map_err(|error| fault("clerk.jwt_key", error.to_string()))?,
        None => Keys::from_jwks(
            Jwks::new(&settings.issuer)
                .map_err(|error| fault("clerk.issuer", format!("cannot be asked: {error}")))?,
        ),
    };
    Ok(Verifier {
        issuer: settings.issuer.clone(),
        authorized_parties: settings.authorized_parties.clone(),
        keys,
    })
}

/// Tells of changes; what fails is tried again, and nobody misses anything by it.
async fn follow(store: Store) {
    loop {
        let Err(error) = store.publish_changes().await;
        tracing::warn!(%error, "changes could not be looked for");
        tokio::time::sleep(RETRY_DELAY).await;
    }
}

/// Looks after the database; what fails is tried again.
async fn tend(store: Store) {
    while let Err(error) = store.tend().await {
        tracing::warn!(%error, "the database could not be looked after");
        tokio::time::sleep(RETRY_DELAY).await;
    }
}

fn outcome<E: std::fmt::Display>(ended: Result<(), E>) -> String {
    ended.map_or_else(|error| error.to_string(), |()| "it was not told to".to_owned())
}
