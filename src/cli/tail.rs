//! `meetvo tail`: prints the events of a running service as they arrive.
//!
//! The command polls the list of events. Each poll first reads the position of the newest event,
//! so that a filter that matches rarely does not read the same events again.

use std::{io::Write, time::Duration};

use clap::Args;
use serde_json::Value;
use tokio::time::sleep;

use super::{
    CommandError,
    api::{self, ApiClient, ApiError, Listed, ServiceArgs},
    block_on,
    events::{self, EventFilterArgs},
    listing::text,
    stop_signal,
    terminal::{escape, note, stdout},
};
use crate::config::Sources;

/// Interval of the polls.
const INTERVAL: Duration = Duration::from_millis(500);

/// Interval of the polls while the service does not answer.
const RETRY_INTERVAL: Duration = Duration::from_secs(2);

/// Number of events that are read at a time.
const PAGE: usize = 500;

/// Print new events as they arrive, with their decisions
#[derive(Debug, Args)]
#[command(after_help = format!("\
Examples:
  meetvo tail
  meetvo tail --decision failed --lines 0
  meetvo tail --type organizationMembership.created --json

A line has the time of receipt, the type, the object, the decision, and the
reason if the event was not applied. If the service does not answer, the command
waits for it and continues without a gap. Ctrl-C ends it. The key needs the
scope admin.

{}", api::HELP))]
pub(super) struct Tail {
    #[command(flatten)]
    filter: EventFilterArgs,
    /// Begin with this many earlier events
    #[arg(
        short = 'n',
        long,
        value_name = "N",
        default_value = "10",
        value_parser = clap::value_parser!(u16).range(0..=500)
    )]
    lines: u16,
    #[command(flatten)]
    service: ServiceArgs,
    /// Print a JSON object on each line, with all fields of the API
    #[arg(long)]
    json: bool,
}

/// Events of a service after a position of the event log.
struct Tailer {
    api: ApiClient,
    filters: Vec<(&'static str, String)>,
    /// Position up to which events were printed.
    position: i64,
}

pub(super) fn run(command: &Tail, sources: &Sources) -> Result<(), CommandError> {
    let api = ApiClient::new(&command.service, sources)?;
    let tailer = Tailer { api, filters: command.filter.filters(), position: 0 };
    block_on(async {
        let stop = stop_signal()?;
        tokio::select! {
            () = stop => Ok(()),
            result = follow(tailer, command) => result,
        }
    })
}

/// Prints earlier events, and then new ones until an error that does not pass.
async fn follow(mut tailer: Tailer, command: &Tail) -> Result<(), CommandError> {
    print(&tailer.earlier(command.lines.into()).await?, command.json)?;
    let mut is_connected = true;
    loop {
        let interval = match tailer.next().await {
            Ok(events) => {
                if !is_connected {
                    note("The service answers again.");
                }
                is_connected = true;
                print(&events, command.json)?;
                INTERVAL
            }
            Err(error) if error.is_temporary() => {
                if is_connected {
                    note(format_args!("{error}\nThe command waits for the service."));
                }
                is_connected = false;
                RETRY_INTERVAL
            }
            Err(error) => return Err(error.into()),
        };
        sleep(interval).await;
    }
}

impl Tailer {
    /// Returns the latest events, ordered from old to new, and begins after them.
    async fn earlier(&mut self, count: usize) -> Result<Vec<Value>, ApiError> {
        self.position = self.newest().await?;
        if count == 0 {
            return Ok(Vec::new());
        }
        let Listed { mut items, .. } = self.api.list("events", &self.filters, count).await?;
        self.advance(&items);
        items.reverse();
        Ok(items)
    }

    /// Returns the events that arrived since the last call, ordered from old to new.
    async fn next(&mut self) -> Result<Vec<Value>, ApiError> {
        let newest = self.newest().await?;
        if newest < self.position {
            note("The event log is older than before. The command continues at its end.");
            self.position = newest;
        }
        if newest == self.position {
            return Ok(Vec::new());
        }
        let mut events = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let page = self.api.page("events", &self.filters, PAGE, cursor.as_deref()).await?;
            let known = self.position;
            let is_complete = page.items.iter().any(|event| seq(event) <= known);
            events.extend(page.items.into_iter().filter(|event| seq(event) > known));
            cursor = page.next_cursor;
            // A cursor is the position at which the page ends.
            let is_known = |cursor: &String| cursor.parse().is_ok_and(|at: i64| at <= known);
            if is_complete || cursor.as_ref().is_none_or(is_known) {
                break;
            }
        }
        self.position = newest;
        self.advance(&events);
        events.reverse();
        Ok(events)
    }

    /// Returns the position of the newest event, or 0.
    async fn newest(&self) -> Result<i64, ApiError> {
        let page = self.api.page("events", &[], 1, None).await?;
        Ok(page.items.first().map_or(0, seq))
    }

    /// Moves the position to the newest of some events.
    fn advance(&mut self, events: &[Value]) {
        self.position = events.iter().map(seq).fold(self.position, i64::max);
    }
}

fn seq(event: &Value) -> i64 {
    event["seq"].as_i64().unwrap_or_default()
}

fn print(events: &[Value], json: bool) -> Result<(), CommandError> {
    for event in events {
        match json {
            true => writeln!(stdout(), "{event}")?,
            false => writeln!(stdout(), "{}", line(event))?,
        }
    }
    Ok(())
}

/// Returns the line of an event.
fn line(event: &Value) -> String {
    let [received, kind, decision, reason] =
        ["received_at", "type", "decision", "reason"].map(|field| text(event, field));
    let object = events::object(event);
    let line = format!("{received}  {kind:<32}  {object:<36}  {decision:<11}  {reason}");
    escape(line.trim_end()).into_owned()
}
