//! The known fields of a subscription.

use crate::{
    domain::clerk_object::{ClerkObject, message_with},
    objects::billing::known_fields::{NEXT_PAYMENT, PAYER, SUBSCRIPTION_ITEM},
};

/// The message about a subscription.
pub static MESSAGE: ClerkObject = message_with!(&SUBSCRIPTION);

static SUBSCRIPTION: ClerkObject = ClerkObject {
    fields: &[
        "active_at",
        "canceled_at",
        "created_at",
        "eligible_for_free_trial",
        "ended_at",
        "id",
        "instance_id",
        "items",
        "latest_payment_id",
        "next_payment",
        "object",
        "past_due_at",
        "payer",
        "payer_id",
        "payment_source_id",
        "status",
        "subscription_items",
        "updated_at",
    ],
    nested: &[
        ("items", &SUBSCRIPTION_ITEM),
        ("next_payment", &NEXT_PAYMENT),
        ("payer", &PAYER),
        ("subscription_items", &SUBSCRIPTION_ITEM),
    ],
    redacted: &[],
};
