//! `GET /v1/events?decision=&type=&subject=&received_after=&received_before=&limit=&cursor=`, the newest first.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::Event;
use crate::{
    http::{
        State,
        auth::{Admin, Key},
        instant::Instant,
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
    r#type: Option<String>,
    received_after: Option<Instant>,
    received_before: Option<Instant>,
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
    let filter = EventFilter {
        decision,
        subject: params.subject,
        kind: params.r#type,
        received_after: params.received_after.map(|Instant(at)| at),
        received_before: params.received_before.map(|Instant(at)| at),
    };
    let found = state.store.events(&filter, &params.limit.page(params.cursor)).await?;
    Ok(list::answer_found(params.limit, found, |row| row.seq.to_string(), Event::from))
}
