//! `POST /v1/events/{id}/reprocess`, and `POST /v1/events/reprocess?decision=&limit=&cursor=` for
//! those of which one thing has become.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{decisions, open_decisions};

use crate::{
    domain::event::Decision,
    http::{
        State,
        auth::{Admin, Key},
        list::{self, Limit, List, Position},
        openapi::refusals::{Missing, Refused, Unclear, Unscoped},
        params::{Id, Params},
        problem::Problem,
    },
    store::Page,
    sync::reprocess::{self, Reprocessor},
};

/// What became of an event that was looked at again.
#[derive(Serialize, ToSchema)]
struct Reprocessed {
    id: String,
    #[schema(schema_with = decisions)]
    decision: &'static str,
    #[schema(schema_with = decisions)]
    was: &'static str,
    changed: bool,
    reason: Option<String>,
}

impl From<reprocess::Reprocessed> for Reprocessed {
    fn from(event: reprocess::Reprocessed) -> Self {
        Self {
            id: event.id,
            decision: event.decision.as_str(),
            was: event.was.as_str(),
            changed: event.decision != event.was,
            reason: event.reason,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ReprocessParams {
    /// What became of them.
    #[param(schema_with = open_decisions)]
    decision: String,
    /// How many at the most.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// The `next_cursor` of the page before.
    #[param(inline)]
    cursor: Option<Position>,
}

/// Look at one event again.
#[utoipa::path(
    post,
    path = "/v1/events/{id}/reprocess",
    tag = "events",
    operation_id = "reprocessEvent",
    params(("id" = String, Path, description = "An event, by its `svix-id`", example = "msg_2kYxlJgqQWvUD4MNcBKqhUN3Zvq")),
    responses(
        (status = 200, description = "What became of it", body = Reprocessed),
        Refused,
        Unscoped,
        Missing,
    ),
    security(("key" = [])),
)]
pub(in crate::http) async fn one(
    _: Key<Admin>,
    Id(id): Id,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let done = reprocessor(&state).one(&id).await?;
    let done = done.ok_or_else(|| Problem::not_found("there is no such event"))?;
    log(&done);
    Ok(HttpResponse::Ok().json(Reprocessed::from(done)))
}

/// Look again at those of which one thing has become: a page of them, the oldest first.
#[utoipa::path(
    post,
    path = "/v1/events/reprocess",
    tag = "events",
    operation_id = "reprocessEvents",
    params(ReprocessParams),
    responses(
        (status = 200, description = "A page", body = List<Reprocessed>),
        Unclear,
        Refused,
        Unscoped,
    ),
    security(("key" = [])),
)]
pub(in crate::http) async fn page(
    _: Key<Admin>,
    Params(params): Params<ReprocessParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let decision = params.decision.parse().ok().filter(|it: &Decision| !it.is_final());
    let decision = decision.ok_or_else(|| {
        let detail = "decision: expected failed, quarantined or ignored; the others are final";
        Problem::bad_request("parameter_invalid", detail)
    })?;
    let page = Page { after: params.cursor.map(|Position(at)| at), limit: params.limit.items() };
    let done = reprocessor(&state).page(decision, &page).await?;
    done.iter().for_each(log);
    Ok(list::answer_full(params.limit, done, |event| event.seq.to_string(), Reprocessed::from))
}

fn reprocessor(state: &State) -> Reprocessor<'_> {
    Reprocessor {
        store: &state.store,
        decoder: &state.decoder,
        queue: &state.queue,
        now: state.clock.now(),
    }
}

fn log(event: &reprocess::Reprocessed) {
    if event.decision != event.was {
        let (was, decision) = (event.was.as_str(), event.decision.as_str());
        tracing::info!(event = event.id, was, decision, "reprocessed");
    }
}
