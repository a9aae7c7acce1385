//! Why it does not go well.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Drift, Events, Waiting};
use crate::domain::Millis;

/// How far the clock may be off. At five minutes deliveries are refused.
const MAX_OFFSET: Millis = 60_000;

/// How many events of an hour have to fail before it is more than bad luck.
const MANY_FAILED: u64 = 10;

#[derive(Clone, Copy, Serialize, ToSchema, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub(in crate::http) enum Light {
    Green,
    /// Somebody should look.
    Amber,
    /// Deliveries are refused, or most are not understood.
    Red,
}

/// Something that is not as it should be.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Reason {
    #[serde(skip)]
    pub(super) light: Light,
    /// Stable, for programs.
    pub(in crate::http) code: &'static str,
    /// For people, with the mend.
    detail: &'static str,
}

impl Light {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }
}

/// What there is to judge by.
pub(super) struct Seen<'a> {
    pub(super) queue: &'a Waiting,
    /// None where the database does not answer.
    pub(super) events: Option<&'a Events>,
    pub(super) drift: Option<&'a Drift>,
    /// For how long nothing comes at the most, where that is known.
    pub(super) usual: Option<Millis>,
    /// How far our clock is before the sender's, where that is known.
    pub(super) offset: Option<Millis>,
    pub(super) now: Millis,
}

pub(super) fn of(seen: &Seen<'_>) -> Vec<Reason> {
    let mut found = Vec::new();
    let mut say = |is_so: bool, light, code, detail| {
        found.extend(is_so.then_some(Reason { light, code, detail }));
    };
    let Seen { queue, events, drift, usual, offset, now } = *seen;
    say(
        events.is_none(),
        Light::Red,
        "database_unavailable",
        "the database does not answer; the log says why",
    );
    say(
        events.is_some_and(most_fail),
        Light::Red,
        "events_failing",
        "most events of the last hour were not understood: see /v1/events?decision=failed; an \
         upgrade may know them, and then they can be reprocessed",
    );
    say(
        queue.waiting * 2 > queue.capacity,
        Light::Amber,
        "queue_filling",
        "more than half of the queue waits for the database",
    );
    say(
        events.is_some_and(|it| it.newest_failed_at.is_some()),
        Light::Amber,
        "events_failed",
        "events were not understood: see /v1/events?decision=failed, and reprocess them \
         after an upgrade",
    );
    say(
        events.is_some_and(|it| is_silent(it, usual, now)),
        Light::Amber,
        "silence",
        "nothing came for longer than at any time of the week before: if people do sign in, look \
         whether the endpoint is still on in Clerk's dashboard, and run `meetvo doctor`",
    );
    say(
        offset.is_some_and(|it| it.abs() > MAX_OFFSET),
        Light::Amber,
        "clock_offset",
        "this clock is more than a minute off that of the deliveries, which are refused from five \
         minutes on: let the system set it (NTP)",
    );
    say(
        drift.is_some_and(Drift::is_some),
        Light::Amber,
        "users_differ",
        "users are not as Clerk has them: `meetvo drift` names them, and with --repair mends it",
    );
    say(
        drift.is_some_and(Drift::is_partial),
        Light::Amber,
        "users_not_compared",
        "not all users could be compared with Clerk's: see `drift`, and the log",
    );
    found
}

/// At least half of what came in the last hour, and not only a few.
fn most_fail(events: &Events) -> bool {
    let failed = events.hour.failed;
    failed >= MANY_FAILED && failed * 2 >= events.hour.all
}

fn is_silent(events: &Events, usual: Option<Millis>, now: Millis) -> bool {
    events.last_delivery().zip(usual).is_some_and(|(newest, usual)| now - newest > usual)
}
