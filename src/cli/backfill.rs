//! `meetvo backfill`: everybody whom Clerk has.

use std::io::{IsTerminal, Write, stderr, stdout};

use clap::Args;
use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::{Failure, backend, progress, settings, with_queue, with_store};
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

/// Fetch every user of Clerk's: those who are older than the service, and those whose webhooks were lost
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo backfill
  meetvo backfill --sessions --json

Works on the database, and may do so beside services that run on it: what is newer counts, whichever way it
came. It can be interrupted at any moment, and goes on where it was when it is called again. Asks Clerk's
Backend API with CLERK_SECRET_KEY, 500 users at a time, and stays below the instance's limit.

Clerk does not tell of users who are deleted: `meetvo drift` finds them.")]
pub(super) struct Backfill {
    /// Fetch what Clerk still has of each user's sessions too: a request for each user
    #[arg(long)]
    sessions: bool,
    /// Begin anew where an earlier one was interrupted
    #[arg(long)]
    restart: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Backfill, sources: &Sources) -> Result<(), Failure> {
    let settings = settings(sources)?;
    let work = async |store: &Store| backfill(command, &settings, store).await;
    let report = with_store(&settings, work)?;
    match command.json {
        true => writeln!(stdout(), "{:#}", object(&report))?,
        false => write!(stdout(), "{}", text(&report, command.sessions))?,
    }
    match report.users.failed + report.sessions.failed {
        0 => Ok(()),
        failed => Err(Failure::NotUnderstood(failed)),
    }
}

async fn backfill(
    command: &Backfill,
    settings: &Settings,
    store: &Store,
) -> Result<BackfillReport, Failure> {
    let backend = backend(settings)?;
    let users = backend.count_users(RetryPolicy::Persistent).await?;
    let bar = match stderr().is_terminal() {
        true => progress::bar(users, progress::USERS),
        false => ProgressBar::hidden(),
    };
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
        let show = |report: &BackfillReport| {
            bar.set_length(users.max(report.reached));
            bar.set_position(report.reached);
        };
        Ok(backfill.run(show).await?)
    });
    let report = report.await;
    bar.finish_and_clear();
    report
}

fn text(report: &BackfillReport, sessions: bool) -> String {
    let line = |name: &str, count: u64| format!("{count:>10}  {name}\n");
    let tally = |name: &str, tally: Summary| {
        let Summary { applied, unchanged, tombstoned, failed } = tally;
        let total = applied + unchanged + tombstoned + failed;
        let rows = [
            ("applied", applied),
            ("unchanged", unchanged),
            ("of deleted users", tombstoned),
            ("not understood", failed),
        ];
        let rows = rows.into_iter().filter(|(_, count)| *count > 0);
        format!("{name:<10}{total:>10}\n") + &rows.map(|it| line(it.0, it.1)).collect::<String>()
    };
    let sessions = if sessions { tally("sessions", report.sessions) } else { String::new() };
    tally("users", report.users) + &sessions
}

fn object(report: &BackfillReport) -> Value {
    let tally = |tally: Summary| {
        let Summary { applied, unchanged, tombstoned, failed } = tally;
        json!({
            "applied": applied,
            "unchanged": unchanged,
            "tombstoned": tombstoned,
            "failed": failed,
        })
    };
    json!({
        "reached": report.reached,
        "users": tally(report.users),
        "sessions": tally(report.sessions),
    })
}
