//! `meetvo endpoints replay`: sends messages again.

use std::io::Write;

use clap::{ArgGroup, Args};
use serde_json::json;

use super::{CommandError, EndpointAdmin, note, stdout};
use crate::{
    domain::{Millis, timestamp},
    store::push::messages,
};

/// Repeat messages that were sent or have failed.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("selection").required(true).args(["cursor", "failed_since", "after"]),
    after_help = "\
Examples:
  meetvo endpoints replay ENDPOINT --cursor 140
  meetvo endpoints replay ENDPOINT --failed-since 2026-01-01T00:00:00Z
  meetvo endpoints replay ENDPOINT --after 100

A message that is sent again has the same ID (webhook-id) as before. The
running service sends it, if the endpoint is enabled."
)]
pub(in crate::cli) struct Replay {
    /// ID of the endpoint.
    #[arg(value_name = "ENDPOINT")]
    id: String,
    /// Send the message about the change with this cursor.
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<i64>,
    /// Send the messages that have failed for good since this time.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    failed_since: Option<Millis>,
    /// Send the messages about the changes after this cursor, with the types of the endpoint; 0
    /// stands for all changes that are stored.
    #[arg(long, value_name = "CURSOR")]
    after: Option<i64>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

fn parse_time(text: &str) -> Result<Millis, &'static str> {
    timestamp::parse(text).ok_or("expected a time such as 2026-01-01T00:00:00Z")
}

pub(super) async fn run(command: &Replay, admin: &EndpointAdmin) -> Result<(), CommandError> {
    let selection = match (command.cursor, command.failed_since, command.after) {
        (Some(seq), _, _) => messages::Replay::One(seq),
        (_, Some(since), _) => messages::Replay::FailedSince(since),
        (_, _, after) => messages::Replay::After(after.unwrap_or_default()),
    };
    admin.replay(&command.id, selection).await?;
    if command.json {
        writeln!(stdout(), "{:#}", json!({ "id": command.id, "requested": true }))?;
    } else {
        note("the running service sends the messages again");
    }
    Ok(())
}
