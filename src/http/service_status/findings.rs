//! Derives findings, which are the reasons for a status that is not green.

use serde::Serialize;
use utoipa::ToSchema;

use super::{DriftStatus, EventStatus, QueueStatus, Writes};
use crate::{
    domain::Millis,
    http::known_values::FINDING_CODES,
    store::{
        driver::OutageCause,
        push::endpoints::{BY_OPERATOR, StoredEndpoint},
    },
};

/// Maximum clock offset in milliseconds without a finding. Beyond `clerk.tolerance_seconds`,
/// deliveries are rejected.
const MAX_CLOCK_OFFSET: Millis = 60_000;

/// Minimum number of failed events within an hour for a red status.
const MANY_FAILED: u64 = 10;

/// Minimum number of refused deliveries for a finding.
const MANY_REFUSED: u64 = 5;

/// Time in milliseconds after an accepted delivery in which refused ones are no finding. Refused
/// deliveries count for as long.
const MAX_REFUSED_PERIOD: Millis = 7_200_000;

/// Time in milliseconds for which an endpoint can fail without a finding.
const MAX_FAILING_PERIOD: Millis = 3_600_000;

/// Minimum number of consecutive duplicates for a finding.
const MANY_DUPLICATES: u64 = 20;

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
    #[schema(extensions(("x-extensible-enum" = json!(FINDING_CODES))))]
    pub(in crate::http) code: &'static str,
    /// Explanation and remediation, for people. The wording can change.
    detail: String,
}

impl Finding {
    fn new(color: StatusColor, code: &'static str, detail: impl Into<String>) -> Self {
        Self { color, code, detail: detail.into() }
    }
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
    /// Events of the database, or the cause for which they cannot be read.
    pub(super) events: Result<&'a EventStatus, OutageCause>,
    pub(super) writes: Writes,
    pub(super) drift: Option<&'a DriftStatus>,
    /// Endpoints to which changes are pushed.
    pub(super) endpoints: &'a [StoredEndpoint],
    /// Number of consecutive deliveries that were duplicates.
    pub(super) duplicates: u64,
    /// Most frequent reason of the recently refused deliveries, and their number.
    pub(super) refused: Option<(&'static str, u64)>,
    /// Configured Clerk instance.
    pub(super) pinned_instance: Option<&'a str>,
    /// Longest usual interval without a delivery, if known.
    pub(super) usual_silence: Option<Millis>,
    /// Milliseconds by which this clock is ahead of the sender's, if known.
    pub(super) clock_offset: Option<Millis>,
    pub(super) now: Millis,
}

/// Returns the findings of these measurements.
pub(super) fn derive(measurements: &Measurements<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(database(measurements));
    findings.extend(queue(measurements.queue));
    if let Ok(events) = measurements.events {
        findings.extend(failures(events));
        findings.extend(unsynced(events, measurements.pinned_instance));
    }
    findings.extend(duplicates(measurements.duplicates));
    findings.extend(refusals(measurements));
    findings.extend(endpoints(measurements));
    findings.extend(surroundings(measurements));
    findings
}

/// Returns the finding of a database that does not answer, or accepts no writes.
fn database(measurements: &Measurements<'_>) -> Option<Finding> {
    let red = |detail| Finding::new(StatusColor::Red, "database_unavailable", detail);
    match (measurements.events, measurements.writes) {
        (Err(cause), _) => Some(red(format!("the database {cause}; {}", cause.remediation()))),
        (Ok(_), Writes::Rejected(cause)) => Some(red(format!(
            "the database accepts no writes (it {cause}), so that deliveries are rejected; {}",
            cause.remediation()
        ))),
        (Ok(_), Writes::Standby) => Some(Finding::new(
            StatusColor::Amber,
            "database_standby",
            "the database has been read-only since the start, so that deliveries would be \
             rejected; if Clerk sends deliveries to this service, connect it to the primary server",
        )),
        (Ok(_), Writes::Accepted) => None,
    }
}

fn queue(queue: &QueueStatus) -> Option<Finding> {
    if queue.waiting >= queue.capacity {
        let detail = "the queue is full, so that deliveries are rejected; check whether the \
                      database is slow or locked";
        return Some(Finding::new(StatusColor::Red, "queue_full", detail));
    }
    (queue.waiting * 2 > queue.capacity).then(|| {
        let detail = "more than half of the queue is in use; check whether the database is slow";
        Finding::new(StatusColor::Amber, "queue_filling", detail)
    })
}

/// Returns the findings about failed events.
fn failures(events: &EventStatus) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !events.blocking.is_empty() {
        let names: Vec<_> = events.blocking.iter().map(ToString::to_string).collect();
        let detail = format!(
            "there are failed events, and foreign keys that can prevent deletions: {}; drop the \
             foreign keys, and run `meetvo reprocess --decision failed`",
            names.join(", ")
        );
        findings.push(Finding::new(StatusColor::Red, "deletions_blocked", detail));
    }
    if most_failed(events) {
        let detail = "most events of the last hour failed; see /v1/events?decision=failed, upgrade \
                      to a version that can decode them, and reprocess them";
        findings.push(Finding::new(StatusColor::Red, "events_failing", detail));
    }
    if events.newest_failed_at.is_some() {
        let detail = "some events failed; see /v1/events?decision=failed, reprocess them after an \
                      upgrade, and dismiss those that can never be applied";
        findings.push(Finding::new(StatusColor::Amber, "events_failed", detail));
    }
    findings
}

