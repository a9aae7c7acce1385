//! `GET /v1/events?decision=&type=&subject=&received_after=&received_before=&limit=&cursor=`, the newest first.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Event, decisions};
use crate::{
    http::{
        State,
        auth::{Admin, Key},
        timestamp::Timestamp,
        pagination::{self, Limit, List, EventCursor},
        query::Query,
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, ScopeMissing},
    },
    store::events::EventFilter,
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct EventParams {
    /// What became of them.
    #[param(schema_with = decisions, required = false)]
    decision: Option<String>,
    /// The user whom they are about.
    subject: Option<String>,
    /// `user.created`, …
    r#type: Option<String>,
    #[param(inline)]
    received_after: Option<Timestamp>,
    #[param(inline)]
    received_before: Option<Timestamp>,
    /// How many at the most. A page may hold fewer and still have a next one.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// The `next_cursor` of the page before.
    #[param(inline)]
    cursor: Option<EventCursor>,
}

/// Events, the newest first, without their payloads.
#[utoipa::path(
    get,
    path = "/v1/events",
    tag = "events",
    operation_id = "listEvents",
    params(EventParams),
    responses(
        (status = 200, description = "A page", body = List<Event>),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("key" = [])),
)]
pub(in crate::http) async fn events(
    _: Key<Admin>,
    Query(params): Query<EventParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let decision = params.decision.map(|name| name.parse()).transpose().map_err(|unknown| {
        Problem::bad_request("parameter_invalid", format!("decision: {unknown}"))
    })?;
    let filter = EventFilter {
        decision,
        subject: params.subject,
        kind: params.r#type,
        received_after: params.received_after.map(|Timestamp(at)| at),
        received_before: params.received_before.map(|Timestamp(at)| at),
    };
    let cursor = params.cursor.map(|EventCursor(at)| at);
    let found = state.store.events(&filter, &params.limit.page_request(cursor)).await?;
    Ok(pagination::bounded_page_response(
        params.limit,
        found,
        |row| row.seq.to_string(),
        Event::from,
    ))
}
