//! `meetvo migrate run|revert|info`

use std::io::{Write, stdout};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{CommandError, block_on, load_settings};
use crate::{app, config::Sources, store::migrations::Step};

/// Bring the database's schema up or down
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  meetvo migrate info
  DATABASE_URL=postgres://meetvo@db/meetvo meetvo migrate run")]
pub(super) enum Migrate {
    /// Bring the schema up to this program's; `serve` does so at its start
    Run,
    /// Take the newest migration back, with everything that is kept in its tables
    Revert,
    /// List the migrations, and which of them the database has
    Info(Info),
}

#[derive(Debug, Args)]
pub(super) struct Info {
    /// Print one JSON array
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Migrate, sources: &Sources) -> Result<(), CommandError> {
    let settings = load_settings(sources)?;
    block_on(async {
        let store = match command {
            Migrate::Run => app::open_store(&settings.database).await?,
            // A slip in the name would make an empty one, in which everything is pending.
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

fn line(step: &Step) -> String {
    let state = if step.applied { "applied" } else { "pending" };
    format!("{:>4}  {:<20} {state}", step.version, step.name)
}

fn object(step: &Step) -> Value {
    json!({ "version": step.version, "name": step.name, "applied": step.applied })
}
