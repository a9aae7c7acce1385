//! `/v1/me`: what is the caller's own.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    State, auth::Signed, list::PageParams, params::Params, problem::Problem, users,
    wait::WaitParams,
};

/// `GET /v1/me?wait=`
pub(super) async fn user(
    signed: Signed,
    Params(WaitParams { wait }): Params<WaitParams>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    users::get::whole(&state, &signed.user_id, wait, &request).await
}

/// `GET /v1/me/sessions?limit=&cursor=`
pub(super) async fn sessions(
    signed: Signed,
    Params(page): Params<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    users::sessions::page(&state, &signed.user_id, page).await
}

/// `GET /v1/me/accounts?limit=&cursor=`
pub(super) async fn accounts(
    signed: Signed,
    Params(page): Params<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    users::accounts::page(&state, &signed.user_id, page).await
}
