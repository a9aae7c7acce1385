//! What the signatures of session tokens are checked with.

use std::sync::Arc;

use jsonwebtoken::DecodingKey;

use super::{Jwks, TokenError};
use crate::domain::Millis;

/// Where keys come from.
pub struct Keys(Source);

enum Source {
    Pem(Arc<DecodingKey>),
    Jwks(Jwks),
}

/// A text that is no public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "is not an RSA public key in PEM, which begins with -----BEGIN PUBLIC KEY-----: Clerk's \
     dashboard shows it as the JWKS public key"
)]
pub struct InvalidKey;

impl Keys {
    /// The one key of an instance, in PEM: nothing is fetched, and the ids that tokens name are not
    /// looked at. Lines may be separated by `\n`, as environment variables often are.
    ///
    /// # Errors
    /// When it is no RSA public key.
    pub fn pem(text: &str) -> Result<Self, InvalidKey> {
        let text = text.replace("\\n", "\n");
        let is_public = text.trim_start().starts_with("-----BEGIN PUBLIC KEY-----")
            || text.trim_start().starts_with("-----BEGIN RSA PUBLIC KEY-----");
        let key = DecodingKey::from_rsa_pem(text.trim().as_bytes()).map_err(|_| InvalidKey)?;
        is_public.then(|| Self(Source::Pem(Arc::new(key)))).ok_or(InvalidKey)
    }

    /// Those that an issuer publishes.
    #[must_use]
    pub fn published(jwks: Jwks) -> Self {
        Self(Source::Jwks(jwks))
    }

    /// The key of a token whose header names this id.
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
