//! The composition root: settings in, a running service out. Tests use the same.

mod clerk;
mod keys;
mod reconcile;
mod retention;
mod server;

use std::{future::Future, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use actix_web::dev::Server;
use tokio::{runtime::Handle, task::JoinHandle, time::timeout};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use self::{keys::Keeper, reconcile::Reconciler, retention::Retention};
use crate::{
    clerk::{
        decode::Decoder,
        redact,
        session_token::{Jwks, Keys, Verifier},
        signature::{InvalidSecret, SigningSecrets},
    },
    clock::Clock,
    config::{self, DatabaseUrl, Fault, Faults, Settings},
    http::{self, Places, Rates, State},
    ingest::{self, Writer},
    store::{
        Store, StoreError,
        driver::{Options, Snapshot, Target},
    },
};

/// How long to wait before looking after a database again that did not let us.
const TEND_AGAIN: Duration = Duration::from_secs(1);

/// A service that listens, and does nothing until it is run.
pub struct Application {
    server: Server,
    address: SocketAddr,
    writer: JoinHandle<()>,
    tending: AbortOnDropHandle<()>,
    following: AbortOnDropHandle<()>,
    keeping: AbortOnDropHandle<()>,
    retention: AbortOnDropHandle<()>,
    reconciling: AbortOnDropHandle<()>,
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
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; choose another with HOST and PORT")]
    Listen {
        /// Host and port.
        address: String,
        /// Why.
        source: std::io::Error,
    },
}

/// Why a running service ended by itself.
#[derive(Debug, thiserror::Error)]
pub enum Crash {
    /// The task that commits died.
    #[error("the writer died: {0}")]
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
    Retention(String),
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
        settings.can_serve()?;
        let secrets = &settings.clerk.webhook_signing_secrets;
        let secrets = secrets.iter().map(|it| (it.label.as_str(), it.secret.expose()));
        let secrets = SigningSecrets::new(secrets)?;
        let sessions = settings.clerk.sessions.as_ref().map(verifier).transpose()?;
        let store = open_store(&settings.database).await?;
        store.migrate().await.map_err(|source| database_error(&settings.database, source))?;
        let listener = server::listen(&settings.server)?;
        let limits = ingest::Limits {
            queue_capacity: settings.ingest.queue_capacity,
            batch_size: settings.ingest.batch_size,
            timeout: settings.ingest.timeout,
        };
        let (queue, writer) = Writer::new(store.clone(), limits, redact::failed);
        let (keys, keeper) = Keeper::begin(store.clone(), settings.api.keys.clone()).await;
        let asking = clerk::Asking::begin(settings, &store, &queue, &clock)?;
        let stopping = CancellationToken::new();
        let state = State {
            stopping: stopping.clone(),
            places: Places::new(settings.api.max_waits, settings.api.max_streams),
            clock: clock.clone(),
            secrets,
            decoder: Decoder { pinned_instance: settings.clerk.instance_id.clone() },
            queue,
            store: store.clone(),
            keys,
            rates: Rates::new(settings.api.key_rate, settings.api.session_rate),
            sessions,
            tokens: asking.tokens,
            read_through: asking.read_through,
            allowed_origins: settings.api.allowed_origins.clone(),
            public_profiles: settings.api.public_profiles,
            limits: request_limits(settings),
        };
        let (server, address) = server::serve(&settings.server, listener, Arc::new(state))?;
        // On a thread of its own, which waits for the database without a detour through the
        // runtime's poll: a commit is some ten statements, and as many times there and back.
        let runtime = Handle::current();
        let writer = tokio::task::spawn_blocking(move || runtime.block_on(writer.run()));
        let tending = AbortOnDropHandle::new(tokio::spawn(tend(store.clone())));
        let retention = Retention::new(store.clone(), clock, settings.retention);
        let retention = AbortOnDropHandle::new(tokio::spawn(retention.run()));
        let reconciling = AbortOnDropHandle::new(tokio::spawn(Reconciler::run(asking.reconciler)));
        let following = AbortOnDropHandle::new(tokio::spawn(follow(store.clone())));
        let keeping = AbortOnDropHandle::new(tokio::spawn(keeper.run()));
        let shutdown_timeout = settings.server.shutdown_timeout;
        Ok(Self {
            server,
            address,
            writer,
            tending,
            following,
            keeping,
            retention,
            reconciling,
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

    /// Serves until `stop` is ready; then takes no more requests, finishes those under way,
    /// commits what was accepted, and ends.
    ///
    /// # Errors
    /// When a part of the service died, or what was accepted could not be committed in time.
    pub async fn run_until(self, stop: impl Future<Output = ()>) -> Result<(), Crash> {
        let Self {
            server,
            address: _,
            mut writer,
            mut tending,
            mut following,
            mut keeping,
            mut retention,
            mut reconciling,
            store,
            stopping,
            shutdown_timeout,
        } = self;
        let handle = server.handle();
        {
            let mut server = pin!(server);
            tokio::select! {
                ended = &mut server => return Err(Crash::Server(outcome(ended))),
                ended = &mut writer => return Err(Crash::Writer(outcome(ended))),
                ended = &mut tending => return Err(Crash::Tending(outcome(ended))),
                ended = &mut following => return Err(Crash::Following(outcome(ended))),
                ended = &mut keeping => return Err(Crash::Keeping(outcome(ended))),
                ended = &mut retention => return Err(Crash::Retention(outcome(ended))),
                ended = &mut reconciling => return Err(Crash::Reconciling(outcome(ended))),
                () = stop => tracing::info!("stopping: finishing what is under way"),
            }
            stopping.cancel();
            // What it has not done, the next start does.
            retention.abort();
            reconciling.abort();
            let ((), ended) = tokio::join!(handle.stop(true), server);
            ended.map_err(|error| Crash::Server(error.to_string()))?;
        }
        // The server held the queue: now that it is gone, the writer ends when all is committed.
        match timeout(shutdown_timeout, writer).await {
            Ok(Ok(())) => {}
            Ok(Err(died)) => return Err(Crash::Writer(died.to_string())),
            Err(_) => return Err(Crash::Undrained),
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

/// How much a request may take.
fn request_limits(settings: &Settings) -> http::Limits {
    http::Limits {
        max_body_bytes: settings.server.max_body_bytes,
        body_timeout: settings.server.body_timeout,
        read_timeout: settings.api.timeout,
    }
}

/// What decides about session tokens.
fn verifier(settings: &config::Sessions) -> Result<Verifier, Faults> {
    let fault = |setting: &str, problem: String| {
        Faults(vec![Fault { setting: setting.to_owned(), problem }])
    };
    let keys = match &settings.jwt_key {
        Some(pem) => Keys::pem(pem).map_err(|error| fault("clerk.jwt_key", error.to_string()))?,
        None => Keys::published(
            Jwks::of(&settings.issuer)
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
        let Err(error) = store.follow().await;
        tracing::warn!(%error, "changes could not be looked for");
        tokio::time::sleep(TEND_AGAIN).await;
    }
}

/// Looks after the database; what fails is tried again.
async fn tend(store: Store) {
    while let Err(error) = store.tend().await {
        tracing::warn!(%error, "the database could not be looked after");
        tokio::time::sleep(TEND_AGAIN).await;
    }
}

fn outcome<E: std::fmt::Display>(ended: Result<(), E>) -> String {
    ended.map_or_else(|error| error.to_string(), |()| "it was not told to".to_owned())
}
