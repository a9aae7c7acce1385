//! `POST /v1/endpoints/{id}/enable`, `POST …/disable` and `DELETE /v1/endpoints/{id}`.

use actix_web::{HttpResponse, web};

use super::Endpoint;
use crate::http::{
    State,
    auth::{Admin, Key},
    problem::Problem,
    problem_responses::{
        CommonProblems, EndpointProblems, InvalidParameter, NotFound, ScopeMissing,
    },
    query::{NoParameters, PathId, Query},
};

/// Enable an endpoint.
///
/// The changes since it was disabled are sent, as far as they are still stored.
#[utoipa::path(
    post,
    path = "/v1/endpoints/{id}/enable",
    tag = "endpoints",
    operation_id = "enableEndpoint",
    params(
        (
            "id" = String, Path,
            description = "ID of the endpoint.",
            example = "ep_3c9d0e1f2a4b5c6d7e8f9a0b",
        ),
    ),
    responses(
        (status = 200, description = "The enabled endpoint.", body = Endpoint),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
        EndpointProblems,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn enable(
    _: Key<Admin>,
    PathId(id): PathId,
    _: Query<NoParameters>,
    state: web::Data<State>,
) -> Result<web::Json<Endpoint>, Problem> {
    let endpoint = state.endpoints.enable(&id).await?;
    Ok(web::Json(Endpoint::new(&state.endpoints, endpoint)?))
}

/// Disable an endpoint.
///
/// It gets no messages until it is enabled again.
#[utoipa::path(
    post,
    path = "/v1/endpoints/{id}/disable",
    tag = "endpoints",
    operation_id = "disableEndpoint",
    params(
        (
            "id" = String, Path,
            description = "ID of the endpoint.",
            example = "ep_3c9d0e1f2a4b5c6d7e8f9a0b",
        ),
    ),
    responses(
        (status = 200, description = "The disabled endpoint.", body = Endpoint),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
        EndpointProblems,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn disable(
    _: Key<Admin>,
    PathId(id): PathId,
    _: Query<NoParameters>,
    state: web::Data<State>,
) -> Result<web::Json<Endpoint>, Problem> {
    let endpoint = state.endpoints.disable(&id).await?;
    Ok(web::Json(Endpoint::new(&state.endpoints, endpoint)?))
}

/// Delete an endpoint.
///
/// The messages that wait are not sent any more.
#[utoipa::path(
    delete,
    path = "/v1/endpoints/{id}",
    tag = "endpoints",
    operation_id = "deleteEndpoint",
    params(
        (
            "id" = String, Path,
            description = "ID of the endpoint.",
            example = "ep_3c9d0e1f2a4b5c6d7e8f9a0b",
        ),
    ),
    responses(
        (status = 204, description = "The endpoint is deleted."),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn delete(
    _: Key<Admin>,
    PathId(id): PathId,
    _: Query<NoParameters>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    state.endpoints.delete(&id).await?;
    Ok(HttpResponse::NoContent().finish())
}
