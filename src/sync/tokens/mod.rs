//! OAuth tokens of external accounts, fetched from Clerk on demand and cached encrypted.
//!
//! | module | contents |
//! |---|---|
//! | [`seal`] | encryption of the cached tokens |
//!
//! Clerk has the refresh tokens. When a token is requested whose access token has expired, Clerk
//! renews it. The merge rules do not apply to the cache: a cached token is deleted with its
//! account, and can be deleted at any time.

mod seal;

use std::{fmt, sync::Arc, time::Duration};

use futures_util::FutureExt;
use tokio::time::timeout;

use super::single_flight::SingleFlight;
use crate::{
    clerk::backend::{Backend, BackendError, OauthToken},
    domain::Millis,
    sealing::{SealError, Sealer},
    store::{
        Store, StoreError,
        account_tokens::{SealedToken, TokenAccount},
    },
};

/// Remaining lifetime below which a token counts as expired, in milliseconds. The caller needs time
/// to use the token.
const EXPIRY_MARGIN: Millis = 60_000;

/// Time for which a token without an expiry time is cached, in milliseconds.
const DEFAULT_TTL: Millis = 5 * 60_000;

/// Maximum time for which a token is cached, in milliseconds. Clerk replaces the token when the
/// user grants more or fewer scopes.
const MAX_TTL: Millis = 60 * 60_000;

/// Timeout of a token request to Clerk, which may send a request to the provider.
const CLERK_TIMEOUT: Duration = Duration::from_secs(10);

/// Provider ID of an account with a password.
const CREDENTIAL_PROVIDER: &str = "credential";

/// An OAuth token of an external account. Does not implement `Debug`, so that no output shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderToken {
    /// ID of the provider, for example `google` or `github`.
    pub provider_id: String,
    /// Access token.
    pub access_token: String,
    /// ID token, from providers with OpenID Connect.
    pub id_token: Option<String>,
    /// Expiry time of the access token, if the provider reports one.
    pub access_token_expires_at: Option<Millis>,
    /// Time at which the token was fetched from Clerk.
    pub fetched_at: Millis,
}

/// Reasons why no token is available.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ProviderTokenError {
    /// Unknown user, or a user without this account.
    #[error("the user or the account does not exist")]
    NoAccount,
    /// Account without OAuth, for example a password.
    #[error("the account is not an OAuth account and has no tokens")]
    NotOauth,
    /// User, account or token unknown to Clerk.
    #[error("Clerk has no token for this account")]
    NotAtClerk,
    /// Clerk's error `external_account_missing_refresh_token`.
    #[error(
        "the token has expired, and Clerk has no refresh token to renew it; the user must connect \
         the account again, with offline access if the provider requires it"
    )]
    NoRefreshToken,
    /// Clerk's error `oauth_token_retrieval_error`.
    #[error(
        "the provider does not issue a new token to Clerk; the user may have revoked the consent \
         and must connect the account again"
    )]
    NotRetrieved,
    /// Clerk's error `oauth_token_provider_not_enabled`.
    #[error("the provider is not enabled in Clerk's dashboard, or does not issue tokens")]
    ProviderNotEnabled,
    /// Other failure of the request to Clerk.
    #[error(transparent)]
    Clerk(Arc<BackendError>),
    /// No response from Clerk within the timeout. The caller can retry.
    #[error("Clerk's Backend API did not respond within {0:?}")]
    Timeout(Duration),
    /// Failure to encrypt a token, or to decrypt the cached one.
    #[error(transparent)]
    Sealed(#[from] SealError),
    /// Failure of a database query.
    #[error(transparent)]
    Store(Arc<StoreError>),
}

/// Source of OAuth tokens. Clones share the requests in flight.
#[derive(Clone)]
pub struct ProviderTokens(Arc<TokenFetcher>);

struct TokenFetcher {
    backend: Backend,
    store: Store,
    /// Encryption of the cached tokens. Without it, nothing is cached.
    sealer: Option<Sealer>,
    read_timeout: Duration,
    /// Requests in flight, by user ID and account ID.
    in_flight: SingleFlight<(String, String), Result<ProviderToken, ProviderTokenError>>,
}

