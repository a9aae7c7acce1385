//! Command line, with one module per command.

mod api;
mod backfill;
mod backup;
mod completions;
mod config;
mod confirmation;
mod dev;
mod digest;
mod dismiss;
mod doctor;
mod drift;
mod endpoints;
mod erase;
mod events;
mod fixtures;
mod health;
mod keys;
mod listing;
mod migrate;
mod organizations;
mod progress;
mod rebuild;
mod replay;
mod reprocess;
mod restore;
mod runtime;
mod serve;
mod status;
mod tail;
mod terminal;
mod trigger;
mod users;
mod why;

use std::{io, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use self::{
    api::ApiError,
    runtime::{backend_client, block_on, stop_signal, with_queue, with_store},
    terminal::{WithoutSecrets, escape, note},
};
use crate::{
    app::{self, Crash, StartError},
    clerk::backend::BackendError,
    config::{Faults, LogFormat, Settings, Sources},
    domain::{Millis, root_cause::root_cause, timestamp},
    ingest::queue::Rejection,
    push::admin::AdminError,
    store::StoreError,
    sync::SyncError,
    telemetry::{self, LogWriter, Traces},
};

/// Keep a local database in sync with Clerk: receive signed webhooks, and serve users, sessions,
/// accounts and verifications.
#[derive(Debug, Parser)]
#[command(
    name = "meetvo",
    version = env!("MEETVO_VERSION"),
    max_term_width = 80,
    after_help = "\
Examples:
  meetvo dev                    try the service with SQLite and example data
  meetvo serve                  run the service
  meetvo replay                 post example payloads to a running service
  meetvo trigger user.created   post a generated event to a running service

Exit codes: 0 success, 1 failure, 2 wrong usage, 3 differences found,
78 unusable configuration.
Colors are used on terminals only; NO_COLOR=1 disables them."
)]
pub struct Cli {
    /// Folder with settings files, such as production.toml [default: ./config if it exists].
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
    Status(status::Status),
    Users(users::Users),
    Organizations(organizations::Organizations),
    Events(events::Events),
    Tail(tail::Tail),
    Reprocess(reprocess::Reprocess),
    Dismiss(dismiss::Dismiss),
    Backfill(backfill::Backfill),
    Drift(drift::Drift),
    Rebuild(rebuild::Rebuild),
    Erase(erase::Erase),
    Digest(digest::Digest),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Config(config::Config),
    #[command(subcommand)]
    Endpoints(endpoints::Endpoints),
    #[command(subcommand)]
    Keys(keys::Keys),
    Completions(completions::Completions),
}

