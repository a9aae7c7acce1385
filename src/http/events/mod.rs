//! `/v1/events`: what came in, and what became of it.

pub(super) mod get;
pub(super) mod list;
pub(super) mod reprocess;

use serde::Serialize;
use utoipa::{
    ToSchema,
    openapi::{Object, ObjectBuilder, schema::Type},
};

use super::timestamp::Timestamp;
use crate::{domain::event::Decision, store::events::StoredEvent};

/// An event, as the API shows one in a list.
#[derive(Serialize, ToSchema)]
struct Event {
    seq: i64,
    id: String,
    r#type: Option<String>,
    subject: Option<String>,
    object_id: Option<String>,
    instance_id: Option<String>,
    #[schema(schema_with = decisions)]
    decision: &'static str,
    reason: Option<String>,
    secret: Option<String>,
    occurred_at: Option<Timestamp>,
    received_at: Timestamp,
}

/// What can become of an event.
fn decisions() -> Object {
    named(Decision::ALL)
}

/// One of these.
fn named(decisions: impl IntoIterator<Item = Decision>) -> Object {
    let names = decisions.into_iter().map(Decision::as_str);
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).build()
}

impl From<StoredEvent> for Event {
    fn from(row: StoredEvent) -> Self {
        Self {
            seq: row.seq,
            id: row.id,
            r#type: row.kind,
            subject: row.subject,
            object_id: row.object_id,
            instance_id: row.instance_id,
            decision: row.decision.as_str(),
            reason: row.reason,
            secret: row.secret,
            occurred_at: Timestamp::from_option(row.occurred_at),
            received_at: Timestamp(row.received_at),
        }
    }
}
