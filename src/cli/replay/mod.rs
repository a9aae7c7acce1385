//! `meetvo replay`: posts payloads to a running service, signed as Svix signs them.
//!
//! | module | contents |
//! |---|---|
//! | [`payloads`] | reads payloads from files, folders and NDJSON |
//! | [`edits`] | changes fields of payloads and moves their times to now |
//! | [`body_template`] | makes the bodies of further passes from a payload |
//! | [`mod@schedule`] | the messages in the order of sending, with their IDs |
//! | [`sender`] | signs one message and posts it |
//! | [`target`] | finds the URL to post to |
//! | [`workers`] | sends several messages at a time |
//! | [`report`] | counts outcomes and measures latencies |

mod body_template;
mod edits;
mod payloads;
mod report;
mod schedule;
mod sender;
mod target;
mod workers;

use std::{
    io::{IsTerminal, Write, stderr},
    num::NonZeroU32,
    path::PathBuf,
};

use clap::Args;

pub(super) use self::{
    edits::{FieldEdit, shift_time, visit_scalars},
    report::{Outcome, Report},
    schedule::{Message, Schedule},
    sender::{DEFAULT_PATH, Sender},
    target::targets,
    workers::{SendOptions, send_all},
};
use super::{CommandError, block_on, terminal::stdout};
use crate::{
    clock::Clock,
    config::{self, Settings, Sources},
};

/// Post payloads from files to a running service, with Svix signatures
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo replay
  meetvo replay fixtures/user/created-google.json --set data.first_name=Ada
  meetvo replay fixtures/user fixtures/session --shuffle --duplicate 3 --seed 7
  meetvo replay deliveries.ndjson --exact --to https://staging.example.com

The program contains example payloads: the fixtures of its repository. Without
PATH, the command sends all of them. If a path below `fixtures` does not exist,
it selects those of the program.

If you repeat a command, it sends the same message IDs. The events are then
duplicates and change nothing. If --count is greater than the number of
payloads, the command sends the payloads in several passes. In each further
pass, users and sessions have new IDs, so that the events are new.

Without --to, the command uses the environment variable MEETVO_TO, which can
also be set in .env. Without both, it posts to the service on this machine, at
the address of HOST and PORT (http://127.0.0.1:8080 by default).

If any delivery is not answered with a 2xx status, the command exits with 1.")]
#[expect(clippy::struct_excessive_bools, reason = "each one is a flag of the command line")]
pub(super) struct Replay {
    /// Send JSON files, folders of them, NDJSON files (also the output of
    /// `clerk webhooks listen --json`), or standard input as NDJSON (-)
    /// [default: the example payloads of the program]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Post to this URL; repeat the option to alternate between several
    /// [default: the service on this machine]
    #[arg(long, value_name = "URL")]
    to: Vec<String>,
    /// Sign with this secret of the endpoint [default: the first configured
    /// secret, or the development secret]
    #[arg(long, value_name = "WHSEC")]
    secret: Option<String>,
    /// Change a field and set the time of the event to now, as in
    /// `data.first_name=Ada` or `data.public_metadata.plan=pro`; repeatable
    #[arg(long, value_name = "FIELD=VALUE")]
    set: Vec<FieldEdit>,
    /// Move the times of each payload so that its event happens now; the
    /// events keep their order
    #[arg(long)]
    fresh: bool,
    /// Send in random order
    #[arg(long)]
    shuffle: bool,
    /// Send every event this many times
    #[arg(long, value_name = "N", default_value = "1", value_parser = positive)]
    duplicate: NonZeroU32,
    /// Send this many different events [default: one per payload]
    #[arg(long, value_name = "N", value_parser = positive)]
    count: Option<NonZeroU32>,
    /// Limit the number of users; later passes then change the same users
    /// again [default: new users in every pass]
    #[arg(long, value_name = "N", value_parser = positive)]
    users: Option<NonZeroU32>,
    /// Keep this many requests in flight at the same time
    #[arg(long, value_name = "N", default_value = "8", value_parser = positive)]
    concurrency: NonZeroU32,
    /// Send at most this many requests per second [default: no limit]
    #[arg(long, value_name = "N", value_parser = positive)]
    rate: Option<NonZeroU32>,
    /// Build and sign all requests before sending the first one
    #[arg(long)]
    presign: bool,
    /// Set the seed of the random order and of the message IDs
    #[arg(long, value_name = "N", default_value = "0")]
    seed: u64,
    /// Keep the message IDs that the output of `clerk webhooks listen --json`
    /// contains
    #[arg(long)]
    exact: bool,
    /// Print the report as one JSON object
    #[arg(long)]
    json: bool,
}

fn positive(text: &str) -> Result<NonZeroU32, String> {
    text.parse().map_err(|_| format!("expected a whole number from 1 to {}", u32::MAX))
}

pub(super) fn run(command: &Replay, sources: &Sources) -> Result<(), CommandError> {
    let schedule = schedule(command)?;
    let targets = targets(&command.to, sources)?;
    let sender = Sender::new(&targets, &signing_secret(command.secret.as_deref(), sources)?)?;
    let options = SendOptions {
        concurrency: command.concurrency.get(),
        rate: command.rate,
        presign: command.presign,
        progress: stderr().is_terminal() && !command.json,
    };
    let report = block_on(async { Ok(send_all(sender, schedule, options).await) })?;
    if command.json {
        writeln!(stdout(), "{:#}", report.to_json())?;
    } else {
        write!(stdout(), "{report}")?;
    }
    if report.is_unreachable() {
        return Err(CommandError::TargetUnreachable(targets.join(", ")));
    }
    if report.all_accepted() { Ok(()) } else { Err(CommandError::DeliveriesRejected) }
}

/// Reads the payloads, applies the edits and schedules the messages.
fn schedule(command: &Replay) -> Result<Schedule, CommandError> {
    let mut payloads = payloads::read(&command.paths)?;
    edits::apply(&mut payloads, &command.set, command.fresh, Clock::system().now())?;
    let options = schedule::Options {
        events: command.count.map_or(payloads.len(), |count| count.get() as usize),
        users: command.users.map(|users| users.get() as usize),
        duplicate: command.duplicate.get() as usize,
        shuffle: command.shuffle,
        seed: command.seed,
        exact: command.exact,
    };
    Schedule::new(payloads, options)
}

/// Returns the given signing secret, or else the first configured one, or else the development
/// secret.
pub(super) fn signing_secret(
    given: Option<&str>,
    sources: &Sources,
) -> Result<String, CommandError> {
    if let Some(secret) = given {
        return Ok(secret.to_owned());
    }
    let settings = Settings::load(sources)?;
    let configured = settings.clerk.webhook_signing_secrets.into_iter().next();
    let secret = configured.or_else(config::development_signing_secret);
    secret.map(|it| it.secret.expose().to_owned()).ok_or(CommandError::MissingSigningSecret)
}
