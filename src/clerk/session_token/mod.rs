//! Verifies Clerk's session tokens, which are JWTs with a lifetime of one minute.
//!
//! The checks are those of Clerk's guide to manual verification and of its backend SDK: algorithm,
//! key, category, times and authorized party. Unlike the SDK, the service requires `iss` and `sid`,
//! because the instance's key also signs template tokens, which belong to no session.

mod jwks;
mod keys;

use std::time::Duration;

use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, errors::ErrorKind};
use serde::Deserialize;

pub use self::{
    jwks::Jwks,
    keys::{InvalidKey, Keys},
};
use crate::domain::Millis;

/// Maximum difference between Clerk's clock and the service's, as in Clerk's SDK.
pub const SKEW: Duration = Duration::from_secs(5);

/// Value of the `cat` header of session tokens, which is optional. Template and machine tokens have
/// other values.
const CATEGORY: &str = "cl_B7d4PD111AAA";

/// Maximum length of a token in bytes. Clerk's tokens are shorter than a cookie, which holds 4 KB.
const MAX_LENGTH: usize = 16 * 1024;

/// The user and session of a valid token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionToken {
    /// The user ID, from the claim `sub`.
    pub user_id: String,
    /// The session ID, from the claim `sid`.
    pub session_id: String,
}

/// Reasons for rejecting a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The token is not a JWT, or lacks a claim of session tokens.
    #[error("the token is not a session token of Clerk")]
    Malformed,
    /// The signature algorithm is not Clerk's.
    #[error("the token is not signed with RS256")]
    Algorithm,
    /// The token is another kind of Clerk token.
    #[error("the token is not a session token but another kind of token")]
    Category,
    /// The issuer has no key with the ID that the token names.
    #[error("the token is signed with a key that the issuer does not have")]
    UnknownKey,
    /// The signature does not match the key.
    #[error("the token's signature is invalid")]
    Signature,
    /// Another instance issued the token.
    #[error("the token is from another issuer")]
    Issuer,
    /// The token's origin is not one of the authorized parties.
    #[error("the token's authorized party (azp) is not one of the configured ones")]
    AuthorizedParty,
    /// The token has expired.
    #[error("the token has expired")]
    Expired,
    /// The token is not valid yet.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// The session has pending tasks, so that the user counts as signed out.
    #[error("the token's session is pending")]
    SessionPending,
    /// The keys are not known, and cannot be fetched.
    #[error("cannot fetch the issuer's keys: {0}")]
    KeysUnavailable(String),
}

/// A verifier of session tokens.
#[derive(Debug)]
pub struct Verifier {
    /// The URL of the instance's Frontend API, as in the claim `iss`.
    pub issuer: String,
    /// The origins whose tokens are accepted. If there are none, all origins are.
    pub authorized_parties: Vec<String>,
    /// The keys that verify signatures.
    pub keys: Keys,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    sid: Option<String>,
    azp: Option<String>,
    exp: i64,
    nbf: Option<i64>,
    iat: Option<i64>,
    sts: Option<String>,
}

impl Verifier {
    /// Verifies a token.
    ///
    /// # Errors
    /// Returns the first reason for rejecting the token.
    pub async fn verify(&self, token: &str, now: Millis) -> Result<SessionToken, TokenError> {
        if token.len() > MAX_LENGTH {
            return Err(TokenError::Malformed);
        }
        let header = decode_header(token).map_err(|error| token_error(error.kind()))?;
        check_header(&header)?;
        let key = self.keys.find(header.kid.as_deref(), now).await?;
        let claims: Claims = decode(token, &key, &signature_only())
            .map_err(|error| token_error(error.kind()))?
            .claims;
        self.check_claims(claims, now.div_euclid(1000))
    }

    /// Checks the claims of a signed token. `now` is in Unix seconds.
    fn check_claims(&self, claims: Claims, now: i64) -> Result<SessionToken, TokenError> {
        if claims.iss != self.issuer {
            return Err(TokenError::Issuer);
        }
        let authorized = |party: &String| self.authorized_parties.contains(party);
        if !self.authorized_parties.is_empty() && !claims.azp.as_ref().is_some_and(authorized) {
            return Err(TokenError::AuthorizedParty);
        }
        let skew = i64::try_from(SKEW.as_secs()).unwrap_or_default();
        if claims.exp <= now.saturating_sub(skew) {
            return Err(TokenError::Expired);
        }
        let valid_from = [claims.nbf, claims.iat].into_iter().flatten().max();
        if valid_from.is_some_and(|valid_from| valid_from > now.saturating_add(skew)) {
            return Err(TokenError::NotYetValid);
        }
        let session_id = claims.sid.filter(|sid| !sid.is_empty()).ok_or(TokenError::Malformed)?;
        if claims.sub.is_empty() || [&claims.sub, &session_id].iter().any(|id| id.contains('\0')) {
            return Err(TokenError::Malformed);
        }
        if claims.sts.as_deref() == Some("pending") {
            return Err(TokenError::SessionPending);
        }
        Ok(SessionToken { user_id: claims.sub, session_id })
    }
}

/// Returns whether a text has the form of a JWT. No API key of the service has this form.
#[must_use]
pub fn is_jwt(text: &str) -> bool {
    text.starts_with("eyJ") && text.bytes().filter(|byte| *byte == b'.').count() == 2
}

/// Checks the header of a token. Only a token with a valid header can cause a fetch of keys.
fn check_header(header: &Header) -> Result<(), TokenError> {
    if header.alg != Algorithm::RS256 {
        return Err(TokenError::Algorithm);
    }
    // The service supports no critical extensions.
    if header.crit.is_some() {
        return Err(TokenError::Malformed);
    }
    match header.extras.inner().get("cat") {
        Some(category) if category != CATEGORY => Err(TokenError::Category),
        _ => Ok(()),
    }
}

/// Returns a validation of the signature only. The times are checked by the service's clock.
fn signature_only() -> Validation {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation
}

fn token_error(kind: &ErrorKind) -> TokenError {
    match kind {
        ErrorKind::InvalidSignature => TokenError::Signature,
        // For example a header with `alg: none`, which the library does not decode.
        _ => TokenError::Malformed,
    }
}
