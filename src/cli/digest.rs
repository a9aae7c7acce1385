//! `meetvo digest`: do two databases hold the same?

use std::{
    io::{BufWriter, Write, stdout},
    iter,
};

use clap::Args;
use serde_json::{Map, Value, json};

use super::{CommandError, block_on, load_settings};
use crate::{
    app,
    config::Sources,
    store::digest::{ProjectionDigest, RowDigest, TableDigest},
};

/// Print a hash of what is synced, by which two databases can be compared
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo digest
  meetvo digest --json
  DATABASE_URL=postgres://meetvo@db/meetvo meetvo digest --rows > there
  meetvo digest --rows | diff - there

Two databases that hold the same have the same digest, be they SQLite or PostgreSQL. Users,
sessions, accounts and verifications count, with every column but the ids of the events that told
of them. A deleted user counts with the time of the deletion; one of whom only the id is known does
not count.

One snapshot is read and nothing is changed, so it can run beside a service.")]
pub(super) struct Digest {
    /// List the rows, a line each: its digest, its table and its key
    #[arg(long, conflicts_with = "json")]
    rows: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Digest, sources: &Sources) -> Result<(), CommandError> {
    let settings = load_settings(sources)?;
    let mut out = BufWriter::new(stdout());
    let digest = block_on(async {
        let mut snapshot = app::open_snapshot(&settings.database).await?;
        let list = |row: &RowDigest| match command.rows {
            true => Ok::<_, CommandError>(writeln!(out, "{}", line(row))?),
            false => Ok(()),
        };
        let digest = snapshot.digest(list).await;
        snapshot.close().await;
        digest
    })?;
    match command {
        Digest { json: true, .. } => writeln!(out, "{:#}", object(&digest))?,
        Digest { rows: true, .. } => {}
        _ => write!(out, "{}", table(&digest))?,
    }
    Ok(out.flush()?)
}

/// The key stands last: ids are what others made them, and none breaks a line.
fn line(row: &RowDigest) -> String {
    let key: Vec<_> = row.key.iter().map(|part| part.escape_debug().to_string()).collect();
    format!("{}  {} {}", hex::encode(row.sha256), row.table, key.join(" "))
}

fn table(digest: &ProjectionDigest) -> String {
    let line = |name: &str, rows: u64, sha256: &[u8]| {
        format!("{name:<14}{rows:>10}  {}\n", hex::encode(sha256))
    };
    let each = digest.tables.iter().map(|it| line(it.table, it.rows, &it.sha256));
    let rows = digest.tables.iter().map(|it| it.rows).sum();
    let whole = line("projection", rows, &digest.sha256);
    let head = format!("{:<14}{:>10}  sha256\n", "table", "rows");
    iter::once(head).chain(each).chain([whole]).collect()
}

fn object(digest: &ProjectionDigest) -> Value {
    let table = |it: &TableDigest| {
        (it.table.to_owned(), json!({ "rows": it.rows, "sha256": hex::encode(it.sha256) }))
    };
    let tables: Map<_, _> = digest.tables.iter().map(table).collect();
    json!({ "sha256": hex::encode(digest.sha256), "tables": tables })
}
