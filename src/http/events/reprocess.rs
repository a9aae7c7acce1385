//! `POST /v1/events/{id}/reprocess`, and `POST /v1/events/reprocess?decision=&limit=&cursor=` for
//! those of which one thing has become.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::{
    domain::event::Decision,
    http::{
        State,
        auth::{Admin, Key},
        list::{self, Limit},
        params::{Id, Params},
        problem::Problem,
    },
    store::Page,
    sync::reprocess::{self, Reprocessor},
};

/// What became of an event that was looked at again.
#[derive(Serialize)]
struct Reprocessed {
    id: String,
    decision: &'static str,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ReprocessParams {
    decision: String,
    #[serde(default)]
    limit: Limit,
    cursor: Option<i64>,
}

/// One event.
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

/// A page of events, the oldest first.
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
    let page = Page { after: params.cursor, limit: params.limit.items() };
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
