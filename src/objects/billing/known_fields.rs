//! The known fields of the objects that billing events embed.
//!
//! A payer, a payee and a payment method have names, addresses and card data. Of these objects only
//! the IDs, statuses and times are stored.

use crate::domain::clerk_object::{ALL_UNKNOWN, ClerkObject};

/// Payer, of which only the IDs and the times are stored.
pub static PAYER: ClerkObject = ClerkObject {
    fields: &[
        "created_at",
        "credits_balance",
        "email",
        "first_name",
        "id",
        "image_url",
        "instance_id",
        "last_name",
        "object",
        "organization_id",
        "organization_name",
        "updated_at",
        "user_id",
    ],
    nested: &[("credits_balance", &MONEY)],
    redacted: &[
        ALL_UNKNOWN,
        "credits_balance",
        "email",
        "first_name",
        "image_url",
        "last_name",
        "organization_name",
    ],
};

/// Recipient of a payment.
pub static PAYEE: ClerkObject = ClerkObject {
    fields: &[
        "created_at",
        "gateway_external_id",
        "gateway_status",
        "gateway_type",
        "id",
        "object",
        "status",
        "updated_at",
    ],
    nested: &[],
    redacted: &[ALL_UNKNOWN, "gateway_external_id"],
};

/// Payment method, which Clerk also calls the payment source.
pub static PAYMENT_METHOD: ClerkObject = ClerkObject {
    fields: &[
        "card_type",
        "created_at",
        "expiry_month",
        "expiry_year",
        "gateway",
        "gateway_external_account_id",
        "gateway_external_id",
        "id",
        "is_default",
        "is_removable",
        "last4",
        "object",
        "payer_id",
        "payment_method",
        "payment_type",
        "status",
        "updated_at",
        "wallet_type",
    ],
    nested: &[],
    redacted: &[
        ALL_UNKNOWN,
        "card_type",
        "expiry_month",
        "expiry_year",
        "gateway_external_account_id",
        "gateway_external_id",
        "last4",
        "wallet_type",
    ],
};

/// Amount of money.
pub static MONEY: ClerkObject = ClerkObject {
    fields: &["amount", "amount_formatted", "currency", "currency_symbol"],
    nested: &[],
    redacted: &[],
};

/// Totals of a payment or an item.
pub static TOTALS: ClerkObject = ClerkObject {
    fields: &["base_fee", "credits", "grand_total", "per_unit_totals", "subtotal", "tax_total"],
    nested: &[
        ("base_fee", &MONEY),
        ("credits", &CREDITS),
        ("grand_total", &MONEY),
        ("per_unit_totals", &UNIT_PRICE),
        ("subtotal", &MONEY),
        ("tax_total", &MONEY),
    ],
    redacted: &[],
};

/// Credit for the rest of a period.
static CREDIT: ClerkObject = ClerkObject {
    fields: &["amount", "cycle_days_remaining", "cycle_days_total", "cycle_remaining_percent"],
    nested: &[("amount", &MONEY)],
    redacted: &[],
};

/// Credits by their source.
static CREDITS: ClerkObject = ClerkObject {
    fields: &["payer", "proration", "total"],
    nested: &[("payer", &PAYER_CREDIT), ("proration", &CREDIT), ("total", &MONEY)],
    redacted: &[],
};

static PAYER_CREDIT: ClerkObject = ClerkObject {
    fields: &["applied_amount", "remaining_balance"],
    nested: &[("applied_amount", &MONEY), ("remaining_balance", &MONEY)],
    redacted: &[],
};

/// Price per unit, such as a seat.
pub static UNIT_PRICE: ClerkObject = ClerkObject {
    fields: &["block_size", "name", "tiers"],
    nested: &[("tiers", &TIER)],
    redacted: &[],
};

static TIER: ClerkObject = ClerkObject {
    fields: &[
        "amount_per_block",
        "currency",
        "ends_after_block",
        "fee_per_block",
        "quantity",
        "starts_at_block",
        "total",
    ],
    nested: &[("fee_per_block", &MONEY), ("total", &MONEY)],
    redacted: &[],
};

/// Plan, in the shapes of events and of the Backend API.
pub static PLAN: ClerkObject = ClerkObject {
    fields: &[
        "amount",
        "amount_formatted",
        "annual_amount",
        "annual_amount_formatted",
        "annual_fee",
        "annual_monthly_amount",
        "annual_monthly_amount_formatted",
        "annual_monthly_fee",
        "avatar_url",
        "currency",
        "currency_symbol",
        "description",
        "features",
        "fee",
        "for_payer_type",
        "free_trial_days",
        "free_trial_enabled",
        "has_base_fee",
        "id",
        "instance_id",
        "interval",
        "is_default",
        "is_prorated",
        "is_recurring",
        "name",
        "object",
        "payer_type",
        "period",
        "product_id",
        "publicly_visible",
        "slug",
        "unit_prices",
    ],
    nested: &[
        ("annual_fee", &MONEY),
        ("annual_monthly_fee", &MONEY),
        ("features", &FEATURE),
        ("fee", &MONEY),
        ("unit_prices", &UNIT_PRICE),
    ],
    redacted: &[],
};

static FEATURE: ClerkObject = ClerkObject {
    fields: &["avatar_url", "description", "id", "name", "object", "slug"],
    nested: &[],
    redacted: &[],
};

/// Item of a subscription, in the shapes of item events, subscription events, payment events and the
/// Backend API.
pub static SUBSCRIPTION_ITEM: ClerkObject = ClerkObject {
    fields: &[
        "amount",
        "canceled_at",
        "created_at",
        "credit",
        "credits",
        "ended_at",
        "id",
        "instance_id",
        "interval",
        "is_free_trial",
        "lifetime_paid",
        "next_invoice",
        "next_payment",
        "next_payment_amount",
        "next_payment_date",
        "object",
        "past_due_at",
        "payer",
        "payer_id",
        "payment_method",
        "payment_source",
        "payment_source_id",
        "period_end",
        "period_start",
        "plan",
        "plan_id",
        "plan_period",
        "price_id",
        "proration_date",
        "seats",
        "status",
        "subscription_id",
        "totals",
        "updated_at",
    ],
    nested: &[
        ("amount", &MONEY),
        ("credit", &CREDIT),
        ("credits", &CREDITS),
        ("lifetime_paid", &MONEY),
        ("next_invoice", &NEXT_PAYMENT),
        ("next_payment", &NEXT_PAYMENT),
        ("payer", &PAYER),
        ("payment_method", &PAYMENT_METHOD),
        ("payment_source", &PAYMENT_METHOD),
        ("plan", &PLAN),
        ("seats", &SEATS),
        ("totals", &TOTALS),
    ],
    redacted: &[],
};

static SEATS: ClerkObject =
    ClerkObject { fields: &["quantity", "tiers"], nested: &[("tiers", &TIER)], redacted: &[] };

/// Next payment of an item or a subscription.
pub static NEXT_PAYMENT: ClerkObject =
    ClerkObject { fields: &["amount", "date"], nested: &[("amount", &MONEY)], redacted: &[] };