/// Result of a cache lookup.
enum CacheLookup {
    Hit(ProviderToken),
    /// No usable token in the cache.
    Miss {
        /// Provider of the account, which the request to Clerk names.
        provider: String,
    },
}

impl ProviderTokens {
    /// Creates a source of tokens that caches them if there is a sealer. `read_timeout` limits a
    /// cache lookup.
    #[must_use]
    pub fn new(
        backend: Backend,
        store: Store,
        sealer: Option<Sealer>,
        read_timeout: Duration,
    ) -> Self {
        let in_flight = SingleFlight::new();
        Self(Arc::new(TokenFetcher { backend, store, sealer, read_timeout, in_flight }))
    }

    /// Returns the token of a user's account: the cached token if it is still valid, otherwise the
    /// token from Clerk. Concurrent calls for the same account share one request to Clerk.
    ///
    /// # Errors
    /// Returns an error if no token is available; the variant names the reason.
    pub async fn get(
        &self,
        user_id: &str,
        account_id: &str,
        now: Millis,
    ) -> Result<ProviderToken, ProviderTokenError> {
        if let CacheLookup::Hit(token) = self.0.look_up(user_id, account_id, now).await? {
            return Ok(token);
        }
        let key = (user_id.to_owned(), account_id.to_owned());
        let (fetcher, (user_id, account_id)) = (Arc::clone(&self.0), key.clone());
        let fetch = move || async move { fetcher.fetch(&user_id, &account_id, now).await }.boxed();
        self.0.in_flight.join(key, fetch).await
    }
}

impl TokenFetcher {
    async fn look_up(
        &self,
        user_id: &str,
        account_id: &str,
        now: Millis,
    ) -> Result<CacheLookup, ProviderTokenError> {
        let limit = self.read_timeout;
        let result = timeout(limit, self.store.token_account(user_id, account_id)).await;
        let result = result.unwrap_or(Err(StoreError::Timeout(limit)));
        let account = result.map_err(|error| ProviderTokenError::Store(Arc::new(error)))?;
        let TokenAccount { provider_id, updated_at, sealed } =
            account.ok_or(ProviderTokenError::NoAccount)?;
        let provider = provider_id.filter(|it| it != CREDENTIAL_PROVIDER);
        let provider = provider.ok_or(ProviderTokenError::NotOauth)?;
        let fresh = sealed.filter(|sealed| is_fresh(sealed, updated_at, now));
        match (&self.sealer, fresh) {
            (Some(sealer), Some(fresh)) => {
                Ok(CacheLookup::Hit(seal::open(sealer, user_id, account_id, &provider, &fresh)?))
            }
            _ => Ok(CacheLookup::Miss { provider }),
        }
    }

    async fn fetch(
        &self,
        user_id: &str,
        account_id: &str,
        now: Millis,
    ) -> Result<ProviderToken, ProviderTokenError> {
        // Another replica may have fetched the token since the first lookup.
        let provider = match self.look_up(user_id, account_id, now).await? {
            CacheLookup::Hit(token) => return Ok(token),
            CacheLookup::Miss { provider } => provider,
        };
        let response = timeout(CLERK_TIMEOUT, self.backend.oauth_tokens(user_id, &provider)).await;
        let response = response.map_err(|_| ProviderTokenError::Timeout(CLERK_TIMEOUT))?;
        let tokens = response.map_err(provider_token_error)?;
        // A user can have several accounts at one provider.
        let mut tokens = tokens.into_iter();
        let token = tokens.find(|token| token.external_account_id == account_id);
        let token = token.ok_or(ProviderTokenError::NotAtClerk)?;
        let access_token_expires_at = token.expires_at;
        let OauthToken { token: access_token, id_token, .. } = token;
        let token = ProviderToken {
            provider_id: provider,
            access_token,
            id_token,
            access_token_expires_at,
            fetched_at: now,
        };
        tracing::debug!(user = user_id, account = account_id, "fetched an OAuth token from Clerk");
        self.cache(user_id, account_id, &token, now).await?;
        Ok(token)
    }

