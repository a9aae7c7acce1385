//! `meetvo drift`: is everybody as Clerk has them? If not, make it so.

use std::io::{IsTerminal, Write, stderr, stdout};

use clap::Args;
use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::{Failure, backend, progress, settings, with_queue, with_store};
use crate::{
    clerk::backend::RetryPolicy,
    clock::Clock,
    config::{Settings, Sources},
    domain::drift::DriftCounts,
    ingest::Queue,
    store::{Store, drift_checks::DriftCheckResult},
    sync::drift::{DeletionBlock, DriftCheck, DriftProgress, DriftReport, Repair, UserDifference},
};

/// Compare all users with Clerk's: who is missing, who should be gone, who is not the same
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo drift
  meetvo drift --json
  meetvo drift --repair

Asks Clerk's Backend API with CLERK_SECRET_KEY for everybody, 500 users at a time, and changes
nothing. What a sign-in alone changes is no difference, and what changed in the last ten minutes is
none yet: the webhook may be on its way.

--repair applies what is missing or newer, under the same rules as a delivery. A user whom Clerk has
no more is deleted, for ever, if clerk.instance_id names the instance, the secret key is of that
instance, and Clerk, asked for this user alone, answered that there is none; and if these are at
most 1 % of all, or three, unless --yes says that it is right. Nobody is deleted before everybody
was compared: run it anew when it was interrupted.

Exits with 0 where nothing differs, or nothing any more, with 3 where something does, and with 1
where that cannot be told.")]
pub(super) struct Compare {
    /// Apply what is missing or newer, and delete whom Clerk has no more
    #[arg(long)]
    repair: bool,
    /// Delete them however many they are
    #[arg(long, requires = "repair")]
    yes: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Compare, sources: &Sources) -> Result<(), Failure> {
    let settings = settings(sources)?;
    let report = with_store(&settings, async |store| drift(command, &settings, store).await)?;
    if report.remaining.total() > 0 {
        let why = why(&report, command.repair);
        return Err(Failure::Drift { left: report.remaining.total(), why });
    }
    match (command.repair, report.not_understood, report.applied.failed) {
        (_, 0, 0) => Ok(()),
        (false, unread, _) => Err(Failure::NotCompared(unread)),
        (true, unread, failed) => Err(Failure::NotUnderstood(unread.max(failed))),
    }
}

async fn drift(command: &Compare, settings: &Settings, store: &Store) -> Result<DriftReport, Failure> {
    if !command.repair {
        return compare(command, settings, store, None).await;
    }
    let begun_at = Clock::system().now();
    let report = with_queue(settings, store, async |queue| {
        compare(command, settings, store, Some(queue)).await
    });
    let report = report.await?;
    // What is mended is not to be told of until the next check.
    store.finish_drift_check(begun_at, Clock::system().now(), Ok(DriftCheckResult::from(&report))).await?;
    Ok(report)
}

