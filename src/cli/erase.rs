//! `meetvo erase`: nothing stays of a user but the id and the time.

use std::{
    collections::BTreeSet,
    io::{IsTerminal, Write, stderr, stdin, stdout},
};

use clap::Args;
use comfy_table::{Table, presets};
use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::{CommandError, load_settings, with_queue, with_store};
use crate::{
    clerk::redact,
    clock::Clock,
    config::{Settings, Sources},
    store::{
        Store, StoreError,
        erasure::{TABLES, VacuumOutcome},
    },
    sync::erase::{ErasedUser, Eraser},
};

/// Leave nothing of a user but the id and the time of the deletion; it cannot be undone
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo erase user_2g7np7Hrk0SN6kj5EDMLDaKNL0S
  meetvo erase --yes --json user_2g7np7Hrk0SN6kj5EDMLDaKNL0S user_2rfTF8P3Cf1zjl92u9aNy4VJjau

Works on the database, and may do so beside a service that runs on it. Sessions, linked accounts and
verifications go, and so do the payloads of all events about the user, also of those that come
later. Followers of /v1/changes are told; Clerk is not: delete the user there as well.

At the end SQLite's file is rewritten, and nobody else writes meanwhile: name many users at once.
PostgreSQL's tables are vacuumed meanwhile. docs/how-to/erase-a-person.md
explains what stays in backups and in the server's write-ahead log.")]
#[expect(clippy::struct_excessive_bools, reason = "they are flags of a command line")]
pub(super) struct Erase {
    /// Users, by Clerk's ids
    #[arg(value_name = "USER", required = true, value_parser = user_id)]
    users: Vec<String>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Leave a tombstone also of users of whom nothing was ever heard
    #[arg(long)]
    unknown: bool,
    /// Leave the files as they are: what was deleted may stand in their free places
    #[arg(long)]
    no_vacuum: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What became of all of them.
struct Report {
    users: Vec<ErasedUser>,
    /// None where it was not asked for.
    vacuumed: Option<Result<VacuumOutcome, StoreError>>,
}

fn user_id(text: &str) -> Result<String, &'static str> {
    match redact::is_user_id(text) {
        true => Ok(text.to_owned()),
        false => Err("expected a user's id, as user_2g7np7Hrk0SN6kj5EDMLDaKNL0S"),
    }
}

pub(super) fn run(command: &Erase, sources: &Sources) -> Result<(), CommandError> {
    let settings = load_settings(sources)?;
    let work = async |store: &Store| erase(command, &settings, store).await;
    let report = with_store(&settings, work)?;
    match command.json {
        true => writeln!(stdout(), "{:#}", report.object())?,
        false => writeln!(stdout(), "{}", report.text())?,
    }
    match report.users.into_iter().find(|user| !user.after.is_erased()) {
        Some(user) => Err(CommandError::ErasureIncomplete(user.user_id)),
        None => report.vacuumed.map_or(Ok(()), went_through),
    }
}

/// Whether the files hold no more than the tables. Who erases wants to know where they may.
fn went_through(vacuumed: Result<VacuumOutcome, StoreError>) -> Result<(), CommandError> {
    let tables = TABLES.join(", ");
    Err(CommandError::VacuumIncomplete(match vacuumed {
        Ok(VacuumOutcome::Done) => return Ok(()),
        Ok(VacuumOutcome::Blocked) => "somebody reads for long; do it again later".to_owned(),
        Ok(VacuumOutcome::Forbidden) => format!("have their owner run: VACUUM {tables}"),
        Err(failure) => failure.to_string(),
    }))
}

async fn erase(
    command: &Erase,
    settings: &Settings,
    store: &Store,
) -> Result<Report, CommandError> {
    let users: BTreeSet<&str> = command.users.iter().map(|id| &**id).collect();
    // Before anything is done: a slip in one of them is seen in time.
    for user in &users {
        if !command.unknown && !store.traces(user).await?.is_known() {
            return Err(CommandError::UnknownUser((*user).to_owned()));
        }
    }
    if !command.yes {
        confirm(&users, settings)?;
    }
    let users = all(&users, settings, store).await?;
    let vacuumed = match command.no_vacuum {
        true => None,
        false => Some(store.vacuum().await),
    };
    Ok(Report { users, vacuumed })
}

/// Has somebody say yes who sees what is asked.
fn confirm(users: &BTreeSet<&str>, settings: &Settings) -> Result<(), CommandError> {
    if !stdin().is_terminal() {
        return Err(CommandError::NotConfirmed);
    }
    let ids = users.iter().copied().collect::<Vec<_>>().join(", ");
    let url = &settings.database.url;
    write!(stderr(), "Erase {ids} from {url}? It cannot be undone. Say yes to go on: ")?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    if answer.trim() == "yes" { Ok(()) } else { Err(CommandError::NotConfirmed) }
}

async fn all(
    users: &BTreeSet<&str>,
    settings: &Settings,
    store: &Store,
) -> Result<Vec<ErasedUser>, CommandError> {
    let now = Clock::system().now();
    let bar = match stderr().is_terminal() {
        true => ProgressBar::new(users.len() as u64).with_message("users"),
        false => ProgressBar::hidden(),
    };
    with_queue(settings, store, async |queue| {
        let eraser = Eraser { store, queue, now };
        let mut done = Vec::new();
        for user in users {
            done.push(eraser.erase(user).await?);
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(done)
    })
    .await
}

impl Report {
    fn text(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header(["user", "was", "sessions", "accounts", "verifications", "payloads"]);
        for user in &self.users {
            let before = &user.before;
            let gone = [before.sessions, before.accounts, before.verifications, before.payloads];
            let words = [user.user_id.clone(), was(user).to_owned()];
            table.add_row(words.into_iter().chain(gone.map(|count| count.to_string())));
        }
        let files = if let Some(Ok(VacuumOutcome::Done)) = self.vacuumed {
            "The files were gone through."
        } else {
            "The files were not gone through."
        };
        format!("{table}\n\n{files}")
    }

    fn object(&self) -> Value {
        let users = self.users.iter().map(|user| {
            json!({
                "id": user.user_id,
                "was": was(user),
                "erased": user.after.is_erased(),
                "sessions": user.before.sessions,
                "accounts": user.before.accounts,
                "verifications": user.before.verifications,
                "payloads": user.before.payloads,
            })
        });
        let vacuum = match self.vacuumed {
            Some(Ok(VacuumOutcome::Done)) => "done",
            Some(Ok(VacuumOutcome::Blocked)) => "held",
            Some(Ok(VacuumOutcome::Forbidden)) => "forbidden",
            Some(Err(_)) => "failed",
            None => "skipped",
        };
        json!({ "users": users.collect::<Value>(), "vacuum": vacuum })
    }
}

fn was(user: &ErasedUser) -> &'static str {
    match (user.before.is_known(), user.before.deleted_at) {
        (_, Some(_)) => "deleted",
        (true, None) => "live",
        (false, None) => "unknown",
    }
}
