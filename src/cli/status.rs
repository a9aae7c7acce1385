//! `meetvo status`: shows the status of a running service.

use std::io::Write;

use clap::Args;
use serde_json::Value;

use super::{
    CommandError,
    api::{self, ApiClient, ServiceArgs},
    block_on,
    listing::text,
    terminal::{escape, stdout},
};
use crate::config::Sources;

/// Show the status of the service, and the reasons for it
#[derive(Debug, Args)]
#[command(after_help = format!("\
Examples:
  meetvo status
  meetvo status --json --to https://sync.example.com

The status is green, amber or red. Amber means that an operator should look. The
command exits with 0 whatever the status is. The key needs the scope admin.
For the health checks of supervisors, use `meetvo health`.

{}", api::HELP))]
pub(super) struct Status {
    #[command(flatten)]
    service: ServiceArgs,
    /// Print the JSON document of the API
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Status, sources: &Sources) -> Result<(), CommandError> {
    let api = ApiClient::new(&command.service, sources)?;
    let status = block_on(async { Ok(api.get("status", &[]).await?) })?;
    match command.json {
        true => writeln!(stdout(), "{status:#}")?,
        false => write!(stdout(), "{}", shown(&status))?,
    }
    Ok(())
}

/// Returns the status as text: a line for each reason and each fact.
fn shown(status: &Value) -> String {
    let mut lines = vec![format!("status is {}", text(status, "status"))];
    for reason in status["reasons"].as_array().into_iter().flatten() {
        lines.push(format!("  {}: {}", text(reason, "code"), text(reason, "detail")));
    }
    let steps = status["setup"].as_array().into_iter().flatten();
    for step in steps.filter(|step| step["done"] == false) {
        lines.push(format!("  set-up: {}: {}", text(step, "title"), text(step, "detail")));
    }
    let (events, queue) = (&status["events"], &status["queue"]);
    let version = format!("{} ({})", text(status, "version"), text(status, "revision"));
    let waiting = format!("{} of {}", text(queue, "waiting"), text(queue, "capacity"));
    let refused = status["refused_deliveries"]["counts"].as_object().into_iter().flatten();
    let refused = refused.map(|(reason, count)| format!("{count} {reason}"));
    let facts = [
        ("version", version),
        ("accepts writes", text(status, "accepts_writes")),
        ("queue", waiting),
        ("newest event", text(events, "newest_received_at")),
        ("newest failed", text(events, "newest_failed_at")),
        ("refused today", refused.collect::<Vec<_>>().join(", ")),
    ];
    let facts = facts.into_iter().filter(|(_, value)| !value.is_empty());
    lines.extend(facts.map(|(name, value)| format!("  {name:<15} {value}")));
    // Every line is escaped, because any program can answer.
    let lines: Vec<_> = lines.iter().map(|line| escape(line)).collect();
    lines.join("\n") + "\n"
}
