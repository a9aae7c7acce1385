//! `meetvo migrate run|revert|info`: changes the schema of the database.

use std::io::Write;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{CommandError, block_on, confirmation::is_confirmed, load_settings, terminal::stdout};
use crate::{
    app,
    config::{DatabaseUrl, Sources},
    store::{
        Store,
        driver::Relocation,
        migrations::{MigrationStatus, RevertPlan, StoredRows},
    },
};

/// Run or revert the migrations of the database schema.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  meetvo migrate info
  DATABASE_URL=postgres://meetvo@db/meetvo meetvo migrate run
  meetvo migrate revert --yes --delete-data

If a migration waits for a lock longer than database.migration_lock_timeout_ms,
the command fails and changes nothing. On PostgreSQL, the message names the
connection that holds the lock.")]
pub(super) enum Migrate {
    /// Run all pending migrations, as `meetvo serve` does at start.
    Run,
    /// Revert the newest migration, and delete the data in its tables.
    Revert(Revert),
    /// Move the tables from the schema `public` to that of `database.schema` (PostgreSQL only).
    #[command(after_help = "\
Examples:
  meetvo migrate move

Earlier versions created their tables in the schema `public`. The command moves
all of them in one transaction. Roles need the right to use the new schema:
GRANT USAGE ON SCHEMA clerk TO … . Stop the services first, and start them
afterwards. Svix retries the deliveries in between.")]
    Move,
    /// List the migrations, and whether each is applied.
    Info(Info),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo migrate revert
  meetvo migrate revert --yes --delete-data

The command names the tables and columns that it deletes, and asks for
confirmation. If the database has data, the command requires --delete-data. Stop
the services and back up the database first.")]
pub(super) struct Revert {
    /// Do not ask for confirmation.
    #[arg(long)]
    yes: bool,
    /// Revert the migration even if the database has data.
    #[arg(long)]
    delete_data: bool,
}

/// Reasons for not reverting a migration.
#[derive(Debug, thiserror::Error)]
pub(super) enum RevertRefused {
    /// Data, in these tables.
    #[error(
        "nothing was reverted, because the database has data: {stored}; the revert of {migration} \
         deletes {drops}; back up the database, and add --delete-data"
    )]
    HasData { migration: String, drops: String, stored: String },
    /// No confirmation.
    #[error(
        "nothing was reverted, because the revert of {migration} was not confirmed; it deletes \
         {drops}; answer `yes` on a terminal, or add --yes"
    )]
    NotConfirmed { migration: String, drops: String },
}

#[derive(Debug, Args)]
pub(super) struct Info {
    /// Print one JSON array.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Migrate, sources: &Sources) -> Result<(), CommandError> {
    let settings = load_settings(sources)?;
    block_on(async {
        let store = match command {
            Migrate::Run => app::open_store(&settings.database).await?,
            // A wrong name must not create an empty database, in which every migration is pending.
            Migrate::Revert(_) | Migrate::Move | Migrate::Info(_) => {
                app::open_existing_store(&settings.database).await?
            }
        };
        match command {
            Migrate::Run => store.migrate().await?,
            Migrate::Revert(command) => revert(command, &settings.database.url, &store).await?,
            Migrate::Move => return relocate(&store).await,
            Migrate::Info(_) => {}
        }
        let steps = store.migrations().await?;
        if let Migrate::Info(Info { json: true }) = command {
            writeln!(stdout(), "{:#}", steps.iter().map(object).collect::<Value>())?;
        } else {
            for step in &steps {
                writeln!(stdout(), "{}", line(step))?;
            }
        }
        store.close().await;
        Ok(())
    })
}

/// Moves the tables, and prints what was done.
async fn relocate(store: &Store) -> Result<(), CommandError> {
    match store.relocate().await? {
        Some(Relocation { from, to }) => {
            writeln!(stdout(), "moved the tables from the schema {from} to {to}")?;
        }
        None => writeln!(stdout(), "nothing to move")?,
    }
    store.close().await;
    Ok(())
}

/// Reverts the newest migration, if nothing speaks against it.
async fn revert(command: &Revert, url: &DatabaseUrl, store: &Store) -> Result<(), CommandError> {
    let Some(RevertPlan { migration, drops, stored }) = store.revert_plan().await? else {
        writeln!(stdout(), "nothing to revert")?;
        return Ok(());
    };
    let migration = format!("{} {}", migration.version, migration.name);
    let drops = listed(&drops);
    if !stored.is_empty() && !command.delete_data {
        let stored = listed(&stored);
        return Err(RevertRefused::HasData { migration, drops, stored }.into());
    }
    let question = format!("Revert {migration} in {url}, and delete {drops}?");
    if !command.yes && !is_confirmed(&question)? {
        return Err(RevertRefused::NotConfirmed { migration, drops }.into());
    }
    if let Some(step) = store.revert().await? {
        writeln!(stdout(), "reverted {} {}", step.version, step.name)?;
    }
    Ok(())
}

fn listed(rows: &[StoredRows]) -> String {
    match rows {
        [] => "no table".to_owned(),
        rows => rows.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}

fn line(step: &MigrationStatus) -> String {
    let state = if step.applied { "applied" } else { "pending" };
    format!("{:>4}  {:<20} {state}", step.version, step.name)
}

fn object(step: &MigrationStatus) -> Value {
    json!({ "version": step.version, "name": step.name, "applied": step.applied })
}
