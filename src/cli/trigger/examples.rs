//! An example event of every type: the basic fixtures, built into the program.

use serde_json::Value;

use crate::cli::CommandError;

/// Includes the fixtures of event types, given as families and their events.
macro_rules! fixtures {
    ($($family:literal: $($event:literal)+;)+) => {
        &[$($((
            concat!($family, ".", $event),
            include_str!(concat!("../../../fixtures/", $family, "/", $event, ".json")),
        ),)+)+]
    };
}

/// Clerk's event types, each with its example as JSON.
const EXAMPLES: &[(&str, &str)] = fixtures! {
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

/// A `user.updated` event of a user who has linked a Google account. Clerk has no event type for
/// linking.
const GOOGLE_LINKED: &str = include_str!("../../../fixtures/user/updated-google-linked.json");

/// Returns the event types.
pub(super) fn types() -> impl Iterator<Item = &'static str> {
    EXAMPLES.iter().map(|(kind, _)| *kind)
}

/// Returns the example event of a type.
pub(super) fn example(kind: &str) -> Result<Value, CommandError> {
    match EXAMPLES.iter().find(|(known, _)| *known == kind) {
        Some((_, body)) => parse(kind, body),
        None => Err(invalid(kind, "is not an event type of Clerk")),
    }
}

/// Returns an example of a `user.updated` event with a Google account.
pub(super) fn google_linked() -> Result<Value, CommandError> {
    parse("user.updated", GOOGLE_LINKED)
}

fn parse(kind: &str, body: &str) -> Result<Value, CommandError> {
    serde_json::from_str(body).map_err(|error| invalid(kind, &error.to_string()))
}

fn invalid(kind: &str, problem: &str) -> CommandError {
    CommandError::Payload { name: kind.to_owned(), problem: problem.to_owned() }
}
