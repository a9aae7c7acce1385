//! Session tokens: whoever is signed in with Clerk, for as long as nothing here says otherwise.
//!
//! A token stays valid for a minute after its session has ended. What is synced knows better: a
//! session that has ended, a user who is banned or gone, is refused at once. What is not synced yet
//! decides nothing, and neither does the time at which a session would run out.

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use futures_util::future::LocalBoxFuture;

use super::{bearer, missing, state};
use crate::{
    clerk::session_token::{TokenError, Verifier, is_jwt},
    domain::session::is_terminal,
    http::{State, problem::Problem},
    store::{StoreError, sessions::SessionValidity},
};

/// The cookie in which a browser carries the token.
const COOKIE: &str = "__session";

/// An extractor: somebody who is signed in.
pub(in crate::http) struct SignedInUser {
    /// Who.
    pub(in crate::http) user_id: String,
    session_id: String,
}

impl SignedInUser {
    /// Whether the session has ended meanwhile, or the user is banned or gone.
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

async fn authorize(state: &web::Data<State>, request: &HttpRequest) -> Result<SignedInUser, Problem> {
    let token = token(request, state.session_verifier.as_ref())?.ok_or_else(missing)?;
    if !is_jwt(&token) {
        let detail = "this is for somebody who is signed in: give a session token of Clerk's";
        return Err(Problem::unauthorized("session_required", detail));
    }
    let verifier = state.session_verifier.as_ref().ok_or_else(|| {
        let detail = "session tokens are not taken here: CLERK_PUBLISHABLE_KEY or clerk.issuer \
                      turns them on";
        Problem::unauthorized("session_tokens_off", detail)
    })?;
    let token = verifier.verify(&token, state.clock.now()).await?;
    // Before the database is asked for anything.
    state.rate_limits.count_user(request, &token.user_id)?;
    let validity = state.store.session_validity(&token.session_id, &token.user_id).await?;
    rejection(&token.user_id, &validity).map_or(Ok(()), |(code, detail)| {
        tracing::debug!(session = token.session_id, code, "refused a valid token");
        Err(Problem::unauthorized(code, detail))
    })?;
    Ok(SignedInUser { user_id: token.user_id, session_id: token.session_id })
}

/// The header first. The cookie counts only where it is known which origins may use it: a browser
/// sends it along with requests that other pages make.
fn token(request: &HttpRequest, verifier: Option<&Verifier>) -> Result<Option<String>, Problem> {
    if let Some(token) = bearer(request)? {
        return Ok(Some(token.to_owned()));
    }
    let counts = verifier.is_some_and(|it| !it.authorized_parties.is_empty());
    let cookie = counts.then(|| request.cookie(COOKIE)).flatten();
    Ok(cookie.map(|cookie| cookie.value().to_owned()))
}

/// Why a valid token does not count any more, as a code and for people.
fn rejection(user_id: &str, validity: &SessionValidity) -> Option<(&'static str, &'static str)> {
    let of_another = validity.owner.as_ref().is_some_and(|owner| owner != user_id);
    if validity.deleted {
        Some(("user_deleted", "the user is deleted"))
    } else if validity.banned {
        Some(("user_banned", "the user is banned"))
    } else if of_another {
        Some(("session_of_another", "the session is not that of the token's user"))
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
                let detail = "the keys of the issuer cannot be fetched";
                return Self::unavailable("issuer_unavailable", detail).with_cause(error);
            }
            TokenError::Malformed => "token_malformed",
            TokenError::Algorithm => "token_algorithm",
            TokenError::Category => "token_category",
            TokenError::UnknownKey => "token_key_unknown",
            TokenError::Signature => "token_signature",
            TokenError::Issuer => "token_issuer",
            TokenError::AuthorizedParty => "token_authorized_party",
            TokenError::Expired => "token_expired",
            TokenError::NotYetValid => "token_not_yet_valid",
            TokenError::SessionPending => "session_pending",
        };
        Self::unauthorized(code, error.to_string())
    }
}
