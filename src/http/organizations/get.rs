//! `GET /v1/organizations/{id}`: returns an organization.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{Organization, no_such_organization};
use crate::http::{
    State,
    auth::{Key, Read},
    caching,
    problem::Problem,
    problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
    query::{NoParameters, PathId, Query},
};

/// Get an organization.
#[utoipa::path(
    get,
    path = "/v1/organizations/{id}",
    tag = "organizations",
    operation_id = "getOrganization",
    params(
        (
            "id" = String, Path,
            description = "ID of the organization.",
            example = "org_38TlHUSL0uDX6LtisQKNyeh0ip6",
        ),
    ),
    responses(
        (
            status = 200,
            description = "The organization.",
            body = Organization,
            headers(("etag" = String, description = "Entity tag of the response body.")),
        ),
        (status = 304, description = "The body matches the entity tag in `If-None-Match`."),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("key" = [])),
)]
pub(in crate::http) async fn organization(
    _: Key<Read>,
    PathId(id): PathId,
    _: Query<NoParameters>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let organization = state.store.organization(&id).await?.ok_or_else(no_such_organization)?;
    Ok(caching::conditional(&request, &Organization::from(organization)))
}
