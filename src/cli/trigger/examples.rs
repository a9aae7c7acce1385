//! An example event of every type: the basic fixtures.

use std::path::Path;

use serde_json::Value;

use crate::cli::{CommandError, fixtures};

/// Clerk's event types. The example of `user.created` is `fixtures/user/created.json`.
const TYPES: &[&str] = &[
    "user.created",
    "user.updated",
    "user.deleted",
    "session.created",
    "session.pending",
    "session.ended",
    "session.removed",
    "session.revoked",
    "email.created",
    "sms.created",
    "organization.created",
    "organization.updated",
    "organization.deleted",
    "organizationDomain.created",
    "organizationDomain.updated",
    "organizationDomain.deleted",
    "organizationInvitation.created",
    "organizationInvitation.accepted",
    "organizationInvitation.revoked",
    "organizationMembership.created",
    "organizationMembership.updated",
    "organizationMembership.deleted",
    "permission.created",
    "permission.updated",
    "permission.deleted",
    "role.created",
    "role.updated",
    "role.deleted",
    "subscription.created",
    "subscription.updated",
    "subscription.active",
    "subscription.pastDue",
    "subscriptionItem.abandoned",
    "subscriptionItem.active",
    "subscriptionItem.canceled",
    "subscriptionItem.ended",
    "subscriptionItem.freeTrialEnding",
    "subscriptionItem.incomplete",
    "subscriptionItem.pastDue",
    "subscriptionItem.upcoming",
    "subscriptionItem.updated",
    "paymentAttempt.created",
    "paymentAttempt.updated",
    "waitlistEntry.created",
    "waitlistEntry.updated",
];

/// A `user.updated` event of a user who has linked a Google account. Clerk has no event type for
/// linking.
const GOOGLE_LINKED: &str = "fixtures/user/updated-google-linked.json";

/// Returns the event types.
pub(super) fn types() -> impl Iterator<Item = &'static str> {
    TYPES.iter().copied()
}

/// Returns the example event of a type.
pub(super) fn example(kind: &str) -> Result<Value, CommandError> {
    match TYPES.contains(&kind) {
        true => read(kind, &format!("fixtures/{}.json", kind.replacen('.', "/", 1))),
        false => Err(invalid(kind, "is not an event type of Clerk")),
    }
}

/// Returns an example of a `user.updated` event with a Google account.
pub(super) fn google_linked() -> Result<Value, CommandError> {
    read("user.updated", GOOGLE_LINKED)
}

fn read(kind: &str, path: &str) -> Result<Value, CommandError> {
    let (_, text) = fixtures::at(Path::new(path))
        .next()
        .ok_or_else(|| invalid(kind, "has no example in this program"))?;
    serde_json::from_str(text).map_err(|error| invalid(kind, &error.to_string()))
}

fn invalid(kind: &str, problem: &str) -> CommandError {
    CommandError::Payload { name: kind.to_owned(), problem: problem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{example, google_linked, types};

    #[test]
    fn every_type_has_its_example() {
        for kind in types() {
            assert_eq!(example(kind).unwrap()["type"], kind);
        }
        google_linked().unwrap();
        assert!(example("user.vanished").is_err());
    }
}
