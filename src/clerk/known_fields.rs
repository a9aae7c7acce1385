//! Event types and fields that Clerk is known to send.
//!
//! No delivery is rejected for an unknown type or field. They are counted, so that an operator can
//! see that Clerk has changed. Sources: Clerk's webhook specification 2025-04-15, the types of its
//! SDK, and deliveries that were published since 2023.

use std::collections::BTreeSet;

use serde_json::Value;

use super::redact;
use crate::domain::secrets;

/// Maximum length of the name of a type or field in bytes.
const MAX_NAME: usize = 64;

/// All known event types, sorted.
const TYPES: [&str; 50] = [
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

/// All known fields of user and session events, at any depth, sorted.
const FIELDS: [&str; 129] = [
    "abandon_at",
    "active",
    "actor",
    "allow_idp_initiated",
    "allow_subdomains",
    "approved_scopes",
    "attempts",
    "avatar_url",
    "backup_code_enabled",
    "backup_codes",
    "banned",
    "birthday",
    "browser_name",
    "browser_version",
    "bypass_client_trust",
    "channel",
    "city",
    "client_id",
    "client_ip",
    "code",
    "country",
    "create_organization_enabled",
    "create_organizations_limit",
    "created_at",
    "data",
    "default_second_factor",
    "delete_self_enabled",
    "deleted",
    "deprovisioned",
    "device_type",
    "directory_enabled",
    "directory_id",
    "disable_additional_identifications",
    "domain",
    "domains",
    "email_address",
    "email_address_verified",
    "email_addresses",
    "enterprise_accounts",
    "enterprise_connection",
    "enterprise_connection_id",
    "error",
    "event_attributes",
    "expire_at",
    "external_account_id",
    "external_accounts",
    "external_id",
    "external_verification_redirect_url",
    "facebook_id",
    "family_name",
    "first_name",
    "gender",
    "given_name",
    "google_id",
    "has_image",
    "http_request",
    "id",
    "identification_id",
    "image_url",
    "instance_id",
    "ip_address",
    "is_mobile",
    "key",
    "label",
    "last_active_at",
    "last_active_organization_id",
    "last_authenticated_at",
    "last_name",
    "last_sign_in_at",
    "last_used_at",
    "latest_activity",
    "legal_accepted_at",
    "linked_to",
    "locale",
    "locked",
    "lockout_expires_in_seconds",
    "logo_public_url",
    "long_message",
    "matches_sso_connection",
    "message",
    "meta",
    "mfa_disabled_at",
    "mfa_enabled_at",
    "name",
    "nonce",
    "object",
    "organization_memberships",
    "passkeys",
    "password_enabled",
    "password_last_updated_at",
    "phone_number",
    "phone_numbers",
    "picture",
    "primary_email_address_id",
    "primary_phone_number_id",
    "primary_web3_wallet_id",
    "private_metadata",
    "profile_image_url",
    "protocol",
    "provider",
    "provider_user_id",
    "public_metadata",
    "requires_password_reset",
    "reserved",
    "reserved_for_second_factor",
    "saml_accounts",
    "saml_connection",
    "scim",
    "slug",
    "status",
    "strategy",
    "sync_user_attributes",
    "tasks",
    "timestamp",
    "timezone",
    "totp_enabled",
    "two_factor_enabled",
    "type",
    "unsafe_metadata",
    "updated_at",
    "user",
    "user_agent",
    "user_id",
    "username",
    "verification",
    "verification_attempts_remaining",
    "verified_at_client",
    "web3_wallet",
    "web3_wallets",
];

/// Returns the event types whose fields are known.
pub fn inspected_types() -> impl Iterator<Item = &'static str> {
    TYPES.into_iter().filter(|kind| kind.starts_with("session.") || kind.starts_with("user."))
}

/// Returns whether Clerk is known to send events of this type.
#[must_use]
pub fn is_known_type(kind: &str) -> bool {
    TYPES.binary_search(&kind).is_ok()
}

/// Returns the names of the unknown fields of a user or session event. Metadata is skipped, because
/// its fields are the customer's.
#[must_use]
pub fn unknown_fields(body: &str) -> BTreeSet<String> {
    let mut unknown = BTreeSet::new();
    if let Ok(body) = serde_json::from_str(body) {
        collect(&body, &mut unknown);
    }
    unknown
}

/// Returns whether a text can be the name of a type or field, which are short words. Other texts
/// may be personal data, and are not shown.
#[must_use]
pub fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_NAME && redact::is_word(text)
}

fn collect(value: &Value, unknown: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if FIELDS.binary_search(&&**key).is_err() {
                    // The fields inside an unknown field are unknown too, and are not listed.
                    unknown.extend(Some(key).filter(|key| is_name(key)).cloned());
                } else if !secrets::is_customer_json(key) {
                    collect(value, unknown);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, unknown)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{FIELDS, TYPES, is_known_type, is_name, unknown_fields};

    #[test]
    fn types_and_fields_are_sorted() {
        assert!(TYPES.is_sorted() && FIELDS.is_sorted());
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
