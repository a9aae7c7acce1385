//! The tokens of linked accounts: fetched from Clerk when they are asked for, and kept sealed for as long
//! as they are good.
//!
//! | module | holds |
//! |---|---|
//! | [`seal`] | how they are kept |
//!
//! Clerk holds the refresh token, and renews an access token that has expired when it is asked for it. What
//! is kept here is a cache outside the law: it goes with its account, and can go at any time.

pub mod seal;

use std::{fmt, sync::Arc, time::Duration};

use futures_util::FutureExt;
use tokio::time::timeout;

use self::seal::{SealError, Sealer};
use super::single_flight::SingleFlight;
use crate::{
    clerk::backend::{Backend, BackendError, OauthToken},
    domain::Millis,
    store::{
        Store, StoreError,
        tokens::{SealedToken, TokenAccount},
    },
};

/// Somebody wants to use it still: what ends sooner is as good as ended.
const EXPIRY_MARGIN: Millis = 60_000;

/// How long a token is kept for that does not say when it ends.
const DEFAULT_TTL: Millis = 5 * 60_000;

/// How long any is. Clerk may have another by then: of a user who has granted more, or less.
const MAX_TTL: Millis = 60 * 60_000;

/// How long Clerk may take. It may have to ask the provider.
const CLERK_TIMEOUT: Duration = Duration::from_secs(10);

/// The provider of a password.
const CREDENTIAL_PROVIDER: &str = "credential";

/// A token of an account. Shows in no output.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderToken {
    /// `google`, `github`, …
    pub provider_id: String,
    /// The access token.
    pub access_token: String,
    /// Of providers that speak OpenID Connect.
    pub id_token: Option<String>,
    /// When the access token ends, where the provider says.
    pub access_token_expires_at: Option<Millis>,
    /// When Clerk gave it.
    pub fetched_at: Millis,
}

/// Why there is no token.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ProviderTokenError {
    /// Of that user, if there is one.
    #[error("there is no such account")]
    NoAccount,
    /// A password, for one.
    #[error("the account is not linked by OAuth, and has no tokens")]
    NotOauth,
    /// The user is not there, or the account is not.
    #[error("Clerk has no token of this account")]
    NotAtClerk,
    /// `external_account_missing_refresh_token`
    #[error(
        "the token has expired, and Clerk has no refresh token to renew it with: the user has to connect \
         the account again, with offline access where the provider asks for that"
    )]
    NoRefreshToken,
    /// `oauth_token_retrieval_error`
    #[error(
        "the provider gives Clerk no new token: the user may have withdrawn the consent, and has to \
         connect the account again"
    )]
    NotRetrieved,
    /// `oauth_token_provider_not_enabled`
    #[error("the provider is not enabled in Clerk's dashboard, or gives no tokens")]
    NotEnabled,
    /// For another reason.
    #[error(transparent)]
    Clerk(Arc<BackendError>),
    /// It may come to an answer another time.
    #[error("Clerk's Backend API does not answer within {0:?}")]
    Late(Duration),
    /// What is kept cannot be read.
    #[error(transparent)]
    Sealed(#[from] SealError),
    /// The database does not answer.
    #[error(transparent)]
    Store(Arc<StoreError>),
}

/// Where tokens come from. Clones share what is under way.
#[derive(Clone)]
pub struct ProviderTokens(Arc<TokenFetcher>);

struct TokenFetcher {
    backend: Backend,
    store: Store,
    /// Without one nothing is kept.
    sealer: Option<Sealer>,
    read_timeout: Duration,
    /// By the user's id and the account's.
    in_flight: SingleFlight<(String, String), Result<ProviderToken, ProviderTokenError>>,
}

/// What a look into the database came to.
enum CacheLookup {
    ProviderToken(ProviderToken),
    /// The provider has to be asked.
    Nothing {
        provider: String,
    },
}

impl ProviderTokens {
    /// From there, kept here if there is a sealer. A look into the database may take so long.
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

    /// The token of a user's account: the one that is kept while it is good, else the one that Clerk
    /// gives. Whoever asks while Clerk is asked for the same gets the same.
    ///
    /// # Errors
    /// When there is none to be had.
    pub async fn of(
        &self,
        user_id: &str,
        account_id: &str,
        now: Millis,
    ) -> Result<ProviderToken, ProviderTokenError> {
        if let CacheLookup::Hit(token) = self.0.look_up(user_id, account_id, now).await? {
            return Ok(token);
        }
        let about = (user_id.to_owned(), account_id.to_owned());
        let (parts, (user_id, account_id)) = (Arc::clone(&self.0), about.clone());
        let fetch = move || async move { parts.fetch(&user_id, &account_id, now).await }.boxed();
        self.0.in_flight.join(about, fetch).await
    }
}

