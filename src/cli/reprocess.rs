//! `meetvo reprocess`: events that were not applied, once more.

use std::{
    collections::BTreeMap,
    io::{IsTerminal, Write, stderr, stdout},
};

use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::{CommandError, load_settings, with_queue, with_store};
use crate::{
    clerk::decode::Decoder,
    clock::Clock,
    config::{Settings, Sources},
    domain::event::Decision,
    store::{Page, Store},
    sync::reprocess::{ReprocessedEvent, Reprocessor},
};

/// How many events are read at once.
const PAGE: u16 = 500;

/// Look again at events that were not applied: after an upgrade, or a change of the settings
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo reprocess --decision failed
  meetvo reprocess msg_2kYxlJgqQWvUD4MNcBKqhUN3Zvq

Works on the database, and may do so beside a service that runs on it. What is stale, or of a deleted
user, stays so; what was applied once is not applied again.")]
pub(super) struct Reprocess {
    /// Events, by their svix-id
    #[arg(value_name = "EVENT", required_unless_present = "decision")]
    events: Vec<String>,
    /// All of which this has become
    #[arg(long, value_name = "DECISION", conflicts_with = "events")]
    decision: Option<Open>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// The decisions that are not final.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Open {
    Failed,
    Quarantined,
    Ignored,
}

impl From<Open> for Decision {
    fn from(open: Open) -> Self {
        match open {
            Open::Failed => Self::Failed,
            Open::Quarantined => Self::Quarantined,
            Open::Ignored => Self::Ignored,
        }
    }
}

/// What became of them, counted.
#[derive(Debug, Default)]
struct Tally {
    changed: BTreeMap<&'static str, u64>,
    /// By the reasons.
    unchanged: BTreeMap<String, u64>,
}

pub(super) fn run(command: &Reprocess, sources: &Sources) -> Result<(), CommandError> {
    let settings = load_settings(sources)?;
    let work = async |store: &Store| reprocess(command, &settings, store).await;
    let tally = with_store(&settings, work)?;
    match command.json {
        true => writeln!(stdout(), "{:#}", tally.object())?,
        false => write!(stdout(), "{}", tally.text())?,
    }
    Ok(())
}

async fn reprocess(
    command: &Reprocess,
    settings: &Settings,
    store: &Store,
) -> Result<Tally, CommandError> {
    let decoder = Decoder { pinned_instance: settings.clerk.instance_id.clone() };
    let now = Clock::system().now();
    with_queue(settings, store, async |queue| {
        let reprocessor = Reprocessor { store, decoder: &decoder, queue, now };
        match command.decision {
            Some(decision) => all(&reprocessor, decision.into()).await,
            None => each(&reprocessor, &command.events).await,
        }
    })
    .await
}

async fn all(reprocessor: &Reprocessor<'_>, decision: Decision) -> Result<Tally, CommandError> {
    let bar = match stderr().is_terminal() {
        true => ProgressBar::new_spinner().with_message("events"),
        false => ProgressBar::hidden(),
    };
    let mut tally = Tally::default();
    let mut page = Page { after: None, limit: PAGE };
    loop {
        let done = reprocessor.reprocess_page(decision, &page).await?;
        bar.inc(done.items.len() as u64);
        for event in done.items {
            tally.add(event);
        }
        if done.through.is_none() {
            bar.finish_and_clear();
            return Ok(tally);
        }
        page.after = done.through;
    }
}

async fn each(reprocessor: &Reprocessor<'_>, ids: &[String]) -> Result<Tally, CommandError> {
    let mut tally = Tally::default();
    for id in ids {
        let done = reprocessor.reprocess(id).await?;
        tally.add(done.ok_or_else(|| CommandError::UnknownEvent(id.clone()))?);
    }
    Ok(tally)
}

impl Tally {
    fn add(&mut self, event: ReprocessedEvent) {
        match event.previous == event.decision {
            true => {
                let reason = event.reason.unwrap_or_else(|| event.decision.to_string());
                *self.unchanged.entry(reason).or_default() += 1;
            }
            false => *self.changed.entry(event.decision.as_str()).or_default() += 1,
        }
    }

    fn text(&self) -> String {
        let lines = |name: &str, counts: Vec<(&str, u64)>| {
            let total: u64 = counts.iter().map(|(_, count)| count).sum();
            let each = counts.iter().map(|(what, count)| format!("{count:>10}  {what}\n"));
            format!("{name:<10}{total:>10}\n{}", each.collect::<String>())
        };
        let changed = self.changed.iter().map(|(what, count)| (*what, *count)).collect();
        let unchanged = self.unchanged.iter().map(|(what, count)| (&**what, *count)).collect();
        lines("changed", changed) + &lines("unchanged", unchanged)
    }

    fn object(&self) -> Value {
        json!({ "changed": self.changed, "unchanged": self.unchanged })
    }
}
