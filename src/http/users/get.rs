//! `GET /v1/users/{id}?wait=&updated_after=&match=`: returns a user.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{User, no_such_user};
use crate::{
    http::{
        State,
        auth::Caller,
        caching,
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
        query::{PathId, Query},
        wait::{self, WaitParams},
    },
    store::users::UserView,
};

/// User with all fields, or the public profile of another user.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only the API description uses it; each variant is returned directly")]
enum UserResponse {
    Full(Box<User>),
    Public(PublicUser),
}

/// Public profile of a user.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PublicUser {
    /// Clerk's ID of the user.
    id: String,
    /// Username, unique in the Clerk instance.
    username: Option<String>,
    /// Given name.
    first_name: Option<String>,
    /// Family name.
    last_name: Option<String>,
    /// URL of the profile image.
    image: Option<String>,
}

impl From<UserView> for PublicUser {
    fn from(UserView { id, profile, .. }: UserView) -> Self {
        Self {
            id,
            username: profile.username,
            first_name: profile.first_name,
            last_name: profile.last_name,
            image: profile.image,
        }
    }
}

/// Get a user.
///
/// A session token reads its own user with all fields. If `api.public_profiles` is on, it also
/// reads the public profiles of other users.
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
            description = "The user, or the public profile of another user.",
            body = UserResponse,
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
pub(in crate::http) async fn user(
    caller: Caller,
    PathId(id): PathId,
    Query(params): Query<WaitParams>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    if caller.may_read(&id) {
        return full_user(&state, &id, &params, caller.key_name(), &request).await;
    }
    if !state.public_profiles {
        return Err(no_such_user());
    }
    let user = state.store.user(&id).await?.ok_or_else(no_such_user)?;
    Ok(caching::conditional(&request, &PublicUser::from(user)))
}

/// Responds with all fields of a user. `key` names the API key of the caller, if it has one.
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
