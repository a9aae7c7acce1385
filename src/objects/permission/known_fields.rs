//! The known fields of a permission.

use crate::domain::clerk_object::{ClerkObject, UNOWNED_ATTRIBUTES, message_with};

/// The message about a permission.
pub static MESSAGE: ClerkObject = message_with!(&PERMISSION, &UNOWNED_ATTRIBUTES);

/// A permission.
pub static PERMISSION: ClerkObject = ClerkObject {
    fields: &[
        "created_at",
        "deleted",
        "description",
        "id",
        "key",
        "name",
        "object",
        "slug",
        "type",
        "updated_at",
    ],
    nested: &[],
    redacted: &[],
};
