//! The known fields of an item of a subscription.

use crate::{
    domain::clerk_object::{ClerkObject, message_with},
    objects::billing::known_fields::SUBSCRIPTION_ITEM,
};

/// The message about an item of a subscription.
pub static MESSAGE: ClerkObject = message_with!(&SUBSCRIPTION_ITEM);
