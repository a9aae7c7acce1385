//! `meetvo rebuild`: are the tables what the events tell? If not, make them so.

use std::io::{BufWriter, IsTerminal, Write, stderr, stdout};

use clap::Args;
use indicatif::ProgressBar;
use serde_json::{Map, Value, json};

use super::{CommandError, progress, load_settings, with_store};
use crate::{
    clock::Clock,
    config::Sources,
    domain::Millis,
    store::{
        Store, StoreError,
        rebuild::{Difference, Differs, Progress},
    },
    sync::rebuild::{self, RebuildOutcome},
};

/// Make users, sessions, accounts and verifications anew from the events that are kept
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo rebuild --check
  meetvo rebuild --check --json
  meetvo rebuild

Applies every kept event once more, under the same rules, to tables that nobody else sees, and
compares these with the stored ones. Works beside services that run on the database. Rows that
differ are mended in one transaction, for which commits wait. A second rebuild at the same time is
refused, and one that is ended in the middle has changed nothing.

What no kept event tells any more, because payloads and events go after a time
(retention.payload_days, retention.event_days), stays as it is stored; what is wrong in it is not
seen. Clerk's dashboard can send such events once more.

--check exits with 0 where nothing differs, with 3 where something does, and with 1 where that
cannot be told.")]
pub(super) struct Rebuild {
    /// Compare, report, and change nothing
    #[arg(long)]
    check: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Rebuild, sources: &Sources) -> Result<(), CommandError> {
    let settings = load_settings(sources)?;
    let differs = with_store(&settings, async |store: &Store| {
        let mut rebuilt = rebuilt(command, store).await?;
        let mut out = BufWriter::new(stdout());
        match command.json {
            true => print_object(&mut out, &mut rebuilt).await?,
            false => print_text(&mut out, &mut rebuilt).await?,
        }
        out.flush()?;
        let differs = !rebuilt.counts.is_empty();
        rebuilt.close();
        Ok(differs)
    })?;
    if command.check && differs { Err(CommandError::TablesDiffer) } else { Ok(()) }
}

async fn rebuilt(command: &Rebuild, store: &Store) -> Result<RebuildOutcome, StoreError> {
    let newest = store.newest().await?;
    let bar = bar(newest);
    let tell = |progress: Progress| bar.set_position(progress.through.unsigned_abs());
    let rebuilt = match command.check {
        true => rebuild::check(store, tell).await,
        false => rebuild::repair(store, now(), tell).await,
    };
    bar.finish_and_clear();
    rebuilt
}

fn now() -> Millis {
    Clock::system().now()
}

/// By the numbers of the events.
fn bar(newest: Millis) -> ProgressBar {
    match stderr().is_terminal() {
        true => {
            let template = "{bar:40} {pos}/{len} events, {per_sec}, {eta} left";
            progress::bar(newest.unsigned_abs(), template)
        }
        false => ProgressBar::hidden(),
    }
}

/// How many rows of a table differ in a way.
fn count(rebuilt: &RebuildOutcome, table: &str, differs: Differs) -> u64 {
    let ways = rebuilt.counts.get(table);
    ways.and_then(|ways| ways.get(&differs)).copied().unwrap_or_default()
}

async fn print_text(out: &mut impl Write, rebuilt: &mut RebuildOutcome) -> Result<(), CommandError> {
    rebuilt.differences(|row| Ok::<_, CommandError>(writeln!(out, "{}", line(row))?)).await?;
    if !rebuilt.counts.is_empty() {
        writeln!(out, "\n{:<14}{:>10}{:>10}{:>12}", "table", "missing", "extra", "different")?;
    }
    for table in rebuilt.counts.keys() {
        let [missing, extra, different] = [Differs::Missing, Differs::Extra, Differs::Different]
            .map(|it| count(rebuilt, table, it));
        writeln!(out, "{table:<14}{missing:>10}{extra:>10}{different:>12}")?;
    }
    let Progress { events, lost, kept_users, kept_sessions, .. } = rebuilt.progress;
    let rows: u64 = rebuilt.counts.values().flat_map(|ways| ways.values()).sum();
    let newline = if rows > 0 { "\n" } else { "" };
    writeln!(out, "{newline}{events} events were read, and {rows} rows differ")?;
    if lost + kept_users + kept_sessions > 0 {
        writeln!(
            out,
            "what {lost} of the events brought can no longer be read: {kept_users} users and \
             {kept_sessions} sessions of which no event tells any more stay as they are"
        )?;
    }
    if let Some(held) = rebuilt.commit_pause {
        writeln!(out, "all of it was mended at once, for which commits waited {held:.1?}")?;
    }
    Ok(())
}

/// The key stands behind the table: ids are what others made them, and none breaks a line.
fn line(row: &Difference) -> String {
    let Difference { table, user_id, id, differs, columns } = row;
    let key = if user_id == id { id.to_owned() } else { format!("{user_id} {id}") };
    let colon = if columns.is_empty() { "" } else { ": " };
    let (differs, columns) = (differs.as_str(), columns.join(" "));
    format!("{differs:<10} {table} {}{colon}{columns}", key.escape_debug())
}

/// Row by row: there may be as many as there are users.
async fn print_object(out: &mut impl Write, rebuilt: &mut RebuildOutcome) -> Result<(), CommandError> {
    write!(out, "{{\n  \"rows\": [")?;
    let mut separator = "\n    ";
    let print = |row: &Difference| {
        write!(out, "{separator}{}", object(row))?;
        separator = ",\n    ";
        Ok::<_, CommandError>(())
    };
    rebuilt.differences(print).await?;
    let ways = |table: &str| {
        let ways = [Differs::Missing, Differs::Extra, Differs::Different];
        let way = |it: Differs| (it.as_str().to_owned(), count(rebuilt, table, it).into());
        ways.map(way).into_iter().collect::<Map<_, Value>>()
    };
    let tables = rebuilt.counts.keys().map(|table| ((*table).to_owned(), ways(table).into()));
    let tables: Map<_, Value> = tables.collect();
    let Progress { events, lost, kept_users, kept_sessions, .. } = rebuilt.progress;
    let kept = json!({ "users": kept_users, "sessions": kept_sessions });
    writeln!(out, "\n  ],")?;
    writeln!(out, "  \"tables\": {},", Value::from(tables))?;
    writeln!(out, "  \"events\": {},", json!({ "read": events, "lost": lost }))?;
    writeln!(out, "  \"kept\": {kept},")?;
    writeln!(out, "  \"mended\": {}\n}}", rebuilt.commit_pause.is_some())?;
    Ok(())
}

fn object(row: &Difference) -> Value {
    json!({
        "table": row.table,
        "user_id": row.user_id,
        "id": row.id,
        "differs": row.differs.as_str(),
        "columns": row.columns,
    })
}
