//! The known fields of a membership.

use crate::{
    domain::clerk_object::{ClerkObject, message_with},
    objects::organization::known_fields::ORGANIZATION,
};

/// The message about a membership.
pub static MESSAGE: ClerkObject = message_with!(&MEMBERSHIP);

static MEMBERSHIP: ClerkObject = ClerkObject {
    fields: &[
        "created_at",
        "deleted",
        "id",
        "object",
        "organization",
        "permissions",
        "private_metadata",
        "public_metadata",
        "public_user_data",
        "role",
        "role_name",
        "updated_at",
    ],
    nested: &[("organization", &ORGANIZATION), ("public_user_data", &PUBLIC_USER_DATA)],
    redacted: &[],
};

/// The part of a user that Clerk embeds. It grows stale, and is read from the user instead.
pub static PUBLIC_USER_DATA: ClerkObject = ClerkObject {
    fields: &[
        "banned",
        "deprovisioned",
        "first_name",
        "has_image",
        "identifier",
        "image_url",
        "last_name",
        "profile_image_url",
        "user_id",
        "username",
    ],
    nested: &[],
    redacted: &[
        "first_name",
        "identifier",
        "image_url",
        "last_name",
        "profile_image_url",
        "username",
    ],
};
