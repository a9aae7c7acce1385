//! `meetvo drift`: compares all users with Clerk, and repairs differences.

use std::io::Write;

use clap::Args;
use serde_json::{Value, json};

use super::{
    CommandError, backend_client, load_settings, progress,
    terminal::{escape, stdout},
    with_queue, with_store,
};
use crate::{
    clerk::backend::RetryPolicy,
    clock::Clock,
    config::{Settings, Sources},
    domain::drift::DriftCounts,
    ingest::Queue,
    store::{Store, drift_checks::DriftCheckResult},
    sync::drift::{DeletionBlock, DriftCheck, DriftProgress, DriftReport, Repair, UserDifference},
};

/// Compare all users with Clerk, and list missing, extra and different ones.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo drift
  meetvo drift --json
  meetvo drift --repair

Fetches all users from Clerk's Backend API with CLERK_SECRET_KEY, 500 per
request, and changes nothing. Fields that every sign-in changes are not
compared. Changes of the last ten minutes are not reported, because their
webhooks may not have arrived yet.

With --repair, missing and newer users are merged like deliveries. A user that
Clerk no longer has is deleted permanently, if all of these are true:
  - clerk.instance_id is set, and the secret key belongs to that instance.
  - Clerk answers a request for this single user with \"not found\".
  - At most 1 % of all users, or three, are to be deleted; --yes lifts this.
Deletions start after all users have been compared. If the command is
interrupted, run it again.

Exits with 0 if no user differs or all were repaired, with 3 if any user still
differs, and with 1 if the command fails.")]
pub(super) struct Drift {
    /// Add missing users, update older ones, and delete users that Clerk no longer has.
    #[arg(long)]
    repair: bool,
    /// Lift the limit on the number of deleted users.
    #[arg(long, requires = "repair")]
    yes: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Drift, sources: &Sources) -> Result<(), CommandError> {
    let settings = load_settings(sources)?;
    let report = with_store(&settings, async |store| drift(command, &settings, store).await)?;
    if report.remaining.total() > 0 {
        let (count, hint) = (report.remaining.total(), hint(&report, command.repair));
        return Err(CommandError::UsersDiffer { count, hint });
    }
    match (command.repair, report.not_understood, report.applied.failed) {
        (_, 0, 0) => Ok(()),
        (false, undecoded, _) => Err(CommandError::UsersNotCompared(undecoded)),
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
    let report = with_queue(settings, store, async |queue| {
        compare(command, settings, store, Some(queue)).await
    });
    let report = report.await?;
    // The stored result must not contain repaired differences until the next check.
    store
        .finish_drift_check(started_at, Clock::system().now(), Ok(DriftCheckResult::from(&report)))
        .await?;
    Ok(report)
}

async fn compare(
    command: &Drift,
    settings: &Settings,
    store: &Store,
    queue: Option<&Queue>,
) -> Result<DriftReport, CommandError> {
    let bar = progress::bar(0, progress::USERS);
    let backend = backend_client(settings)?.on_retry(progress::retries(&bar));
    if !bar.is_hidden() {
        bar.set_length(backend.count_users(RetryPolicy::Persistent).await?);
    }
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
        DriftProgress::Compared(users) => {
            bar.set_position(users);
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
    fn row(&mut self, difference: &UserDifference) -> Result<(), CommandError> {
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
fn line(difference: &UserDifference) -> String {
    let UserDifference { user_id, kind, fields } = difference;
    let colon = if fields.is_empty() { "" } else { ": " };
    let (kind, fields) = (kind.as_str(), fields.join(" "));
    format!("{kind:<10} {}{colon}{fields}", escape(user_id))
}

fn object(difference: &UserDifference) -> Value {
    let UserDifference { user_id, kind, fields } = difference;
    json!({ "user_id": user_id, "differs": kind.as_str(), "fields": fields })
}

fn text(report: &DriftReport) -> String {
    let DriftCounts { missing, extra, different, deleted } = report.found;
    let line = |name: &str, count: u64| format!("{count:>10}  {name}\n");
    let rows = [
        ("users of Clerk compared", report.users),
        ("missing in the database", missing),
        ("extra: no longer at Clerk", extra),
        ("different", different),
        ("deleted in the database, and still at Clerk", deleted),
        ("could not be decoded", report.not_understood),
        ("changed recently: the webhook can still be on the way", report.awaiting_webhook),
        ("differ only in times, such as that of the last sign-in", report.times_only),
        ("states applied", report.applied.applied),
        ("users deleted", report.deleted_users),
    ];
    let shown =
        rows.into_iter().enumerate().filter(|(index, (_, count))| *index == 0 || *count > 0);
    shown.map(|(_, (name, count))| line(name, count)).collect()
}

fn summary(report: &DriftReport) -> Value {
    let counts = |counts: DriftCounts| {
        let DriftCounts { missing, extra, different, deleted } = counts;
        json!({ "missing": missing, "extra": extra, "different": different, "deleted": deleted })
    };
    let deletion_block = report.deletion_block.map(|block| match block {
        DeletionBlock::InstanceNotPinned => "not_pinned",
        DeletionBlock::LimitExceeded(_) => "too_many",
    });
    json!({
        "users": report.users,
        "found": counts(report.found),
        "left": counts(report.remaining),
        "not_understood": report.not_understood,
        "on_their_way": report.awaiting_webhook,
        "behind": report.times_only,
        "applied": report.applied.applied,
        "ended": report.deleted_users,
        "unended": deletion_block,
    })
}

/// Explains the remaining differences and how to remove them.
fn hint(report: &DriftReport, repaired: bool) -> String {
    let mut hints = Vec::new();
    if !repaired {
        hints.push("`meetvo drift --repair` repairs them".to_owned());
    }
    match report.deletion_block {
        Some(DeletionBlock::InstanceNotPinned) => hints.push(
            "no user is deleted until clerk.instance_id names the instance (`ins_…`)".to_owned(),
        ),
        Some(DeletionBlock::LimitExceeded(limit)) => hints.push(format!(
            "more than {limit} users would be deleted; if that is correct, add --yes"
        )),
        None => {}
    }
    if report.remaining.deleted > 0 {
        hints.push(
            "users that are deleted in the database stay deleted; delete them at Clerk too"
                .to_owned(),
        );
    }
    if repaired && report.remaining.missing > 0 {
        hints.push(
            "missing users were fetched before and then removed from the tables; `meetvo rebuild` \
             restores them from the event log"
                .to_owned(),
        );
    }
    if repaired && report.remaining.different > 0 {
        hints.push(
            "users that differ at the same updated_at stay different until their next change; \
             `meetvo rebuild --check` shows whether the tables were changed by hand"
                .to_owned(),
        );
    }
    hints.join("; ")
}
