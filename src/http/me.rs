//! `/v1/me`: what is the caller's own.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{State, auth::Signed, list::PageParams, params::Params, problem::Problem, users};

/// `GET /v1/me`
pub(super) async fn user(
    Signed { user_id }: Signed,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    users::get::whole(&state, &user_id, &request).await
}

/// `GET /v1/me/sessions?limit=&cursor=`
pub(super) async fn sessions(
    Signed { user_id }: Signed,
    Params(page): Params<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    users::sessions::page(&state, &user_id, page).await
}

/// `GET /v1/me/accounts?limit=&cursor=`
pub(super) async fn accounts(
    Signed { user_id }: Signed,
    Params(page): Params<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    users::accounts::page(&state, &user_id, page).await
}
