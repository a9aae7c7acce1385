//! Keys that verify session tokens.

use std::sync::Arc;

use jsonwebtoken::DecodingKey;

use super::{Jwks, TokenError};
use crate::domain::Millis;

/// The source of the keys.
pub struct Keys(Source);

enum Source {
    Pem(Arc<DecodingKey>),
    Jwks(Jwks),
}

/// A malformed public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "is not an RSA public key in PEM, which begins with -----BEGIN PUBLIC KEY-----; copy the JWKS \
     public key from Clerk's dashboard"
)]
pub struct InvalidKey;

impl Keys {
    /// Uses the public key of an instance in PEM. The service fetches no keys, and ignores the key
    /// IDs of tokens. Lines may be separated by `\n`, as is common in environment variables.
    ///
    /// # Errors
    /// Returns an error if the text is not an RSA public key.
    pub fn from_pem(text: &str) -> Result<Self, InvalidKey> {
        let text = text.replace("\\n", "\n");
        let is_public = text.trim_start().starts_with("-----BEGIN PUBLIC KEY-----")
            || text.trim_start().starts_with("-----BEGIN RSA PUBLIC KEY-----");
        let key = DecodingKey::from_rsa_pem(text.trim().as_bytes()).map_err(|_| InvalidKey)?;
        is_public.then(|| Self(Source::Pem(Arc::new(key)))).ok_or(InvalidKey)
    }

    /// Uses the keys that an issuer publishes.
    #[must_use]
    pub fn from_jwks(jwks: Jwks) -> Self {
        Self(Source::Jwks(jwks))
    }

    /// Returns the key for a token with this key ID.
    pub(super) async fn find(
        &self,
        id: Option<&str>,
        now: Millis,
    ) -> Result<Arc<DecodingKey>, TokenError> {
        match &self.0 {
            Source::Pem(key) => Ok(Arc::clone(key)),
            Source::Jwks(jwks) => jwks.find(id.ok_or(TokenError::Malformed)?, now).await,
        }
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Source::Pem(_) => f.write_str("Pem"),
            Source::Jwks(jwks) => jwks.fmt(f),
        }
    }
}
