//! `GET /v1/users/{id}/accounts/{account}/token`

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    clerk::backend::BackendError,
    http::{
        State,
        auth::{Key, Tokens},
        caching,
        timestamp::Timestamp,
        query::PathIds,
        problem::Problem,
        problem_responses::{CommonProblems, NotFound, ScopeMissing, TokenProblems},
    },
    sync::tokens::{ProviderToken, ProviderTokenError, seal::SealError},
};

/// A token of an account. There is no refresh token: Clerk keeps it to itself.
#[derive(Serialize, ToSchema)]
struct AccountToken {
    /// The account's.
    id: String,
    provider_id: String,
    #[schema(format = Password)]
    access_token: String,
    /// Null where the provider does not say.
    access_token_expires_at: Option<Timestamp>,
    /// Of providers that speak OpenID Connect.
    #[schema(format = Password)]
    id_token: Option<String>,
    fetched_at: Timestamp,
}

/// The OAuth token of a linked account, for a key with the scope `tokens` alone.
///
/// The one that is kept while it is good for another minute, else the one that Clerk gives. Whatever the answer is, it may
/// take Clerk and the provider some seconds.
#[utoipa::path(
    get,
    path = "/v1/users/{id}/accounts/{account}/token",
    tag = "users",
    operation_id = "getAccountToken",
    params(
        ("id" = String, Path, description = "A user", example = "user_2rfTF8P3Cf1zjl92u9aNy4VJjau"),
        ("account" = String, Path, description = "One of the user's accounts", example = "eac_2rfTFBoXnDBcXbZkm2xOuV4rAl1"),
    ),
    responses(
        (status = 200, description = "It", body = AccountToken),
        CommonProblems,
        ScopeMissing,
        NotFound,
        TokenProblems,
    ),
    security(("key" = [])),
)]
pub(in crate::http) async fn token(
    _: Key<Tokens>,
    PathIds((user_id, account_id)): PathIds,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let answer = ask(&state, user_id, account_id).await;
    state.metrics.count_token_request(&answer);
    let answer = answer?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, caching::NO_STORE)).json(answer))
}

async fn ask(state: &State, user_id: String, account_id: String) -> Result<AccountToken, Problem> {
    let tokens = state.provider_tokens.as_ref().ok_or_else(|| {
        let detail = "tokens are not given out here: CLERK_SECRET_KEY turns them on";
        Problem::not_implemented("tokens_off", detail)
    })?;
    let token = tokens.get(&user_id, &account_id, state.clock.now()).await?;
    let ProviderToken { provider_id, access_token, id_token, access_token_expires_at, fetched_at } = token;
    Ok(AccountToken {
        id: account_id,
        provider_id,
        access_token,
        access_token_expires_at: Timestamp::from_option(access_token_expires_at),
        id_token,
        fetched_at: Timestamp(fetched_at),
    })
}

impl From<ProviderTokenError> for Problem {
    fn from(error: ProviderTokenError) -> Self {
        let detail = error.to_string();
        match &error {
            ProviderTokenError::NoAccount => Self::not_found(detail),
            ProviderTokenError::NotOauth => Self::conflict("account_without_tokens", detail),
            ProviderTokenError::NotAtClerk => Self::conflict("token_not_at_clerk", detail),
            ProviderTokenError::NoRefreshToken => Self::conflict("refresh_token_missing", detail),
            ProviderTokenError::NotRetrieved => Self::conflict("token_not_retrieved", detail),
            ProviderTokenError::ProviderNotEnabled => Self::conflict("provider_not_enabled", detail),
            ProviderTokenError::Timeout(_) => Self::unavailable("clerk_unavailable", detail),
            ProviderTokenError::Clerk(cause) => match &**cause {
                BackendError::RateLimited => Self::unavailable("clerk_busy", detail),
                BackendError::ServerError(_) | BackendError::Unreachable(_) => {
                    Self::unavailable("clerk_unavailable", "Clerk's Backend API does not answer")
                        .with_cause(cause)
                }
                _ => Self::bad_gateway(
                    "clerk_refused",
                    "Clerk's Backend API does not answer as it should; the log says more under this \
                     request's id",
                )
                .with_cause(cause),
            },
            ProviderTokenError::Sealed(SealError::UnknownKey(_)) => {
                Self::server_error("token_key_missing", detail).with_cause(error)
            }
            ProviderTokenError::Sealed(_) => Self::server_error("token_unreadable", detail).with_cause(error),
            ProviderTokenError::Store(failure) => Self::from(&**failure),
        }
    }
}
