//! `/v1/events`: received events, and the decisions for them.

pub(super) mod dismiss;
pub(super) mod get;
pub(super) mod list;
pub(super) mod messages;
pub(super) mod reasons;
pub(super) mod reprocess;

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Object, ObjectBuilder, RefOr, Schema, extensions::Extensions, schema::Type},
};

use super::{known_values::EXTENSION, problem::Problem, timestamp::Timestamp};
use crate::{
    domain::{decision::Decision, stored_decision::StoredDecision},
    objects::known_fields::TYPES as EVENT_TYPES,
    store::events::{StoredDismissal, StoredEvent},
};

/// Event of the event log.
#[derive(Serialize, ToSchema)]
struct Event {
    /// Position in the event log, in commit order.
    seq: i64,
    /// Message ID (`svix-id`).
    id: String,
    /// Event type; null if the body has none. Types of events that the service created begin with
    /// `meetvo.`.
    #[schema(extensions(("x-extensible-enum" = json!(EVENT_TYPES.to_vec()))))]
    r#type: Option<String>,
    /// ID of the user that the event is about.
    subject: Option<String>,
    /// ID of the organization that the event is about.
    organization_id: Option<String>,
    /// ID of the object that the event is about, for example of the user or the membership.
    object_id: Option<String>,
    /// ID of the Clerk instance that sent the event.
    instance_id: Option<String>,
    /// Decision for the event.
    decision: DecisionName,
    /// Reason for the decision, if the event was not applied.
    reason: Option<String>,
    /// Label of the signing secret that matched; null if the event was not a delivery.
    secret: Option<String>,
    /// Time of the event at Clerk.
    occurred_at: Option<Timestamp>,
    /// Time at which the service received the event.
    received_at: Timestamp,
    /// Dismissal of the event; null if no operator dismissed it. It is kept if the event is
    /// applied later.
    dismissed: Option<Dismissed>,
}

/// Operator and time of the dismissal of an event.
#[derive(Serialize, ToSchema)]
#[schema(as = Dismissal)]
struct Dismissed {
    /// Decision before the dismissal.
    #[schema(extensions(("x-extensible-enum" = json!(dismissable()))))]
    was: String,
    /// Name of the API key, or `cli:` and the user of the command line.
    by: String,
    /// Time of the dismissal.
    at: Timestamp,
}

impl From<StoredDismissal> for Dismissed {
    fn from(dismissal: StoredDismissal) -> Self {
        let StoredDismissal { decision, by, at } = dismissal;
        Self { was: decision, by, at: Timestamp(at) }
    }
}

/// Decision for an event, as the API names it. The set is open.
pub(super) struct DecisionName(pub(super) StoredDecision);

impl Serialize for DecisionName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_str())
    }
}

impl PartialSchema for DecisionName {
    fn schema() -> RefOr<Schema> {
        let description =
            "Decision for an event, also one that a newer version of the service recorded.";
        let known =
            Extensions::from_iter([(EXTENSION, Decision::ALL.map(Decision::as_str).to_vec())]);
        let schema = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(description))
            .extensions(Some(known));
        Schema::Object(schema.build()).into()
    }
}

impl ToSchema for DecisionName {
    fn name() -> Cow<'static, str> {
        "Decision".into()
    }
}

/// Schema of a parameter that is one of the known decisions.
pub(super) struct KnownDecision;

impl PartialSchema for KnownDecision {
    fn schema() -> RefOr<Schema> {
        Schema::Object(one_of(Decision::ALL)).into()
    }
}

impl ToSchema for KnownDecision {}

/// Returns the names of the decisions whose events can be dismissed.
fn dismissable() -> Vec<&'static str> {
    let decisions = Decision::ALL.into_iter().filter(|decision| decision.can_be_dismissed());
    decisions.map(Decision::as_str).collect()
}

/// Returns the schema of a closed set of decisions.
fn one_of(decisions: impl IntoIterator<Item = Decision>) -> Object {
    let names = decisions.into_iter().map(Decision::as_str);
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).build()
}

fn no_such_event() -> Problem {
    Problem::not_found("no event has this ID")
}

impl From<StoredEvent> for Event {
    fn from(row: StoredEvent) -> Self {
        Self {
            seq: row.seq,
            id: row.id,
            r#type: row.kind,
            subject: row.subject,
            organization_id: row.organization_id,
            object_id: row.object_id,
            instance_id: row.instance_id,
            decision: DecisionName(row.decision),
            reason: row.reason,
            secret: row.secret,
            occurred_at: Timestamp::from_option(row.occurred_at),
            received_at: Timestamp(row.received_at),
            dismissed: row.dismissal.map(Dismissed::from),
        }
    }
}
