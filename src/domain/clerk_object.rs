//! The fields of Clerk's objects.
//!
//! A field that Clerk added since is unknown: it is counted, and redacted if its name may be that
//! of a secret. Sources: Clerk's webhook specification 2025-04-15, the types of its SDK, and
//! deliveries that were published since 2023.

use std::cmp::Ordering;

use super::local_event::{SESSION_FETCHED, USER_FETCHED, USER_MISSING};

/// The fields of an object of Clerk's.
#[derive(Debug)]
pub struct ClerkObject {
    /// All known fields, sorted.
    fields: &'static [&'static str],
    /// The fields that hold an object or an array of objects with known fields.
    nested: &'static [(&'static str, &'static Self)],
}

impl ClerkObject {
    /// Returns the fields of the message of an event type that is synced. For another type, only
    /// the envelope is known.
    #[must_use]
    pub fn message(kind: &str) -> &'static Self {
        match kind {
            "user.deleted" | USER_MISSING => &DELETION_MESSAGE,
            SESSION_FETCHED => &SESSION_MESSAGE,
            USER_FETCHED => &USER_MESSAGE,
            _ if kind.starts_with("user.") => &USER_MESSAGE,
            _ if kind.starts_with("session.") => &SESSION_MESSAGE,
            _ => &ENVELOPE,
        }
    }

    /// Returns whether the object is known to have a field.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.fields.binary_search(&field).is_ok()
    }

    /// Returns a search for fields in ascending order, which is faster than [`Self::has`].
    #[must_use]
    pub fn search(&self) -> FieldSearch {
        FieldSearch { rest: self.fields }
    }

    /// Returns the fields of the objects in a field. An unknown object has no known field.
    #[must_use]
    pub fn nested(&self, field: &str) -> &'static Self {
        let nested = self.nested.iter().find(|(name, _)| *name == field);
        nested.map_or(&UNKNOWN, |(_, object)| object)
    }
}

/// A search for fields in ascending order.
#[derive(Debug)]
pub struct FieldSearch {
    /// The known fields that are not less than the last one that was searched.
    rest: &'static [&'static str],
}

impl FieldSearch {
    /// Returns whether the object is known to have a field. The field must not be less than the
    /// previous one.
    pub fn has(&mut self, field: &str) -> bool {
        while let [first, rest @ ..] = self.rest {
            match (*first).cmp(field) {
                Ordering::Less => self.rest = rest,
                order => return order.is_eq(),
            }
        }
        false
    }
}

/// An object of which no field is known.
const UNKNOWN: ClerkObject = ClerkObject { fields: &[], nested: &[] };

const ENVELOPE_FIELDS: &[&str] =
    &["data", "event_attributes", "instance_id", "object", "timestamp", "type"];

const ENVELOPE: ClerkObject =
    ClerkObject { fields: ENVELOPE_FIELDS, nested: &[("event_attributes", &EVENT_ATTRIBUTES)] };

const USER_MESSAGE: ClerkObject = ClerkObject {
    fields: ENVELOPE_FIELDS,
    nested: &[("data", &USER), ("event_attributes", &EVENT_ATTRIBUTES)],
};

const SESSION_MESSAGE: ClerkObject = ClerkObject {
    fields: ENVELOPE_FIELDS,
    nested: &[("data", &SESSION), ("event_attributes", &EVENT_ATTRIBUTES)],
};

const DELETION_MESSAGE: ClerkObject = ClerkObject {
    fields: ENVELOPE_FIELDS,
    nested: &[("data", &DELETED_OBJECT), ("event_attributes", &EVENT_ATTRIBUTES)],
};

const EVENT_ATTRIBUTES: ClerkObject =
    ClerkObject { fields: &["http_request"], nested: &[("http_request", &HTTP_REQUEST)] };

const HTTP_REQUEST: ClerkObject = ClerkObject { fields: &["client_ip", "user_agent"], nested: &[] };