async fn compare(
    command: &Compare,
    settings: &Settings,
    store: &Store,
    queue: Option<&Queue>,
) -> Result<DriftReport, Failure> {
    let backend = backend(settings)?;
    let bar = match stderr().is_terminal() {
        true => progress::bar(backend.count_users(RetryPolicy::Persistent).await?, progress::USERS),
        false => ProgressBar::hidden(),
    };
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

/// Prints each difference as it is found: there may be as many as there are users.
struct Printer {
    json: bool,
    rows: u64,
}

impl Printer {
    fn row(&mut self, difference: &UserDifference) -> Result<(), Failure> {
        let mut out = stdout().lock();
        match (self.json, self.rows) {
            (true, 0) => write!(out, "{{\n  \"rows\": [\n    {}", object(difference))?,
            (true, _) => write!(out, ",\n    {}", object(difference))?,
            (false, _) => writeln!(out, "{}", line(difference))?,
        }
        self.rows += 1;
        Ok(())
    }

    /// The report; none where it failed on the way.
    fn end(&self, report: Option<&DriftReport>) -> Result<(), Failure> {
        let mut out = stdout().lock();
        match (self.json, report) {
            (false, None) => {}
            (false, Some(report)) => {
                let newline = if self.rows > 0 { "\n" } else { "" };
                write!(out, "{newline}{}", text(report))?;
            }
            (true, report) => {
                let begun = if self.rows == 0 { "{\n  \"rows\": [" } else { "\n  " };
                writeln!(out, "{begun}],\n  \"complete\": {},", report.is_some())?;
                writeln!(out, "  \"report\": {}\n}}", report.map_or(Value::Null, summary))?;
            }
        }
        Ok(())
    }
}

/// The id stands behind the word: ids are what others made them, and none breaks a line.
fn line(difference: &UserDifference) -> String {
    let UserDifference { user_id, kind: differs, fields } = difference;
    let colon = if fields.is_empty() { "" } else { ": " };
    let (differs, fields) = (differs.as_str(), fields.join(" "));
    format!("{differs:<10} {}{colon}{fields}", user_id.escape_debug())
}

fn object(difference: &UserDifference) -> Value {
    let UserDifference { user_id, kind: differs, fields } = difference;
    json!({ "user_id": user_id, "differs": differs.as_str(), "fields": fields })
}

fn text(report: &DriftReport) -> String {
    let DriftCounts { missing, extra, different, deleted } = report.found;
    let line = |name: &str, count: u64| format!("{count:>10}  {name}\n");
    let rows = [
        ("users of Clerk's were compared", report.users),
        ("are missing here", missing),
        ("are here, and Clerk has them no more", extra),
        ("are different here", different),
        ("are deleted here, and Clerk has them", deleted),
        ("were not understood", report.not_understood),
        ("changed just now: the webhook may be on its way", report.awaiting_webhook),
        ("are behind in times alone, as of sign-ins", report.times_only),
        ("states were applied", report.applied.applied),
        ("users were deleted", report.deleted_users),
    ];
    let shown =
        rows.into_iter().enumerate().filter(|(place, (_, count))| *place == 0 || *count > 0);
    shown.map(|(_, (name, count))| line(name, count)).collect()
}

fn summary(report: &DriftReport) -> Value {
    let counts = |counts: DriftCounts| {
        let DriftCounts { missing, extra, different, deleted } = counts;
        json!({ "missing": missing, "extra": extra, "different": different, "deleted": deleted })
    };
    let unended = report.deletion_block.map(|unended| match unended {
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
        "unended": unended,
    })
}

/// Why something is left, and what can be done about it.
fn why(report: &DriftReport, repaired: bool) -> String {
    let mut reasons = Vec::new();
    if !repaired {
        reasons.push("`meetvo drift --repair` mends what can be mended".to_owned());
    }
    match report.deletion_block {
        Some(DeletionBlock::InstanceNotPinned) => reasons.push(
            "nobody is deleted until clerk.instance_id names the instance (`ins_…`)".to_owned(),
        ),
        Some(DeletionBlock::LimitExceeded(ceiling)) => reasons.push(format!(
            "more than {ceiling} are to be deleted: --yes does it, if these are right"
        )),
        None => {}
    }
    if report.remaining.deleted > 0 {
        reasons.push(
            "whoever is deleted here stays so: delete them at Clerk as well, if they are to go"
                .to_owned(),
        );
    }
    if repaired && report.remaining.missing > 0 {
        reasons.push(
            "whoever is missing was fetched before and lost from the tables since: `meetvo rebuild` \
             brings them back from the events"
                .to_owned(),
        );
    }
    if repaired && report.remaining.different > 0 {
        reasons.push(
            "what differs at the same updated_at waits for the user's next change; `meetvo rebuild \
             --check` tells whether the tables are at fault"
                .to_owned(),
        );
    }
    reasons.join("; ")
}
