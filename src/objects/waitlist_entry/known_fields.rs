//! The known fields of an entry of the waitlist.

use crate::domain::clerk_object::{ClerkObject, message_with};

/// The message about an entry of the waitlist.
pub static MESSAGE: ClerkObject = message_with!(&WAITLIST_ENTRY);

static WAITLIST_ENTRY: ClerkObject = ClerkObject {
    fields: &[
        "created_at",
        "email_address",
        "id",
        "invitation",
        "is_locked",
        "object",
        "status",
        "updated_at",
    ],
    nested: &[("invitation", &INVITATION)],
    redacted: &[],
};

static INVITATION: ClerkObject = ClerkObject {
    fields: &[
        "created_at",
        "email_address",
        "id",
        "object",
        "public_metadata",
        "revoked",
        "status",
        "updated_at",
        "url",
    ],
    nested: &[],
    // It contains the token that accepts the invitation.
    redacted: &["url"],
};
