//! `GET /v1/events/{id}`

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Event;
use crate::{
    clerk::redact,
    http::{
        State,
        auth::{Admin, Key},
        caching,
        query::PathId,
        problem::Problem,
        problem_responses::{CommonProblems, NotFound, ScopeMissing},
    },
};

/// One event, with its payload as far as it may be shown.
#[derive(Serialize, ToSchema)]
#[schema(as = EventWithPayload)]
struct EventWithPayload {
    #[serde(flatten)]
    event: Event,
    #[schema(value_type = Option<Value>)]
    payload: Option<Value>,
}

/// One event, with its payload as far as it may be shown.
#[utoipa::path(
    get,
    path = "/v1/events/{id}",
    tag = "events",
    operation_id = "getEvent",
    params(("id" = String, Path, description = "An event, by its `svix-id`", example = "msg_2kYxlJgqQWvUD4MNcBKqhUN3Zvq")),
    responses(
        (status = 200, description = "It", body = EventWithPayload, headers(("etag" = String, description = "Of the body"))),
        (status = 304, description = "The caller has it already"),
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("key" = [])),
)]
pub(in crate::http) async fn event(
    _: Key<Admin>,
    PathId(id): PathId,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let event = state.store.event(&id).await?;
    let mut event = event.ok_or_else(|| Problem::not_found("there is no such event"))?;
    // What cannot be read cannot be searched for what must not be shown.
    let payload = event.payload.take().and_then(|text| serde_json::from_str(&text).ok());
    let payload = payload.map(|mut payload: Value| {
        redact::hide_private_metadata(&mut payload);
        payload
    });
    Ok(caching::conditional(&request, &EventWithPayload { event: event.into(), payload }))
}