const DELETED_OBJECT: ClerkObject =
    ClerkObject { fields: &["deleted", "external_id", "id", "object", "slug"], nested: &[] };

const USER: ClerkObject = ClerkObject {
    fields: &[
        "backup_code_enabled",
        "banned",
        "birthday",
        "bypass_client_trust",
        "create_organization_enabled",
        "create_organizations_limit",
        "created_at",
        "delete_self_enabled",
        "deprovisioned",
        "email_addresses",
        "enterprise_accounts",
        "external_accounts",
        "external_id",
        "first_name",
        "gender",
        "has_image",
        "id",
        "image_url",
        "last_active_at",
        "last_name",
        "last_sign_in_at",
        "legal_accepted_at",
        "locale",
        "locked",
        "lockout_expires_in_seconds",
        "mfa_disabled_at",
        "mfa_enabled_at",
        "object",
        "organization_memberships",
        "passkeys",
        "password_enabled",
        "password_last_updated_at",
        "phone_numbers",
        "primary_email_address_id",
        "primary_phone_number_id",
        "primary_web3_wallet_id",
        "private_metadata",
        "profile_image_url",
        "public_metadata",
        "requires_password_reset",
        "saml_accounts",
        "scim",
        "timezone",
        "totp_enabled",
        "two_factor_enabled",
        "unsafe_metadata",
        "updated_at",
        "username",
        "verification_attempts_remaining",
        "web3_wallets",
    ],
    nested: &[
        ("email_addresses", &EMAIL_ADDRESS),
        ("enterprise_accounts", &ENTERPRISE_ACCOUNT),
        ("external_accounts", &EXTERNAL_ACCOUNT),
        ("passkeys", &PASSKEY),
        ("phone_numbers", &PHONE_NUMBER),
        ("saml_accounts", &ENTERPRISE_ACCOUNT),
        ("scim", &SCIM),
        ("web3_wallets", &WEB3_WALLET),
    ],
};

const EMAIL_ADDRESS: ClerkObject = ClerkObject {
    fields: &[
        "created_at",
        "email_address",
        "id",
        "linked_to",
        "matches_sso_connection",
        "object",
        "reserved",
        "updated_at",
        "verification",
    ],
    nested: &[("linked_to", &LINK), ("verification", &VERIFICATION)],
};

const PHONE_NUMBER: ClerkObject = ClerkObject {
    fields: &[
        "backup_codes",
        "created_at",
        "default_second_factor",
        "id",
        "linked_to",
        "object",
        "phone_number",
        "reserved",
        "reserved_for_second_factor",
        "updated_at",
        "verification",
    ],
    nested: &[("linked_to", &LINK), ("verification", &VERIFICATION)],
};

const WEB3_WALLET: ClerkObject = ClerkObject {
    fields: &["created_at", "id", "object", "updated_at", "verification", "web3_wallet"],
    nested: &[("verification", &VERIFICATION)],
};

const PASSKEY: ClerkObject = ClerkObject {
    fields: &["created_at", "id", "last_used_at", "name", "object", "updated_at", "verification"],
    nested: &[("verification", &VERIFICATION)],
};

/// `provider` and `type` of an identification that an address is linked to.
const LINK: ClerkObject = ClerkObject { fields: &["id", "type"], nested: &[] };

const VERIFICATION: ClerkObject = ClerkObject {
    fields: &[
        "attempts",
        "channel",
        "error",
        "expire_at",
        "external_verification_redirect_url",
        "id",
        "message",
        "nonce",
        "object",
        "status",
        "strategy",
        "verified_at_client",
    ],
    nested: &[("error", &ERROR)],
};

const ERROR: ClerkObject =
    ClerkObject { fields: &["code", "long_message", "message", "meta"], nested: &[] };

