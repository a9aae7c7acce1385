//! `meetvo backfill`: imports all objects from Clerk's Backend API.

use std::io::Write;

use clap::Args;
use serde_json::{Value, json};

use super::{
    CommandError, backend_client, load_settings, progress, terminal::stdout, with_queue, with_store,
};
use crate::{
    clock::Clock,
    config::{Settings, Sources},
    objects::Kind,
    store::Store,
    sync::{
        backfill::{self, BackfillReport, ImportedType},
        summary::Summary,
    },
};

/// Text for a type that the Clerk instance does not use.
pub(super) const NOT_ENABLED: &str = "not enabled for this Clerk instance";

/// Import all objects from Clerk, for example those older than the webhook endpoint.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each one is a flag of the command line")]
#[command(after_help = "\
Examples:
  meetvo backfill
  meetvo backfill --sessions --json

Fetches users, organizations and all other synced objects except sessions from
Clerk's Backend API with CLERK_SECRET_KEY, 500 per request, and stays below the instance's rate limit. A request that fails is repeated for
about five minutes; standard error lists each retry and its delay. Services can
keep running: fetched objects are merged like deliveries, and newer states win.
After an interruption, run the command again; it continues where it stopped.

Clerk's API does not list deleted objects; `meetvo drift` finds them.")]
pub(super) struct Backfill {
    /// Also import the sessions that Clerk still has, with one request per user.
    #[arg(long)]
    sessions: bool,
    /// Start from the beginning instead of continuing an interrupted backfill.
    #[arg(long)]
    restart: bool,
    /// Push the changes to the endpoints (`meetvo endpoints`), which is not done otherwise.
    #[arg(long)]
    notify: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Backfill, sources: &Sources) -> Result<(), CommandError> {
    let settings = load_settings(sources)?;
    let work = async |store: &Store| backfill(command, &settings, store).await;
    let report = with_store(&settings, work)?;
    match command.json {
        true => writeln!(stdout(), "{:#}", object(&report, command.sessions))?,
        false => write!(stdout(), "{}", text(&report, command.sessions))?,
    }
    let failed: u64 = report.types.iter().map(|it| it.outcomes.failed).sum();
    match failed + report.sessions.failed {
        0 => Ok(()),
        failed => Err(CommandError::UndecodedObjects(failed)),
    }
}

async fn backfill(
    command: &Backfill,
    settings: &Settings,
    store: &Store,
) -> Result<BackfillReport, CommandError> {
    let bar = progress::bar(0, progress::OBJECTS);
    let backend = backend_client(settings)?.on_retry(progress::retries(&bar));
    let clock = Clock::system();
    let store = &store.notifying(command.notify);
    let report = with_queue(settings, store, async |queue| {
        let backfill = backfill::Backfill {
            backend: &backend,
            store,
            queue,
            now: || clock.now(),
            pinned_instance: settings.clerk.instance_id.as_deref(),
            sessions: command.sessions,
        };
        if command.restart {
            backfill.restart().await?;
        }
        let update_bar = |imported: &ImportedType| {
            bar.set_message(imported.kind.name());
            // Objects can be created while the backfill runs.
            bar.set_length(imported.total.unwrap_or_default().max(imported.reached));
            bar.set_position(imported.reached);
        };
        Ok(backfill.run(update_bar).await?)
    });
    let report = report.await;
    bar.finish_and_clear();
    report
}

fn text(report: &BackfillReport, sessions: bool) -> String {
    let line = |name: &str, count: u64| format!("{count:>10}  {name}\n");
    let section = |name: &str, reached: u64, summary: Summary| {
        let Summary { applied, unchanged, tombstoned, failed } = summary;
        let rows = [
            ("applied", applied),
            ("unchanged", unchanged),
            ("tombstoned", tombstoned),
            ("failed", failed),
        ];
        let rows = rows.into_iter().filter(|(_, count)| *count > 0);
        format!("{name:<12}{reached:>8}\n") + &rows.map(|it| line(it.0, it.1)).collect::<String>()
    };
    let types =
        report.types.iter().map(|ImportedType { kind, total, reached, outcomes }| match total {
            Some(_) => section(kind.name(), *reached, *outcomes),
            None => format!("{:<12}{NOT_ENABLED}\n", kind.name()),
        });
    let sessions =
        sessions.then(|| section(Kind::Session.name(), count(report.sessions), report.sessions));
    types.chain(sessions).collect()
}

/// Returns the report as an object with a member for each type.
fn object(report: &BackfillReport, sessions: bool) -> Value {
    let counts = |is_enabled: bool, reached: u64, summary: Summary| {
        let Summary { applied, unchanged, tombstoned, failed } = summary;
        json!({
            "enabled": is_enabled,
            "reached": reached,
            "applied": applied,
            "unchanged": unchanged,
            "tombstoned": tombstoned,
            "failed": failed,
        })
    };
    let types = report.types.iter().map(|ImportedType { kind, total, reached, outcomes }| {
        (kind.name().to_owned(), counts(total.is_some(), *reached, *outcomes))
    });
    let sessions = sessions.then(|| {
        let (name, sessions) = (Kind::Session.name(), report.sessions);
        (name.to_owned(), counts(true, count(sessions), sessions))
    });
    types.chain(sessions).collect::<serde_json::Map<_, _>>().into()
}

/// Returns the number of objects that were submitted.
fn count(Summary { applied, unchanged, tombstoned, failed }: Summary) -> u64 {
    applied + unchanged + tombstoned + failed
}
