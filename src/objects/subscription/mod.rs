//! Subscriptions of Clerk Billing.

mod clerk;
pub mod known_fields;
mod state;

use super::{
    Kind,
    api_access::{ApiAccess, Paging, SingleRead, VersionSource},
    billing::{PAID_ITEM_LIST, payer},
    columns::Columns,
    object_type::{ObjectTable, ObjectType, PersonalData, Request},
};

pub use self::state::{Subscription, SubscriptionData};
use crate::domain::clerk_object::DELETION_MESSAGE;

/// The type of subscriptions.
pub static TYPE: ObjectType = ObjectType {
    name: "subscription",
    table: ObjectTable {
        name: "subscriptions",
        id: "id",
        columns: SubscriptionData::COLUMNS,
        indexed: &["user_id", "organization_id", "status"],
        // Clerk sends no deletion. The drift check deletes one that Clerk no longer has.
        has_tombstones: true,
        versions_first: false,
        final_status: None,
        terms: None,
        items: &[],
        read: |row| row.into_state::<SubscriptionData>().into(),
    },
    owners: &[("user_id", Kind::User), ("organization_id", Kind::Organization)],
    events: &[
        ("subscription.created", Request::Store),
        ("subscription.updated", Request::Store),
        ("subscription.active", Request::Store),
        ("subscription.pastDue", Request::Store),
    ],
    api: Some(ApiAccess {
        // Clerk has no list of subscriptions. Each payer in the list of items has one. Those who do
        // not pay are left out, because they may be all users, and each takes a request.
        list: PAID_ITEM_LIST,
        paging: Paging::Payers,
        single: SingleRead::OfPayer,
        omitted: &["active", "canceled", "ended", "abandoned", "incomplete"],
        version: VersionSource::UpdatedAt,
    }),
    fields: &known_fields::MESSAGE,
    deletion_fields: &DELETION_MESSAGE,
    personal_data: PersonalData::Labeled,
    decode: clerk::decode,
    labels: payer::labels,
};
