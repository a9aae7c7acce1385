//! `meetvo rebuild`: compares the synced tables with the event log, and corrects them.

use std::io::{BufWriter, Write};

use clap::Args;
use indicatif::ProgressBar;
use serde_json::{Map, Value, json};

use super::{
    CommandError, load_settings, progress,
    terminal::{escape, stdout},
    with_store,
};
use crate::{
    clock::Clock,
    config::Sources,
    domain::Millis,
    store::{
        Store, StoreError,
        rebuild::{Progress, RowDifference, RowDifferenceKind},
    },
    sync::rebuild::{self, RebuildOutcome},
};

/// Recompute the synced tables from the event log, and correct rows that differ.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo rebuild --check
  meetvo rebuild --check --json
  meetvo rebuild

Applies every stored event to temporary tables, with the same merge rules, and
compares them with the synced tables. Services can keep running. Rows that
differ are corrected in one transaction; deliveries wait until it is committed.
The command lists the first 10,000 of them, and with --check all that differ.
Only one rebuild can run at a time. An interrupted rebuild changes nothing.

If the event of a row has expired or has lost its payload (retention.event_days,
retention.payload_days), the row is neither checked nor corrected. Clerk's
dashboard can send such events again.

With --check, exits with 0 if no row differs, with 3 if any row differs, and
with 1 if the comparison fails.")]
pub(super) struct Rebuild {
    /// Compare and report, and change nothing.
    #[arg(long)]
    check: bool,
    /// Push the changes to the endpoints (`meetvo endpoints`), which is not done otherwise.
    #[arg(long, conflicts_with = "check")]
    notify: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Rebuild, sources: &Sources) -> Result<(), CommandError> {
    let settings = load_settings(sources)?;
    let differs = with_store(&settings, async |store: &Store| {
        let mut outcome = rebuild(command, store).await?;
        let mut out = BufWriter::new(stdout());
        let printed = match command.json {
            true => print_object(&mut out, &mut outcome).await,
            false => print_text(&mut out, &mut outcome).await,
        };
        let differs = !outcome.counts.is_empty();
        outcome.close().await;
        printed?;
        out.flush()?;
        Ok(differs)
    })?;
    if command.check && differs { Err(CommandError::TablesDiffer) } else { Ok(()) }
}

async fn rebuild(command: &Rebuild, store: &Store) -> Result<RebuildOutcome, StoreError> {
    let newest = store.newest_seq().await?;
    let bar = bar(newest);
    let show = |progress: Progress| bar.set_position(progress.through.unsigned_abs());
    let outcome = match command.check {
        true => rebuild::check(store, show).await,
        false => rebuild::repair(&store.notifying(command.notify), now(), show).await,
    };
    bar.finish_and_clear();
    outcome
}

fn now() -> Millis {
    Clock::system().now()
}

/// Creates a progress bar over the sequence numbers of the events.
fn bar(newest: Millis) -> ProgressBar {
    let template = "{bar:40} {pos}/{len} events, {per_sec}, {eta} left";
    progress::bar(newest.unsigned_abs(), template)
}

/// Returns the number of differences of one kind in a table.
fn count(outcome: &RebuildOutcome, table: &str, kind: RowDifferenceKind) -> u64 {
    let kinds = outcome.counts.get(table);
    kinds.and_then(|kinds| kinds.get(&kind)).copied().unwrap_or_default()
}

async fn print_text(
    out: &mut impl Write,
    outcome: &mut RebuildOutcome,
) -> Result<(), CommandError> {
    outcome.differences(|row| Ok::<_, CommandError>(writeln!(out, "{}", line(row))?)).await?;
    if !outcome.counts.is_empty() {
        writeln!(out, "\n{:<26}{:>10}{:>10}{:>12}", "table", "missing", "extra", "different")?;
    }
    for table in outcome.counts.keys() {
        let [missing, extra, different] =
            [RowDifferenceKind::Missing, RowDifferenceKind::Extra, RowDifferenceKind::Different]
                .map(|it| count(outcome, table, it));
        writeln!(out, "{table:<26}{missing:>10}{extra:>10}{different:>12}")?;
    }
    let Progress { events, lost, kept, .. } = outcome.progress;
    let rows: u64 = outcome.counts.values().flat_map(|kinds| kinds.values()).sum();
    let newline = if rows > 0 { "\n" } else { "" };
    writeln!(out, "{newline}{events} events read, {rows} rows differ")?;
    let kept: Vec<_> = kept.by_table().filter(|(_, rows)| *rows > 0).collect();
    if lost > 0 || !kept.is_empty() {
        let total: u64 = kept.iter().map(|(_, rows)| rows).sum();
        let tables: Vec<_> = kept.iter().map(|(table, rows)| format!("{table} {rows}")).collect();
        let tables = if total > 0 { format!(" ({})", tables.join(", ")) } else { String::new() };
        writeln!(
            out,
            "{lost} events have no payload: {total} rows without a readable event stay as they \
             are{tables}"
        )?;
    }
    match outcome.commit_pause {
        Some(pause) if rows > 0 => {
            writeln!(out, "all rows corrected in one transaction; commits waited {pause:.1?}")?;
        }
        // Rows that a delivery changed during the comparison were compared again.
        Some(pause) => writeln!(out, "nothing to correct; commits waited {pause:.1?}")?,
        None => {}
    }
    Ok(())
}

/// Formats a row.
fn line(row: &RowDifference) -> String {
    let RowDifference { table, object_id, id, kind, columns } = row;
    let key = if object_id == id { id.to_owned() } else { format!("{object_id} {id}") };
    let colon = if columns.is_empty() { "" } else { ": " };
    let (kind, columns) = (kind.as_str(), columns.join(" "));
    format!("{kind:<10} {table} {}{colon}{columns}", escape(&key))
}

/// Prints one JSON object, row by row, because the number of rows has no limit.
async fn print_object(
    out: &mut impl Write,
    outcome: &mut RebuildOutcome,
) -> Result<(), CommandError> {
    write!(out, "{{\n  \"rows\": [")?;
    let mut separator = "\n    ";
    let print = |row: &RowDifference| {
        write!(out, "{separator}{}", object(row))?;
        separator = ",\n    ";
        Ok::<_, CommandError>(())
    };
    outcome.differences(print).await?;
    let counts = |table: &str| {
        let kinds =
            [RowDifferenceKind::Missing, RowDifferenceKind::Extra, RowDifferenceKind::Different];
        let pair =
            |it: RowDifferenceKind| (it.as_str().to_owned(), count(outcome, table, it).into());
        kinds.map(pair).into_iter().collect::<Map<_, Value>>()
    };
    let tables = outcome.counts.keys().map(|table| ((*table).to_owned(), counts(table).into()));
    let tables: Map<_, Value> = tables.collect();
    let Progress { events, lost, kept, .. } = outcome.progress;
    let kept: Map<_, Value> =
        kept.by_table().map(|(table, rows)| (table.to_owned(), rows.into())).collect();
    writeln!(out, "\n  ],")?;
    writeln!(out, "  \"tables\": {},", Value::from(tables))?;
    writeln!(out, "  \"events\": {},", json!({ "read": events, "lost": lost }))?;
    writeln!(out, "  \"kept\": {},", Value::from(kept))?;
    writeln!(out, "  \"repaired\": {}\n}}", outcome.commit_pause.is_some())?;
    Ok(())
}

fn object(row: &RowDifference) -> Value {
    json!({
        "table": row.table,
        "object_id": row.object_id,
        "id": row.id,
        "differs": row.kind.as_str(),
        "columns": row.columns,
    })
}
