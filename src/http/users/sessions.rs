//! `GET /v1/users/{id}/sessions?limit=&cursor=`

use actix_web::{HttpResponse, web};

use super::{readable, require};
use crate::http::{
    State,
    auth::Caller,
    pagination::{self, List, PageParams},
    params::{Id, Params},
    problem::Problem,
    problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
    sessions::Session,
};

/// The sessions of a user.
#[utoipa::path(
    get,
    path = "/v1/users/{id}/sessions",
    tag = "users",
    operation_id = "listUserSessions",
    params(("id" = String, Path, description = "A user", example = "user_2rfTF8P3Cf1zjl92u9aNy4VJjau"), PageParams),
    responses(
        (status = 200, description = "A page", body = List<Session>),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("key" = []), ("session" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn sessions(
    caller: Caller,
    Id(id): Id,
    Params(params): Params<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    page(&state, &readable(&caller, id)?, params).await
}

/// A page of what is this user's.
pub(in crate::http) async fn page(
    state: &State,
    user_id: &str,
    PageParams { limit, cursor }: PageParams,
) -> Result<HttpResponse, Problem> {
    let rows = state.store.sessions(user_id, &limit.page_request(cursor)).await?;
    if rows.is_empty() {
        require(&state.store, user_id).await?;
    }
    let now = state.clock.now();
    Ok(pagination::page_response(limit, rows, |row| row.id.clone(), |row| Session::at(row, now)))
}
