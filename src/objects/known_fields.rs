//! Event types and fields that Clerk is known to send.
//!
//! No delivery is rejected for an unknown type or field. They are counted, so that an operator can
//! see that Clerk has changed. Sources: Clerk's webhook specification 2025-04-15, the types of its
//! SDK, and deliveries that were published since 2023. The known fields of a synced object are in
//! its module.

use std::collections::BTreeSet;

use super::{EventType, message_fields};
use crate::{
    clerk::redact,
    domain::{
        clerk_object::ClerkObject,
        json::{self, Json},
        secrets::is_customer_json,
    },
};

/// Maximum length of the name of a type or field in bytes.
const MAX_NAME: usize = 64;

/// All known event types, sorted.
pub const TYPES: [&str; 50] = [
    "email.created",
    "invitation.accepted",
    "invitation.created",
    "invitation.revoked",
    "organization.created",
    "organization.deleted",
    "organization.updated",
    "organizationDomain.created",
    "organizationDomain.deleted",
    "organizationDomain.updated",
    "organizationInvitation.accepted",
    "organizationInvitation.created",
    "organizationInvitation.revoked",
    "organizationMembership.created",
    "organizationMembership.deleted",
    "organizationMembership.updated",
    "paymentAttempt.created",
    "paymentAttempt.updated",
    "permission.created",
    "permission.deleted",
    "permission.updated",
    "role.created",
    "role.deleted",
    "role.updated",
    "session.created",
    "session.ended",
    "session.pending",
    "session.removed",
    "session.revoked",
    "sms.created",
    "subscription.active",
    "subscription.created",
    "subscription.pastDue",
    "subscription.updated",
    "subscriptionItem.abandoned",
    "subscriptionItem.active",
    "subscriptionItem.canceled",
    "subscriptionItem.created",
    "subscriptionItem.ended",
    "subscriptionItem.expired",
    "subscriptionItem.freeTrialEnding",
    "subscriptionItem.incomplete",
    "subscriptionItem.pastDue",
    "subscriptionItem.upcoming",
    "subscriptionItem.updated",
    "user.created",
    "user.deleted",
    "user.updated",
    "waitlistEntry.created",
    "waitlistEntry.updated",
];

/// Returns the event types whose fields are known.
pub fn inspected_types() -> impl Iterator<Item = &'static str> {
    TYPES.into_iter().filter(|event_type| EventType::of(event_type).is_some())
}

/// Returns whether Clerk is known to send events of this type.
#[must_use]
pub fn is_known_type(kind: &str) -> bool {
    TYPES.binary_search(&kind).is_ok()
}

/// Returns the names of the unknown fields of an event of a synced type. Metadata is skipped, because
/// its fields are the customer's.
#[must_use]
pub fn unknown_fields(body: &str) -> BTreeSet<String> {
    let mut unknown = BTreeSet::new();
    if let Ok(body) = json::parse(body) {
        let kind = body.get("type").and_then(Json::as_text).unwrap_or_default();
        collect(&body, message_fields(kind), &mut unknown);
    }
    unknown
}

/// Returns whether a text can be the name of a type or field, which are short words. Other texts
/// may be personal data, and are not shown.
#[must_use]
pub fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_NAME && redact::is_word(text)
}

fn collect(json: &Json<'_>, object: &ClerkObject, unknown: &mut BTreeSet<String>) {
    match json {
        Json::Object(entries) => {
            for (key, value) in entries {
                if object.has(key) {
                    collect(value, object.nested(key), unknown);
                } else if is_name(key) && !is_customer_json(key) {
                    // The fields inside an unknown field are unknown too, and are not listed.
                    unknown.insert(key.clone().into_owned());
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| collect(item, object, unknown)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{TYPES, is_known_type, is_name, unknown_fields};

    #[test]
    fn types_are_sorted() {
        assert!(TYPES.is_sorted());
    }

    #[test]
    fn unknown_fields_are_found_outside_metadata() {
        let body = r#"{"type":"user.updated","new_1":{"id":1},"data":{"id":"user_1","new_2":null,
            "email_addresses":[{"verification":{"new_3":{"inner":1}}}],
            "public_metadata":{"plan":"pro"},"an address@example.com":1}}"#;
        assert_eq!(unknown_fields(body), ["new_1", "new_2", "new_3"].map(str::to_owned).into());
        assert!(unknown_fields("{").is_empty());
    }

    #[test]
    fn unknown_types_and_names_are_recognized() {
        assert!(is_known_type("user.created") && is_known_type("waitlistEntry.updated"));
        assert!(!is_known_type("user.renamed") && !is_known_type(""));
        assert!(is_name("user.renamed") && !is_name("a b") && !is_name(&"a".repeat(65)));
    }
}
