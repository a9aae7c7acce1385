//! `GET /v1/sessions/{id}`

use actix_web::{HttpRequest, HttpResponse, web};

use super::Session;
use crate::http::{
    State,
    auth::Caller,
    caching,
    query::PathId,
    problem::Problem,
    problem_responses::{CommonProblems, NotFound, ScopeMissing},
};

/// One session.
#[utoipa::path(
    get,
    path = "/v1/sessions/{id}",
    tag = "users",
    operation_id = "getSession",
    params(("id" = String, Path, description = "A session", example = "sess_2rfTFAvLq8pYc0kBnXgWmZtEo1D")),
    responses(
        (status = 200, description = "It", body = Session, headers(("etag" = String, description = "Of the body"))),
        (status = 304, description = "The caller has it already"),
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("key" = []), ("session" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn session(
    caller: Caller,
    PathId(id): PathId,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let session = state.store.session(&id).await?;
    let session = session.filter(|session| caller.may_read(&session.state.user_id));
    let session = session.ok_or_else(|| Problem::not_found("there is no such session"))?;
    Ok(caching::conditional(&request, &Session::at(session, state.clock.now())))
}
