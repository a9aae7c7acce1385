//! `meetvo backup`: copies the SQLite database while the service runs.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;
use serde_json::{Value, json};

use super::{
    CommandError, block_on, load_settings, progress,
    terminal::{escape, note, stdout},
};
use crate::{
    app,
    config::{DatabaseUrl, Sources},
    store::backup::{self, Backup as Made},
};

/// Note about a database of another version.
pub(super) const OTHER_SCHEMA: &str = "the digests were not compared, because the schema is not that \
                                       of this version; `meetvo migrate info` shows it";

/// Interval between two updates of the progress.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(200);

/// Template of a bar that counts the bytes of the copy.
const BYTES: &str = "{bar:40} {bytes}/{total_bytes}  {eta} left";

/// Copy the SQLite database to a file, while the service runs.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo backup backup.db
  meetvo backup /backups/meetvo-$(date +%F).db

The copy is one file with the state of one instant. The command checks the
file, and compares its digest with that of the database. FILE must not exist,
so an earlier backup is never overwritten. The file contains personal data and
the hashes of API keys. Only the current user can read it.

`meetvo restore` replaces the database with a copy. PostgreSQL has its own
tools: docs/how-to/back-up-and-restore.md.")]
pub(super) struct Backup {
    /// File to create.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Backup, sources: &Sources) -> Result<(), CommandError> {
    let settings = load_settings(sources)?;
    let made = block_on(async {
        let database = match &settings.database.url {
            DatabaseUrl::Sqlite(file) => file.metadata().map_or(0, |it| it.len()),
            _ => 0,
        };
        tokio::select! {
            made = app::back_up(&settings.database, &command.file) => Ok(made?),
            never = show_progress(backup::partial(&command.file), database) => match never {},
        }
    })?;
    match command.json {
        true => writeln!(stdout(), "{:#}", object(&command.file, &made))?,
        false => print(&command.file, &made, &settings.database.url)?,
    }
    Ok(())
}

fn object(file: &Path, made: &Made) -> Value {
    json!({
        "file": file.to_string_lossy(),
        "bytes": made.bytes,
        "sha256": made.digest.map(hex::encode),
        "compared": made.is_compared,
    })
}

fn print(file: &Path, made: &Made, database: &DatabaseUrl) -> io::Result<()> {
    let (name, bytes) = (file.to_string_lossy(), made.bytes);
    writeln!(stdout(), "copied {database} to {}, {bytes} bytes", escape(&name))?;
    match made.digest.map(hex::encode) {
        Some(digest) if made.is_compared => {
            writeln!(stdout(), "the copy has the digest of the database: {digest}")?;
        }
        Some(digest) => {
            writeln!(stdout(), "the copy is undamaged and has the digest {digest}")?;
            note("the database changed while it was copied, so that the digests were not compared");
        }
        None => {
            writeln!(stdout(), "the copy is undamaged")?;
            note(OTHER_SCHEMA);
        }
    }
    Ok(())
}

/// Shows how much of the file is written.
async fn show_progress(file: PathBuf, expected: u64) -> std::convert::Infallible {
    let bar = progress::bar(expected, BYTES);
    loop {
        tokio::time::sleep(PROGRESS_INTERVAL).await;
        bar.set_position(file.metadata().map_or(0, |it| it.len()));
    }
}
