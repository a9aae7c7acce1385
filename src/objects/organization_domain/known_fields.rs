//! The known fields of a domain.

use crate::{
    domain::clerk_object::{ClerkObject, message_with},
    objects::organization::known_fields::PUBLIC_ORGANIZATION_DATA,
};

/// The message about a domain.
pub static MESSAGE: ClerkObject = message_with!(&ORGANIZATION_DOMAIN);

static ORGANIZATION_DOMAIN: ClerkObject = ClerkObject {
    fields: &[
        "affiliation_email_address",
        "affiliation_verification",
        "created_at",
        "enrollment_mode",
        "id",
        "name",
        "object",
        "organization_id",
        "ownership_verification",
        "public_organization_data",
        "total_pending_invitations",
        "total_pending_suggestions",
        "updated_at",
        "verification",
    ],
    nested: &[
        ("affiliation_verification", &VERIFICATION),
        ("ownership_verification", &VERIFICATION),
        ("public_organization_data", &PUBLIC_ORGANIZATION_DATA),
        ("verification", &VERIFICATION),
    ],
    // The address of a person. No column has it.
    redacted: &["affiliation_email_address"],
};

static VERIFICATION: ClerkObject = ClerkObject {
    fields: &["attempts", "expire_at", "object", "status", "strategy", "verified_at"],
    nested: &[],
    redacted: &[],
};
