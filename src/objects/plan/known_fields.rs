//! The known fields of a plan, which only the Backend API returns as an object of its own.

use crate::{
    domain::clerk_object::{ClerkObject, UNOWNED_ATTRIBUTES, message_with},
    objects::billing::known_fields::PLAN,
};

/// The message about a plan.
pub static MESSAGE: ClerkObject = message_with!(&PLAN, &UNOWNED_ATTRIBUTES);
