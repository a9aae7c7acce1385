//! `GET /v1/endpoints` and `GET /v1/endpoints/{id}`: return endpoints, with their success.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::Endpoint;
use crate::{
    http::{
        State,
        auth::{Admin, Key},
        caching,
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
        query::{NoParameters, PathId, Query},
        timestamp::Timestamp,
    },
    store::push::{attempts::AttemptSummary, messages::MessageCounts},
};

/// All endpoints.
#[derive(Serialize, ToSchema)]
struct EndpointList {
    /// Endpoints in the order of their creation, at most 50.
    data: Vec<Endpoint>,
}

/// Endpoint with its success.
#[derive(Serialize, ToSchema)]
struct EndpointDetails {
    #[serde(flatten)]
    endpoint: Endpoint,
    /// Number of messages that wait for another attempt.
    waiting: i64,
    /// Number of messages that have failed for good.
    failed: i64,
    /// Number of the newest attempts that the next two values are about, at most 1000.
    recent_attempts: i64,
    /// Part of them that delivered their message, from 0 to 1. Null without an attempt.
    success_rate: Option<f64>,
    /// Mean duration of the successful ones in milliseconds. Null without one.
    latency_ms: Option<i64>,
    /// Time of the last success.
    delivered_at: Option<Timestamp>,
}

impl EndpointDetails {
    fn new(endpoint: Endpoint, counts: MessageCounts, summary: AttemptSummary) -> Self {
        let AttemptSummary { attempts, delivered, duration_ms, delivered_at } = summary;
        Self {
            endpoint,
            waiting: counts.waiting,
            failed: counts.failed,
            recent_attempts: attempts,
            success_rate: (attempts > 0).then(|| rate(delivered, attempts)),
            latency_ms: (delivered > 0).then(|| duration_ms / delivered),
            delivered_at: Timestamp::from_option(delivered_at),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "f64 is exact for the numbers of attempts")]
fn rate(delivered: i64, attempts: i64) -> f64 {
    delivered as f64 / attempts as f64
}

/// List the endpoints.
#[utoipa::path(
    get,
    path = "/v1/endpoints",
    tag = "endpoints",
    operation_id = "listEndpoints",
    responses(
        (status = 200, description = "All endpoints.", body = EndpointList),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn list(
    _: Key<Admin>,
    _: Query<NoParameters>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let found = state.store.push_endpoints().await?.into_iter();
    let data: Result<Vec<_>, Problem> =
        found.map(|stored| Endpoint::new(&state.endpoints, stored)).collect();
    Ok(caching::private(&EndpointList { data: data? }))
}

/// Get an endpoint, with its success.
#[utoipa::path(
    get,
    path = "/v1/endpoints/{id}",
    tag = "endpoints",
    operation_id = "getEndpoint",
    params(
        (
            "id" = String, Path,
            description = "ID of the endpoint.",
            example = "ep_3c9d0e1f2a4b5c6d7e8f9a0b",
        ),
    ),
    responses(
        (status = 200, description = "The endpoint.", body = EndpointDetails),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn get(
    _: Key<Admin>,
    PathId(id): PathId,
    _: Query<NoParameters>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let stored = state.endpoints.read(&id).await?;
    let counts = state.store.count_push_messages(&id).await?;
    let summary = state.store.push_attempt_summary(&id).await?;
    let endpoint = Endpoint::new(&state.endpoints, stored)?;
    Ok(caching::private(&EndpointDetails::new(endpoint, counts, summary)))
}
