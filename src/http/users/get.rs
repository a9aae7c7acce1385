//! `GET /v1/users/{id}?wait=`

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{User, no_such_user};
use crate::{
    http::{
        State,
        auth::Caller,
        caching,
        params::{Id, Params},
        problem::Problem,
        wait::{self, Wait, WaitParams},
    },
    store::users::UserView,
};

/// What others may see of a user.
#[derive(Serialize)]
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

pub(in crate::http) async fn user(
    caller: Caller,
    Id(id): Id,
    Params(WaitParams { wait }): Params<WaitParams>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    if caller.may_read(&id) {
        return whole(&state, &id, wait, &request).await;
    }
    if !state.public_profiles {
        return Err(no_such_user());
    }
    let user = state.store.user(&id).await?.ok_or_else(no_such_user)?;
    Ok(caching::conditional(&request, &PublicUser::from(user)))
}

/// Everything that may leave of a user.
pub(in crate::http) async fn whole(
    state: &State,
    id: &str,
    wait: Wait,
    request: &HttpRequest,
) -> Result<HttpResponse, Problem> {
    let user = wait::user(state, id, wait).await?.ok_or_else(no_such_user)?;
    Ok(caching::conditional(request, &User::from(user)))
}
