//! Entry of the change feed, with the schemas of its closed sets.

use serde::Serialize;
use utoipa::{
    ToSchema,
    openapi::schema::{Object, ObjectBuilder, Type},
};

use crate::{
    domain::{change_source::ChangeSource, decision::Operation},
    http::timestamp::Timestamp,
    objects::ChangeKind,
    store::changes::ChangeEntry,
};

/// Change of an object. It names the object, and does not contain its new values; read the object to
/// get them.
#[derive(Serialize, ToSchema)]
#[schema(examples(json!({
        "cursor": "140",
        "kind": "user",
        "id": "user_2xvcaRITuXgVq3S2KYVqOU34ZO5",
        "operation": "created",
        "at": "2026-08-12T09:30:00.123Z",
        "event_id": "msg_2xvcb",
        "source": "webhook",
        "user_id": "user_2xvcaRITuXgVq3S2KYVqOU34ZO5",
        "organization_id": null,
        "deleted": false
    })))]
pub(in crate::http) struct Change {
    /// Cursor to resume after this change.
    pub(super) cursor: String,
    /// Kind of the object that changed.
    #[schema(schema_with = kind_schema)]
    kind: &'static str,
    /// ID of the object.
    id: String,
    /// Operation on the object.
    #[schema(schema_with = operation_schema)]
    operation: &'static str,
    /// Time of the event at Clerk, or the time at which the service made the change.
    at: Timestamp,
    /// ID of the event in the event log. Each change has another one, so that it can be an
    /// idempotency key.
    event_id: String,
    /// Source of the change.
    #[schema(schema_with = source_schema)]
    source: &'static str,
    /// ID of the user, or of the user that the object belongs to. Null for an object without a user.
    user_id: Option<String>,
    /// ID of the organization, or of the organization that the object belongs to. Null for an object
    /// without an organization.
    organization_id: Option<String>,
    /// Whether the object is deleted. If a user or an organization is deleted, this is true for all
    /// changes of what belongs to it.
    deleted: bool,
}

/// Returns the schema of the kinds of objects.
fn kind_schema() -> Object {
    let description = "Kind of the object that changed. `entitlement` is the plan that a payer has, \
                       which follows from the items of its subscription; its ID is that of the \
                       user or the organization.";
    one_of(description, ChangeKind::all().map(ChangeKind::name))
}

/// Returns the schema of the operations.
fn operation_schema() -> Object {
    let description = "Operation on the object. Each object has at most one `created` and one \
                       `deleted` in the change feed. An object that exists has exactly one \
                       `created`, before all of its other changes. An entitlement has only \
                       `changed`.";
    one_of(description, Operation::ALL.into_iter().map(Operation::as_str))
}

/// Returns the schema of the sources of changes.
fn source_schema() -> Object {
    let description = "Source of the change: `webhook` (a delivery from Clerk), `read_through` (a \
                       user that a request with `wait` fetched from Clerk before the webhook came), \
                       `backfill`, `repair` (of a drift check), `rebuild` (of the synced tables), \
                       `reprocess` (an event that was received earlier and applied later), \
                       `erasure` (by an operator).";
    one_of(description, ChangeSource::ALL.into_iter().map(ChangeSource::as_str))
}

fn one_of(description: &str, names: impl Iterator<Item = &'static str>) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .enum_values(Some(names))
        .build()
}

impl From<ChangeEntry> for Change {
    fn from(change: ChangeEntry) -> Self {
        Self {
            cursor: change.seq.to_string(),
            kind: change.kind.name(),
            id: change.id,
            operation: change.operation.as_str(),
            at: Timestamp(change.at),
            event_id: change.event_id,
            source: change.source.as_str(),
            user_id: change.user_id,
            organization_id: change.organization_id,
            deleted: change.deleted,
        }
    }
}
