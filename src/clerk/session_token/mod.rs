//! Verifies Clerk's session tokens, which are JWTs with a lifetime of one minute.
//!
//! The checks are those of Clerk's guide to manual verification and of its backend SDK: algorithm,
//! key, category, times and authorized party. Unlike the SDK, the service requires `iss` and `sid`,
//! because the instance's key also signs template tokens, which belong to no session.
//!
//! The kind and the issuer of a token are compared before its key is looked for, although they are
//! not verified yet: a token that no key could make valid is rejected with the reason that helps,
//! and without a request to the issuer.

mod active_organization;
mod cookie;
mod jwks;
mod keys;

use std::time::Duration;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, errors::ErrorKind};
use serde::Deserialize;

use self::active_organization::OrganizationClaims;
pub use self::{
    active_organization::ActiveOrganization,
    cookie::{COOKIE, suffixed_cookie},
    jwks::Jwks,
    keys::{InvalidKey, Keys},
};
use crate::domain::{Millis, origin::OriginPattern};

/// Maximum difference between Clerk's clock and the service's, as in Clerk's SDK.
pub const SKEW: Duration = Duration::from_secs(5);

/// Value of the `cat` header of session tokens, which is optional. Template and machine tokens have
/// other values.
const CATEGORY: &str = "cl_B7d4PD111AAA";

/// Value of the `cat` header of machine-to-machine tokens.
const M2M_CATEGORY: &str = "cl_B7d4PD333AAA";

/// Prefix of the `sub` claim of machine-to-machine tokens, which names a machine.
const M2M_SUBJECT: &str = "mch_";

/// Values of the `typ` header of OAuth access tokens (RFC 9068).
const OAUTH_TYPES: [&str; 2] = ["at+jwt", "application/at+jwt"];

/// Maximum length of a token in bytes. Clerk's tokens are shorter than a cookie, which holds 4 KB.
const MAX_LENGTH: usize = 8 * 1024;

/// The user, session and active organization of a valid token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionToken {
    /// The user ID, from the claim `sub`.
    pub user_id: String,
    /// The session ID, from the claim `sid`.
    pub session_id: String,
    /// The time at which the token was issued, to the second. If the token does not state it, this
    /// is a time before every change.
    pub issued_at: Millis,
    /// The active organization, if there is one.
    pub active_organization: Option<ActiveOrganization>,
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
    /// The token is an OAuth access token of Clerk.
    #[error("the token is an OAuth access token of Clerk, not a session token")]
    OAuthAccessToken,
    /// The token is a machine-to-machine token of Clerk.
    #[error("the token is a machine-to-machine (M2M) token of Clerk, not a session token")]
    M2mToken,
    /// The credential is an API key of Clerk.
    #[error("the credential is an API key of Clerk, not an API key of this service")]
    ClerkApiKey,
    /// The issuer has no key with the ID that the token names.
    #[error("the token is signed with a key that the issuer does not have")]
    UnknownKey,
    /// The signature does not match the key.
    #[error("the token's signature is invalid")]
    Signature,
    /// Another instance issued the token. The value is the issuer that the token states, which is
    /// not verified.
    #[error("the token is from another Clerk instance than the configured one")]
    Issuer(String),
    /// The token's origin is not one of the authorized parties. The value is the origin.
    #[error("the token's authorized party (azp) is not one of the configured ones")]
    AuthorizedParty(String),
    /// The token states no origin, although only the authorized parties are accepted.
    #[error(
        "the token has no authorized party (azp), which clerk.authorized_parties requires: fetch \
         a fresh token and send it in the header Authorization"
    )]
    MissingAuthorizedParty,
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
    pub authorized_parties: Vec<OriginPattern>,
    /// The name of the instance's own cookie, `__session_<suffix>`, if its publishable key is
    /// known.
    pub suffixed_cookie: Option<String>,
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
    #[serde(flatten)]
    organization: OrganizationClaims,
}

