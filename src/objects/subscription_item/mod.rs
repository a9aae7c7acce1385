//! Items of subscriptions of Clerk Billing.

mod clerk;
pub mod known_fields;
mod state;

use super::{
    Kind,
    api_access::{ApiAccess, Paging, SingleRead, VersionSource},
    billing::{ITEM_LIST, payer},
    columns::Columns,
    object_type::{ObjectTable, ObjectType, PersonalData, Request},
};

pub(super) use self::clerk::embedded;
pub use self::state::{SubscriptionItem, SubscriptionItemData};
use crate::domain::clerk_object::DELETION_MESSAGE;

/// The type of items of subscriptions.
pub static TYPE: ObjectType = ObjectType {
    name: "subscription_item",
    table: ObjectTable {
        name: "subscription_items",
        id: "id",
        columns: SubscriptionItemData::COLUMNS,
        indexed: &["user_id", "organization_id"],
        // Clerk sends no deletion. The drift check deletes one that Clerk no longer has.
        has_tombstones: true,
        versions_first: false,
        final_status: None,
        terms: None,
        items: &[],
        read: |row| row.into_state::<SubscriptionItemData>().into(),
    },
    owners: &[("user_id", Kind::User), ("organization_id", Kind::Organization)],
    events: &[
        ("subscriptionItem.abandoned", Request::Store),
        ("subscriptionItem.active", Request::Store),
        ("subscriptionItem.canceled", Request::Store),
        ("subscriptionItem.created", Request::Store),
        ("subscriptionItem.ended", Request::Store),
        ("subscriptionItem.expired", Request::Store),
        ("subscriptionItem.freeTrialEnding", Request::Store),
        ("subscriptionItem.incomplete", Request::Store),
        ("subscriptionItem.pastDue", Request::Store),
        ("subscriptionItem.upcoming", Request::Store),
        ("subscriptionItem.updated", Request::Store),
    ],
    api: Some(ApiAccess {
        list: ITEM_LIST,
        paging: Paging::Offset,
        single: SingleRead::OfPayer,
        omitted: &["ended", "abandoned", "expired", "incomplete"],
        version: VersionSource::UpdatedAt,
    }),
    fields: &known_fields::MESSAGE,
    deletion_fields: &DELETION_MESSAGE,
    personal_data: PersonalData::Labeled,
    decode: clerk::decode,
    labels: payer::labels,
};
