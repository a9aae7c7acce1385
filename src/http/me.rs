//! `/v1/me`: returns the objects of the signed-in user.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    State,
    auth::SignedInUser,
    pagination::{List, PageParams},
    problem::Problem,
    problem_responses::{CommonProblems, InvalidParameter, NotFound},
    query::Query,
    sessions::Session,
    users::{self, User, accounts::Account, owned},
    wait::WaitParams,
};

/// Get the signed-in user.
#[utoipa::path(
    get,
    path = "/v1/me",
    tag = "me",
    operation_id = "getMe",
    params(WaitParams),
    responses(
        (
            status = 200,
            description = "The signed-in user.",
            body = User,
            headers(("etag" = String, description = "Entity tag of the response body.")),
        ),
        (status = 304, description = "The body matches the entity tag in `If-None-Match`."),
        InvalidParameter,
        CommonProblems,
        NotFound,
    ),
    security(("session" = []), ("cookie" = [])),
)]
pub(super) async fn user(
    signed_in: SignedInUser,
    Query(WaitParams { wait }): Query<WaitParams>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    users::get::full_user(&state, &signed_in.user_id, wait, None, &request).await
}

/// List the sessions of the signed-in user.
#[utoipa::path(
    get,
    path = "/v1/me/sessions",
    tag = "me",
    operation_id = "listMySessions",
    params(PageParams),
    responses(
        (status = 200, description = "Page of sessions, ordered by ID.", body = List<Session>),
        InvalidParameter,
        CommonProblems,
        NotFound,
    ),
    security(("session" = []), ("cookie" = [])),
)]
pub(super) async fn sessions(
    signed_in: SignedInUser,
    Query(page): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    owned::page::<Session>(&signed_in.user_id, page, &state).await
}

/// List the linked accounts of the signed-in user.
#[utoipa::path(
    get,
    path = "/v1/me/accounts",
    tag = "me",
    operation_id = "listMyAccounts",
    params(PageParams),
    responses(
        (
            status = 200,
            description = "Page of linked accounts, ordered by ID.",
            body = List<Account>,
        ),
        InvalidParameter,
        CommonProblems,
        NotFound,
    ),
    security(("session" = []), ("cookie" = [])),
)]
pub(super) async fn accounts(
    signed_in: SignedInUser,
    Query(page): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    owned::page::<Account>(&signed_in.user_id, page, &state).await
}
