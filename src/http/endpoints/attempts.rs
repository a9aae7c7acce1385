//! `GET /v1/endpoints/{id}/attempts?failed=&limit=`: lists the newest attempts to deliver messages.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    http::{
        State,
        auth::{Admin, Key},
        caching,
        pagination::Limit,
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
        query::{PathId, Query},
        timestamp::Timestamp,
    },
    store::push::progress,
};

/// Attempt to deliver a message.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Attempt {
    /// Cursor of the message's change.
    cursor: String,
    /// Number of the attempt, from 1.
    attempt: i64,
    /// Time of the attempt.
    at: Timestamp,
    /// Duration in milliseconds.
    duration_ms: i64,
    /// Status code of the response; null without a response.
    status: Option<i64>,
    /// Problem; null if the message was delivered.
    problem: Option<String>,
}

impl From<progress::Attempt> for Attempt {
    fn from(attempt: progress::Attempt) -> Self {
        Self {
            cursor: attempt.seq.to_string(),
            attempt: attempt.attempt,
            at: Timestamp(attempt.at),
            duration_ms: attempt.duration_ms,
            status: attempt.status,
            problem: attempt.problem,
        }
    }
}

/// Attempts.
#[derive(Serialize, ToSchema)]
struct AttemptList {
    /// Attempts in the reverse order of their changes.
    data: Vec<Attempt>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct AttemptParams {
    /// If true, only attempts that failed are returned.
    #[serde(default)]
    failed: bool,
    /// Maximum number of attempts.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
}

/// List the newest attempts to deliver messages.
#[utoipa::path(
    get,
    path = "/v1/endpoints/{id}/attempts",
    tag = "endpoints",
    operation_id = "listEndpointAttempts",
    params(
        (
            "id" = String, Path,
            description = "ID of the endpoint.",
            example = "ep_3c9d0e1f2a4b5c6d7e8f9a0b",
        ),
        AttemptParams,
    ),
    responses(
        (status = 200, description = "The newest attempts.", body = AttemptList),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn attempts(
    _: Key<Admin>,
    PathId(id): PathId,
    Query(AttemptParams { failed, limit }): Query<AttemptParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    state.endpoints.read(&id).await?;
    let found = state.store.push_attempts(&id, failed, limit.items()).await?;
    Ok(caching::private(&AttemptList { data: found.into_iter().map(Attempt::from).collect() }))
}
