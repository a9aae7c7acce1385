//! `meetvo migrate run|revert|info`: changes the schema of the database.

use std::io::Write;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{CommandError, block_on, load_settings, terminal::stdout};
use crate::{app, config::Sources, store::migrations::MigrationStatus};

/// Run or revert the migrations of the database schema.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  meetvo migrate info
  DATABASE_URL=postgres://meetvo@db/meetvo meetvo migrate run")]
pub(super) enum Migrate {
    /// Run all pending migrations, as `meetvo serve` does at start.
    Run,
    /// Revert the newest migration, and delete the data in its tables.
    Revert,
    /// List the migrations, and whether each is applied.
    Info(Info),
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
            Migrate::Revert | Migrate::Info(_) => {
                app::open_existing_store(&settings.database).await?
            }
        };
        match command {
            Migrate::Run => store.migrate().await?,
            Migrate::Revert => match store.revert().await? {
                Some(step) => writeln!(stdout(), "reverted {} {}", step.version, step.name)?,
                None => writeln!(stdout(), "nothing to revert")?,
            },
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

fn line(step: &MigrationStatus) -> String {
    let state = if step.applied { "applied" } else { "pending" };
    format!("{:>4}  {:<20} {state}", step.version, step.name)
}

fn object(step: &MigrationStatus) -> Value {
    json!({ "version": step.version, "name": step.name, "applied": step.applied })
}
