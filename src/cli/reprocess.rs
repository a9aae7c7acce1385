//! `meetvo reprocess`: processes stored events that were not applied again.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{IsTerminal, Write, stderr},
};

use clap::{ArgGroup, Args, ValueEnum};
use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::{
    CommandError, load_settings,
    terminal::{escape, stdout},
    with_queue, with_store,
};
use crate::{
    clock::Clock,
    config::{Settings, Sources},
    domain::decision::Decision,
    objects::decode::Decoder,
    store::{PageRequest, Store},
    sync::reprocess::{ReprocessedEvent, Reprocessor},
};

/// Number of events per page.
const PAGE_SIZE: u16 = 500;

/// Reprocess events that were not applied, after an upgrade or a change of settings.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("selection").required(true).args(["events", "decision"]),
    after_help = "\
Examples:
  meetvo reprocess --decision failed
  meetvo reprocess msg_2kYxlJgqQWvUD4MNcBKqhUN3Zvq

Only failed, quarantined, ignored and dismissed events can be reprocessed. They
are merged like late deliveries: newer states win, a deletion is permanent, and
no event is applied twice. Services can keep running."
)]
pub(super) struct Reprocess {
    /// IDs of events (svix-id).
    #[arg(value_name = "EVENT")]
    events: Vec<String>,
    /// Reprocess all events with this decision.
    #[arg(long, value_name = "DECISION")]
    decision: Option<ReprocessableDecision>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Decisions that are not final.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ReprocessableDecision {
    Failed,
    Quarantined,
    Ignored,
    Dismissed,
}

impl From<ReprocessableDecision> for Decision {
    fn from(decision: ReprocessableDecision) -> Self {
        match decision {
            ReprocessableDecision::Failed => Self::Failed,
            ReprocessableDecision::Quarantined => Self::Quarantined,
            ReprocessableDecision::Ignored => Self::Ignored,
            ReprocessableDecision::Dismissed => Self::Dismissed,
        }
    }
}

/// Counts of the reprocessed events.
#[derive(Debug, Default)]
struct ReprocessSummary {
    /// Events with a new decision, by that decision.
    changed: BTreeMap<String, u64>,
    /// Events with the same decision, by its reason.
    unchanged: BTreeMap<String, u64>,
    /// Actions for the events with the same decision, by its reason.
    remediations: BTreeMap<String, &'static str>,
}

pub(super) fn run(command: &Reprocess, sources: &Sources) -> Result<(), CommandError> {
    let settings = load_settings(sources)?;
    let work = async |store: &Store| reprocess(command, &settings, store).await;
    let summary = with_store(&settings, work)?;
    match command.json {
        true => writeln!(stdout(), "{:#}", summary.object())?,
        false => write!(stdout(), "{}", summary.text())?,
    }
    Ok(())
}

async fn reprocess(
    command: &Reprocess,
    settings: &Settings,
    store: &Store,
) -> Result<ReprocessSummary, CommandError> {
    let decoder = Decoder { pinned_instance: settings.clerk.instance_id.clone() };
    let now = Clock::system().now();
    with_queue(settings, store, async |queue| {
        let reprocessor = Reprocessor { store, decoder: &decoder, queue, now };
        match command.decision {
            Some(decision) => with_decision(&reprocessor, decision.into()).await,
            None => by_id(&reprocessor, &command.events).await,
        }
    })
    .await
}

/// Reprocesses all events with a decision, page by page.
async fn with_decision(
    reprocessor: &Reprocessor<'_>,
    decision: Decision,
) -> Result<ReprocessSummary, CommandError> {
    let bar = match stderr().is_terminal() {
        true => ProgressBar::new_spinner().with_message("events"),
        false => ProgressBar::hidden(),
    };
    let mut summary = ReprocessSummary::default();
    let mut page = PageRequest { after: None, limit: PAGE_SIZE };
    loop {
        let reprocessed = reprocessor.reprocess_page(decision, &page).await?;
        bar.inc(reprocessed.items.len() as u64);
        for event in reprocessed.items {
            summary.add(event);
        }
        if reprocessed.through.is_none() {
            bar.finish_and_clear();
            return Ok(summary);
        }
        page.after = reprocessed.through;
    }
}

/// Reprocesses single events.
///
/// # Errors
///
/// Returns an error if an ID is unknown.
async fn by_id(
    reprocessor: &Reprocessor<'_>,
    ids: &[String],
) -> Result<ReprocessSummary, CommandError> {
    let mut summary = ReprocessSummary::default();
    for id in ids {
        let event = reprocessor.reprocess(id).await?;
        summary.add(event.ok_or_else(|| CommandError::UnknownEvent(id.clone()))?);
    }
    Ok(summary)
}

impl ReprocessSummary {
    fn add(&mut self, event: ReprocessedEvent) {
        match event.previous == event.decision {
            true => {
                let reason = event.reason.unwrap_or_else(|| event.decision.to_string());
                if let Some(remediation) = event.remediation {
                    self.remediations.insert(reason.clone(), remediation);
                }
                *self.unchanged.entry(reason).or_default() += 1;
            }
            false => *self.changed.entry(event.decision.to_string()).or_default() += 1,
        }
    }

    fn text(&self) -> String {
        let section = |name: &str, counts: Vec<(&str, u64)>| {
            let total: u64 = counts.iter().map(|(_, count)| count).sum();
            let lines =
                counts.iter().map(|(label, count)| format!("{count:>10}  {}\n", escape(label)));
            format!("{name:<10}{total:>10}\n{}", lines.collect::<String>())
        };
        let changed = self.changed.iter().map(|(label, count)| (&**label, *count)).collect();
        let unchanged = self.unchanged.iter().map(|(label, count)| (&**label, *count)).collect();
        // Two reasons can have the same remediation.
        let remediations: BTreeSet<_> = self.remediations.values().collect();
        let remediations = remediations.into_iter().map(|it| format!("{:>12}{it}\n", ""));
        section("changed", changed)
            + &section("unchanged", unchanged)
            + &remediations.collect::<String>()
    }

    fn object(&self) -> Value {
        let mut object = json!({ "changed": self.changed, "unchanged": self.unchanged });
        if !self.remediations.is_empty() {
            object["remediations"] = json!(self.remediations);
        }
        object
    }
}
