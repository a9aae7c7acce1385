//! `GET /v1/users/{id}/accounts/{account_id}/token`: returns the OAuth token of a linked account.

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    clerk::backend::BackendError,
    http::{
        State,
        auth::{Key, Tokens},
        caching,
        known_values::PROVIDERS,
        problem::Problem,
        problem_responses::{
            CommonProblems, InvalidParameter, NotFound, ScopeMissing, TokenProblems,
        },
        query::{NoParameters, PathIds, Query},
        timestamp::Timestamp,
    },
    sealing::SealError,
    sync::tokens::{ProviderToken, ProviderTokenError},
};

/// OAuth token of a linked account. Clerk does not return refresh tokens.
#[derive(Serialize, ToSchema)]
struct AccountToken {
    /// ID of the account.
    id: String,
    /// Provider.
    #[schema(extensions(("x-extensible-enum" = json!(PROVIDERS))))]
    provider_id: String,
    /// Access token for the provider's API.
    #[schema(format = Password)]
    access_token: String,
    /// Time at which the access token expires; null if the provider does not state it.
    access_token_expires_at: Option<Timestamp>,
    /// ID token, if the provider supports OpenID Connect.
    #[schema(format = Password)]
    id_token: Option<String>,
    /// Time at which the service fetched the token from Clerk.
    fetched_at: Timestamp,
}

/// Get the OAuth token of a linked account.
///
/// The API key needs the scope `tokens`. If a cached token is valid for another minute, the service
/// returns it. Otherwise it fetches the token from Clerk, which can take some seconds.
#[utoipa::path(
    get,
    path = "/v1/users/{id}/accounts/{account_id}/token",
    tag = "users",
    operation_id = "getAccountToken",
    params(
        (
            "id" = String, Path,
            description = "ID of the user.",
            example = "user_2rfTF8P3Cf1zjl92u9aNy4VJjau",
        ),
        (
            "account_id" = String, Path,
            description = "ID of a linked account of the user.",
            example = "eac_2rfTFBoXnDBcXbZkm2xOuV4rAl1",
        ),
    ),
    responses(
        (status = 200, description = "The OAuth token.", body = AccountToken),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
        TokenProblems,
    ),
    security(("apiKey" = ["tokens"])),
)]
pub(in crate::http) async fn token(
    _: Key<Tokens>,
    PathIds((user_id, account_id)): PathIds,
    _: Query<NoParameters>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let result = account_token(&state, user_id, account_id).await;
    state.metrics.count_token_request(&result);
    let token = result?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, caching::NO_STORE)).json(token))
}

async fn account_token(
    state: &State,
    user_id: String,
    account_id: String,
) -> Result<AccountToken, Problem> {
    let tokens = state.provider_tokens.as_ref().ok_or_else(|| {
        let detail = "OAuth tokens are not enabled: set CLERK_SECRET_KEY";
        Problem::not_implemented("tokens_off", detail)
    })?;
    let token = tokens.get(&user_id, &account_id, state.clock.now()).await?;
    let ProviderToken { provider_id, access_token, id_token, access_token_expires_at, fetched_at } =
        token;
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
            ProviderTokenError::ProviderNotEnabled => {
                Self::conflict("provider_not_enabled", detail)
            }
            ProviderTokenError::Timeout(_) => Self::unavailable("clerk_unavailable", detail),
            ProviderTokenError::Clerk(cause) => match &**cause {
                BackendError::RateLimited => Self::unavailable("clerk_busy", detail),
                BackendError::ServerError(_) | BackendError::Unreachable(_) => {
                    Self::unavailable("clerk_unavailable", "Clerk's Backend API does not answer")
                        .with_cause(cause)
                }
                _ => Self::bad_gateway(
                    "clerk_refused",
                    "Clerk's Backend API rejects the request, or its response is invalid; the log \
                     has the cause under this request ID",
                )
                .with_cause(cause),
            },
            ProviderTokenError::Sealed(SealError::UnknownKey { .. }) => {
                Self::server_error("token_key_missing", detail).with_cause(error)
            }
            ProviderTokenError::Sealed(_) => {
                Self::server_error("token_unreadable", detail).with_cause(error)
            }
            ProviderTokenError::Store(failure) => Self::from(&**failure),
        }
    }
}
