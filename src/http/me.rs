//! `/v1/me`: returns the objects of the signed-in user.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    State,
    auth::SignedInUser,
    pagination::{List, PageParams},
    query::Query,
    problem::Problem,
    problem_responses::{CommonProblems, InvalidParameter, NotFound},
    sessions::Session,
    users::{self, User, accounts::Account, owned},
    wait::WaitParams,
};

/// Whoever asks.
#[utoipa::path(
    get,
    path = "/v1/me",
    tag = "me",
    operation_id = "getMe",
    params(WaitParams),
    responses(
        (status = 200, description = "It", body = User, headers(("etag" = String, description = "Of the body"))),
        (status = 304, description = "The caller has it already"),
        InvalidParameter,
        CommonProblems,
        NotFound,
    ),
    security(("session" = []), ("cookie" = [])),
)]
pub(super) async fn user(
    signed: SignedInUser,
    Query(WaitParams { wait }): Query<WaitParams>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    users::get::full_user(&state, &signed.user_id, wait, &request).await
}

/// Their sessions.
#[utoipa::path(
    get,
    path = "/v1/me/sessions",
    tag = "me",
    operation_id = "listMySessions",
    params(PageParams),
    responses(
        (status = 200, description = "A page", body = List<Session>),
        InvalidParameter,
        CommonProblems,
        NotFound,
    ),
    security(("session" = []), ("cookie" = [])),
)]
pub(super) async fn sessions(
    signed: SignedInUser,
    Query(page): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    owned::page::<Session>(&signed.user_id, page, &state).await
}

/// Their linked accounts.
#[utoipa::path(
    get,
    path = "/v1/me/accounts",
    tag = "me",
    operation_id = "listMyAccounts",
    params(PageParams),
    responses(
        (status = 200, description = "A page", body = List<Account>),
        InvalidParameter,
        CommonProblems,
        NotFound,
    ),
    security(("session" = []), ("cookie" = [])),
)]
pub(super) async fn accounts(
    signed: SignedInUser,
    Query(page): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    owned::page::<Account>(&signed.user_id, page, &state).await
}
