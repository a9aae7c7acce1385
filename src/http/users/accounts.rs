//! `GET /v1/users/{id}/accounts?limit=&cursor=`: lists the linked accounts of a user.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::owned::{self, Owned};
use crate::{
    domain::{Millis, user},
    http::{
        State,
        auth::Caller,
        timestamp::Timestamp,
        pagination::{List, PageParams},
        query::{PathId, Query},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
    },
    store::{PageRequest, Store, StoreError},
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
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
}

impl Owned for Account {
    type Record = user::Account;

    async fn read(
        store: &Store,
        user_id: &str,
        page: &PageRequest,
    ) -> Result<Vec<Self::Record>, StoreError> {
        store.accounts(user_id, page).await
    }

    fn id(record: &Self::Record) -> &str {
        &record.id
    }

    fn convert(account: Self::Record, _: Millis) -> Self {
        Self {
            id: account.id,
            provider_id: account.provider_id,
            account_id: account.account_id,
            email: account.email,
            username: account.username,
            scope: account.scope,
            status: account.status,
            created_at: Timestamp::from_option(account.created_at),
            updated_at: Timestamp::from_option(account.updated_at),
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
    PathId(user_id): PathId,
    Query(page): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    owned::authorized_page::<Account>(&caller, &user_id, page, &state).await
}
