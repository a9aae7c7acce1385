//! Parts that the objects of Clerk Billing have in common, and the entitlements that follow from
//! them.
//!
//! Clerk's types of billing are a public beta. Unknown statuses and fields are kept as they are.

pub mod entitlement;
pub mod known_fields;
pub(in crate::objects) mod payer;

use super::api_access::List;

/// List of the items of all subscriptions without those of the default plan, which Clerk leaves out.
pub(super) const PAID_ITEM_LIST: List =
    List { path: &["billing", "subscription_items"], parameters: &[("paginated", "true")] };

/// List of the items of all subscriptions.
pub(super) const ITEM_LIST: List = List {
    path: &["billing", "subscription_items"],
    parameters: &[("paginated", "true"), ("include_free", "true")],
};
