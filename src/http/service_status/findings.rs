//! Derives findings, which are the reasons for a status that is not green.

use serde::Serialize;
use utoipa::ToSchema;

use super::{DriftStatus, EventStatus, QueueStatus};
use crate::domain::Millis;

/// Maximum clock offset in milliseconds without a finding. Beyond `clerk.tolerance_seconds`,
/// deliveries are rejected.
const MAX_CLOCK_OFFSET: Millis = 60_000;

/// Minimum number of failed events within an hour for a red status.
const MANY_FAILED: u64 = 10;

/// Color of the status. Amber means that an operator should look. Red means that deliveries are
/// rejected, or that most of them cannot be decoded.
#[derive(Clone, Copy, Serialize, ToSchema, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub(in crate::http) enum StatusColor {
    Green,
    Amber,
    Red,
}

/// Reason for a status that is not green.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Finding {
    #[serde(skip)]
    pub(super) color: StatusColor,
    /// Stable code of the finding, for programs.
    pub(in crate::http) code: &'static str,
    /// Explanation and remediation, for people. The wording can change.
    detail: &'static str,
}

impl StatusColor {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }
}

/// Measurements from which the findings are derived.
pub(super) struct Measurements<'a> {
    pub(super) queue: &'a QueueStatus,
    /// Events of the database; `None` if the database is unavailable.
    pub(super) events: Option<&'a EventStatus>,
    pub(super) drift: Option<&'a DriftStatus>,
    /// Longest usual interval without a delivery, if known.
    pub(super) usual_silence: Option<Millis>,
    /// Milliseconds by which this clock is ahead of the sender's, if known.
    pub(super) clock_offset: Option<Millis>,
    pub(super) now: Millis,
}

/// Returns the findings of these measurements.
pub(super) fn derive(measurements: &Measurements<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut check = |applies: bool, color, code, detail| {
        findings.extend(applies.then_some(Finding { color, code, detail }));
    };
    let Measurements { queue, events, drift, usual_silence, clock_offset, now } = *measurements;
    check(
        events.is_none(),
        StatusColor::Red,
        "database_unavailable",
        "the database does not answer; the log has the cause",
    );
    check(
        events.is_some_and(most_failed),
        StatusColor::Red,
        "events_failing",
        "most events of the last hour failed; see /v1/events?decision=failed, upgrade to a version \
         that can decode them, and reprocess them",
    );
    check(
        queue.waiting * 2 > queue.capacity,
        StatusColor::Amber,
        "queue_filling",
        "more than half of the queue is in use; check whether the database is slow",
    );
    check(
        events.is_some_and(|events| events.newest_failed_at.is_some()),
        StatusColor::Amber,
        "events_failed",
        "some events failed; see /v1/events?decision=failed, and reprocess them after an upgrade",
    );
    check(
        events.is_some_and(|events| is_silent(events, usual_silence, now)),
        StatusColor::Amber,
        "silence",
        "no delivery has arrived for longer than at any time in the week before; check that the \
         endpoint is enabled in Clerk's dashboard, and run `meetvo doctor`",
    );
    check(
        clock_offset.is_some_and(|offset| offset.abs() > MAX_CLOCK_OFFSET),
        StatusColor::Amber,
        "clock_offset",
        "this machine's clock differs by more than a minute from the sender's clock; synchronize \
         it with NTP, because deliveries are rejected beyond clerk.tolerance_seconds",
    );
    check(
        drift.is_some_and(DriftStatus::has_differences),
        StatusColor::Amber,
        "users_differ",
        "some users differ from Clerk; run `meetvo drift` to list them, and \
         `meetvo drift --repair` to correct them",
    );
    check(
        drift.is_some_and(DriftStatus::is_partial),
        StatusColor::Amber,
        "users_not_compared",
        "some users could not be compared with Clerk; see `drift.problem` and the log",
    );
    findings
}

/// Returns whether at least half of the events of the last hour failed, and not only a few.
fn most_failed(events: &EventStatus) -> bool {
    let failed = events.last_hour.failed;
    failed >= MANY_FAILED && failed * 2 >= events.last_hour.all
}

fn is_silent(events: &EventStatus, usual_silence: Option<Millis>, now: Millis) -> bool {
    let newest = events.last_delivery();
    newest.zip(usual_silence).is_some_and(|(newest, usual)| now - newest > usual)
}
