//! `meetvo drift`: compares all objects with Clerk, and repairs differences.

use std::io::Write;

use clap::Args;
use serde_json::{Value, json};

use super::{
    CommandError, backend_client,
    backfill::NOT_ENABLED,
    load_settings, progress,
    terminal::{escape, stdout},
    with_queue, with_store,
};
use crate::{
    clock::Clock,
    config::{Settings, Sources},
    domain::drift::DriftCounts,
    ingest::Queue,
    store::{Store, drift_checks::DriftCheckResult},
    sync::drift::{
        DeletionBlock, DriftCheck, DriftProgress, DriftReport, ObjectCounts, ObjectDifference,
        Repair, TypeReport,
    },
};

/// Compare all objects with Clerk, and list missing, extra and different ones.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo drift
  meetvo drift --json
  meetvo drift --repair
  meetvo drift --quick

Fetches all users, organizations and other synced objects from Clerk's Backend
API with CLERK_SECRET_KEY, 500 per request, and changes nothing. Fields that change without a webhook are not compared. Changes
of the last ten minutes are not reported, because their webhooks may not have
arrived yet. Sessions are not compared.

With --quick, only the numbers of objects are compared, with one request for
each type. Missing objects can hide as many that are extra.

With --repair, missing and newer objects are merged like deliveries. An object
that Clerk no longer has is deleted permanently, if all of these are true:
  - clerk.instance_id is set, and the secret key belongs to that instance.
  - Clerk's list of the type was read to its end.
  - Clerk answers a request for this single object with \"not found\".
  - At most 1 % of the objects of the type, or three, are to be deleted; --yes
    lifts this.
If the command is interrupted, run it again.

Exits with 0 if no object differs or all were repaired, with 3 if any object
still differs, and with 1 if the command fails.")]
#[expect(clippy::struct_excessive_bools, reason = "each one is a flag of the command line")]
pub(super) struct Drift {
    /// Add missing objects, update older ones, and delete those that Clerk no longer has.
    #[arg(long)]
    repair: bool,
    /// Lift the limit on the number of deleted objects.
    #[arg(long, requires = "repair")]
    yes: bool,
    /// Push the changes to the endpoints (`meetvo endpoints`), which is not done otherwise.
    #[arg(long, requires = "repair")]
    notify: bool,
    /// Compare only the numbers of objects.
    #[arg(long, conflicts_with = "repair")]
    quick: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Drift, sources: &Sources) -> Result<(), CommandError> {
    let settings = load_settings(sources)?;
    if command.quick {
        return with_store(&settings, async |store| quick(command, &settings, store).await);
    }
    let report = with_store(&settings, async |store| drift(command, &settings, store).await)?;
    let remaining = report.remaining();
    if remaining.total() > 0 {
        let (count, hint) = (remaining.total(), hint(&report, remaining, command.repair));
        return Err(CommandError::ObjectsDiffer { count, hint });
    }
    let undecoded = report.sum(|it| it.not_understood);
    match (command.repair, undecoded, report.sum(|it| it.applied.failed)) {
        (_, 0, 0) => Ok(()),
        (false, undecoded, _) => Err(CommandError::ObjectsNotCompared(undecoded)),
        (true, undecoded, failed) => Err(CommandError::UndecodedObjects(undecoded.max(failed))),
    }
}

async fn drift(
    command: &Drift,
    settings: &Settings,
    store: &Store,
) -> Result<DriftReport, CommandError> {
    if !command.repair {
        return compare(command, settings, store, None).await;
    }
    let started_at = Clock::system().now();
    let store = &store.notifying(command.notify);
    let report = with_queue(settings, store, async |queue| {
        compare(command, settings, store, Some(queue)).await
    });
    let report = report.await?;
    // The stored result must not contain repaired differences until the next check.
    let result = DriftCheckResult::from(&report);
    store.finish_drift_check(started_at, Clock::system().now(), Ok(&result)).await?;
    Ok(report)
}

