//! `GET /v1/users/{id}`

use actix_web::{HttpRequest, HttpResponse, web};

use super::{User, no_such_user};
use crate::http::{
    State,
    auth::{Key, Read},
    caching,
    params::Id,
    problem::Problem,
};

pub(in crate::http) async fn user(
    _: Key<Read>,
    Id(id): Id,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let user = state.store.user(&id).await?.ok_or_else(no_such_user)?;
    Ok(caching::conditional(&request, &User::from(user)))
}
