//! The command line: a file a command.

mod backfill;
mod completions;
mod config;
mod dev;
mod digest;
mod doctor;
mod drift;
mod erase;
mod health;
mod keys;
mod migrate;
mod progress;
mod rebuild;
mod replay;
mod reprocess;
mod serve;
mod trigger;
mod why;

use std::{error::Error, io, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use http::Uri;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::{
    runtime,
    signal::unix::{SignalKind, signal},
};

use crate::{
    app::{self, Crash, StartError},
    clerk::{
        backend::{Backend, BackendError},
    },
    config::{Faults, LogFormat, Settings, Sources},
    domain::Millis,
    ingest::{Limits, Queue, Writer, queue::Rejection},
    store::{Store, StoreError},
    sync::SyncError,
    telemetry,
};

/// Keeps a local database in step with Clerk: signed webhooks in; users, sessions, accounts and
/// verifications out.
#[derive(Debug, Parser)]
#[command(
    name = "meetvo",
    version = env!("MEETVO_VERSION"),
    max_term_width = 100,
    after_help = "\
Examples:
  meetvo dev                    try it out: SQLite, loopback only, fixtures replayed
  meetvo serve                  take webhooks, as DATABASE_URL and CLERK_WEBHOOK_SIGNING_SECRET say
  meetvo replay fixtures        post payloads to a service that runs
  meetvo trigger user.created   post a made-up event to it

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 something differs, 78 unusable configuration.
Colours are for terminals; NO_COLOR=1 turns them off."
)]
pub struct Cli {
    /// The folder of the settings' files, such as production.toml [default: ./config, if there is one]
    #[arg(long, global = true, value_name = "FOLDER")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Health(health::Health),
    Doctor(doctor::Doctor),
    Dev(dev::Dev),
    #[command(subcommand)]
    Migrate(migrate::Migrate),
    Replay(replay::Replay),
    Trigger(trigger::Trigger),
    Why(why::Why),
    Reprocess(reprocess::Reprocess),
    Backfill(backfill::Backfill),
    Drift(drift::Compare),
    Rebuild(rebuild::Rebuild),
    Erase(erase::Erase),
    Digest(digest::Digest),
    Config(config::Config),
    #[command(subcommand)]
    Keys(keys::Keys),
    Completions(completions::Completions),
}

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Settings(#[from] Faults),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Crash(#[from] Crash),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Rejected(#[from] Rejection),
    #[error(transparent)]
    Sync(#[from] SyncError),
    #[error("{0}")]
    Backend(#[from] BackendError),
    #[error("no secret key: give the instance's, from Clerk's dashboard, in CLERK_SECRET_KEY")]
    NoSecretKey,
    #[error(
        "{0} answers of Clerk's were not understood; `meetvo reprocess --decision failed` reads them again"
    )]
    NotUnderstood(u64),
    #[error("{0} of Clerk's users were not understood, and so not compared")]
    NotCompared(u64),
    #[error("{left} users are not as Clerk has them; {why}")]
    Drift { left: u64, why: String },
    #[error("there is no event of the id {0}")]
    NoSuchEvent(String),
    #[error(
        "the tables are not what the events tell; `meetvo rebuild` makes them so, while services run"
    )]
    Differs,
    #[error(
        "nothing was ever heard of the user {0}, and nothing was done; with --unknown a tombstone is \
         left all the same, so that nothing that comes later is kept"
    )]
    NoSuchUser(String),
    #[error(
        "nothing was ever heard of {0}, as an event or as a user; `meetvo backfill` fetches users whose \
         webhooks were lost"
    )]
    Unheard(String),
    #[error("nothing was done: it cannot be undone, and wants a yes on a terminal, or --yes")]
    Unconfirmed,
    #[error("something of {0} is still there: do it again")]
    NotErased(String),
    #[error("the tables hold no more of them, but the files may: {0}")]
    NotVacuumed(String),
    #[error("no random numbers are to be had: {0}")]
    Random(#[from] getrandom::Error),
    #[error("{name}: {problem}")]
    Payload { name: String, problem: String },
    #[error("there are no payloads: expected files that end in .json, .ndjson or .jsonl")]
    NoPayloads,
    #[error("no payload has the field {0}")]
    UnknownField(String),
    #[error("no signing secret: give one with --secret or CLERK_WEBHOOK_SIGNING_SECRET")]
    NoSecret,
    #[error("the signing secret is not `whsec_` and base64")]
    Secret,
    #[error("a target is not a URL such as {}", replay::TARGET)]
    Target,
    #[error("cannot speak https: {0}")]
    Certificates(#[source] io::Error),
    #[error("not every delivery was taken")]
    NotAllTaken,
    #[error("{0} is about no user: leave --user away")]
    NoSubject(String),
    #[error("{0} does not answer: start the service with `meetvo dev`, or give its URL with --to")]
    NotReached(Uri),
    #[error(
        "the service knows another signing secret: give its endpoint's with --secret or \
         CLERK_WEBHOOK_SIGNING_SECRET"
    )]
    OtherSecret,
    #[error("{0} of these are wrong")]
    Unhealthy(usize),
    #[error("{url} {problem}")]
    Unwell { url: String, problem: String },
    #[error("there is a key of the name {0} already; revoked ones keep theirs")]
    KeyExists(String),
    #[error("there is no key of the name {0} to revoke; `meetvo keys list` shows what there is")]
    NoSuchKey(String),
    #[error("cannot write: {0}")]
    Output(#[from] io::Error),
}

