//! `GET /v1/memberships/{id}?wait=`: returns a membership.

use actix_web::{HttpRequest, HttpResponse, web};

use super::Membership;
use crate::{
    http::{
        State,
        auth::Caller,
        caching,
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
        query::{PathId, Query},
        wait::{self, WaitParams, Waiter},
    },
    store::memberships::MembershipView,
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
            headers(("etag" = String, description = "Entity tag of the response body.")),
        ),
        (status = 304, description = "The body matches the entity tag in `If-None-Match`."),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("key" = []), ("session" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn membership(
    caller: Caller,
    PathId(id): PathId,
    Query(WaitParams { wait }): Query<WaitParams>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    // A membership of another user is as one that does not exist, also while the request waits.
    let is_readable = |it: &MembershipView| caller.may_read(&it.data.user_id);
    let read = async || Ok(state.store.membership(&id).await?.filter(is_readable));
    let counted_by = match &caller {
        Caller::Key(_) => &id,
        Caller::Session(signed_in) => &signed_in.user_id,
    };
    let waiter = Waiter { counted_by, key: caller.key_name() };
    let found = wait::wait_for(&state, &id, wait, waiter, read).await?;
    let membership = found.ok_or_else(no_such_membership)?;
    Ok(caching::conditional(&request, &Membership::from(membership)))
}

fn no_such_membership() -> Problem {
    Problem::not_found("no membership has this ID")
}
