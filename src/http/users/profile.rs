//! `GET /v1/users/{id}/profile`: returns the public profile of a user.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::no_such_user;
use crate::{
    http::{
        State,
        auth::Caller,
        caching,
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
        query::{NoParameters, PathId, Query},
    },
    store::users::UserView,
};

/// Public profile of a user: the values that other signed-in users can read.
#[derive(Serialize, ToSchema)]
#[schema(examples(json!({
        "id": "user_2DTfgLJDuSaP8SfNPbe8FiQxGm0",
        "username": "example_person",
        "first_name": "Exemplary",
        "last_name": "Person",
        "image": "https://img.clerk.com/example-person"
    })))]
struct UserProfile {
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

impl From<UserView> for UserProfile {
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

/// Get the public profile of a user.
///
/// A session token reads the profile of its own user. If `api.public_profiles` is on, it also reads
/// the profiles of other users.
#[utoipa::path(
    get,
    path = "/v1/users/{id}/profile",
    tag = "users",
    operation_id = "getUserProfile",
    params(
        (
            "id" = String, Path,
            description = "ID of the user.",
            example = "user_2rfTF8P3Cf1zjl92u9aNy4VJjau",
        ),
    ),
    responses(
        (status = 200, description = "The public profile.", body = UserProfile),
        (status = 304, description = "The body matches the entity tag in `If-None-Match`."),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["read"]), ("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(in crate::http) async fn profile(
    caller: Caller,
    PathId(id): PathId,
    _: Query<NoParameters>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    if !state.public_profiles && !caller.may_read(&id) {
        return Err(no_such_user());
    }
    let user = state.store.user(&id).await?.ok_or_else(no_such_user)?;
    Ok(caching::conditional(&request, &UserProfile::from(user)))
}