/// Compares only the numbers of objects.
async fn quick(command: &Drift, settings: &Settings, store: &Store) -> Result<(), CommandError> {
    let bar = progress::bar(0, progress::COMPARED);
    let backend = backend_client(settings)?.on_retry(progress::retries(&bar));
    let clock = Clock::system();
    let check = DriftCheck {
        backend: &backend,
        store,
        now: || clock.now(),
        pinned_instance: settings.clerk.instance_id.as_deref(),
        repair: None,
    };
    let counts = check.compare_counts().await?;
    bar.finish_and_clear();
    if command.json {
        let types = counts.iter().map(|ObjectCounts { object, clerk, stored }| {
            let counts = json!({ "enabled": clerk.is_some(), "clerk": clerk, "stored": stored });
            (object.name().to_owned(), counts)
        });
        let types: serde_json::Map<_, _> = types.collect();
        writeln!(stdout(), "{:#}", json!({ "types": types }))?;
    } else {
        for ObjectCounts { object, clerk, stored } in &counts {
            let name = object.name();
            match clerk {
                Some(clerk) => {
                    writeln!(stdout(), "{name:<12}{clerk:>8} at Clerk  {stored:>8} stored")?;
                }
                None => writeln!(stdout(), "{name:<12}{NOT_ENABLED}")?,
            }
        }
    }
    match counts.iter().map(ObjectCounts::difference).sum() {
        0 => Ok(()),
        count => {
            let hint = "`meetvo drift` lists them".to_owned();
            Err(CommandError::ObjectsDiffer { count, hint })
        }
    }
}

async fn compare(
    command: &Drift,
    settings: &Settings,
    store: &Store,
    queue: Option<&Queue>,
) -> Result<DriftReport, CommandError> {
    let bar = progress::bar(0, progress::COMPARED);
    let backend = backend_client(settings)?.on_retry(progress::retries(&bar));
    let clock = Clock::system();
    let drift = DriftCheck {
        backend: &backend,
        store,
        now: || clock.now(),
        pinned_instance: settings.clerk.instance_id.as_deref(),
        repair: queue.map(|queue| Repair { queue, ignore_deletion_limit: command.yes }),
    };
    let mut printer = Printer { json: command.json, rows: 0 };
    let report = drift.run(|step| match step {
        DriftProgress::Started(kind) => {
            bar.set_message(kind.name());
            Ok(())
        }
        DriftProgress::Compared(objects) => {
            bar.set_position(objects);
            Ok(())
        }
        DriftProgress::Difference(difference) => bar.suspend(|| printer.row(difference)),
    });
    let report = report.await;
    bar.finish_and_clear();
    printer.end(report.as_ref().ok())?;
    report
}

/// Prints each difference when it is found, because their number has no limit.
struct Printer {
    json: bool,
    rows: u64,
}

impl Printer {
    fn row(&mut self, difference: &ObjectDifference) -> Result<(), CommandError> {
        let mut out = stdout();
        match (self.json, self.rows) {
            (true, 0) => write!(out, "{{\n  \"rows\": [\n    {}", object(difference))?,
            (true, _) => write!(out, ",\n    {}", object(difference))?,
            (false, _) => writeln!(out, "{}", line(difference))?,
        }
        self.rows += 1;
        Ok(())
    }

    /// Prints the report, or `None` if the check failed.
    fn end(&self, report: Option<&DriftReport>) -> Result<(), CommandError> {
        let mut out = stdout();
        match (self.json, report) {
            (false, None) => {}
            (false, Some(report)) => {
                let newline = if self.rows > 0 { "\n" } else { "" };
                write!(out, "{newline}{}", text(report))?;
            }
            (true, report) => {
                let start = if self.rows == 0 { "{\n  \"rows\": [" } else { "\n  " };
                writeln!(out, "{start}],\n  \"complete\": {},", report.is_some())?;
                writeln!(out, "  \"report\": {}\n}}", report.map_or(Value::Null, summary))?;
            }
        }
        Ok(())
    }
}

/// Formats a difference.
fn line(difference: &ObjectDifference) -> String {
    let ObjectDifference { object, id, kind, fields } = difference;
    let colon = if fields.is_empty() { "" } else { ": " };
    let (object, kind, fields) = (object.name(), kind.as_str(), fields.join(" "));
    format!("{kind:<10} {object:<12} {}{colon}{fields}", escape(id))
}

