//! `GET /v1/events/{id}`: returns an event with its payload.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Event, no_such_event};
use crate::{
    clerk::redact,
    http::{
        State,
        auth::{Admin, Key},
        caching,
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
        query::{NoParameters, PathId, Query},
    },
};

/// Event with its payload.
#[derive(Serialize, ToSchema)]
struct EventWithPayload {
    #[serde(flatten)]
    event: Event,
    /// Body of the delivery, without private metadata. Null if the payload was purged, or is not
    /// valid JSON.
    #[schema(value_type = Option<Value>)]
    payload: Option<Value>,
}

/// Get an event with its payload.
#[utoipa::path(
    get,
    path = "/v1/events/{id}",
    tag = "events",
    operation_id = "getEvent",
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
            description = "The event.",
            body = EventWithPayload,
        ),
        (status = 304, description = "The body matches the entity tag in `If-None-Match`."),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn event(
    _: Key<Admin>,
    PathId(id): PathId,
    _: Query<NoParameters>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let event = state.store.event(&id).await?;
    let mut event = event.ok_or_else(no_such_event)?;
    // Private metadata cannot be removed from a payload that is not valid JSON.
    let payload = event.payload.take().and_then(|text| serde_json::from_str(&text).ok());
    let payload = payload.map(|mut payload: Value| {
        redact::hide_private_metadata(&mut payload);
        payload
    });
    Ok(caching::conditional(&request, &EventWithPayload { event: event.into(), payload }))
}