/// Errors that end a command.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error(transparent)]
    Settings(#[from] Faults),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Crash(#[from] Crash),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Queue(#[from] Rejection),
    #[error(transparent)]
    Sync(#[from] SyncError),
    #[error(transparent)]
    Api(#[from] ApiError),
    #[error("{0}")]
    Endpoint(AdminError),
    #[error("the endpoint did not accept the test message: {0}")]
    TestFailed(String),
    #[error("{0}")]
    Backend(#[from] BackendError),
    #[error(
        "no secret key; set CLERK_SECRET_KEY to the instance's secret key from Clerk's dashboard"
    )]
    MissingSecretKey,
    #[error(
        "{0} of Clerk's objects could not be decoded; upgrade to a version that supports them, and \
         run `meetvo reprocess --decision failed`"
    )]
    UndecodedObjects(u64),
    #[error(
        "{0} of Clerk's objects could not be decoded and were not compared; upgrade to a version \
         that supports them"
    )]
    ObjectsNotCompared(u64),
    #[error("{count} objects differ from Clerk; {hint}")]
    ObjectsDiffer { count: u64, hint: String },
    #[error("no event has the ID {}; `meetvo why USER` lists the events of a user", escape(.0))]
    UnknownEvent(String),
    #[error(
        "the event {id} is {decision}, but only failed and quarantined events can be dismissed; \
         leave it out"
    )]
    NotDismissable { id: String, decision: String },
    #[error(
        "the synced tables differ from the event log; `meetvo rebuild` corrects them, also while \
         services run"
    )]
    TablesDiffer,
    #[error(
        "the database has no data and no event of the user {}, so no user was erased; correct the \
         ID, or add --unknown to write a tombstone anyway",
        escape(.0)
    )]
    UnknownUser(String),
    #[error("no event and no object has the ID {}; `meetvo backfill` imports objects", escape(.0))]
    UnknownId(String),
    #[error(
        "no user has the primary email address {}; a deleted user can be found only by its ID",
        escape(.0)
    )]
    UnknownEmail(String),
    #[error(
        "no user was erased, because the erasure was not confirmed; answer `yes` on a terminal, or \
         add --yes"
    )]
    NotConfirmed,
    #[error("no invitation or other object has the address {}, so nothing was erased; correct it or add --unknown", escape(.0))]
    UninvitedEmail(String),
    #[error(transparent)]
    Revert(#[from] migrate::RevertRefused),
    #[error("some data of {} remains; run the command again", escape(.0))]
    ErasureIncomplete(String),
    #[error(
        "the tables no longer contain the data, but the database files can still contain it: {0}"
    )]
    VacuumIncomplete(String),
    #[error("the system provides no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    #[error(
        "the example payloads {} do not exist; correct --fixtures, or leave it out to use those of \
         the program",
        escape(.0)
    )]
    MissingFixtures(String),
    #[error("{}: {problem}", escape(name))]
    Payload { name: String, problem: String },
    #[error(
        "the given paths contain no payloads; expected files that end in .json, .ndjson or .jsonl"
    )]
    NoPayloads,
    #[error("no payload has the field {}; correct --set", escape(.0))]
    UnknownField(String),
    #[error("no signing secret; set CLERK_WEBHOOK_SIGNING_SECRET or pass --secret")]
    MissingSigningSecret,
    #[error(
        "the signing secret is not `whsec_` followed by base64; copy it from Clerk's dashboard"
    )]
    InvalidSigningSecret,
    #[error("--to or MEETVO_TO must be an HTTP URL, such as http://127.0.0.1:8080/webhooks/clerk")]
    InvalidTarget,
    #[error(
        "server.port is 0, so the port of the service is not known; pass its URL with --to or \
         MEETVO_TO"
    )]
    UnknownPort,
    #[error("HTTPS is not available: {0}")]
    TlsUnavailable(String),
    #[error("some deliveries were not accepted; the report lists their responses")]
    DeliveriesRejected,
    #[error(
        "{undelivered} of {all} messages were not delivered; `meetvo endpoints attempts ENDPOINT \
         --failed` lists the failures"
    )]
    MessagesUndelivered { undelivered: usize, all: usize },
    #[error("events of the type {0} do not belong to a user; remove --user")]
    EventWithoutUser(String),
    #[error(
        "{0} does not answer; start the service with `meetvo dev`, or pass its URL with --to or \
         MEETVO_TO"
    )]
    TargetUnreachable(String),
    #[error(
        "the service has another signing secret; pass the secret of its endpoint with --secret or \
         CLERK_WEBHOOK_SIGNING_SECRET"
    )]
    SigningSecretMismatch,
    #[error("failed checks: {0}")]
    ChecksFailed(usize),
    #[error("{url} {problem}")]
    HealthCheckFailed { url: String, problem: String },
    #[error(
        "an API key with the name {0} already exists; choose a name that no key has, not even a \
         revoked one"
    )]
    KeyExists(String),
    #[error("no active API key has the name {}; `meetvo keys list` shows all keys", escape(.0))]
    UnknownKey(String),
    #[error("input or output failed: {0}")]
    Output(#[from] io::Error),
}

impl CommandError {
    fn exit_code(&self) -> ExitCode {
        match self {
            // EX_CONFIG of sysexits.h: a restart does not help.
            Self::Settings(_) | Self::Start(StartError::Settings(_)) => ExitCode::from(78),
            Self::TablesDiffer | Self::ObjectsDiffer { .. } => ExitCode::from(3),
            _ => ExitCode::FAILURE,
        }
    }
}

