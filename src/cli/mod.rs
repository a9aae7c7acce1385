//! The command line: a file a command.

mod config;
mod keys;
mod migrate;
mod serve;

use std::{io, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use tokio::runtime;

use crate::{
    app::{Crash, StartError},
    config::{Faults, LogFormat, Settings, Sources},
    store::StoreError,
    telemetry,
};

/// Keeps a local database in step with Clerk: signed webhooks in; users, sessions, accounts and
/// verifications out.
#[derive(Debug, Parser)]
#[command(
    name = "meetvo",
    version,
    max_term_width = 100,
    after_help = "Exit codes: 0 done, 1 failed, 2 wrong usage, 78 unusable configuration."
)]
pub struct Cli {
    /// The folder with default.toml and <environment>.toml [default: ./config, where there is one]
    #[arg(long, global = true, value_name = "FOLDER")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Take webhooks and answer reads, until told to stop
    Serve,
    /// Bring the database's schema up or down
    #[command(subcommand)]
    Migrate(migrate::Migrate),
    /// Print the settings in force, without secrets
    Config(config::Config),
    /// Make API keys
    #[command(subcommand)]
    Keys(keys::Keys),
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
    #[error("no random numbers are to be had: {0}")]
    Random(#[from] getrandom::Error),
    #[error("cannot write: {0}")]
    Output(#[from] io::Error),
}

impl Failure {
    fn exit_code(&self) -> ExitCode {
        match self {
            // EX_CONFIG of sysexits.h: starting again will not help.
            Self::Settings(_) | Self::Start(StartError::Settings(_)) => ExitCode::from(78),
            _ => ExitCode::FAILURE,
        }
    }
}

/// Runs the command that the process was started with.
#[must_use]
pub fn run() -> ExitCode {
    let Cli { config, command } = Cli::parse();
    let sources = Sources::of_process(config);
    let done = match command {
        Command::Serve => serve::run(&sources),
        Command::Migrate(command) => migrate::run(&command, &sources),
        Command::Config(command) => config::run(&command, &sources),
        Command::Keys(command) => keys::run(&command),
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
    let pretty = match settings.log.format {
        LogFormat::Auto => None,
        LogFormat::Pretty => Some(true),
        LogFormat::Json => Some(false),
    };
    // The filter was read once when the settings were checked.
    telemetry::init(&settings.log.filter, pretty).map_err(io::Error::other)?;
    Ok(settings)
}

fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
