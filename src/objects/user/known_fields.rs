//! The known fields of a user.

use crate::domain::clerk_object::{ClerkObject, message_with};

/// The message about a user.
pub static MESSAGE: ClerkObject = message_with!(&USER);

/// A user.
pub static USER: ClerkObject = ClerkObject {
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
    redacted: &[],
};

static EMAIL_ADDRESS: ClerkObject = ClerkObject {
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
    redacted: &[],
};

static PHONE_NUMBER: ClerkObject = ClerkObject {
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
    redacted: &[],
};

static WEB3_WALLET: ClerkObject = ClerkObject {
    fields: &["created_at", "id", "object", "updated_at", "verification", "web3_wallet"],
    nested: &[("verification", &VERIFICATION)],
    redacted: &[],
};

static PASSKEY: ClerkObject = ClerkObject {
    fields: &["created_at", "id", "last_used_at", "name", "object", "updated_at", "verification"],
    nested: &[("verification", &VERIFICATION)],
    redacted: &[],
};

/// `provider` and `type` of an identification that an address is linked to.
static LINK: ClerkObject = ClerkObject { fields: &["id", "type"], nested: &[], redacted: &[] };

static VERIFICATION: ClerkObject = ClerkObject {
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
    redacted: &[],
};

static ERROR: ClerkObject = ClerkObject {
    fields: &["code", "long_message", "message", "meta"],
    nested: &[],
    redacted: &[],
};

static EXTERNAL_ACCOUNT: ClerkObject = ClerkObject {
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
    redacted: &[],
};

static ENTERPRISE_ACCOUNT: ClerkObject = ClerkObject {
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
    redacted: &[],
};

static CONNECTION: ClerkObject = ClerkObject {
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
    redacted: &[],
};

static SCIM: ClerkObject = ClerkObject {
    fields: &["directory_enabled", "directory_id", "external_id"],
    nested: &[],
    redacted: &[],
};
