//! `GET /v1/sessions/{id}`: returns a session.

use actix_web::{HttpRequest, HttpResponse, web};

use super::Session;
use crate::http::{
    State,
    auth::Caller,
    caching,
    problem::Problem,
    problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
    query::{NoParameters, PathId, Query},
};

/// Get a session.
#[utoipa::path(
    get,
    path = "/v1/sessions/{id}",
    tag = "users",
    operation_id = "getSession",
    params(
        (
            "id" = String, Path,
            description = "ID of the session.",
            example = "sess_2rfTFAvLq8pYc0kBnXgWmZtEo1D",
        ),
    ),
    responses(
        (
            status = 200,
            description = "The session.",
            body = Session,
        ),
        (status = 304, description = "The body matches the entity tag in `If-None-Match`."),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["read"]), ("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(in crate::http) async fn session(
    caller: Caller,
    PathId(id): PathId,
    _: Query<NoParameters>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let session = state.store.session(&id).await?;
    let session = session.filter(|session| caller.may_read(&session.data.details.user_id));
    let session = session.ok_or_else(|| Problem::not_found("no session has this ID"))?;
    Ok(caching::conditional(&request, &Session::at(session, state.clock.now())))
}
