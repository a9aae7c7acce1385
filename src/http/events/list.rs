//! `GET /v1/events?decision=&subject=&limit=&cursor=`, the newest first.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::Event;
use crate::{
    http::{
        State,
        auth::{Admin, Key},
        list::{self, Limit},
        params::Params,
        problem::Problem,
    },
    store::events::EventFilter,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct EventParams {
    decision: Option<String>,
    subject: Option<String>,
    #[serde(default)]
    limit: Limit,
    cursor: Option<i64>,
}

pub(in crate::http) async fn events(
    _: Key<Admin>,
    Params(params): Params<EventParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let decision = params.decision.map(|name| name.parse()).transpose().map_err(|unknown| {
        Problem::bad_request("parameter_invalid", format!("decision: {unknown}"))
    })?;
    let filter = EventFilter { decision, subject: params.subject };
    let found = state.store.events(&filter, &params.limit.page(params.cursor)).await?;
    Ok(list::answer_found(params.limit, found, |row| row.seq.to_string(), Event::from))
}
