//! Decodes payment events.

use serde_json::Value;

use super::state::PaymentAttemptData;
use crate::objects::{
    billing::payer::Payer,
    decode::{Decoded, Fault, FieldReader, Fields, Message},
};

/// Decodes the state of a payment attempt.
pub(super) fn decode(message: &Message<'_>, data: &Fields<'_>) -> Result<Decoded, Fault> {
    let id = data.required_id("id", "data.id")?;
    let updated_at = data.ordering_time("updated_at", "data.updated_at")?;
    let payer = Payer::required(data)?;
    let mut read = FieldReader::new(data);
    let columns = PaymentAttemptData {
        payer_id: payer.id,
        user_id: payer.user_id,
        organization_id: payer.organization_id,
        payment_id: read.item_id("payment_id"),
        statement_id: read.item_id("statement_id"),
        status: read.word("status"),
        charge_type: read.word("charge_type"),
        subtotal: read.renamed("subtotal", "totals", |data, _| total(data, "subtotal")),
        tax_total: read.renamed("tax_total", "totals", |data, _| total(data, "tax_total")),
        grand_total: read.renamed("grand_total", "totals", |data, _| total(data, "grand_total")),
        currency: read.renamed("currency", "totals", |data, field| {
            data.object(field)?.object("grand_total")?.word("currency")
        }),
        failed_code: read.renamed("failed_code", "failed_reason", |data, field| {
            data.object(field)?.word("code")
        }),
        decline_code: read.renamed("decline_code", "failed_reason", |data, field| {
            data.object(field)?.word("decline_code")
        }),
        subscription_item_ids: read.renamed(
            "subscription_item_ids",
            "subscription_items",
            item_ids,
        ),
        billing_date: read.instant("billing_date"),
        paid_at: read.instant("paid_at"),
        failed_at: read.instant("failed_at"),
        created_at: read.instant("created_at"),
        updated_at: read.instant("updated_at"),
    };
    let version = message.version(updated_at, data.has_value("status"));
    Ok(read.into_state(id, columns, version).into())
}

/// Reads one of the totals.
fn total(data: &Fields<'_>, name: &'static str) -> Option<i64> {
    data.object("totals")?.object(name)?.count("amount")
}

/// Reads the IDs of the items.
fn item_ids(data: &Fields<'_>, field: &'static str) -> Option<Value> {
    let items = data.list(field)?;
    Some(items.iter().filter_map(|item| item.item_id("id")).map(Value::from).collect())
}
