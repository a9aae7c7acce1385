//! Clerk Billing: plans, subscriptions, payment attempts, and the plans that payers have.

pub(super) mod entitlements;
pub(super) mod payment_attempts;
pub(super) mod plans;
pub(super) mod subscriptions;
