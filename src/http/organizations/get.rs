//! `GET /v1/organizations/{id}?wait=&updated_after=&match=`: returns an organization.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{Organization, no_such_organization};
use crate::http::{
    State,
    auth::OrganizationReader,
    problem::Problem,
    problem_responses::{InvalidParameter, MemberProblems, NotFound, ScopeMissing},
    query::{PathId, Query},
    wait::{self, WaitParams, Waiter, concerns},
};

/// Get an organization.
///
/// If `api.members_see_members` is on, a session token reads the organizations of which its user is
/// a member.
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
        WaitParams,
    ),
    responses(
        (
            status = 200,
            description = "The organization.",
            body = Organization,
        ),
        (status = 304, description = "The body matches the entity tag in `If-None-Match`."),
        InvalidParameter,
        MemberProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["read"]), ("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(in crate::http) async fn organization(
    OrganizationReader(caller): OrganizationReader,
    PathId(id): PathId,
    Query(params): Query<WaitParams>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let read = async || {
        if !caller.may_read_organization(&state.store, &id).await? {
            return Ok(None);
        }
        Ok(state.store.organization(&id).await?.map(Organization::from))
    };
    let waiter = Waiter {
        counted_by: caller.counted_by(&id),
        key: caller.key_name(),
        wakes: &|change| concerns(change, &id),
    };
    let result = wait::wait_for(&state, &params, waiter, read).await?;
    result.respond(&request, no_such_organization)
}
