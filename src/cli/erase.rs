//! `meetvo erase`: removes everything about a user except the ID and the time of the deletion.

use std::{
    collections::BTreeSet,
    io::{self, IsTerminal, Write},
};

use clap::Args;
use comfy_table::Table;
use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::{
    CommandError,
    confirmation::is_confirmed,
    load_settings,
    terminal::{self, escape, note, stdout},
    with_queue, with_store,
};
use crate::{
    clerk::redact,
    clock::Clock,
    config::{Settings, Sources},
    store::{
        Store, StoreError,
        erasure::{self, VacuumOutcome},
    },
    sync::erase::{ErasedUser, Eraser},
};

/// Erase a user permanently, except the ID and the time of the deletion.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo erase user_2g7np7Hrk0SN6kj5EDMLDaKNL0S
  meetvo erase --yes --json user_2g7np7Hrk0SN6kj5EDMLDaKNL0S

The command removes the user's profile, sessions, linked accounts, OAuth tokens
and verifications, and the payloads of all events about the user. If events
about the user arrive later, they are stored without payload. /v1/changes
contains the deletion. Services can keep running. Delete the user at Clerk
first, because the command does not do this.

At the end, the command rewrites the SQLite file (VACUUM). Other processes
cannot write meanwhile, so pass all users in one call. On PostgreSQL, it vacuums
the tables, which does not block the service. docs/how-to/erase-a-person.md
lists the data that remains in backups and in the server's write-ahead log.")]
#[expect(clippy::struct_excessive_bools, reason = "they are flags of a command line")]
pub(super) struct Erase {
    /// IDs of the users at Clerk.
    #[arg(value_name = "USER", required = true, value_parser = user_id)]
    users: Vec<String>,
    /// Do not ask for confirmation.
    #[arg(long)]
    yes: bool,
    /// Accept IDs without any stored data or event, and write only a tombstone, the permanent mark
    /// of a deletion.
    #[arg(long)]
    unknown: bool,
    /// Do not rewrite the database files; deleted data can remain in their free space.
    #[arg(long)]
    no_vacuum: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Results of the erasure.
struct ErasureReport {
    users: Vec<ErasedUser>,
    /// Result of the vacuum, or `None` with `--no-vacuum`.
    vacuumed: Option<Result<VacuumOutcome, StoreError>>,
}

fn user_id(text: &str) -> Result<String, &'static str> {
    match redact::is_user_id(text) {
        true => Ok(text.to_owned()),
        false => Err("expected the ID of a user, such as user_2g7np7Hrk0SN6kj5EDMLDaKNL0S"),
    }
}

pub(super) fn run(command: &Erase, sources: &Sources) -> Result<(), CommandError> {
    let settings = load_settings(sources)?;
    let work = async |store: &Store| erase(command, &settings, store).await;
    let report = with_store(&settings, work)?;
    if command.json {
        writeln!(stdout(), "{:#}", report.object())?;
    } else {
        writeln!(stdout(), "{}", report.table())?;
        note(report.vacuum_result());
    }
    match report.users.into_iter().find(|user| !user.after.is_erased()) {
        Some(user) => Err(CommandError::ErasureIncomplete(user.user_id)),
        None => report.vacuumed.map_or(Ok(()), check_vacuum),
    }
}

/// Returns an error if the database files can still contain erased data.
fn check_vacuum(vacuumed: Result<VacuumOutcome, StoreError>) -> Result<(), CommandError> {
    let tables = erasure::tables().join(", ");
    Err(CommandError::VacuumIncomplete(match vacuumed {
        Ok(VacuumOutcome::Done) => return Ok(()),
        Ok(VacuumOutcome::Blocked) => {
            "a long read was in progress; run the command again later".to_owned()
        }
        Ok(VacuumOutcome::Forbidden) => format!("let the owner of the tables run: VACUUM {tables}"),
        Err(error) => error.to_string(),
    }))
}

async fn erase(
    command: &Erase,
    settings: &Settings,
    store: &Store,
) -> Result<ErasureReport, CommandError> {
    let users: BTreeSet<&str> = command.users.iter().map(|id| &**id).collect();
    // Checked before the first erasure, so that a wrong ID stops the command in time.
    for user in &users {
        if !command.unknown && !store.user_data_counts(user, &[]).await?.is_known() {
            return Err(CommandError::UnknownUser((*user).to_owned()));
        }
    }
    if !command.yes {
        confirm(&users, settings)?;
    }
    let users = erase_all(&users, settings, store).await?;
    let vacuumed = match command.no_vacuum {
        true => None,
        false => Some(store.vacuum().await),
    };
    Ok(ErasureReport { users, vacuumed })
}

/// Asks for confirmation on a terminal.
///
/// # Errors
///
/// Returns an error if the answer is not `yes` or standard input is not a terminal.
fn confirm(users: &BTreeSet<&str>, settings: &Settings) -> Result<(), CommandError> {
    let ids = users.iter().map(|id| escape(id)).collect::<Vec<_>>().join(", ");
    let url = &settings.database.url;
    match is_confirmed(&format!("Erase {ids} from {url}?"))? {
        true => Ok(()),
        false => Err(CommandError::NotConfirmed),
    }
}

async fn erase_all(
    users: &BTreeSet<&str>,
    settings: &Settings,
    store: &Store,
) -> Result<Vec<ErasedUser>, CommandError> {
    let now = Clock::system().now();
    let bar = match io::stderr().is_terminal() {
        true => ProgressBar::new(users.len() as u64).with_message("users"),
        false => ProgressBar::hidden(),
    };
    with_queue(settings, store, async |queue| {
        let eraser = Eraser { store, queue, now };
        let mut results = Vec::new();
        for user in users {
            results.push(eraser.erase(user).await?);
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(results)
    })
    .await
}

impl ErasureReport {
    fn table(&self) -> Table {
        let header = ["user", "was", "rows", "payloads"];
        let rows = self.users.iter().map(|user| {
            let before = &user.before;
            let stored = before.rows.iter().filter(|(_, rows)| **rows > 0);
            let stored: Vec<_> = stored.map(|(table, rows)| format!("{table} {rows}")).collect();
            let state = state_before(user).to_owned();
            [user.user_id.clone(), state, stored.join(", "), before.payloads.to_string()]
        });
        terminal::table(header, rows)
    }

    /// Returns whether the files can still contain erased data, as a sentence.
    fn vacuum_result(&self) -> &'static str {
        match self.vacuumed {
            Some(Ok(VacuumOutcome::Done)) => "The database files were vacuumed.",
            _ => "The database files were not vacuumed.",
        }
    }

    fn object(&self) -> Value {
        let users = self.users.iter().map(|user| {
            json!({
                "id": user.user_id,
                "was": state_before(user),
                "erased": user.after.is_erased(),
                "rows": user.before.rows,
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

/// Returns the state of a user before the erasure.
fn state_before(user: &ErasedUser) -> &'static str {
    match (user.before.is_known(), user.before.deleted_at) {
        (_, Some(_)) => "deleted",
        (true, None) => "live",
        (false, None) => "unknown",
    }
}
