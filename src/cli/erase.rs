//! `meetvo erase`: removes everything about a person except IDs and the time of the deletion.

use std::{
    collections::{BTreeMap, BTreeSet},
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
    sync::erase::{self, ErasedAddress, ErasedUser, Eraser},
};

/// Erase a person permanently, except IDs and the time of the deletion.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo erase user_2g7np7Hrk0SN6kj5EDMLDaKNL0S
  meetvo erase --email ada@example.com
  meetvo erase --yes --json user_2g7np7Hrk0SN6kj5EDMLDaKNL0S

The command removes the user's profile, sessions, linked accounts, OAuth tokens,
verifications and memberships, the invitations and other objects with one of the
user's email addresses, and the payloads of all events about them. If events about the user arrive
later, they are stored without payload. /v1/changes contains the deletion.
Services can keep running. Delete the user at Clerk first, because the command
does not do this.

The addresses of a user who was deleted before are no longer known. Pass them
with --email, as well as former addresses and those of people who never signed
up. --email removes invitations and other objects with the address, and no user.

At the end, the command rewrites the SQLite file (VACUUM). Other processes
cannot write meanwhile, so pass all users in one call. On PostgreSQL, it vacuums
the tables, which does not block the service. docs/how-to/erase-a-person.md
lists the data that remains in backups and in the server's write-ahead log.")]
#[expect(clippy::struct_excessive_bools, reason = "they are flags of a command line")]
pub(super) struct Erase {
    /// IDs of the users at Clerk.
    #[arg(value_name = "USER", required_unless_present = "emails", value_parser = user_id)]
    users: Vec<String>,
    /// Erase the invitations and other objects with this email address, without regard to case. Can
    /// be repeated.
    #[arg(long = "email", value_name = "ADDRESS", value_parser = email_address)]
    emails: Vec<String>,
    /// Do not ask for confirmation.
    #[arg(long)]
    yes: bool,
    /// Accept addresses that no such object has, and IDs without any stored data or event, for which
    /// only a tombstone is written, the permanent mark of a deletion.
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
    addresses: Vec<ErasedAddress>,
    /// Result of the vacuum, or `None` with `--no-vacuum`.
    vacuumed: Option<Result<VacuumOutcome, StoreError>>,
}

fn user_id(text: &str) -> Result<String, &'static str> {
    match redact::is_user_id(text) {
        true => Ok(text.to_owned()),
        false => Err("expected the ID of a user, such as user_2g7np7Hrk0SN6kj5EDMLDaKNL0S"),
    }
}

fn email_address(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let has_parts = text.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty() && !domain.is_empty() && !domain.contains('@')
    });
    match has_parts && !text.contains(char::is_whitespace) {
        true => Ok(text.to_owned()),
        false => Err("expected an email address, such as ada@example.com"),
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
    if let Some(user) = report.users.into_iter().find(|user| !user.after.is_erased()) {
        return Err(CommandError::ErasureIncomplete(format!("the user {}", user.user_id)));
    }
    if let Some(it) = report.addresses.into_iter().find(|it| !it.after.is_erased()) {
        return Err(CommandError::ErasureIncomplete(format!("the address {}", it.address)));
    }
    report.vacuumed.map_or(Ok(()), check_vacuum)
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
    let people = People {
        users: command.users.iter().map(|id| &**id).collect(),
        addresses: command.emails.iter().map(|address| &**address).collect(),
    };
    // Checked before the first erasure, so that a wrong ID stops the command in time.
    if !command.unknown {
        people.check_known(store).await?;
    }
    if !command.yes {
        people.confirm(settings)?;
    }
    let (users, addresses) = people.erase_all(settings, store).await?;
    let vacuumed = match command.no_vacuum {
        true => None,
        false => Some(store.vacuum().await),
    };
    Ok(ErasureReport { users, addresses, vacuumed })
}

/// The users and addresses to erase.
struct People<'a> {
    users: BTreeSet<&'a str>,
    addresses: BTreeSet<&'a str>,
}

