//! Clerk's session tokens: JWTs of a minute that the browser carries, signed by the instance.
//!
//! What is checked follows Clerk's guide to manual verification and its backend SDK: the algorithm,
//! the key, the category, the times with a tolerance, who may use the token. Beyond the SDK, `iss` and
//! `sid` must be there: an instance's key also signs template tokens, which belong to no session.

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

/// How far Clerk's clock may be from ours, either way: what its SDK allows.
pub const SKEW: Duration = Duration::from_secs(5);

/// The category of session tokens, where the header names one. Template and machine tokens have
/// others.
const CATEGORY: &str = "cl_B7d4PD111AAA";

/// No token of Clerk's is near this long: a cookie holds 4 KB.
const MAX_LENGTH: usize = 16 * 1024;

/// Who a valid token speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionToken {
    /// `sub`.
    pub user_id: String,
    /// `sid`.
    pub session_id: String,
}

/// Why a token was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is no JWT, or lacks what every session token has.
    #[error("the token is not a session token of Clerk's")]
    Malformed,
    /// It is signed in another way than Clerk signs.
    #[error("the token is not signed with RS256")]
    Algorithm,
    /// It is a token of Clerk's for something else.
    #[error("the token is of another kind than session tokens")]
    Category,
    /// No key has the id that it names.
    #[error("the token is signed with a key that the issuer does not have")]
    UnknownKey,
    /// The signature is not that of its key.
    #[error("the token's signature is wrong")]
    Signature,
    /// Another instance made it.
    #[error("the token is of another issuer")]
    Issuer,
    /// It was made for another origin, or for none where some are configured.
    #[error("the token is of no authorized party")]
    AuthorizedParty,
    /// It was good until some time ago.
    #[error("the token has expired")]
    Expired,
    /// It is of the future.
    #[error("the token is not valid yet")]
    NotYet,
    /// Its session has tasks left, and counts as signed out.
    #[error("the token's session is pending")]
    Pending,
    /// There is no key to check it with, and none to be had.
    #[error("the issuer's keys cannot be fetched: {0}")]
    NoKeys(String),
}

/// What decides about tokens.
#[derive(Debug)]
pub struct Verifier {
    /// The instance's Frontend API, as `iss` says it.
    pub issuer: String,
    /// The origins whose tokens are taken; empty takes those of any.
    pub authorized_parties: Vec<String>,
    /// What signatures are checked with.
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
    /// Checks a token at an instant.
    ///
    /// # Errors
    /// With the first reason to refuse it.
    pub async fn verify(&self, token: &str, now: Millis) -> Result<SessionToken, TokenError> {
        if token.len() > MAX_LENGTH {
            return Err(TokenError::Malformed);
        }
        let header = decode_header(token).map_err(|error| refusal(error.kind()))?;
        check_header(&header)?;
        let key = self.keys.find(header.kid.as_deref(), now).await?;
        let claims: Claims =
            decode(token, &key, &signature_alone()).map_err(|error| refusal(error.kind()))?.claims;
        self.check(claims, now.div_euclid(1000))
    }

    /// Checks what a signed token claims, at an instant in Unix seconds.
    fn check(&self, claims: Claims, now: i64) -> Result<SessionToken, TokenError> {
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
        let begins = [claims.nbf, claims.iat].into_iter().flatten();
        if begins.max().is_some_and(|begins| begins > now.saturating_add(skew)) {
            return Err(TokenError::NotYet);
        }
        let session_id = claims.sid.filter(|sid| !sid.is_empty()).ok_or(TokenError::Malformed)?;
        if claims.sub.is_empty() || [&claims.sub, &session_id].iter().any(|id| id.contains('\0')) {
            return Err(TokenError::Malformed);
        }
        if claims.sts.as_deref() == Some("pending") {
            return Err(TokenError::Pending);
        }
        Ok(SessionToken { user_id: claims.sub, session_id })
    }
}

/// Whether a text has the shape of a JWT, which no API key of ours has.
#[must_use]
pub fn is_jwt(text: &str) -> bool {
    text.starts_with("eyJ") && text.bytes().filter(|byte| *byte == b'.').count() == 2
}

/// Before a key is looked for, so that nothing else makes us look.
fn check_header(header: &Header) -> Result<(), TokenError> {
    if header.alg != Algorithm::RS256 {
        return Err(TokenError::Algorithm);
    }
    // Extensions that must be understood, and are not.
    if header.crit.is_some() {
        return Err(TokenError::Malformed);
    }
    match header.extras.inner().get("cat") {
        Some(category) if category != CATEGORY => Err(TokenError::Category),
        _ => Ok(()),
    }
}

/// The times are ours to check, by our clock.
fn signature_alone() -> Validation {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation
}

fn refusal(kind: &ErrorKind) -> TokenError {
    match kind {
        ErrorKind::InvalidSignature => TokenError::Signature,
        // Among others the header of `alg: none`, which the library does not even read.
        _ => TokenError::Malformed,
    }
}