impl Failure {
    fn exit_code(&self) -> ExitCode {
        match self {
            // EX_CONFIG of sysexits.h: starting again will not help.
            Self::Settings(_) | Self::Start(StartError::Settings(_)) => ExitCode::from(78),
            Self::Differs | Self::Drift { .. } => ExitCode::from(3),
            _ => ExitCode::FAILURE,
        }
    }
}

/// Runs the command that the process was started with.
#[must_use]
pub fn run() -> ExitCode {
    let Cli { config, command } = Cli::parse();
    let sources = Sources::from_process(config);
    let done = match command {
        Command::Serve(_) => serve::run(&sources),
        Command::Health(command) => health::run(&command, &sources),
        Command::Doctor(command) => doctor::run(&command, &sources),
        Command::Dev(command) => dev::run(&command, sources),
        Command::Migrate(command) => migrate::run(&command, &sources),
        Command::Replay(command) => replay::run(&command, &sources),
        Command::Trigger(command) => trigger::run(&command, &sources),
        Command::Why(command) => why::run(&command, &sources),
        Command::Reprocess(command) => reprocess::run(&command, &sources),
        Command::Backfill(command) => backfill::run(&command, &sources),
        Command::Drift(command) => drift::run(&command, &sources),
        Command::Rebuild(command) => rebuild::run(&command, &sources),
        Command::Erase(command) => erase::run(&command, &sources),
        Command::Digest(command) => digest::run(&command, &sources),
        Command::Config(command) => config::run(&command, &sources),
        Command::Keys(command) => keys::run(&command, &sources),
        Command::Completions(command) => completions::run(&command),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // The reader of a pipe has seen enough.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("meetvo: {failure}");
            failure.exit_code()
        }
    }
}

/// The settings, with the log started as they say.
fn settings(sources: &Sources) -> Result<Settings, Failure> {
    let settings = Settings::load(sources)?;
    start_log(&settings)?;
    Ok(settings)
}

fn start_log(settings: &Settings) -> Result<(), Failure> {
    let pretty = match settings.log.format {
        LogFormat::Auto => None,
        LogFormat::Pretty => Some(true),
        LogFormat::Json => Some(false),
    };
    // The filter was read once when the settings were checked.
    Ok(telemetry::init(&settings.log.filter, pretty).map_err(io::Error::other)?)
}

/// Client libraries say that a request failed; what is the matter stands at the bottom.
fn root_of(mut error: &dyn Error) -> String {
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// To the millisecond where it is not a whole second, in UTC.
fn instant(at: Millis) -> String {
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at) * 1_000_000).ok();
    at.and_then(|at| at.format(&Rfc3339).ok()).unwrap_or_default()
}

/// What is ready when the process is told to stop, from now on.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(work);
    // What has not ended by now was given up: a database that never answers holds nobody up.
    runtime.shutdown_background();
    done
}

/// Does something with the database of these settings, if its schema is this program's.
fn with_store<T>(
    settings: &Settings,
    work: impl AsyncFnOnce(&Store) -> Result<T, Failure>,
) -> Result<T, Failure> {
    block_on(async {
        let store = app::open_existing_store(&settings.database).await?;
        let done = match store.migrations().await?.iter().all(|step| step.applied) {
            true => work(&store).await,
            false => Err(StoreError::Outdated.into()),
        };
        store.close().await;
        done
    })
}

/// Does something that writes, in the way of deliveries, with a writer of its own.
async fn with_queue<T>(
    settings: &Settings,
    store: &Store,
    work: impl AsyncFnOnce(&Queue) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let limits = Limits {
        queue_capacity: settings.ingest.queue_capacity,
        batch_size: settings.ingest.batch_size,
        // Nobody waits for an answer: as long as the commits that are in front may take.
        timeout: settings.database.commit_timeout * 4,
    };
    let (queue, writers) = Writer::new(vec![store.clone()], limits, None);
    // The queue goes with the work, and the writer ends.
    let work = async move { work(&queue).await };
    let (done, ()) = tokio::join!(work, Writer::run_all(writers));
    done
}

/// Clerk's Backend API, as these settings have it.
fn backend(settings: &Settings) -> Result<Backend, Failure> {
    let key = settings.clerk.secret_key.as_ref().ok_or(Failure::NoSecretKey)?;
    Ok(Backend::new(&settings.clerk.api_url, key.expose())?)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
