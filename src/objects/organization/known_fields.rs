//! The known fields of an organization.

use crate::domain::clerk_object::{ClerkObject, message_with};

/// The message about an organization.
pub static MESSAGE: ClerkObject = message_with!(&ORGANIZATION);

/// An organization.
pub static ORGANIZATION: ClerkObject = ClerkObject {
    fields: &[
        "admin_delete_enabled",
        "created_at",
        "created_by",
        "has_image",
        "id",
        "image_url",
        "last_active_at",
        "logo_url",
        "max_allowed_memberships",
        "members_count",
        "missing_member_with_elevated_permissions",
        "name",
        "object",
        "pending_invitations_count",
        "private_metadata",
        "public_metadata",
        "role_set_key",
        "slug",
        "updated_at",
    ],
    nested: &[],
    redacted: &[],
};

/// The part of an organization that Clerk embeds in invitations and domains.
pub static PUBLIC_ORGANIZATION_DATA: ClerkObject = ClerkObject {
    fields: &["has_image", "id", "image_url", "name", "slug"],
    nested: &[],
    redacted: &[],
};
