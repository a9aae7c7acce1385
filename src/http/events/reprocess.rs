//! `POST /v1/events/{id}/reprocess` and `POST /v1/events/reprocess?decision=&limit=&cursor=`:
//! reprocess one event, or a page of events with a decision.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use super::{DecisionName, no_such_event, one_of};

use crate::{
    domain::decision::Decision,
    http::{
        State,
        auth::{Admin, Key},
        pagination::{self, EventCursor, Limit, List},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
        query::{NoParameters, PathId, Query},
    },
    store::PageRequest,
    sync::reprocess::{self, Reprocessor},
};

/// Result of reprocessing an event.
#[derive(Serialize, ToSchema)]
struct ReprocessedEvent {
    /// Message ID of the event (`svix-id`).
    id: String,
    /// New decision.
    decision: DecisionName,
    /// Previous decision.
    was: DecisionName,
    /// Whether the decision changed.
    changed: bool,
    /// Reason for the new decision, if the event was not applied.
    reason: Option<String>,
    /// Action to take if the decision did not change; null if it changed.
    remediation: Option<&'static str>,
}

impl From<reprocess::ReprocessedEvent> for ReprocessedEvent {
    fn from(event: reprocess::ReprocessedEvent) -> Self {
        Self {
            id: event.id,
            changed: event.decision != event.previous,
            decision: DecisionName(event.decision),
            was: DecisionName(event.previous),
            reason: event.reason,
            remediation: event.remediation,
        }
    }
}

/// Decision that is not final, so that its events can be reprocessed.
struct ReprocessableDecision(Decision);

impl<'de> Deserialize<'de> for ReprocessableDecision {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let decision = String::deserialize(deserializer)?.parse().ok();
        let decision = decision.filter(|decision| !Decision::is_final(*decision));
        let expected = "expected failed, quarantined, ignored or dismissed; the others are final";
        decision.map(Self).ok_or_else(|| D::Error::custom(expected))
    }
}

impl PartialSchema for ReprocessableDecision {
    fn schema() -> RefOr<Schema> {
        let decisions = Decision::ALL.into_iter().filter(|decision| !decision.is_final());
        Schema::Object(one_of(decisions)).into()
    }
}

impl ToSchema for ReprocessableDecision {}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ReprocessParams {
    /// Current decision for the events.
    #[param(inline)]
    decision: ReprocessableDecision,
    /// Maximum number of events that are reprocessed.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Value of `next_cursor` of the previous page.
    #[param(inline)]
    cursor: Option<EventCursor>,
}

/// Reprocess an event.
#[utoipa::path(
    post,
    path = "/v1/events/{id}/reprocess",
    tag = "events",
    operation_id = "reprocessEvent",
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
            body = ReprocessedEvent,
        ),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn one(
    _: Key<Admin>,
    PathId(id): PathId,
    _: Query<NoParameters>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let event = reprocessor(&state).reprocess(&id).await?.ok_or_else(no_such_event)?;
    log(&event);
    Ok(HttpResponse::Ok().json(ReprocessedEvent::from(event)))
}

/// Reprocess a page of events with the same decision.
///
/// The oldest event comes first. Repeat the request with `cursor` until `next_cursor` is null.
#[utoipa::path(
    post,
    path = "/v1/events/reprocess",
    tag = "events",
    operation_id = "reprocessEvents",
    params(ReprocessParams),
    responses(
        (
            status = 200,
            description = "Page of reprocessed events, the oldest first.",
            body = List<ReprocessedEvent>,
        ),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn page(
    _: Key<Admin>,
    Query(params): Query<ReprocessParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let page =
        PageRequest { after: params.cursor.map(|EventCursor(at)| at), limit: params.limit.items() };
    let events = reprocessor(&state).reprocess_page(params.decision.0, &page).await?;
    events.items.iter().for_each(log);
    Ok(pagination::bounded_page_response(
        params.limit,
        events,
        |event| event.seq.to_string(),
        ReprocessedEvent::from,
    ))
}

fn reprocessor(state: &State) -> Reprocessor<'_> {
    Reprocessor {
        store: &state.store,
        decoder: &state.decoder,
        queue: &state.queue,
        now: state.clock.now(),
    }
}

fn log(event: &reprocess::ReprocessedEvent) {
    if event.decision != event.previous {
        let (was, decision) = (event.previous.as_str(), event.decision.as_str());
        tracing::info!(event = event.id, was, decision, "reprocessed an event");
    }
}
