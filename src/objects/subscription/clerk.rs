//! Decodes subscription events, and subscriptions from the Backend API.

use super::state::SubscriptionData;
use crate::objects::{
    billing::payer::Payer,
    decode::{Decoded, Fault, FieldReader, Fields, Message},
    subscription_item,
};

/// The fields with the items: Clerk's events and its Backend API name them differently.
const ITEMS: [&str; 2] = ["items", "subscription_items"];

/// Decodes the state of a subscription, and the items that it embeds.
pub(super) fn decode(message: &Message<'_>, data: &Fields<'_>) -> Result<Decoded, Fault> {
    let id = data.required_id("id", "data.id")?;
    let updated_at = data.ordering_time("updated_at", "data.updated_at")?;
    let payer = Payer::required(data)?;
    let items = ITEMS.into_iter().find_map(|field| data.list(field));
    let item = |item: Fields<'_>| subscription_item::embedded(message, &item, &id, &payer);
    let embedded = items.into_iter().flatten().filter_map(item).map(Into::into).collect();
    let mut read = FieldReader::new(data);
    let columns = SubscriptionData {
        payer_id: payer.id,
        user_id: payer.user_id,
        organization_id: payer.organization_id,
        status: read.word("status"),
        latest_payment_id: read.item_id("latest_payment_id"),
        active_at: read.instant("active_at"),
        past_due_at: read.instant("past_due_at"),
        canceled_at: read.instant("canceled_at"),
        ended_at: read.instant("ended_at"),
        created_at: read.instant("created_at"),
        updated_at: read.instant("updated_at"),
    };
    let version = message.version(updated_at, data.has_value("status"));
    let state = read.into_state(id, columns, version);
    Ok(Decoded { embedded, ..state.into() })
}
