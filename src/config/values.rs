//! Parsers for structured settings: database URLs, secrets, API keys and URLs.
//!
//! The error texts are predicates of the setting ("must be …"). They name an item by its position
//! or label, because the text of a malformed setting can be a secret.

use std::{fmt, net::SocketAddr};

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use http::{HeaderName, HeaderValue, Uri};
use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};
use svix::webhooks::Webhook;

use super::Scope;

/// Text that no output shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the secret text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Webhook signing secret with its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningSecret {
    /// Label that outputs show in place of the secret.
    pub label: String,
    /// Secret in Svix's form: `whsec_` and base64.
    pub secret: Secret,
}

impl SigningSecret {
    /// Minimum length in bytes in production, which is the length of Svix's own secrets.
    pub const MIN_LENGTH: usize = 24;

    /// Returns the length of the secret in bytes.
    pub(super) fn length(&self) -> usize {
        let secret = self.secret.expose();
        let base64 = secret.strip_prefix("whsec_").unwrap_or(secret).trim_end_matches('=');
        base64.len() * 3 / 4
    }

    /// Parses `whsec_…` or `label=whsec_…,label=whsec_…`.
    pub(super) fn parse_list(text: &str) -> Result<Vec<Self>, String> {
        let mut secrets: Vec<Self> = Vec::new();
        for (position, item) in (1..).zip(items(text)) {
            // Base64 can end with `=`. Only an `=` before the prefix ends a label.
            let (label, secret) = match item.split_once('=') {
                Some((label, secret)) if !label.starts_with("whsec_") => (label.trim(), secret),
                _ if position == 1 => ("primary", item),
                _ => {
                    return Err(format!("needs a label for secret {position}: label=whsec_…"));
                }
            };
            let word =
                |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            if label.is_empty() || label.len() > 64 || !label.bytes().all(word) {
                return Err(format!(
                    "has an invalid label for secret {position}: use 1 to 64 of the characters A-Z a-z \
                     0-9 - _ ."
                ));
            }
            let secret = secret.trim();
            if !secret.starts_with("whsec_") || Webhook::new(secret).is_err() {
                // Without the prefix, the text before a `=` can be the secret itself.
                let which = match secret.starts_with("whsec_") {
                    true => format!("`{label}`"),
                    false => format!("number {position}"),
                };
                return Err(format!(
                    "has a malformed secret ({which}): copy it from Clerk's dashboard; it is \
                     `whsec_` followed by base64"
                ));
            }
            if secrets.iter().any(|other| other.label == label) {
                return Err(format!("has the label `{label}` twice"));
            }
            secrets.push(Self { label: label.to_owned(), secret: Secret::new(secret) });
        }
        Ok(secrets)
    }
}

impl fmt::Display for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=[redacted]", self.label)
    }
}

/// Returns the issuer that a publishable key contains. After its prefix, the key is the base64 of
/// the Frontend API's host and a `$`.
pub(super) fn issuer_of(publishable_key: &str) -> Result<String, &'static str> {
    let problem = "must be a publishable key from Clerk's dashboard: `pk_live_…` or `pk_test_…`";
    let rest = ["pk_live_", "pk_test_"].iter().find_map(|it| publishable_key.strip_prefix(it));
    let encoded = rest.ok_or(problem)?.trim_end_matches('=');
    let host = BASE64_STANDARD_NO_PAD.decode(encoded).map_err(|_| problem)?;
    let host = String::from_utf8(host).map_err(|_| problem)?;
    let issuer = format!("https://{}", host.strip_suffix('$').ok_or(problem)?);
    parse_issuer(&issuer).ok().flatten().ok_or(problem)
}

/// Parses the URL of a Frontend API. Returns `None` if it is empty.
pub(super) fn parse_issuer(text: &str) -> Result<Option<String>, &'static str> {
    if text.is_empty() {
        return Ok(None);
    }
    let problem = "must be the URL of the instance's Frontend API, as in the `iss` claim of its \
                   tokens: https://HOST";
    safe_url(text).map(Some).ok_or(problem)
}

/// Returns the URL without a trailing slash, if it is encrypted or local.
fn safe_url(text: &str) -> Option<String> {
    let url: Uri = text.parse().ok()?;
    let plain = url.query().is_none() && !text.contains(['@', '#']);
    // Over plain HTTP, an attacker on the network can replace Clerk's keys or read the secret key.
    let safe = match url.scheme_str() {
        Some("https") => true,
        Some("http") => matches!(url.host(), Some("127.0.0.1" | "localhost" | "[::1]")),
        _ => false,
    };
    (plain && safe).then(|| text.strip_suffix('/').unwrap_or(text).to_owned())
}

/// Parses a secret key of Clerk. Returns `None` if it is empty.
pub(super) fn parse_secret_key(text: &str) -> Result<Option<Secret>, &'static str> {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let rest = ["sk_live_", "sk_test_"].iter().find_map(|it| text.strip_prefix(it));
    match rest {
        None if text.is_empty() => Ok(None),
        Some(rest) if !rest.is_empty() && rest.bytes().all(word) => Ok(Some(Secret::new(text))),
        _ => Err("must be a secret key from Clerk's dashboard: `sk_live_…` or `sk_test_…`"),
    }
}

