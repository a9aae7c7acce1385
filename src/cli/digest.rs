//! `meetvo digest`: prints hashes of the synced tables, to compare databases.

use std::{
    io::{BufWriter, Write},
    iter,
};

use clap::Args;
use serde_json::{Map, Value, json};

use super::{
    CommandError, block_on, load_settings,
    terminal::{escape, stdout},
};
use crate::{
    app,
    config::Sources,
    store::digest::{RowDigest, SyncedTablesDigest, TableDigest},
};

/// Print a hash of the synced tables, to compare two databases.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo digest
  meetvo digest --json
  DATABASE_URL=postgres://meetvo@db/meetvo meetvo digest --rows >other.txt
  meetvo digest --rows | diff - other.txt

Databases with the same content have the same digest, on SQLite and PostgreSQL.
The digest covers users, organizations, and what belongs to them, with all
columns except the IDs of events. It does not cover the event log, API keys and
OAuth tokens. For a deleted user it covers the ID and the time of
the deletion. It omits users of which only the ID is known.

The command reads one snapshot and changes nothing, so services can keep
running.")]
pub(super) struct Digest {
    /// List the rows, one per line: digest, table and key.
    #[arg(long)]
    rows: bool,
    /// Print one JSON object, with --rows also of the rows.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Digest, sources: &Sources) -> Result<(), CommandError> {
    let settings = load_settings(sources)?;
    let mut out = BufWriter::new(stdout());
    let digest = block_on(async {
        let mut snapshot = app::open_snapshot(&settings.database).await?;
        if command.rows && command.json {
            write!(out, "{{\n  \"rows\": [")?;
        }
        let mut separator = "\n    ";
        // Row by row, because the number of rows has no limit.
        let list = |row: &RowDigest| {
            match (command.rows, command.json) {
                (false, _) => {}
                (true, false) => writeln!(out, "{}", line(row))?,
                (true, true) => write!(out, "{separator}{}", row_object(row))?,
            }
            separator = ",\n    ";
            Ok::<_, CommandError>(())
        };
        let digest = snapshot.digest(list).await;
        snapshot.close().await;
        digest
    })?;
    match (command.rows, command.json) {
        (false, false) => write!(out, "{}", table(&digest))?,
        (true, false) => {}
        (false, true) => writeln!(out, "{:#}", object(&digest))?,
        (true, true) => {
            let object = object(&digest);
            let (sha256, tables) = (&object["sha256"], &object["tables"]);
            writeln!(out, "\n  ],\n  \"sha256\": {sha256},\n  \"tables\": {tables}\n}}")?;
        }
    }
    Ok(out.flush()?)
}

/// Formats a row. The key is last, because it can contain blanks.
fn line(row: &RowDigest) -> String {
    let key: Vec<_> = row.key.iter().map(|part| escape(part)).collect();
    format!("{}  {} {}", hex::encode(row.sha256), row.table, key.join(" "))
}

fn row_object(row: &RowDigest) -> Value {
    json!({ "table": row.table, "key": row.key, "sha256": hex::encode(row.sha256) })
}

fn table(digest: &SyncedTablesDigest) -> String {
    let line = |name: &str, rows: u64, sha256: &[u8]| {
        format!("{name:<14}{rows:>10}  {}\n", hex::encode(sha256))
    };
    let each = digest.tables.iter().map(|it| line(it.table, it.rows, &it.sha256));
    let rows = digest.tables.iter().map(|it| it.rows).sum();
    let total = line("projection", rows, &digest.sha256);
    let header = format!("{:<14}{:>10}  sha256\n", "table", "rows");
    iter::once(header).chain(each).chain([total]).collect()
}

fn object(digest: &SyncedTablesDigest) -> Value {
    let table = |it: &TableDigest| {
        (it.table.to_owned(), json!({ "rows": it.rows, "sha256": hex::encode(it.sha256) }))
    };
    let tables: Map<_, _> = digest.tables.iter().map(table).collect();
    json!({ "sha256": hex::encode(digest.sha256), "tables": tables })
}
