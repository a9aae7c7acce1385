//! `POST /v1/events/{id}/reprocess`, and `POST /v1/events/reprocess?decision=&limit=&cursor=` for
//! those of which one thing has become.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use super::{decisions, named};

use crate::{
    domain::event::Decision,
    http::{
        State,
        auth::{Admin, Key},
        pagination::{self, Limit, List, EventCursor},
        query::{PathId, Query},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
    },
    store::PageRequest,
    sync::reprocess::{self, Reprocessor},
};

/// What became of an event that was looked at again.
#[derive(Serialize, ToSchema)]
struct ReprocessedEvent {
    id: String,
    #[schema(schema_with = decisions)]
    decision: &'static str,
    #[schema(schema_with = decisions)]
    was: &'static str,
    changed: bool,
    reason: Option<String>,
}

impl From<reprocess::ReprocessedEvent> for ReprocessedEvent {
    fn from(event: reprocess::ReprocessedEvent) -> Self {
        Self {
            id: event.id,
            decision: event.decision.as_str(),
            was: event.previous.as_str(),
            changed: event.decision != event.previous,
            reason: event.reason,
        }
    }
}

/// A decision that is not final.
struct ReprocessableDecision(Decision);

impl<'de> Deserialize<'de> for ReprocessableDecision {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let open =
            String::deserialize(deserializer)?.parse().ok().filter(|it| !Decision::is_final(*it));
        let expected = "expected failed, quarantined or ignored; the others are final";
        open.map(Self).ok_or_else(|| D::Error::custom(expected))
    }
}

impl PartialSchema for ReprocessableDecision {
    fn schema() -> RefOr<Schema> {
        let open = Decision::ALL.into_iter().filter(|decision| !decision.is_final());
        Schema::Object(named(open)).into()
    }
}

impl ToSchema for ReprocessableDecision {}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ReprocessParams {
    /// What became of them.
    #[param(inline)]
    decision: ReprocessableDecision,
    /// How many at the most.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// The `next_cursor` of the page before.
    #[param(inline)]
    cursor: Option<EventCursor>,
}

/// Look at one event again.
#[utoipa::path(
    post,
    path = "/v1/events/{id}/reprocess",
    tag = "events",
    operation_id = "reprocessEvent",
    params(("id" = String, Path, description = "An event, by its `svix-id`", example = "msg_2kYxlJgqQWvUD4MNcBKqhUN3Zvq")),
    responses(
        (status = 200, description = "What became of it", body = ReprocessedEvent),
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("key" = [])),
)]
pub(in crate::http) async fn one(
    _: Key<Admin>,
    PathId(id): PathId,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let done = reprocessor(&state).reprocess(&id).await?;
    let done = done.ok_or_else(|| Problem::not_found("there is no such event"))?;
    log(&done);
    Ok(HttpResponse::Ok().json(ReprocessedEvent::from(done)))
}

/// Look again at those of which one thing has become: a page of them, the oldest first.
#[utoipa::path(
    post,
    path = "/v1/events/reprocess",
    tag = "events",
    operation_id = "reprocessEvents",
    params(ReprocessParams),
    responses(
        (status = 200, description = "A page", body = List<ReprocessedEvent>),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("key" = [])),
)]
pub(in crate::http) async fn page(
    _: Key<Admin>,
    Query(params): Query<ReprocessParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let page = PageRequest { after: params.cursor.map(|EventCursor(at)| at), limit: params.limit.items() };
    let done = reprocessor(&state).reprocess_page(params.decision.0, &page).await?;
    done.items.iter().for_each(log);
    Ok(pagination::bounded_page_response(
        params.limit,
        done,
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
        tracing::info!(event = event.id, was, decision, "reprocessed");
    }
}
