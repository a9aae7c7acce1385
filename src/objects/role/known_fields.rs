//! The known fields of a role.

use crate::{
    domain::clerk_object::{ClerkObject, UNOWNED_ATTRIBUTES, message_with},
    objects::permission::known_fields::PERMISSION,
};

/// The message about a role.
pub static MESSAGE: ClerkObject = message_with!(&ROLE, &UNOWNED_ATTRIBUTES);

static ROLE: ClerkObject = ClerkObject {
    fields: &[
        "created_at",
        "deleted",
        "description",
        "id",
        "is_creator_eligible",
        "key",
        "name",
        "object",
        "permissions",
        "slug",
        "updated_at",
    ],
    nested: &[("permissions", &PERMISSION)],
    redacted: &[],
};
