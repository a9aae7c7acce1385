//! An example of every event type, built in: the plain fixture of each.

use serde_json::Value;

use crate::cli::CommandError;

/// Reads the files of families and their events in, by the names of their types.
macro_rules! fixtures {
    ($($family:literal: $($event:literal)+;)+) => {
        &[$($((
            concat!($family, ".", $event),
            include_str!(concat!("../../../fixtures/", $family, "/", $event, ".json")),
        ),)+)+]
    };
}

/// Clerk's event types, each with its example.
const TEMPLATES: &[(&str, &str)] = fixtures! {
    "user": "created" "updated" "deleted";
    "session": "created" "pending" "ended" "removed" "revoked";
    "email": "created";
    "sms": "created";
    "organization": "created" "updated" "deleted";
    "organizationDomain": "created" "updated" "deleted";
    "organizationInvitation": "created" "accepted" "revoked";
    "organizationMembership": "created" "updated" "deleted";
    "permission": "created" "updated" "deleted";
    "role": "created" "updated" "deleted";
    "subscription": "created" "updated" "active" "pastDue";
    "subscriptionItem": "abandoned" "active" "canceled" "ended" "freeTrialEnding" "incomplete"
        "pastDue" "upcoming" "updated";
    "paymentAttempt": "created" "updated";
    "waitlistEntry": "created" "updated";
};

/// A user who has linked Google; `user.updated` has no type of its own for that.
const GOOGLE_LINKED: &str = include_str!("../../../fixtures/user/updated-google-linked.json");

/// The names of the types.
pub(super) fn types() -> impl Iterator<Item = &'static str> {
    TEMPLATES.iter().map(|(kind, _)| *kind)
}

/// The example of a type.
pub(super) fn payload(kind: &str) -> Result<Value, CommandError> {
    match TEMPLATES.iter().find(|(known, _)| *known == kind) {
        Some((_, body)) => parse(kind, body),
        None => Err(unusable(kind, "is not an event type of Clerk's")),
    }
}

/// The example of a `user.updated` with a Google account in it.
pub(super) fn google_linked() -> Result<Value, CommandError> {
    parse("user.updated", GOOGLE_LINKED)
}

fn parse(kind: &str, body: &str) -> Result<Value, CommandError> {
    serde_json::from_str(body).map_err(|error| unusable(kind, &error.to_string()))
}

fn unusable(kind: &str, problem: &str) -> CommandError {
    CommandError::Payload { name: kind.to_owned(), problem: problem.to_owned() }
}