/// Runs the command of the process's arguments, and returns its exit code.
#[must_use]
pub fn run() -> ExitCode {
    let Cli { config, command } = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return terminal::print_usage_error(&error),
    };
    let sources = Sources::from_process(config);
    let result = match command {
        Command::Serve(_) => serve::run(&sources),
        Command::Health(command) => health::run(&command, &sources),
        Command::Doctor(command) => doctor::run(&command, &sources),
        Command::Dev(command) => dev::run(&command, sources),
        Command::Migrate(command) => migrate::run(&command, &sources),
        Command::Replay(command) => replay::run(&command, &sources),
        Command::Trigger(command) => trigger::run(&command, &sources),
        Command::Why(command) => why::run(&command, &sources),
        Command::Status(command) => status::run(&command, &sources),
        Command::Users(command) => users::run(&command, &sources),
        Command::Organizations(command) => organizations::run(&command, &sources),
        Command::Events(command) => events::run(&command, &sources),
        Command::Tail(command) => tail::run(&command, &sources),
        Command::Reprocess(command) => reprocess::run(&command, &sources),
        Command::Dismiss(command) => dismiss::run(&command, &sources),
        Command::Backfill(command) => backfill::run(&command, &sources),
        Command::Drift(command) => drift::run(&command, &sources),
        Command::Rebuild(command) => rebuild::run(&command, &sources),
        Command::Erase(command) => erase::run(&command, &sources),
        Command::Digest(command) => digest::run(&command, &sources),
        Command::Backup(command) => backup::run(&command, &sources),
        Command::Restore(command) => restore::run(&command, &sources),
        Command::Config(command) => config::run(&command, &sources),
        Command::Endpoints(command) => endpoints::run(&command, &sources),
        Command::Keys(command) => keys::run(&command, &sources),
        Command::Completions(command) => completions::run(&command),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // The reader closed the pipe, as `head` does.
        Err(CommandError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            note(WithoutSecrets(format_args!("meetvo: {error}")));
            error.exit_code()
        }
    }
}

/// Loads the settings, and initializes the log with them.
fn load_settings(sources: &Sources) -> Result<Settings, CommandError> {
    let settings = Settings::load(sources)?;
    init_logging(&settings, None, None)?;
    Ok(settings)
}

/// Log and traces of a service. Dropping the value exports the last spans, and then writes the last
/// lines, which can be about that export.
struct Telemetry {
    _traces: Option<Traces>,
    _log: LogWriter,
}

/// Starts the log of a service, and the export of traces if a collector is set.
fn init_telemetry(settings: &Settings) -> Result<Telemetry, CommandError> {
    let collector = app::collector(&settings.telemetry);
    let traces = collector.map(Traces::start).transpose().map_err(io::Error::other)?;
    let log = start_log(settings, traces.as_ref())?;
    Ok(Telemetry { _traces: traces, _log: log })
}

/// Starts the log of a service, on a thread of its own. Commands that end soon write their lines
/// directly, so that these are in order with the rest of their output.
fn start_log(settings: &Settings, traces: Option<&Traces>) -> Result<LogWriter, CommandError> {
    let log = LogWriter::start(io::stderr());
    init_logging(settings, Some(&log), traces)?;
    Ok(log)
}

fn init_logging(
    settings: &Settings,
    writer: Option<&LogWriter>,
    traces: Option<&Traces>,
) -> Result<(), CommandError> {
    let pretty = match settings.log.format {
        LogFormat::Auto => None,
        LogFormat::Pretty => Some(true),
        LogFormat::Json => Some(false),
    };
    // The filter cannot be invalid here, because the settings have been validated.
    Ok(telemetry::init(&settings.log.filter, pretty, writer, traces).map_err(io::Error::other)?)
}

/// Formats a time like the API.
fn format_time(at: Millis) -> String {
    timestamp::format(at).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn command_definitions_are_valid() {
        super::Cli::command().debug_assert();
    }
}
