//! `meetvo replay`: posts payloads to a running service, signed as Svix signs them.
//!
//! | module | holds |
//! |---|---|
//! | [`payloads`] | files, folders and NDJSON → payloads |
//! | [`edit`] | payloads changed, and moved to now |
//! | [`template`] | a payload → the bodies of its passes |
//! | [`mod@plan`] | which body is sent when, and under which id |
//! | [`sender`] | signs and posts one message |
//! | [`workers`] | several messages at a time |
//! | [`report`] | what became of them |

mod edit;
mod payloads;
mod plan;
mod report;
mod sender;
mod template;
mod workers;

use std::{
    io::{IsTerminal, Write, stderr, stdout},
    num::NonZeroU32,
    path::PathBuf,
};

use clap::Args;
use http::Uri;

pub(super) use self::{
    edit::{Edit, each_field, shift},
    plan::{Message, Plan},
    report::{Outcome, Report},
    sender::{PATH, Sender},
    workers::{SendOptions, send_all},
};
use super::{Failure, block_on};
use crate::{
    clock::Clock,
    config::{self, Settings, Sources},
};

/// Where a service listens unless it is told otherwise.
pub(super) const TARGET: &str = "http://127.0.0.1:8080/webhooks/clerk";

/// Post payloads to a running service, signed as Svix signs them
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo replay fixtures
  meetvo replay fixtures/user/created-google.json --set data.first_name=Ada
  meetvo replay fixtures --shuffle --duplicate 3 --seed 7
  meetvo replay deliveries.ndjson --exact --to https://staging.example.com/webhooks/clerk

The same command sends the same ids, so that repeating it changes nothing. A pass after the first
(--count over the number of payloads) renames users and sessions, and is new work.

Ends with 1 where a delivery did not get there, or was not answered 2xx.")]
#[expect(clippy::struct_excessive_bools, reason = "they are flags of a command line")]
pub(super) struct Replay {
    /// JSON files, folders of them, NDJSON files (also the lines of `clerk webhooks listen
    /// --json`), or - for NDJSON on standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Where to post; may repeat, and deliveries are shared out
    #[arg(long, value_name = "URL", default_value = TARGET)]
    to: Vec<Uri>,
    /// The endpoint's signing secret [default: the configured one, or that of development]
    #[arg(long, value_name = "WHSEC")]
    secret: Option<String>,
    /// Change a field, and move the change to now: `data.first_name=Ada`; may repeat
    #[arg(long, value_name = "FIELD=VALUE")]
    set: Vec<Edit>,
    /// Move all times so that the payloads are of now, in their old order
    #[arg(long)]
    fresh: bool,
    /// Send in a random order
    #[arg(long)]
    shuffle: bool,
    /// Send everything this many times
    #[arg(long, value_name = "N", default_value = "1")]
    duplicate: NonZeroU32,
    /// How many different events to send [default: one of each payload]
    #[arg(long, value_name = "N")]
    count: Option<NonZeroU32>,
    /// How many users they are about, at the most; later passes change them again [default: every
    /// pass brings its own]
    #[arg(long, value_name = "N")]
    users: Option<NonZeroU32>,
    /// How many requests are under way at once
    #[arg(long, value_name = "N", default_value = "8")]
    concurrency: NonZeroU32,
    /// Send no more than this many a second [default: as many as are answered]
    #[arg(long, value_name = "N")]
    rate: Option<NonZeroU32>,
    /// Make and sign all requests before the first is sent, to measure a service and not what it
    /// takes to make them
    #[arg(long)]
    presign: bool,
    /// What the order and the ids are made from
    #[arg(long, value_name = "N", default_value = "0")]
    seed: u64,
    /// Keep the ids that lines of `clerk webhooks listen --json` bring
    #[arg(long)]
    exact: bool,
    /// Print the report as one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Replay, sources: &Sources) -> Result<(), Failure> {
    let sender = Sender::new(&command.to, &secret(command.secret.as_deref(), sources)?)?;
    let plan = plan(command)?;
    let options = SendOptions {
        concurrency: command.concurrency.get(),
        rate: command.rate,
        presign: command.presign,
        progress: stderr().is_terminal() && !command.json,
    };
    let report = block_on(async { Ok(send_all(sender, plan, options).await) })?;
    if command.json {
        writeln!(stdout(), "{:#}", report.to_json())?;
    } else {
        write!(stdout(), "{report}")?;
    }
    if report.all_taken() { Ok(()) } else { Err(Failure::NotAllTaken) }
}

/// Reads the payloads, and decides what is sent.
fn plan(command: &Replay) -> Result<Plan, Failure> {
    let mut payloads = payloads::read(&command.paths)?;
    edit::apply(&mut payloads, &command.set, command.fresh, Clock::system().now())?;
    let events = command.count.map_or(payloads.len(), |count| count.get() as usize);
    let order = plan::Order {
        users: command.users.map(|users| users.get() as usize),
        duplicate: command.duplicate.get() as usize,
        shuffle: command.shuffle,
        seed: command.seed,
    };
    Plan::new(payloads, events, order, command.exact)
}

/// The signing secret that was given, or else the configured one, or else that of development.
pub(super) fn secret(given: Option<&str>, sources: &Sources) -> Result<String, Failure> {
    if let Some(secret) = given {
        return Ok(secret.to_owned());
    }
    let settings = Settings::load(sources)?;
    let configured = settings.clerk.webhook_signing_secrets.into_iter().next();
    let secret = configured.or_else(config::development_secret);
    secret.map(|it| it.secret.expose().to_owned()).ok_or(Failure::NoSecret)
}
