//! `GET /v1/memberships/{id}?wait=&updated_after=&match=`: returns a membership.

use std::cell::OnceCell;

use actix_web::{HttpRequest, HttpResponse, web};

use super::Membership;
use crate::{
    http::{
        State,
        auth::MemberCaller,
        problem::Problem,
        problem_responses::{InvalidParameter, MemberProblems, NotFound, ScopeMissing},
        query::{PathId, Query},
        wait::{self, WaitParams, Waiter},
    },
    store::{changes::ChangeEntry, memberships::MembershipView},
};

/// Get a membership.
///
/// A session token reads the memberships of its own user.
#[utoipa::path(
    get,
    path = "/v1/memberships/{id}",
    tag = "organizations",
    operation_id = "getMembership",
    params(
        (
            "id" = String, Path,
            description = "ID of the membership.",
            example = "orgmem_3EWsyb4bbtgLuCXQjmBZI3WU5gB",
        ),
        WaitParams,
    ),
    responses(
        (
            status = 200,
            description = "The membership.",
            body = Membership,
        ),
        (status = 304, description = "The body matches the entity tag in `If-None-Match`."),
        InvalidParameter,
        MemberProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["read"]), ("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(in crate::http) async fn membership(
    MemberCaller(caller): MemberCaller,
    PathId(id): PathId,
    Query(params): Query<WaitParams>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    // A membership of another user is as one that does not exist, also while the request waits.
    let is_readable = |it: &MembershipView| caller.may_read(&it.data.user_id);
    let owners = OnceCell::new();
    let read = async || {
        let found = state.store.membership(&id).await?.filter(is_readable);
        if let Some(membership) = &found {
            let data = &membership.data;
            owners.get_or_init(|| [&data.user_id, &data.organization_id].map(String::clone));
        }
        Ok(found.map(Membership::from))
    };
    // The response contains the profile of the member, and ends with the organization.
    let wakes = |change: &ChangeEntry| {
        change.id == id || owners.get().is_some_and(|owners| owners.contains(&change.id))
    };
    let waiter =
        Waiter { counted_by: caller.counted_by(&id), key: caller.key_name(), wakes: &wakes };
    let result = wait::wait_for(&state, &params, waiter, read).await?;
    result.respond(&request, no_such_membership)
}

fn no_such_membership() -> Problem {
    Problem::not_found("no membership has this ID")
}
