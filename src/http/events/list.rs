//! `GET /v1/events?decision=&type=&subject=&organization_id=&object_id=&received_after=
//! &received_before=&limit=&cursor=`: lists events, the newest first.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Event, KnownDecision};
use crate::{
    http::{
        State,
        auth::{Admin, Key},
        pagination::{self, EventCursor, Limit, List},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, ScopeMissing},
        query::{FilterText, Query},
        timestamp::Timestamp,
    },
    store::events::EventFilter,
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct EventParams {
    /// Decision for the events.
    #[param(inline, value_type = Option<KnownDecision>)]
    decision: Option<String>,
    /// ID of the user that the events are about.
    #[param(inline)]
    subject: Option<FilterText>,
    /// ID of the organization that the events are about.
    #[param(inline)]
    organization_id: Option<FilterText>,
    /// ID of the object that the events are about. For an object of a user, also pass `subject`,
    /// which makes the list faster.
    #[param(inline)]
    object_id: Option<FilterText>,
    /// Event type, for example `user.created`.
    #[param(inline)]
    r#type: Option<FilterText>,
    /// Lists events that were received after this time.
    #[param(inline)]
    received_after: Option<Timestamp>,
    /// Lists events that were received before this time.
    #[param(inline)]
    received_before: Option<Timestamp>,
    /// Maximum number of events on the page. A page can have fewer and still have a next page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Value of `next_cursor` of the previous page.
    #[param(inline)]
    cursor: Option<EventCursor>,
}

/// List events.
///
/// The newest event comes first. The list does not contain the payloads.
#[utoipa::path(
    get,
    path = "/v1/events",
    tag = "events",
    operation_id = "listEvents",
    params(EventParams),
    responses(
        (status = 200, description = "Page of events, the newest first.", body = List<Event>),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["admin"])),
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
        subject: params.subject.map(|FilterText(id)| id),
        organization_id: params.organization_id.map(|FilterText(id)| id),
        object_id: params.object_id.map(|FilterText(id)| id),
        kind: params.r#type.map(|FilterText(kind)| kind),
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
