//! Decodes plans from the Backend API.

use serde_json::Value;

use super::state::PlanData;
use crate::objects::decode::{Decoded, Fault, FieldReader, Fields, Message};

/// Decodes the state of a plan.
pub(super) fn decode(message: &Message<'_>, data: &Fields<'_>) -> Result<Decoded, Fault> {
    let id = data.required_id("id", "data.id")?;
    let mut read = FieldReader::new(data);
    let columns = PlanData {
        slug: read.indexed_text("slug"),
        name: read.text("name"),
        description: read.text("description"),
        for_payer_type: read.word("for_payer_type"),
        is_default: read.flag("is_default"),
        is_recurring: read.flag("is_recurring"),
        publicly_visible: read.flag("publicly_visible"),
        amount: read.renamed("amount", "fee", amount),
        annual_monthly_amount: read.renamed("annual_monthly_amount", "annual_monthly_fee", amount),
        currency: read.renamed("currency", "fee", currency),
        features: read.renamed("features", "features", features),
        free_trial_days: read.count("free_trial_days"),
        fetched_at: message.occurred_at(),
    };
    let version = message.version(None, true);
    Ok(read.into_state(id, columns, version).into())
}

fn amount(data: &Fields<'_>, field: &'static str) -> Option<i64> {
    data.object(field)?.count("amount")
}

fn currency(data: &Fields<'_>, field: &'static str) -> Option<String> {
    data.object(field)?.word("currency")
}

/// Reads the keys of the features.
fn features(data: &Fields<'_>, field: &'static str) -> Option<Value> {
    let features = data.list(field)?;
    Some(features.iter().filter_map(|feature| feature.text("slug")).map(Value::from).collect())
}
