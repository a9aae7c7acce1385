//! The known fields of an invitation.

use crate::{
    domain::clerk_object::{ClerkObject, message_with},
    objects::{
        membership::known_fields::PUBLIC_USER_DATA,
        organization::known_fields::PUBLIC_ORGANIZATION_DATA,
    },
};

/// The message about an invitation.
pub static MESSAGE: ClerkObject = message_with!(&INVITATION);

const FIELDS: &[&str] = &[
    "created_at",
    "data",
    "email_address",
    "expires_at",
    "id",
    "inviter_id",
    "object",
    "organization_id",
    "private_metadata",
    "public_inviter_data",
    "public_metadata",
    "public_organization_data",
    "role",
    "role_name",
    "status",
    "updated_at",
    "url",
    "user_id",
];

/// `url` contains the token that accepts the invitation.
const REDACTED: &[&str] = &["url"];

static INVITATION: ClerkObject = ClerkObject {
    fields: FIELDS,
    nested: &[
        ("data", &NESTED_INVITATION),
        ("public_inviter_data", &PUBLIC_USER_DATA),
        ("public_organization_data", &PUBLIC_ORGANIZATION_DATA),
    ],
    redacted: REDACTED,
};

/// The invitation inside the data of an accepted one.
static NESTED_INVITATION: ClerkObject = ClerkObject {
    fields: FIELDS,
    nested: &[
        ("public_inviter_data", &PUBLIC_USER_DATA),
        ("public_organization_data", &PUBLIC_ORGANIZATION_DATA),
    ],
    redacted: REDACTED,
};