/// The claims that are compared before the signature is verified.
#[derive(Deserialize)]
struct UnverifiedClaims {
    iss: Option<String>,
    sub: Option<String>,
}

impl Verifier {
    /// Returns the names of the cookies with a token, in the order of their precedence. Several
    /// instances that share a domain share the cookie `__session`, and the last one that was used
    /// has written it. The other cookie belongs to one instance.
    pub fn cookies(&self) -> impl Iterator<Item = &str> {
        self.suffixed_cookie.as_deref().into_iter().chain([COOKIE])
    }

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
        self.check_unverified(unverified_claims(token)?)?;
        let key = self.keys.find(header.kid.as_deref(), now).await?;
        let claims: Claims = decode(token, &key, &signature_only())
            .map_err(|error| token_error(error.kind()))?
            .claims;
        self.check_claims(claims, now.div_euclid(1000))
    }

    /// Checks the kind and the issuer that a token states.
    fn check_unverified(&self, claims: UnverifiedClaims) -> Result<(), TokenError> {
        if claims.sub.is_some_and(|sub| sub.starts_with(M2M_SUBJECT)) {
            return Err(TokenError::M2mToken);
        }
        match claims.iss {
            Some(issuer) if issuer == self.issuer => Ok(()),
            Some(issuer) => Err(TokenError::Issuer(issuer)),
            None => Err(TokenError::Malformed),
        }
    }

    /// Checks the claims of a signed token. `now` is in Unix seconds.
    fn check_claims(&self, claims: Claims, now: i64) -> Result<SessionToken, TokenError> {
        if claims.iss != self.issuer {
            return Err(TokenError::Issuer(claims.iss));
        }
        self.check_party(claims.azp.as_deref())?;
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
        let issued_at = claims.iat.or(claims.nbf).unwrap_or_default().saturating_mul(1000);
        let active_organization = claims.organization.active_organization()?;
        Ok(SessionToken { user_id: claims.sub, session_id, issued_at, active_organization })
    }

    /// Checks the origin for which a token was issued.
    fn check_party(&self, party: Option<&str>) -> Result<(), TokenError> {
        if self.authorized_parties.is_empty() {
            return Ok(());
        }
        let party = party.filter(|party| !party.is_empty());
        let party = party.ok_or(TokenError::MissingAuthorizedParty)?;
        let is_authorized = self.authorized_parties.iter().any(|it| it.matches(party));
        if is_authorized { Ok(()) } else { Err(TokenError::AuthorizedParty(party.to_owned())) }
    }
}

/// Returns whether a text has the form of a JWT. No API key of the service has this form.
#[must_use]
pub fn is_jwt(text: &str) -> bool {
    text.starts_with("eyJ") && text.bytes().filter(|byte| *byte == b'.').count() == 2
}

/// Returns the error for an opaque credential of Clerk, which the service does not accept. Other
/// credentials, such as the API keys of the service, return none.
#[must_use]
pub fn opaque_credential(text: &str) -> Option<TokenError> {
    [
        ("oat_", TokenError::OAuthAccessToken),
        ("mt_", TokenError::M2mToken),
        ("ak_", TokenError::ClerkApiKey),
    ]
    .into_iter()
    .find_map(|(prefix, error)| text.starts_with(prefix).then_some(error))
}

/// Reads claims of a token whose signature has not been verified.
fn unverified_claims(token: &str) -> Result<UnverifiedClaims, TokenError> {
    let claims = token.split('.').nth(1).and_then(|it| BASE64_URL_SAFE_NO_PAD.decode(it).ok());
    let claims = claims.and_then(|claims| serde_json::from_slice(&claims).ok());
    claims.ok_or(TokenError::Malformed)
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
    let kind = header.typ.as_deref().unwrap_or_default();
    if OAUTH_TYPES.iter().any(|oauth| oauth.eq_ignore_ascii_case(kind)) {
        return Err(TokenError::OAuthAccessToken);
    }
    match header.extras.inner().get("cat") {
        Some(category) if category == M2M_CATEGORY => Err(TokenError::M2mToken),
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