/// Parses a loopback address with a port. Returns `None` if it is empty.
pub(super) fn parse_loopback(text: &str) -> Result<Option<SocketAddr>, &'static str> {
    if text.is_empty() {
        return Ok(None);
    }
    let address = text.parse().ok().filter(|address: &SocketAddr| address.ip().is_loopback());
    let problem = "must be a loopback address with a port, such as 127.0.0.1:9464; from other \
                   machines, use /metrics with an API key";
    address.map(Some).ok_or(problem)
}

/// Parses the URL of the Backend API, which receives the secret key.
pub(super) fn parse_api_url(text: &str) -> Result<String, &'static str> {
    safe_url(text)
        .ok_or("must be the URL of Clerk's Backend API, with https: https://api.clerk.com")
}

/// Parses the URL of an OpenTelemetry collector. Returns `None` if it is empty.
pub(super) fn parse_otlp_endpoint(text: &str) -> Result<Option<String>, &'static str> {
    if text.is_empty() {
        return Ok(None);
    }
    let url = text.parse().ok().filter(|url: &Uri| {
        matches!(url.scheme_str(), Some("http" | "https")) && url.host().is_some()
    });
    let url = url.ok_or("must be the URL of a collector, such as http://localhost:4318")?;
    if text.contains('@') {
        return Err("must not contain credentials: set telemetry.otlp_headers");
    }
    if text.contains(['?', '#']) {
        return Err("must have no query and no fragment");
    }
    match url.port_u16() {
        Some(4317) => Err("has the port of OTLP over gRPC, and the service uses OTLP over HTTP: \
                           enable its receiver in the collector, and use its port, usually 4318"),
        _ => Ok(Some(text.trim_end_matches('/').to_owned())),
    }
}

/// Parses headers: `NAME=VALUE`, separated by commas, with percent encoding in the values.
pub(super) fn parse_otlp_headers(text: &str) -> Result<Vec<(String, Secret)>, String> {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    let header = |item: &str| {
        let (name, value) = item.split_once('=')?;
        let name: HeaderName = name.trim().parse().ok()?;
        let value = percent_decode_str(value.trim()).decode_utf8().ok()?;
        HeaderValue::from_str(&value).ok()?;
        Some((name.as_str().to_owned(), Secret::new(value)))
    };
    let parsed = items.enumerate().map(|(index, item)| {
        header(item).ok_or_else(|| {
            let position = index + 1;
            format!("must be NAME=VALUE, separated by commas; the item {position} is not")
        })
    });
    parsed.collect()
}

/// Checks that a text begins like a PEM key. Returns `None` if it is empty. Line breaks can be
/// written as `\n`, as many programs do to keep a key on one line.
pub(super) fn parse_pem(text: &str) -> Result<Option<String>, &'static str> {
    match text.trim() {
        "" => Ok(None),
        text if text.starts_with("-----BEGIN") => {
            Ok(Some(text.replace("\\r\\n", "\n").replace("\\n", "\n")))
        }
        _ => Err("must be a key in PEM, beginning with -----BEGIN PUBLIC KEY-----"),
    }
}

/// API key of the settings. Only its hash is kept in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Name that outputs show in place of the key.
    pub name: String,
    /// Permissions of the key.
    pub scopes: Vec<Scope>,
    /// SHA-256 digest of the key.
    pub sha256: [u8; 32],
}

impl ApiKey {
    /// Minimum length of a key in bytes.
    pub const MIN_LENGTH: usize = 32;

    /// Returns the digest that identifies a key.
    #[must_use]
    pub fn digest(key: &str) -> [u8; 32] {
        Sha256::digest(key.as_bytes()).into()
    }

    /// Parses `name:scope+scope:key,…`, where the key is plain text or `sha256:<hex>`.
    pub(super) fn parse_list(text: &str) -> Result<Vec<Self>, String> {
        let mut keys: Vec<Self> = Vec::new();
        for (position, item) in (1..).zip(items(text)) {
            let mut parts = item.splitn(3, ':');
            let (Some(name), Some(scopes), Some(key)) = (parts.next(), parts.next(), parts.next())
            else {
                return Err(format!(
                    "has a malformed key (number {position}): use name:scope+scope:key"
                ));
            };
            if name.is_empty() || keys.iter().any(|other| other.name == name) {
                return Err(format!("needs a unique name for key {position}"));
            }
            // A name as long as a key can be a misplaced key, so it is not shown.
            let which = match name.len() < Self::MIN_LENGTH {
                true => format!("key `{name}`"),
                false => format!("key number {position}"),
            };
            let scopes = Scope::parse_list(scopes).ok_or_else(|| {
                format!("has an unknown scope for {which}: use read, admin, tokens or metrics")
            })?;
            let sha256 = match key.strip_prefix("sha256:") {
                Some(hex) => hex::FromHex::from_hex(hex).map_err(|_| {
                    format!("has a malformed digest for {which}: use sha256: and 64 hex digits")
                })?,
                None if key.len() < Self::MIN_LENGTH => {
                    let min = Self::MIN_LENGTH;
                    return Err(format!(
                        "needs at least {min} bytes for {which}; run `meetvo keys new \
                         --setting` to generate one"
                    ));
                }
                None => Self::digest(key),
            };
            if keys.iter().any(|other| other.sha256 == sha256) {
                return Err(format!("repeats an earlier key as {which}"));
            }
            keys.push(Self { name: name.to_owned(), scopes, sha256 });
        }
        Ok(keys)
    }
}

impl fmt::Display for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scopes: Vec<_> = self.scopes.iter().map(|scope| scope.as_str()).collect();
        write!(f, "{}:{}:[redacted]", self.name, scopes.join("+"))
    }
}

pub(super) fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}
