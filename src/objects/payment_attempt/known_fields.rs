//! The known fields of a payment attempt.

use crate::{
    domain::clerk_object::{ClerkObject, message_with},
    objects::billing::known_fields::{PAYEE, PAYER, PAYMENT_METHOD, SUBSCRIPTION_ITEM, TOTALS},
};

/// The message about a payment attempt.
pub static MESSAGE: ClerkObject = message_with!(&PAYMENT_ATTEMPT);

static PAYMENT_ATTEMPT: ClerkObject = ClerkObject {
    fields: &[
        "billing_date",
        "charge_type",
        "created_at",
        "failed_at",
        "failed_reason",
        "gateway_external_id",
        "gateway_external_url",
        "id",
        "instance_id",
        "invoice_id",
        "object",
        "paid_at",
        "payee",
        "payee_id",
        "payer",
        "payer_id",
        "payment_id",
        "payment_method",
        "payment_method_id",
        "payment_source",
        "payment_source_id",
        "statement_id",
        "status",
        "subscription_items",
        "totals",
        "updated_at",
    ],
    nested: &[
        ("failed_reason", &FAILED_REASON),
        ("payee", &PAYEE),
        ("payer", &PAYER),
        ("payment_method", &PAYMENT_METHOD),
        ("payment_source", &PAYMENT_METHOD),
        ("subscription_items", &SUBSCRIPTION_ITEM),
        ("totals", &TOTALS),
    ],
    redacted: &["gateway_external_id", "gateway_external_url"],
};

static FAILED_REASON: ClerkObject =
    ClerkObject { fields: &["code", "decline_code"], nested: &[], redacted: &[] };