impl TokenFetcher {
    async fn kept(&self, user_id: &str, account_id: &str, now: Millis) -> Result<CacheLookup, ProviderTokenError> {
        let limit = self.read_timeout;
        let looked = timeout(limit, self.store.token_account(user_id, account_id)).await;
        let looked = looked.unwrap_or(Err(StoreError::Late(limit)));
        let account = looked.map_err(|failure| ProviderTokenError::Store(Arc::new(failure)))?;
        let TokenAccount { provider_id, updated_at, sealed } =
            account.ok_or(ProviderTokenError::NoAccount)?;
        let provider = provider_id.filter(|it| it != CREDENTIAL_PROVIDER).ok_or(ProviderTokenError::NotOauth)?;
        let good = sealed.filter(|sealed| is_fresh(sealed, updated_at, now));
        match (&self.sealer, good) {
            (Some(sealer), Some(good)) => {
                Ok(CacheLookup::Hit(sealer.open(user_id, account_id, &provider, &good)?))
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
        // Somebody else may have fetched it since we looked.
        let provider = match self.look_up(user_id, account_id, now).await? {
            CacheLookup::Hit(token) => return Ok(token),
            CacheLookup::Miss { provider } => provider,
        };
        let asked = timeout(CLERK_TIMEOUT, self.backend.oauth_tokens(user_id, &provider)).await;
        let tokens = asked.map_err(|_| ProviderTokenError::Timeout(CLERK_TIMEOUT))?.map_err(provider_token_error)?;
        // A user may have several accounts at one provider.
        let mut tokens = tokens.into_iter();
        let token = tokens.find(|token| token.external_account_id == account_id);
        let token = token.ok_or(ProviderTokenError::NotAtClerk)?;
        let access_token_expires_at = token.expires_at();
        let OauthToken { token: access_token, id_token, .. } = token;
        let token = ProviderToken {
            provider_id: provider,
            access_token,
            id_token,
            access_token_expires_at,
            fetched_at: now,
        };
        tracing::debug!(user = user_id, account = account_id, "fetched a token");
        self.keep(user_id, account_id, &token, now).await?;
        Ok(token)
    }

    /// Keeps a token, unless nobody would be given it. Where that cannot be done, the next who asks has
    /// it fetched.
    async fn keep(
        &self,
        user_id: &str,
        account_id: &str,
        token: &ProviderToken,
        now: Millis,
    ) -> Result<(), ProviderTokenError> {
        let Some(sealer) = &self.sealer else { return Ok(()) };
        let to_keep = sealer.seal(user_id, account_id, token)?;
        if !is_fresh(&to_keep, None, now) {
            return Ok(());
        }
        match self.store.store_token(user_id, account_id, &to_keep).await {
            Ok(true) => Ok(()),
            // The account has gone since, perhaps with its user.
            Ok(false) => Err(ProviderTokenError::NoAccount),
            Err(error) => {
                tracing::warn!(user = user_id, account = account_id, %error, "a token was not kept");
                Ok(())
            }
        }
    }
}

/// Whether a token that was kept is to be given to somebody now.
fn is_fresh(sealed: &SealedToken, account_updated_at: Option<Millis>, now: Millis) -> bool {
    let SealedToken { access_token_expires_at, fetched_at, .. } = sealed;
    let fresh_for = match access_token_expires_at {
        Some(end) => end.saturating_sub(EXPIRY_MARGIN).min(fetched_at.saturating_add(MAX_TTL)),
        None => fetched_at.saturating_add(DEFAULT_TTL),
    };
    // An account that was connected anew has another token.
    now < fresh_for && account_updated_at.is_none_or(|at| at <= *fetched_at)
}

/// What Clerk means by its codes.
fn provider_token_error(error: BackendError) -> ProviderTokenError {
    let code = match &error {
        BackendError::Rejected(refusal) if refusal.is_not_found() => return ProviderTokenError::NotAtClerk,
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
    use super::{MAX_TTL, EXPIRY_MARGIN, SealedToken, DEFAULT_TTL, is_fresh};

    const FETCHED: i64 = 1_000_000_000_000;

    fn fresh_for(end: Option<i64>, account_updated_at: Option<i64>) -> i64 {
        let sealed = SealedToken {
            access_token: String::new(),
            id_token: None,
            access_token_expires_at: end,
            key_id: String::new(),
            fetched_at: FETCHED,
        };
        let good = |now: &i64| is_fresh(&sealed, account_updated_at, FETCHED + now);
        (0..=2 * MAX_TTL).step_by(1_000).find(|now| !good(now)).unwrap()
    }

    #[test]
    fn a_token_is_good_until_a_little_before_its_end() {
        assert_eq!(fresh_for(Some(FETCHED + 600_000), None), 600_000 - EXPIRY_MARGIN);
        assert_eq!(fresh_for(Some(FETCHED + EXPIRY_MARGIN), None), 0);
        assert_eq!(fresh_for(Some(FETCHED - 1), None), 0);
        assert_eq!(fresh_for(Some(i64::MAX), None), MAX_TTL);
        assert_eq!(fresh_for(Some(i64::MIN), None), 0);
        assert_eq!(fresh_for(None, None), DEFAULT_TTL);
    }

    #[test]
    fn a_token_from_before_its_account_changed_is_not() {
        let end = Some(FETCHED + 600_000);
        assert_eq!(fresh_for(end, Some(FETCHED)), 600_000 - EXPIRY_MARGIN);
        assert_eq!(fresh_for(end, Some(FETCHED + 1)), 0);
    }
}
