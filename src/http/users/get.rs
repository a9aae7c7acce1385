//! `GET /v1/users/{id}?wait=&updated_after=&match=`: returns a user.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{User, no_such_user};
use crate::http::{
    State,
    auth::Caller,
    problem::Problem,
    problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
    query::{PathId, Query},
    wait::{self, WaitParams},
};

/// Get a user.
///
/// A session token reads its own user. To read the name and picture of another user, get the public
/// profile.
#[utoipa::path(
    get,
    path = "/v1/users/{id}",
    tag = "users",
    operation_id = "getUser",
    params(
        (
            "id" = String, Path,
            description = "ID of the user.",
            example = "user_2rfTF8P3Cf1zjl92u9aNy4VJjau",
        ),
        WaitParams,
    ),
    responses(
        (
            status = 200,
            description = "The user.",
            body = User,
        ),
        (status = 304, description = "The body matches the entity tag in `If-None-Match`."),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["read"]), ("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(in crate::http) async fn user(
    caller: Caller,
    PathId(id): PathId,
    Query(params): Query<WaitParams>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    if !caller.may_read(&id) {
        return Err(no_such_user());
    }
    full_user(&state, &id, &params, caller.key_name(), &request).await
}

/// Responds with a user. `key` names the API key of the caller, if it has one.
pub(in crate::http) async fn full_user(
    state: &State,
    id: &str,
    params: &WaitParams,
    key: Option<&str>,
    request: &HttpRequest,
) -> Result<HttpResponse, Problem> {
    let result = wait::wait_for_user::<User>(state, id, params, key).await?;
    result.respond(request, no_such_user)
}
