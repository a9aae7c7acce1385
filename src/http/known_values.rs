//! Known values of open sets, for the API description. A later version of Clerk or of the service
//! can add values.

/// Extension of a schema that lists the known values of an open set. `enum` lists a closed set.
pub(super) const EXTENSION: &str = "x-extensible-enum";

/// Extension of a schema that describes the known values, in the same order.
pub(super) const DESCRIPTIONS: &str = "x-enum-descriptions";

/// Statuses of sessions.
pub(super) const SESSION_STATUSES: [&str; 8] =
    ["active", "pending", "ended", "expired", "removed", "replaced", "revoked", "abandoned"];

/// Statuses of verifications, also of linked accounts and domains.
pub(super) const VERIFICATION_STATUSES: [&str; 5] =
    ["unverified", "verified", "transferable", "failed", "expired"];

/// Kinds of verified objects.
pub(super) const VERIFICATION_KINDS: [&str; 6] =
    ["email", "phone", "web3", "passkey", "external_account", "enterprise_account"];

/// Verification methods. Those of OAuth name the provider, of which only one is listed.
pub(super) const VERIFICATION_STRATEGIES: [&str; 11] = [
    "admin",
    "email_code",
    "email_link",
    "phone_code",
    "ticket",
    "passkey",
    "saml",
    "scim",
    "oauth_google",
    "from_oauth_google",
    "web3_metamask_signature",
];

/// Providers of linked accounts. `credential` is the password.
pub(super) const PROVIDERS: [&str; 10] = [
    "credential",
    "apple",
    "discord",
    "facebook",
    "github",
    "gitlab",
    "google",
    "linkedin_oidc",
    "microsoft",
    "slack",
];

/// Keys of the roles that a Clerk instance has by default.
pub(super) const ROLES: [&str; 2] = ["org:admin", "org:member"];

/// Statuses of invitations.
pub(super) const INVITATION_STATUSES: [&str; 4] = ["pending", "accepted", "revoked", "expired"];

/// Ways in which users with an address in a domain join.
pub(super) const ENROLLMENT_MODES: [&str; 4] =
    ["manual_invitation", "automatic_invitation", "automatic_suggestion", "enterprise_sso"];

/// Reasons for which endpoints are disabled.
pub(super) const DISABLED_REASONS: [&str; 3] = ["operator", "gone", "failing"];

/// Types of permissions.
pub(super) const PERMISSION_TYPES: [&str; 3] = ["system", "user", "custom"];

/// Statuses of subscriptions.
pub(super) const SUBSCRIPTION_STATUSES: [&str; 6] =
    ["active", "past_due", "canceled", "ended", "abandoned", "incomplete"];

/// Statuses of items of subscriptions.
pub(super) const ITEM_STATUSES: [&str; 8] =
    ["active", "past_due", "canceled", "upcoming", "ended", "expired", "abandoned", "incomplete"];

/// Periods for which plans are paid.
pub(super) const PLAN_PERIODS: [&str; 2] = ["month", "annual"];

/// Payers who can have a plan.
pub(super) const PAYER_TYPES: [&str; 2] = ["user", "org"];

/// Statuses of payment attempts.
pub(super) const PAYMENT_STATUSES: [&str; 3] = ["pending", "paid", "failed"];

/// Causes of charges.
pub(super) const CHARGE_TYPES: [&str; 2] = ["checkout", "recurring"];

/// Codes of the findings of the status.
pub(super) const FINDING_CODES: [&str; 18] = [
    "database_unavailable",
    "database_standby",
    "queue_full",
    "queue_filling",
    "deletions_blocked",
    "events_failing",
    "events_failed",
    "all_quarantined",
    "all_ignored",
    "all_stale",
    "all_duplicate",
    "all_refused",
    "silence",
    "endpoint_disabled",
    "endpoint_failing",
    "clock_offset",
    "objects_differ",
    "objects_not_compared",
];

/// Codes of the steps of the set-up.
pub(super) const SETUP_CODES: [&str; 5] =
    ["signing_secret", "first_delivery", "delivery_path", "instance_id", "existing_users"];