/// Returns the finding about deliveries that are accepted and change nothing.
fn unsynced(events: &EventStatus, pinned: Option<&str>) -> Option<Finding> {
    let unsynced = events.recent.unsynced()?;
    let detail = format!("{}; {}", unsynced.description(pinned), unsynced.remediation(pinned));
    Some(Finding::new(StatusColor::Amber, unsynced.code(), detail))
}

fn duplicates(count: u64) -> Option<Finding> {
    (count >= MANY_DUPLICATES).then(|| {
        let detail = format!(
            "the newest {count} deliveries were all duplicates, and changed nothing; after a \
             replay in Clerk's dashboard, wait for new events; otherwise check there whether the \
             responses arrive, and whether two endpoints have this URL"
        );
        Finding::new(StatusColor::Amber, "all_duplicate", detail)
    })
}

/// Returns the finding about deliveries that were all refused by their headers, signature or path.
fn refusals(measurements: &Measurements<'_>) -> Option<Finding> {
    let (reason, count) = measurements.refused.filter(|(_, count)| *count >= MANY_REFUSED)?;
    let newest = measurements.events.ok()?.last_delivery();
    if newest.is_some_and(|newest| measurements.now - newest < MAX_REFUSED_PERIOD) {
        return None;
    }
    let detail = format!(
        "{count} deliveries were refused recently, mostly with {reason}, and none was accepted; \
         see `refused_deliveries`, and run `meetvo doctor --to <URL>` with the URL from Clerk's \
         dashboard"
    );
    Some(Finding::new(StatusColor::Amber, "all_refused", detail))
}

/// Returns the findings about the endpoints to which changes are pushed.
fn endpoints(measurements: &Measurements<'_>) -> Vec<Finding> {
    let Measurements { endpoints, now, .. } = *measurements;
    let amber = |code, ids: Vec<&str>, problem: &str| {
        let detail = format!("{}: {problem}", ids.join(", "));
        (!ids.is_empty()).then(|| Finding::new(StatusColor::Amber, code, detail))
    };
    let ids = |applies: &dyn Fn(&StoredEndpoint) -> bool| {
        endpoints.iter().filter(|it| applies(it)).map(|it| &*it.id).collect()
    };
    let by_service = |reason: &str| reason != BY_OPERATOR;
    let disabled = ids(&|it| it.disabled.as_deref().is_some_and(by_service));
    let failing = ids(&|it| {
        it.disabled.is_none() && it.failing_since.is_some_and(|at| now - at >= MAX_FAILING_PERIOD)
    });
    let findings = [
        amber(
            "endpoint_disabled",
            disabled,
            "the service has disabled this endpoint; correct it, and run `meetvo endpoints enable`",
        ),
        amber(
            "endpoint_failing",
            failing,
            "messages to this endpoint have failed for more than an hour; run `meetvo endpoints \
             attempts --failed`",
        ),
    ];
    findings.into_iter().flatten().collect()
}

/// Returns the findings about the sender, the clock and the last drift check.
fn surroundings(measurements: &Measurements<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut check = |applies: bool, code, detail: &str| {
        findings.extend(applies.then(|| Finding::new(StatusColor::Amber, code, detail)));
    };
    let Measurements { events, drift, usual_silence, clock_offset, now, .. } = *measurements;
    check(
        events.is_ok_and(|events| is_silent(events, usual_silence, now)),
        "silence",
        "no delivery has arrived for longer than at any time in the week before; check that the \
         endpoint is enabled in Clerk's dashboard, and run `meetvo doctor`",
    );
    check(
        clock_offset.is_some_and(|offset| offset.abs() > MAX_CLOCK_OFFSET),
        "clock_offset",
        "this machine's clock differs by more than a minute from the sender's clock; synchronize \
         it with NTP, because deliveries are rejected beyond clerk.tolerance_seconds",
    );
    check(
        drift.is_some_and(DriftStatus::has_differences),
        "objects_differ",
        "some objects differ from Clerk; run `meetvo drift` to list them, and \
         `meetvo drift --repair` to correct them",
    );
    check(
        drift.is_some_and(DriftStatus::is_partial),
        "objects_not_compared",
        "some objects could not be compared with Clerk; see `drift.problem` and the log",
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

#[cfg(test)]
mod tests {
    use super::{QueueStatus, queue};

    #[test]
    fn full_queue_is_red() {
        let finding = |waiting| queue(&QueueStatus { waiting, capacity: 4 });
        let found = [2, 3, 4].map(|waiting| finding(waiting).map(|it| (it.color.name(), it.code)));
        assert_eq!(found, [None, Some(("amber", "queue_filling")), Some(("red", "queue_full"))]);
    }
}
