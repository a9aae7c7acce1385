//! `meetvo backfill`: imports all users from Clerk's Backend API.

use std::io::Write;

use clap::Args;
use serde_json::{Value, json};

use super::{
    CommandError, backend_client, load_settings, progress, terminal::stdout, with_queue, with_store,
};
use crate::{
    clerk::backend::RetryPolicy,
    clock::Clock,
    config::{Settings, Sources},
    store::Store,
    sync::{
        backfill::{self, BackfillReport},
        summary::Summary,
    },
};

/// Import all users from Clerk, for example those older than the webhook endpoint.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo backfill
  meetvo backfill --sessions --json

Fetches users from Clerk's Backend API with CLERK_SECRET_KEY, 500 per request,
and stays below the instance's rate limit. A request that fails is repeated for
about five minutes; standard error lists each retry and its delay. Services can
keep running: fetched users are merged like deliveries, and newer states win.
After an interruption, run the command again; it continues where it stopped.

Clerk's API does not list deleted users; `meetvo drift` finds them.")]
pub(super) struct Backfill {
    /// Also import the sessions that Clerk still has, with one request per user.
    #[arg(long)]
    sessions: bool,
    /// Start from the beginning instead of continuing an interrupted backfill.
    #[arg(long)]
    restart: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Backfill, sources: &Sources) -> Result<(), CommandError> {
    let settings = load_settings(sources)?;
    let work = async |store: &Store| backfill(command, &settings, store).await;
    let report = with_store(&settings, work)?;
    match command.json {
        true => writeln!(stdout(), "{:#}", object(&report))?,
        false => write!(stdout(), "{}", text(&report, command.sessions))?,
    }
    match report.users.failed + report.sessions.failed {
        0 => Ok(()),
        failed => Err(CommandError::UndecodedObjects(failed)),
    }
}

async fn backfill(
    command: &Backfill,
    settings: &Settings,
    store: &Store,
) -> Result<BackfillReport, CommandError> {
    let bar = progress::bar(0, progress::USERS);
    let backend = backend_client(settings)?.on_retry(progress::retries(&bar));
    let users = backend.count_users(RetryPolicy::Persistent).await?;
    let clock = Clock::system();
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
        let update_bar = |report: &BackfillReport| {
            // Users can be created while the backfill runs.
            bar.set_length(users.max(report.reached));
            bar.set_position(report.reached);
        };
        Ok(backfill.run(update_bar).await?)
    });
    let report = report.await;
    bar.finish_and_clear();
    report
}

fn text(report: &BackfillReport, sessions: bool) -> String {
    let line = |name: &str, count: u64| format!("{count:>10}  {name}\n");
    let section = |name: &str, summary: Summary| {
        let Summary { applied, unchanged, tombstoned, failed } = summary;
        let total = applied + unchanged + tombstoned + failed;
        let rows = [
            ("applied", applied),
            ("unchanged", unchanged),
            ("tombstoned", tombstoned),
            ("failed", failed),
        ];
        let rows = rows.into_iter().filter(|(_, count)| *count > 0);
        format!("{name:<10}{total:>10}\n") + &rows.map(|it| line(it.0, it.1)).collect::<String>()
    };
    let sessions = if sessions { section("sessions", report.sessions) } else { String::new() };
    section("users", report.users) + &sessions
}

fn object(report: &BackfillReport) -> Value {
    let counts = |summary: Summary| {
        let Summary { applied, unchanged, tombstoned, failed } = summary;
        json!({
            "applied": applied,
            "unchanged": unchanged,
            "tombstoned": tombstoned,
            "failed": failed,
        })
    };
    json!({
        "reached": report.reached,
        "users": counts(report.users),
        "sessions": counts(report.sessions),
    })
}
