//! Clerk session tokens of signed-in users.
//!
//! A token stays valid for a minute after its session has ended. The synced tables are newer: if
//! they contain that the session has ended, or that the user is banned or deleted, the token is
//! rejected immediately. A session or user that is not synced yet is no reason to reject a token,
//! and neither is the computed expiration of a session.

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use futures_util::future::LocalBoxFuture;
use tokio::time::Instant;

use super::{bearer, cookie, credentials_missing, failures, mark_authenticated, state};
use crate::{
    clerk::session_token::{
        ActiveOrganization, SessionToken, TokenError, Verifier, is_jwt, opaque_credential,
    },
    domain::Millis,
    http::{State, log_sampler::escaped, problem::Problem},
    objects::session::is_terminal,
    store::{StoreError, sessions::SessionValidity},
};

/// Extractor for a signed-in user.
pub(in crate::http) struct SignedInUser {
    /// ID of the user.
    pub(in crate::http) user_id: String,
    session_id: String,
    /// Time at which the token was issued.
    pub(super) issued_at: Millis,
    /// Active organization that the token names.
    pub(super) active_organization: Option<ActiveOrganization>,
}

impl SignedInUser {
    /// Returns whether the session has ended, or the user is banned or deleted.
    pub(in crate::http) async fn is_rejected(&self, state: &State) -> Result<bool, StoreError> {
        let validity = state.store.session_validity(&self.session_id, &self.user_id).await?;
        Ok(rejection(&self.user_id, &validity).is_some())
    }
}

impl FromRequest for SignedInUser {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { authorize(&state(&request)?, &request).await })
    }
}

async fn authorize(
    state: &web::Data<State>,
    request: &HttpRequest,
) -> Result<SignedInUser, Problem> {
    let token = token(request, state.session_verifier.as_ref())?.ok_or_else(credentials_missing)?;
    if !is_jwt(&token) {
        if let Some(error) = opaque_credential(&token) {
            return Err(failures::counted(request, state, error.into()));
        }
        let detail = "this endpoint requires a Clerk session token and does not accept API keys";
        return Err(Problem::unauthorized("session_required", detail));
    }
    let verifier = state.session_verifier.as_ref().ok_or_else(|| {
        let detail = "session tokens are not enabled: set CLERK_PUBLISHABLE_KEY or clerk.issuer";
        Problem::unauthorized("session_tokens_off", detail)
    })?;
    let result = verifier.verify(&token, state.clock.now()).await;
    let token = result.map_err(|error| rejected(request, state, verifier, error))?;
    mark_authenticated(request);
    // Before the first query, so that rejected requests do not load the database.
    state.rate_limits.count_user(request, &token.user_id)?;
    let validity = state.store.session_validity(&token.session_id, &token.user_id).await?;
    rejection(&token.user_id, &validity).map_or(Ok(()), |(code, detail)| {
        tracing::debug!(session = token.session_id, code, "rejected a valid session token");
        Err(Problem::unauthorized(code, detail))
    })?;
    let SessionToken { user_id, session_id, issued_at, active_organization } = token;
    Ok(SignedInUser { user_id, session_id, issued_at, active_organization })
}

/// Logs and counts an invalid token, and returns the problem to answer with.
fn rejected(
    request: &HttpRequest,
    state: &State,
    verifier: &Verifier,
    error: TokenError,
) -> Problem {
    log_mismatch(state, verifier, &error);
    let is_guess = match &error {
        // The keys of the issuer are not known.
        TokenError::KeysUnavailable(_) => return error.into(),
        // The signature is valid.
        TokenError::AuthorizedParty(_)
        | TokenError::MissingAuthorizedParty
        | TokenError::Expired
        | TokenError::NotYetValid
        | TokenError::SessionPending => false,
        _ => true,
    };
    if is_guess { failures::counted(request, state, error.into()) } else { error.into() }
}

/// Logs what a token states and what the settings expect, because the response does not repeat what
/// was sent.
fn log_mismatch(state: &State, verifier: &Verifier, error: &TokenError) {
    let is_logged = |kind| state.log_sampler.admit(kind, Instant::now());
    match error {
        TokenError::Issuer(issuer) if is_logged("issuer") => tracing::info!(
            token_issuer = escaped(issuer.as_bytes()),
            expected_issuer = verifier.issuer,
            "rejected a session token of another issuer"
        ),
        TokenError::AuthorizedParty(party) if is_logged("authorized_party") => tracing::info!(
            azp = escaped(party.as_bytes()),
            "rejected a session token of another origin"
        ),
        _ => {}
    }
}

/// Returns the token of the header, or else of the first cookie that has one.
///
/// A browser sends the cookies also with requests of other pages. They are therefore accepted only
/// if `clerk.authorized_parties` lists the origins that can use them.
fn token(request: &HttpRequest, verifier: Option<&Verifier>) -> Result<Option<String>, Problem> {
    if let Some(token) = bearer(request)? {
        return Ok(Some(token.to_owned()));
    }
    let verifier = verifier.filter(|it| !it.authorized_parties.is_empty());
    let mut cookies = verifier.into_iter().flat_map(Verifier::cookies);
    let token = cookies.find_map(|name| cookie::find(request, name).filter(|it| !it.is_empty()));
    Ok(token.map(str::to_owned))
}

/// Returns the reason to reject a valid token, as a code and a detail.
fn rejection(user_id: &str, validity: &SessionValidity) -> Option<(&'static str, &'static str)> {
    let has_other_owner = validity.owner.as_ref().is_some_and(|owner| owner != user_id);
    if validity.deleted {
        Some(("user_deleted", "the user is deleted"))
    } else if validity.banned {
        Some(("user_banned", "the user is banned"))
    } else if has_other_owner {
        Some(("session_of_another", "the session belongs to another user"))
    } else if validity.status.as_deref().is_some_and(is_terminal) {
        Some(("session_ended", "the session has ended"))
    } else {
        None
    }
}

impl From<TokenError> for Problem {
    fn from(error: TokenError) -> Self {
        let code = match &error {
            TokenError::KeysUnavailable(_) => {
                let detail = "the public keys of the token issuer cannot be fetched";
                return Self::unavailable("issuer_unavailable", detail).with_cause(error);
            }
            TokenError::Malformed => "token_malformed",
            TokenError::Algorithm => "token_algorithm",
            TokenError::Category => "token_category",
            TokenError::OAuthAccessToken => "token_oauth_access",
            TokenError::M2mToken => "token_m2m",
            TokenError::ClerkApiKey => "token_clerk_api_key",
            TokenError::UnknownKey => "token_key_unknown",
            TokenError::Signature => "token_signature",
            TokenError::Issuer(_) => "token_issuer",
            TokenError::AuthorizedParty(_) => "token_authorized_party",
            TokenError::MissingAuthorizedParty => "token_authorized_party_missing",
            TokenError::Expired => "token_expired",
            TokenError::NotYetValid => "token_not_yet_valid",
            TokenError::SessionPending => "session_pending",
        };
        Self::unauthorized(code, error.to_string())
    }
}