impl People<'_> {
    /// Checks that something is stored about each of them.
    ///
    /// # Errors
    ///
    /// Returns an error if nothing is stored about one of them.
    async fn check_known(&self, store: &Store) -> Result<(), CommandError> {
        for user in &self.users {
            if !store.user_data_counts(user).await?.is_known() {
                return Err(CommandError::UnknownUser((*user).to_owned()));
            }
        }
        for address in &self.addresses {
            if store.addressed_objects(&erase::lower_case(address)).await?.is_empty() {
                return Err(CommandError::UninvitedEmail((*address).to_owned()));
            }
        }
        Ok(())
    }

    /// Asks for confirmation on a terminal.
    ///
    /// # Errors
    ///
    /// Returns an error if the answer is not `yes` or standard input is not a terminal.
    fn confirm(&self, settings: &Settings) -> Result<(), CommandError> {
        let addressed =
            self.addresses.iter().map(|it| format!("the invitations to {}", escape(it)));
        let people = self.users.iter().map(|id| escape(id).to_string()).chain(addressed);
        let people = people.collect::<Vec<_>>().join(", ");
        let url = &settings.database.url;
        match is_confirmed(&format!("Erase {people} from {url}?"))? {
            true => Ok(()),
            false => Err(CommandError::NotConfirmed),
        }
    }

    async fn erase_all(
        &self,
        settings: &Settings,
        store: &Store,
    ) -> Result<(Vec<ErasedUser>, Vec<ErasedAddress>), CommandError> {
        let now = Clock::system().now();
        let count = self.users.len() + self.addresses.len();
        let bar = match io::stderr().is_terminal() {
            true => ProgressBar::new(count as u64).with_message("users and addresses"),
            false => ProgressBar::hidden(),
        };
        with_queue(settings, store, async |queue| {
            let eraser = Eraser { store, queue, now };
            let (mut users, mut addresses) = (Vec::new(), Vec::new());
            for user in &self.users {
                users.push(eraser.erase_user(user).await?);
                bar.inc(1);
            }
            for address in &self.addresses {
                addresses.push(eraser.erase_address(address).await?);
                bar.inc(1);
            }
            bar.finish_and_clear();
            Ok((users, addresses))
        })
        .await
    }
}

impl ErasureReport {
    fn table(&self) -> Table {
        let header = ["erased", "was", "rows", "payloads"];
        let users = self.users.iter().map(|user| {
            let before = &user.before;
            let state = state_before(user).to_owned();
            let payloads = before.payloads.to_string();
            [user.user_id.clone(), state, row_counts(&before.rows), payloads]
        });
        let addresses = self.addresses.iter().map(|it| {
            let before = &it.before;
            let state = if before.is_erased() { "unknown" } else { "stored" };
            let payloads = before.payloads.to_string();
            [it.address.clone(), state.to_owned(), row_counts(&before.rows), payloads]
        });
        terminal::table(header, users.chain(addresses))
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
        let addresses = self.addresses.iter().map(|it| {
            json!({
                "email": it.address,
                "erased": it.after.is_erased(),
                "rows": it.before.rows,
                "payloads": it.before.payloads,
            })
        });
        let vacuum = match self.vacuumed {
            Some(Ok(VacuumOutcome::Done)) => "done",
            Some(Ok(VacuumOutcome::Blocked)) => "held",
            Some(Ok(VacuumOutcome::Forbidden)) => "forbidden",
            Some(Err(_)) => "failed",
            None => "skipped",
        };
        let addresses = addresses.collect::<Value>();
        json!({ "users": users.collect::<Value>(), "addresses": addresses, "vacuum": vacuum })
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

/// Returns the numbers of the rows of each table that has some.
fn row_counts(rows: &BTreeMap<&'static str, i64>) -> String {
    let stored = rows.iter().filter(|(_, rows)| **rows > 0);
    stored.map(|(table, rows)| format!("{table} {rows}")).collect::<Vec<_>>().join(", ")
}
