//! `GET /v1/events/{id}`

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use serde_json::Value;

use super::Event;
use crate::{
    clerk::redact,
    http::{
        State,
        auth::{Admin, Key},
        caching,
        params::Id,
        problem::Problem,
    },
};

/// One event, with its payload as far as it may be shown.
#[derive(Serialize)]
struct WithPayload {
    #[serde(flatten)]
    event: Event,
    payload: Option<Value>,
}

pub(in crate::http) async fn event(
    _: Key<Admin>,
    Id(id): Id,
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
    Ok(caching::conditional(&request, &WithPayload { event: event.into(), payload }))
}
