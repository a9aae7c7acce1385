//! `meetvo restore`: puts a copy in the place of the SQLite database.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::{Value, json};

use super::{
    CommandError,
    backup::OTHER_SCHEMA,
    block_on, load_settings,
    terminal::{escape, note, stdout},
};
use crate::{
    app,
    config::{DatabaseUrl, Sources},
    store::backup::Restored,
};

/// Replace the SQLite database with a backup.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo restore backup.db
  DATABASE_URL=sqlite:/var/lib/meetvo/meetvo.db meetvo restore backup.db

Stop the service first. The command checks FILE, copies it, and compares the
digests of FILE and of the new database. The former database is renamed, with
the suffix .replaced. FILE does not change.

Events that arrived after the backup are missing after a restore.
docs/how-to/back-up-and-restore.md describes how to get them from Clerk.")]
pub(super) struct Restore {
    /// Backup to restore.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Restore, sources: &Sources) -> Result<(), CommandError> {
    let settings = load_settings(sources)?;
    let restored = block_on(async { Ok(app::restore(&settings.database, &command.file).await?) })?;
    match command.json {
        true => writeln!(stdout(), "{:#}", object(&restored))?,
        false => print(&command.file, &restored, &settings.database.url)?,
    }
    Ok(())
}

fn object(restored: &Restored) -> Value {
    let replaced = restored.replaced.as_ref().map(|it| it.to_string_lossy());
    json!({ "sha256": restored.digest.map(hex::encode), "replaced": replaced })
}

fn print(file: &Path, restored: &Restored, database: &DatabaseUrl) -> io::Result<()> {
    writeln!(stdout(), "restored {database} from {}", escape(&file.to_string_lossy()))?;
    match restored.digest.map(hex::encode) {
        Some(digest) => writeln!(stdout(), "its digest is {digest}")?,
        None => note(OTHER_SCHEMA),
    }
    if let Some(replaced) = &restored.replaced {
        let name = replaced.to_string_lossy();
        let name = escape(&name);
        writeln!(stdout(), "the former database is {name}; remove it when you no longer need it")?;
    }
    Ok(())
}
