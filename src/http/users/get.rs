//! `GET /v1/users/{id}?wait=`: returns a user.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{User, no_such_user};
use crate::{
    http::{
        State,
        auth::Caller,
        caching,
        query::{PathId, Query},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
        wait::{self, Wait, WaitParams},
    },
    store::users::UserView,
};

/// What is shown of a user: everything, or what others may see.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it is described, and each is answered as it is")]
enum UserResponse {
    Full(Box<User>),
    Public(PublicUser),
}

/// What others may see of a user.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PublicUser {
    id: String,
    username: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    image: Option<String>,
}

impl From<UserView> for PublicUser {
    fn from(UserView { id, profile }: UserView) -> Self {
        Self {
            id,
            username: profile.username,
            first_name: profile.first_name,
            last_name: profile.last_name,
            image: profile.image,
        }
    }
}

/// One user.
///
/// To a session token its own user whole, and of others the public part, where `api.public_profiles` is on.
#[utoipa::path(
    get,
    path = "/v1/users/{id}",
    tag = "users",
    operation_id = "getUser",
    params(("id" = String, Path, description = "A user", example = "user_2rfTF8P3Cf1zjl92u9aNy4VJjau"), WaitParams),
    responses(
        (status = 200, description = "It", body = UserResponse, headers(("etag" = String, description = "Of the body"))),
        (status = 304, description = "The caller has it already"),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("key" = []), ("session" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn user(
    caller: Caller,
    PathId(id): PathId,
    Query(WaitParams { wait }): Query<WaitParams>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    if caller.may_read(&id) {
        return full_user(&state, &id, wait, &request).await;
    }
    if !state.public_profiles {
        return Err(no_such_user());
    }
    let user = state.store.user(&id).await?.ok_or_else(no_such_user)?;
    Ok(caching::conditional(&request, &PublicUser::from(user)))
}

/// Responds with all fields of a user.
pub(in crate::http) async fn full_user(
    state: &State,
    id: &str,
    wait: Wait,
    request: &HttpRequest,
) -> Result<HttpResponse, Problem> {
    let user = wait::wait_for_user(state, id, wait).await?.ok_or_else(no_such_user)?;
    Ok(caching::conditional(request, &User::from(user)))
}
