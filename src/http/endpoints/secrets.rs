//! `POST /v1/endpoints/{id}/rotate` and `POST /v1/endpoints/{id}/test`.

use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Endpoint, EndpointWithSecret};
use crate::http::{
    State,
    auth::{Admin, Key},
    problem::Problem,
    problem_responses::{
        CommonProblems, EndpointProblems, InvalidParameter, NotFound, ScopeMissing,
    },
    query::{NoParameters, PathId, Query},
    timestamp::Timestamp,
};

/// Result of a test message.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TestResult {
    /// Whether the endpoint accepted the message.
    delivered: bool,
    /// Status code of the response; null without a response.
    status: Option<u16>,
    /// Problem; null if the message was delivered.
    problem: Option<String>,
}

/// Rotate the signing secret of an endpoint.
///
/// Messages are signed with the new and the previous secret for 24 hours. The response contains the
/// new one, which no later response does.
#[utoipa::path(
    post,
    path = "/v1/endpoints/{id}/rotate",
    tag = "endpoints",
    operation_id = "rotateEndpoint",
    params(
        (
            "id" = String, Path,
            description = "ID of the endpoint.",
            example = "ep_3c9d0e1f2a4b5c6d7e8f9a0b",
        ),
    ),
    responses(
        (
            status = 200,
            description = "The endpoint with its new secret.",
            body = EndpointWithSecret,
        ),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
        EndpointProblems,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn rotate(
    _: Key<Admin>,
    PathId(id): PathId,
    _: Query<NoParameters>,
    state: web::Data<State>,
) -> Result<web::Json<EndpointWithSecret>, Problem> {
    let (endpoint, secret) = state.endpoints.rotate(&id).await?;
    let endpoint = Endpoint::new(&state.endpoints, endpoint)?;
    Ok(web::Json(EndpointWithSecret { endpoint, secret }))
}

/// Send a test message to an endpoint.
///
/// The message has the type `meetvo.test`. It is sent once, also to a disabled endpoint.
#[utoipa::path(
    post,
    path = "/v1/endpoints/{id}/test",
    tag = "endpoints",
    operation_id = "testEndpoint",
    params(
        (
            "id" = String, Path,
            description = "ID of the endpoint.",
            example = "ep_3c9d0e1f2a4b5c6d7e8f9a0b",
        ),
    ),
    responses(
        (status = 200, description = "Result of the test.", body = TestResult),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
        EndpointProblems,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn test(
    _: Key<Admin>,
    PathId(id): PathId,
    _: Query<NoParameters>,
    state: web::Data<State>,
) -> Result<web::Json<TestResult>, Problem> {
    let reply = state.endpoints.test(&id, Timestamp(state.clock.now())).await?;
    let delivered = reply.is_delivered();
    Ok(web::Json(TestResult { delivered, status: reply.status, problem: reply.problem }))
}
