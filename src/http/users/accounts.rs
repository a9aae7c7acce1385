//! `GET /v1/users/{id}/accounts?limit=&cursor=`: lists the linked accounts of a user.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{OfUser, authorized_page};
use crate::{
    domain::Millis,
    http::{
        State,
        auth::Caller,
        known_values::{PROVIDERS, VERIFICATION_STATUSES},
        owned::Owned,
        pagination::{List, PageParams},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
        query::{PathId, Query},
        timestamp::Timestamp,
    },
    objects::user,
    store::{PageRequest, Store, StoreError, bounded_scan::ScanPage},
};

/// Linked account of a user: an external account or a password.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Account {
    /// Clerk's ID of the external account, or `credential` for the password.
    id: String,
    /// Provider, or `credential` for the password.
    #[schema(extensions(("x-extensible-enum" = json!(PROVIDERS))))]
    provider_id: Option<String>,
    /// The provider's ID of the user; null until the link is completed.
    account_id: Option<String>,
    /// Email address at the provider.
    email: Option<String>,
    /// Username at the provider.
    username: Option<String>,
    /// Granted OAuth scopes, separated by spaces.
    scope: Option<String>,
    /// Verification status of the link.
    #[schema(extensions(("x-extensible-enum" = json!(VERIFICATION_STATUSES))))]
    status: Option<String>,
    /// Time at which the account was linked.
    created_at: Option<Timestamp>,
    /// Time of the last change of the link.
    updated_at: Option<Timestamp>,
}

impl Owned<OfUser> for Account {
    type Record = user::Account;

    async fn read(
        store: &Store,
        user_id: &str,
        page: &PageRequest,
    ) -> Result<ScanPage<Self::Record>, StoreError> {
        store.accounts(user_id, page).await
    }

    fn cursor(record: &Self::Record) -> &str {
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

/// List the linked accounts of a user.
#[utoipa::path(
    get,
    path = "/v1/users/{id}/accounts",
    tag = "users",
    operation_id = "listUserAccounts",
    params(
        (
            "id" = String, Path,
            description = "ID of the user.",
            example = "user_2rfTF8P3Cf1zjl92u9aNy4VJjau",
        ),
        PageParams,
    ),
    responses(
        (
            status = 200,
            description = "Page of linked accounts, ordered by ID.",
            body = List<Account>,
        ),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["read"]), ("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(in crate::http) async fn accounts(
    caller: Caller,
    PathId(user_id): PathId,
    Query(page): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    authorized_page::<Account>(&caller, &user_id, page, &state).await
}