fn object(difference: &ObjectDifference) -> Value {
    let ObjectDifference { object, id, kind, fields } = difference;
    json!({ "object": object.name(), "id": id, "differs": kind.as_str(), "fields": fields })
}

/// Formats the report, with a section for each type.
fn text(report: &DriftReport) -> String {
    report.types.iter().map(type_text).collect()
}

fn type_text(report: &TypeReport) -> String {
    let name = report.object.name();
    if !report.is_enabled {
        return format!("{name:<12}{NOT_ENABLED}\n");
    }
    let DriftCounts { missing, extra, different, deleted } = report.found;
    let rows = [
        ("missing in the database", missing),
        ("extra: no longer at Clerk", extra),
        ("different", different),
        ("deleted in the database, and still at Clerk", deleted),
        ("could not be decoded", report.not_understood),
        ("changed recently: the webhook can still be on the way", report.awaiting_webhook),
        ("differ only in times, such as that of the last sign-in", report.times_only),
        ("states applied", report.applied.applied),
        ("deleted", report.deleted),
    ];
    let shown = rows.into_iter().filter(|(_, count)| *count > 0);
    let shown = shown.map(|(text, count)| format!("{count:>10}  {text}\n"));
    format!("{name:<12}{:>8} compared\n", report.objects) + &shown.collect::<String>()
}

fn summary(report: &DriftReport) -> Value {
    let types = report.types.iter().map(|it| (it.object.name().to_owned(), type_summary(it)));
    json!({
        "found": counts(report.found()),
        "left": counts(report.remaining()),
        "types": types.collect::<serde_json::Map<_, _>>(),
    })
}

fn counts(counts: DriftCounts) -> Value {
    let DriftCounts { missing, extra, different, deleted } = counts;
    json!({ "missing": missing, "extra": extra, "different": different, "deleted": deleted })
}

fn type_summary(report: &TypeReport) -> Value {
    let deletion_block = report.deletion_block.map(|block| match block {
        DeletionBlock::InstanceNotPinned => "not_pinned",
        DeletionBlock::LimitExceeded(_) => "too_many",
    });
    json!({
        "enabled": report.is_enabled,
        "objects": report.objects,
        "found": counts(report.found),
        "left": counts(report.remaining),
        "not_understood": report.not_understood,
        "on_their_way": report.awaiting_webhook,
        "behind": report.times_only,
        "applied": report.applied.applied,
        "ended": report.deleted,
        "unended": deletion_block,
    })
}

/// Explains the remaining differences and how to remove them.
fn hint(report: &DriftReport, remaining: DriftCounts, repaired: bool) -> String {
    let mut hints = Vec::new();
    if !repaired {
        hints.push("`meetvo drift --repair` repairs them".to_owned());
    }
    let not_pinned = Some(DeletionBlock::InstanceNotPinned);
    if report.types.iter().any(|it| it.deletion_block == not_pinned) {
        hints.push(
            "no object is deleted until clerk.instance_id names the instance (`ins_…`)".to_owned(),
        );
    }
    for of_type in &report.types {
        if let Some(DeletionBlock::LimitExceeded(limit)) = of_type.deletion_block {
            hints.push(format!(
                "more than {limit} objects of the type {} would be deleted; if that is correct, \
                 add --yes",
                of_type.object
            ));
        }
    }
    if remaining.deleted > 0 {
        hints.push(
            "objects that are deleted in the database stay deleted; delete them at Clerk too"
                .to_owned(),
        );
    }
    if repaired && remaining.missing > 0 {
        hints.push(
            "missing objects were fetched before and then removed from the tables; `meetvo \
             rebuild` restores them from the event log"
                .to_owned(),
        );
    }
    if repaired && remaining.different > 0 {
        hints.push(
            "objects that differ at the same updated_at stay different until their next change; \
             `meetvo rebuild --check` shows whether the tables were changed by hand"
                .to_owned(),
        );
    }
    hints.join("; ")
}
