//! The known fields of a session.

use crate::{
    domain::clerk_object::{ClerkObject, message_with},
    objects::user::known_fields::USER,
};

/// The message about a session.
pub static MESSAGE: ClerkObject = message_with!(&SESSION);

/// A session.
pub static SESSION: ClerkObject = ClerkObject {
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
    redacted: &[],
};

static SESSION_ACTIVITY: ClerkObject = ClerkObject {
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
    redacted: &[],
};

static TASK: ClerkObject = ClerkObject { fields: &["key", "object"], nested: &[], redacted: &[] };
