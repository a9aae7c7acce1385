//! `POST /v1/endpoints` and `PATCH /v1/endpoints/{id}`: create and change endpoints.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Endpoint, EndpointWithSecret};
use crate::{
    http::{
        State,
        auth::{Admin, Key},
        json_body::JsonBody,
        problem::Problem,
        problem_responses::{
            CommonProblems, EndpointProblems, InvalidBody, NotFound, ScopeMissing,
        },
        query::{NoParameters, PathId, Query},
    },
    push::admin::EndpointValues,
};

/// Values of a new endpoint.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewEndpoint {
    /// URL to which messages are sent. It begins with `https://`.
    #[schema(examples("https://app.example.com/hooks"))]
    url: String,
    /// Types of messages: `user.created`, `membership.*` or `*`.
    #[schema(min_items = 1, examples("user.*"))]
    types: Vec<String>,
    /// Description for people.
    #[schema(max_length = 256)]
    description: Option<String>,
    /// Headers of each request, such as credentials.
    headers: Option<BTreeMap<String, String>>,
    /// Maximum number of messages per second; 0 for no limit.
    #[schema(maximum = 10_000)]
    rate: Option<u32>,
}

/// Values of an endpoint that change. Those that are left out stay as they are.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ChangedEndpoint {
    /// URL to which messages are sent. It begins with `https://`.
    #[schema(examples("https://app.example.com/hooks"))]
    url: Option<String>,
    /// Types of messages: `user.created`, `membership.*` or `*`.
    #[schema(min_items = 1, examples("user.*"))]
    types: Option<Vec<String>>,
    /// Description for people.
    #[schema(max_length = 256)]
    description: Option<String>,
    /// Headers of each request, such as credentials. They replace the present ones.
    headers: Option<BTreeMap<String, String>>,
    /// Maximum number of messages per second; 0 for no limit.
    #[schema(maximum = 10_000)]
    rate: Option<u32>,
}

/// Create an endpoint.
///
/// It gets a message about each change from now on. The response contains the signing secret, which
/// no later response does.
#[utoipa::path(
    post,
    path = "/v1/endpoints",
    tag = "endpoints",
    operation_id = "createEndpoint",
    request_body(content = NewEndpoint, description = "The values of the endpoint."),
    responses(
        (status = 201, description = "The endpoint with its secret.", body = EndpointWithSecret),
        InvalidBody,
        CommonProblems,
        ScopeMissing,
        EndpointProblems,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn create(
    _: Key<Admin>,
    _: Query<NoParameters>,
    JsonBody(new): JsonBody<NewEndpoint>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let NewEndpoint { url, types, description, headers, rate } = new;
    let (url, types) = (Some(url), Some(types));
    let values = EndpointValues { url, types, description, headers, rate };
    let (endpoint, secret) = state.endpoints.create(values).await?;
    let endpoint = Endpoint::new(&state.endpoints, endpoint)?;
    Ok(HttpResponse::Created().json(EndpointWithSecret { endpoint, secret }))
}

/// Change an endpoint.
#[utoipa::path(
    patch,
    path = "/v1/endpoints/{id}",
    tag = "endpoints",
    operation_id = "updateEndpoint",
    params(
        (
            "id" = String, Path,
            description = "ID of the endpoint.",
            example = "ep_3c9d0e1f2a4b5c6d7e8f9a0b",
        ),
    ),
    request_body(content = ChangedEndpoint, description = "The values that change."),
    responses(
        (status = 200, description = "The endpoint after the change.", body = Endpoint),
        InvalidBody,
        CommonProblems,
        ScopeMissing,
        NotFound,
        EndpointProblems,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn update(
    _: Key<Admin>,
    PathId(id): PathId,
    _: Query<NoParameters>,
    JsonBody(changed): JsonBody<ChangedEndpoint>,
    state: web::Data<State>,
) -> Result<web::Json<Endpoint>, Problem> {
    let ChangedEndpoint { url, types, description, headers, rate } = changed;
    let values = EndpointValues { url, types, description, headers, rate };
    let endpoint = state.endpoints.update(&id, values).await?;
    Ok(web::Json(Endpoint::new(&state.endpoints, endpoint)?))
}
