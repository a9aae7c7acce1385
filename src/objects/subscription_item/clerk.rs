//! Decodes item events, items that subscription events embed, and items from the Backend API.

use super::state::{SubscriptionItem, SubscriptionItemData};
use crate::{
    domain::version::Version,
    objects::{
        billing::payer::Payer,
        decode::{Decoded, Fault, FieldReader, Fields, Message},
    },
};

/// Decodes the state of an item.
pub(super) fn decode(message: &Message<'_>, data: &Fields<'_>) -> Result<Decoded, Fault> {
    let id = data.required_id("id", "data.id")?;
    let updated_at = data.ordering_time("updated_at", "data.updated_at")?;
    let payer = Payer::required(data)?;
    let version = message.version(updated_at, is_complete(data));
    Ok(item((id, None), data, &payer, version).into())
}

/// Returns an item that a subscription embeds. It lacks the IDs of the subscription and the payer.
#[must_use]
pub(in crate::objects) fn embedded(
    message: &Message<'_>,
    data: &Fields<'_>,
    subscription_id: &str,
    payer: &Payer,
) -> Option<SubscriptionItem> {
    let id = data.item_id("id")?;
    let version = message.embedded_version(data.instant("updated_at"), is_complete(data));
    Some(item((id, Some(subscription_id)), data, payer, version))
}

fn is_complete(data: &Fields<'_>) -> bool {
    data.has_value("status") && data.has("plan_id")
}

fn item(
    (id, subscription_id): (String, Option<&str>),
    data: &Fields<'_>,
    payer: &Payer,
    version: Version,
) -> SubscriptionItem {
    let payer = payer.clone();
    let mut read = FieldReader::new(data);
    let columns = SubscriptionItemData {
        subscription_id: match subscription_id {
            Some(id) => Some(id.to_owned()),
            None => read.item_id("subscription_id"),
        },
        payer_id: payer.id,
        user_id: payer.user_id,
        organization_id: payer.organization_id,
        status: read.renamed("status", "status", status),
        is_free_trial: read.flag("is_free_trial"),
        plan_id: read.item_id("plan_id"),
        plan_slug: read
            .renamed("plan_slug", "plan", |data, field| data.object(field)?.text("slug")),
        plan_name: read
            .renamed("plan_name", "plan", |data, field| data.object(field)?.text("name")),
        plan_amount: read.renamed("plan_amount", "plan", plan_amount),
        plan_currency: read.renamed("plan_currency", "plan", plan_currency),
        // Events name it `interval`.
        plan_period: match data.has("interval") {
            true => read.renamed("plan_period", "interval", Fields::word),
            false => read.word("plan_period"),
        },
        period_start: read.instant("period_start"),
        period_end: read.instant("period_end"),
        seats: read.renamed("seats", "seats", |data, field| data.object(field)?.count("quantity")),
        has_unlimited_seats: read.renamed("has_unlimited_seats", "seats", has_unlimited_seats),
        created_at: read.instant("created_at"),
        updated_at: read.instant("updated_at"),
    };
    read.into_state(id, columns, version)
}

/// Reads the status. The Backend API returns an item that was canceled with its status before, and
/// the time of the cancellation.
fn status(data: &Fields<'_>, field: &'static str) -> Option<String> {
    let status = data.word(field)?;
    let is_canceled = status == "active" && data.instant("canceled_at").is_some();
    Some(if is_canceled { "canceled".to_owned() } else { status })
}

/// Reads the fee of the plan, which the Backend API returns with its currency.
fn plan_amount(data: &Fields<'_>, field: &'static str) -> Option<i64> {
    let plan = data.object(field)?;
    match plan.object("fee") {
        Some(fee) => fee.count("amount"),
        None => plan.count("amount"),
    }
}

fn plan_currency(data: &Fields<'_>, field: &'static str) -> Option<String> {
    let plan = data.object(field)?;
    match plan.object("fee") {
        Some(fee) => fee.word("currency"),
        None => plan.word("currency"),
    }
}

/// A quantity of null has no limit.
fn has_unlimited_seats(data: &Fields<'_>, field: &'static str) -> Option<bool> {
    Some(data.object(field)?.count("quantity").is_none())
}
