//! `GET /v1/users/{id}/accounts?limit=&cursor=`

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{readable, require};
use crate::{
    domain::user,
    http::{
        State,
        auth::Caller,
        instant::Instant,
        pagination::{self, List, PageParams},
        params::{Id, Params},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
    },
};

/// An account, as the API shows one.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Account {
    id: String,
    provider_id: Option<String>,
    account_id: Option<String>,
    email: Option<String>,
    username: Option<String>,
    scope: Option<String>,
    status: Option<String>,
    created_at: Option<Instant>,
    updated_at: Option<Instant>,
}

impl From<user::Account> for Account {
    fn from(row: user::Account) -> Self {
        Self {
            id: row.id,
            provider_id: row.provider_id,
            account_id: row.account_id,
            email: row.email,
            username: row.username,
            scope: row.scope,
            status: row.status,
            created_at: Instant::some(row.created_at),
            updated_at: Instant::some(row.updated_at),
        }
    }
}

/// The linked accounts of a user.
#[utoipa::path(
    get,
    path = "/v1/users/{id}/accounts",
    tag = "users",
    operation_id = "listUserAccounts",
    params(("id" = String, Path, description = "A user", example = "user_2rfTF8P3Cf1zjl92u9aNy4VJjau"), PageParams),
    responses(
        (status = 200, description = "A page", body = List<Account>),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("key" = []), ("session" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn accounts(
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
    let rows = state.store.accounts(user_id, &limit.page_request(cursor)).await?;
    if rows.is_empty() {
        require(&state.store, user_id).await?;
    }
    Ok(pagination::page_response(limit, rows, |row| row.id.clone(), Account::from))
}