    /// Caches a token unless it is about to expire. If the write fails, the next call fetches the
    /// token again.
    async fn cache(
        &self,
        user_id: &str,
        account_id: &str,
        token: &ProviderToken,
        now: Millis,
    ) -> Result<(), ProviderTokenError> {
        let Some(sealer) = &self.sealer else { return Ok(()) };
        let encrypted = seal::seal(sealer, user_id, account_id, token)?;
        if !is_fresh(&encrypted, None, now) {
            return Ok(());
        }
        match self.store.store_token(user_id, account_id, &encrypted).await {
            Ok(true) => Ok(()),
            // The account, or its user, was deleted in the meantime.
            Ok(false) => Err(ProviderTokenError::NoAccount),
            Err(error) => {
                let (user, account) = (user_id, account_id);
                tracing::warn!(user, account, %error, "failed to cache an OAuth token");
                Ok(())
            }
        }
    }
}

/// Returns whether a cached token can be returned to a caller now.
fn is_fresh(sealed: &SealedToken, account_updated_at: Option<Millis>, now: Millis) -> bool {
    let SealedToken { access_token_expires_at, fetched_at, .. } = sealed;
    let fresh_until = match access_token_expires_at {
        Some(end) => end.saturating_sub(EXPIRY_MARGIN).min(fetched_at.saturating_add(MAX_TTL)),
        None => fetched_at.saturating_add(DEFAULT_TTL),
    };
    // An account that was connected again has another token.
    now < fresh_until && account_updated_at.is_none_or(|at| at <= *fetched_at)
}

/// Maps Clerk's error codes to the reasons why no token is available.
fn provider_token_error(error: BackendError) -> ProviderTokenError {
    let code = match &error {
        BackendError::Rejected(refusal) if refusal.is_not_found() => {
            return ProviderTokenError::NotAtClerk;
        }
        BackendError::Rejected(refusal) => &*refusal.code,
        _ => "",
    };
    match code {
        "external_account_missing_refresh_token" => ProviderTokenError::NoRefreshToken,
        "oauth_token_retrieval_error" => ProviderTokenError::NotRetrieved,
        "oauth_token_provider_not_enabled" => ProviderTokenError::ProviderNotEnabled,
        _ => ProviderTokenError::Clerk(Arc::new(error)),
    }
}

impl fmt::Debug for ProviderTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TokenFetcher { backend, sealer, .. } = &*self.0;
        f.debug_struct("ProviderTokens")
            .field("backend", backend)
            .field("sealer", sealer)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT_TTL, EXPIRY_MARGIN, MAX_TTL, SealedToken, is_fresh};

    const FETCHED: i64 = 1_000_000_000_000;

    /// Returns the time after the fetch at which a token stops being fresh, in milliseconds.
    fn fresh_for(end: Option<i64>, account_updated_at: Option<i64>) -> i64 {
        let sealed = SealedToken {
            access_token: String::new(),
            id_token: None,
            access_token_expires_at: end,
            key_id: String::new(),
            fetched_at: FETCHED,
        };
        let fresh = |age: &i64| is_fresh(&sealed, account_updated_at, FETCHED + age);
        (0..=2 * MAX_TTL).step_by(1_000).find(|age| !fresh(age)).unwrap()
    }

    #[test]
    fn token_is_fresh_until_expiry_margin() {
        assert_eq!(fresh_for(Some(FETCHED + 600_000), None), 600_000 - EXPIRY_MARGIN);
        assert_eq!(fresh_for(Some(FETCHED + EXPIRY_MARGIN), None), 0);
        assert_eq!(fresh_for(Some(FETCHED - 1), None), 0);
        assert_eq!(fresh_for(Some(i64::MAX), None), MAX_TTL);
        assert_eq!(fresh_for(Some(i64::MIN), None), 0);
        assert_eq!(fresh_for(None, None), DEFAULT_TTL);
    }

    #[test]
    fn account_update_makes_token_stale() {
        let end = Some(FETCHED + 600_000);
        assert_eq!(fresh_for(end, Some(FETCHED)), 600_000 - EXPIRY_MARGIN);
        assert_eq!(fresh_for(end, Some(FETCHED + 1)), 0);
    }
}