const EXTERNAL_ACCOUNT: ClerkObject = ClerkObject {
    fields: &[
        "approved_scopes",
        "avatar_url",
        "created_at",
        "email_address",
        "email_address_verified",
        "external_account_id",
        "facebook_id",
        "family_name",
        "first_name",
        "given_name",
        "google_id",
        "id",
        "identification_id",
        "image_url",
        "label",
        "last_name",
        "object",
        "phone_number",
        "picture",
        "provider",
        "provider_user_id",
        "public_metadata",
        "updated_at",
        "username",
        "verification",
    ],
    nested: &[("verification", &VERIFICATION)],
};

const ENTERPRISE_ACCOUNT: ClerkObject = ClerkObject {
    fields: &[
        "active",
        "created_at",
        "email_address",
        "enterprise_connection",
        "enterprise_connection_id",
        "first_name",
        "id",
        "last_authenticated_at",
        "last_name",
        "object",
        "protocol",
        "provider",
        "provider_user_id",
        "public_metadata",
        "saml_connection",
        "updated_at",
        "verification",
    ],
    nested: &[
        ("enterprise_connection", &CONNECTION),
        ("saml_connection", &CONNECTION),
        ("verification", &VERIFICATION),
    ],
};

const CONNECTION: ClerkObject = ClerkObject {
    fields: &[
        "active",
        "allow_idp_initiated",
        "allow_subdomains",
        "created_at",
        "disable_additional_identifications",
        "domain",
        "domains",
        "id",
        "logo_public_url",
        "name",
        "object",
        "protocol",
        "provider",
        "sync_user_attributes",
        "updated_at",
    ],
    nested: &[],
};

const SCIM: ClerkObject =
    ClerkObject { fields: &["directory_enabled", "directory_id", "external_id"], nested: &[] };

const SESSION: ClerkObject = ClerkObject {
    fields: &[
        "abandon_at",
        "actor",
        "client_id",
        "created_at",
        "expire_at",
        "id",
        "last_active_at",
        "last_active_organization_id",
        "latest_activity",
        "object",
        "status",
        "tasks",
        "updated_at",
        "user",
        "user_id",
    ],
    nested: &[("latest_activity", &SESSION_ACTIVITY), ("tasks", &TASK), ("user", &USER)],
};

const SESSION_ACTIVITY: ClerkObject = ClerkObject {
    fields: &[
        "browser_name",
        "browser_version",
        "city",
        "country",
        "device_type",
        "id",
        "ip_address",
        "is_mobile",
        "object",
    ],
    nested: &[],
};

const TASK: ClerkObject = ClerkObject { fields: &["key", "object"], nested: &[] };

#[cfg(test)]
mod tests {
    use super::{ClerkObject, SESSION_MESSAGE, USER_MESSAGE};

    fn assert_sorted(object: &ClerkObject) {
        assert!(object.fields.is_sorted_by(|a, b| a < b), "{:?}", object.fields);
        for (field, nested) in object.nested {
            assert!(object.has(field), "{field}");
            assert_sorted(nested);
        }
    }

    #[test]
    fn fields_are_sorted() {
        for kind in ["user.updated", "user.deleted", "session.ended", "email.created"] {
            assert_sorted(ClerkObject::message(kind));
        }
    }

    #[test]
    fn search_finds_the_known_fields() {
        let user = USER_MESSAGE.nested("data");
        let mut fields = [user.fields, &["", "aaa", "code", "image", "zzz"]].concat();
        fields.sort_unstable();
        let mut search = user.search();
        let found = fields.into_iter().filter(|field| search.has(field));
        assert_eq!(found.collect::<Vec<_>>(), user.fields);
    }

    #[test]
    fn fields_are_known_in_their_object() {
        let user = USER_MESSAGE.nested("data");
        assert!(user.has("first_name") && !user.has("code") && !user.has("nonce"));
        let verification = user.nested("phone_numbers").nested("verification");
        assert!(verification.has("nonce") && verification.nested("error").has("code"));
        assert!(SESSION_MESSAGE.nested("data").nested("user").has("first_name"));
        assert!(!ClerkObject::message("email.created").nested("data").has("id"));
        assert!(ClerkObject::message("user.deleted").nested("data").has("slug"));
    }
}
