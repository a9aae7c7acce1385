//! `POST /v1/events/{id}/dismiss` and
//! `POST /v1/events/dismiss?decision=&reason=&limit=&cursor=`: dismiss one event, or the events
//! with a reason.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use super::{DecisionName, Dismissed, no_such_event, one_of};
use crate::{
    domain::decision::Decision,
    http::{
        State,
        auth::{Admin, Key},
        pagination::{EventCursor, Limit},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
        query::{PathId, Query},
    },
    store::{
        PageRequest,
        dismissals::{Dismissal, DismissedGroup},
        events::StoredEvent,
    },
};

/// Result of dismissing an event.
#[derive(Serialize, ToSchema)]
struct DismissedEvent {
    /// Message ID of the event (`svix-id`).
    id: String,
    /// Decision after the request.
    decision: DecisionName,
    /// Decision before the request.
    was: DecisionName,
    /// Whether the request dismissed the event.
    changed: bool,
    /// Reason for an unchanged decision.
    reason: Option<String>,
    /// Operator and time of the dismissal; null if the event was not dismissed.
    dismissed: Option<Dismissed>,
}

/// Result of dismissing a page of events.
#[derive(Serialize, ToSchema)]
struct DismissedEvents {
    /// Number of events that the request dismissed.
    dismissed: u64,
    /// Value of `cursor` for the next page; null if no event is left.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Decision of events that can be dismissed.
struct DismissableDecision(Decision);

impl<'de> Deserialize<'de> for DismissableDecision {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let decision = String::deserialize(deserializer)?.parse().ok();
        let decision = decision.filter(|decision| Decision::can_be_dismissed(*decision));
        decision.map(Self).ok_or_else(|| D::Error::custom("expected failed or quarantined"))
    }
}

impl PartialSchema for DismissableDecision {
    fn schema() -> RefOr<Schema> {
        let decisions = Decision::ALL.into_iter().filter(|decision| decision.can_be_dismissed());
        Schema::Object(one_of(decisions)).into()
    }
}

impl ToSchema for DismissableDecision {}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct DismissParams {
    /// Current decision for the events.
    #[param(inline)]
    decision: DismissableDecision,
    /// Exact reason of the events, as `GET /v1/events/reasons` returns it.
    #[param(min_length = 1)]
    reason: String,
    /// Maximum number of events with the decision that are examined.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Value of `next_cursor` of the previous page.
    #[param(inline)]
    cursor: Option<EventCursor>,
}

/// Dismiss an event.
///
/// Only failed and quarantined events can be dismissed. A dismissed event no longer affects the
/// status. It stays stored with the name of the API key and the time, and can be reprocessed.
#[utoipa::path(
    post,
    path = "/v1/events/{id}/dismiss",
    tag = "events",
    operation_id = "dismissEvent",
    params(
        (
            "id" = String, Path,
            description = "Message ID of the event (`svix-id`).",
            example = "msg_2kYxlJgqQWvUD4MNcBKqhUN3Zvq",
        ),
    ),
    responses(
        (
            status = 200,
            description = "Previous and new decision for the event.",
            body = DismissedEvent,
        ),
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn one(
    key: Key<Admin>,
    PathId(id): PathId,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let before = state.store.event(&id).await?.ok_or_else(no_such_event)?;
    let dismissal = Dismissal { by: key.name(), at: state.clock.now() };
    let changed = state.store.dismiss_event(&id, dismissal).await?;
    let after = state.store.event(&id).await?.ok_or_else(no_such_event)?;
    if changed {
        tracing::info!(event = id, key = key.name(), "dismissed an event");
    }
    let reason = if changed { None } else { Some(unchanged_reason(&after)) };
    Ok(HttpResponse::Ok().json(DismissedEvent {
        id,
        decision: DecisionName(after.decision),
        was: DecisionName(before.decision),
        changed,
        reason,
        dismissed: after.dismissal.map(Dismissed::from),
    }))
}

/// Explains why an event was not dismissed.
fn unchanged_reason(event: &StoredEvent) -> String {
    if event.decision == Decision::Dismissed {
        return "the event is already dismissed".to_owned();
    }
    format!("only failed and quarantined events can be dismissed, not {}", event.decision)
}

/// Dismiss the events with the same decision and reason.
///
/// Each request examines a page of the events with the decision. Repeat the request with `cursor`
/// until `next_cursor` is null.
#[utoipa::path(
    post,
    path = "/v1/events/dismiss",
    tag = "events",
    operation_id = "dismissEvents",
    params(DismissParams),
    responses(
        (status = 200, description = "Number of dismissed events.", body = DismissedEvents),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn page(
    key: Key<Admin>,
    Query(params): Query<DismissParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let after = params.cursor.map(|EventCursor(at)| at);
    let page = PageRequest { after, limit: params.limit.items() };
    let group = DismissedGroup { decision: params.decision.0, reason: &params.reason };
    let dismissal = Dismissal { by: key.name(), at: state.clock.now() };
    let done = state.store.dismiss_page(group, &page, dismissal).await?;
    if done.dismissed > 0 {
        let decision = group.decision.as_str();
        tracing::info!(events = done.dismissed, decision, key = key.name(), "dismissed events");
    }
    Ok(HttpResponse::Ok().json(DismissedEvents {
        dismissed: done.dismissed,
        next_cursor: done.through.map(|seq| seq.to_string()),
    }))
}
