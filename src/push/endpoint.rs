//! An endpoint with its decrypted secrets.

use std::collections::BTreeMap;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use svix::webhooks::Webhook;

use super::{
    targets::{Connector, InvalidUrl, Signer, Target, is_custom_header},
    types::{InvalidType, MessageTypes},
};
use crate::{
    sealing::{SealError, Sealer},
    store::push::endpoints::StoredEndpoint,
};

/// Custom headers of an endpoint.
pub type Headers = BTreeMap<String, String>;

/// Reasons for which an endpoint cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// The key that encrypts the secrets is missing or wrong.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// There is no key.
    #[error(
        "the signing secrets of endpoints are encrypted, and there is no key: set MEETVO_PUSH_KEYS \
         to `1=KEY`, with a KEY from `openssl rand -base64 32`"
    )]
    NoKey,
    /// The URL cannot be used.
    #[error("url {0}")]
    Url(#[from] InvalidUrl),
    /// A type is unknown.
    #[error("types {0}")]
    Types(#[from] InvalidType),
    /// A header cannot be sent.
    #[error("headers must not contain {0}")]
    Header(String),
    /// The secret is malformed.
    #[error("the signing secret is malformed")]
    Secret,
}

/// Column with a sealed text of an endpoint.
#[derive(Clone, Copy, Debug)]
pub(super) enum Column {
    Secret,
    Headers,
}

impl Column {
    /// Returns the place of a text. A secret keeps it when it becomes the previous one.
    fn place(self, endpoint_id: &str) -> Vec<u8> {
        let column = match self {
            Self::Secret => "secret",
            Self::Headers => "headers",
        };
        format!("push_endpoints {column} {endpoint_id}").into_bytes()
    }

    /// Encrypts a text of an endpoint. The result begins with the ID of the key.
    pub(super) fn seal(
        self,
        keys: &Sealer,
        endpoint_id: &str,
        text: &str,
    ) -> Result<String, SealError> {
        let sealed = keys.seal(&self.place(endpoint_id), text)?;
        Ok(format!("{}:{sealed}", keys.key_id()))
    }

    /// Decrypts a text of an endpoint.
    pub(super) fn open(
        self,
        keys: &Sealer,
        endpoint_id: &str,
        sealed: &str,
    ) -> Result<String, SealError> {
        let (key_id, sealed) = sealed.split_once(':').unwrap_or_default();
        keys.open(key_id, &self.place(endpoint_id), sealed)
    }
}

/// Returns the types of messages that an endpoint subscribes to.
///
/// # Errors
/// Returns an error if a newer version of the program has stored other types.
pub fn types(stored: &StoredEndpoint) -> Result<MessageTypes, InvalidType> {
    MessageTypes::parse(stored.types.split(' '))
}

/// Decrypts the custom headers of an endpoint.
///
/// # Errors
/// Returns an error if the key is missing or wrong.
pub fn headers(stored: &StoredEndpoint, keys: &Sealer) -> Result<Headers, SealError> {
    let Some(sealed) = &stored.headers else { return Ok(Headers::new()) };
    let json = Column::Headers.open(keys, &stored.id, sealed)?;
    serde_json::from_str(&json).map_err(|_| SealError::Cipher)
}

/// Checks custom headers, and converts them.
///
/// # Errors
/// Returns an error that names a header which cannot be sent.
pub(super) fn header_map(headers: &Headers) -> Result<HeaderMap, EndpointError> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let wrong = || EndpointError::Header(format!("the header `{}`", name.escape_debug()));
        let header = name.parse::<HeaderName>().ok().filter(is_custom_header).ok_or_else(wrong)?;
        let mut value = HeaderValue::from_str(value).map_err(|_| wrong())?;
        value.set_sensitive(true);
        map.insert(header, value);
    }
    Ok(map)
}

/// Creates the target of an endpoint.
///
/// # Errors
/// Returns an error if the endpoint cannot be used with the settings of this process.
pub fn target(
    stored: &StoredEndpoint,
    keys: &Sealer,
    connector: &Connector,
) -> Result<Target, EndpointError> {
    let url = connector.parse_url(&stored.url)?;
    let headers = header_map(&headers(stored, keys)?)?;
    let signer = |sealed: &str, expires_at| {
        let secret = Column::Secret.open(keys, &stored.id, sealed)?;
        let secret = Webhook::new(&secret).map_err(|_| EndpointError::Secret)?;
        Ok::<_, EndpointError>(Signer { secret, expires_at })
    };
    let mut signers = vec![signer(&stored.secret, None)?];
    if let Some(previous) = &stored.previous_secret {
        signers.push(signer(previous, stored.previous_secret_expires_at)?);
    }
    Ok(Target::new(connector.clone(), url, headers, signers))
}
