//! Settings that are more than a number.

use std::{fmt, net::SocketAddr, path::PathBuf};

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use http::Uri;
use sha2::{Digest, Sha256};
use svix::webhooks::Webhook;

/// A text that shows in no output.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one place that needs it.
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

/// Where the database is. Shown without its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file.
    Sqlite(PathBuf),
    /// A server, with the URL as it was given.
    Postgres(Secret),
}

impl DatabaseUrl {
    /// Reads a URL. `sqlite:FILE`, `sqlite://FILE` and `sqlite:///./FILE` are all one file.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        let expected = "expected sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME";
        match url.split_once(':') {
            Some(("sqlite", rest)) => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                let path = path.strip_prefix('/').filter(|it| it.starts_with("./")).unwrap_or(path);
                if path.is_empty() || path == ":memory:" || path.contains('?') {
                    return Err("names no file: expected sqlite:FILE, without options".to_owned());
                }
                Ok(Self::Sqlite(PathBuf::from(path)))
            }
            Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => {
                check_parameters(url)?;
                Ok(Self::Postgres(Secret::new(url)))
            }
            // Without the slashes it may be the first part of anything, a login among others.
            Some((scheme, rest)) if rest.starts_with("//") => {
                Err(format!("the scheme `{scheme}` is not known: {expected}"))
            }
            _ => Err(format!("is not a URL: {expected}")),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => write!(f, "sqlite:{}", file.display()),
            Self::Postgres(url) => f.write_str(&without_password(url.expose())),
        }
    }
}

/// What a server's URL may say after the `?`: libpq's names.
const PARAMETERS: [&str; 11] = [
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "application_name",
    "options",
    "user",
    "password",
    "host",
    "port",
    "dbname",
];

/// How a connection is to be encrypted. `allow` is missing: it would never be.
const SSL_MODES: [&str; 5] = ["disable", "prefer", "require", "verify-ca", "verify-full"];

/// Refuses what would be passed over: a slip in the name of `sslmode` must not end in plain text.
/// Names nothing that was given, which can be the rest of a password.
fn check_parameters(url: &str) -> Result<(), String> {
    let plain = url.split('#').next().unwrap_or_default();
    let Some((_, query)) = plain.split_once('?') else { return Ok(()) };
    let parameters: Vec<(String, String)> =
        serde_html_form::from_str(query).map_err(|_| "has parameters that cannot be read")?;
    for (name, value) in &parameters {
        if name == "sslmode" && !SSL_MODES.contains(&&**value) {
            return Err(format!("its sslmode is none of {}", SSL_MODES.join(", ")));
        }
        if !PARAMETERS.contains(&&**name) {
            let known = PARAMETERS.join(", ");
            return Err(format!("has a parameter that is none of {known}: leave it out"));
        }
    }
    Ok(())
}

/// `postgres://user:[redacted]@host/name`; parameters can hold a password too, and are left out.
/// Where it is not certain what is a password, nothing is shown but the scheme.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return "[redacted]".to_owned();
    };
    let (plain, parameters) = rest.split_at(rest.find(['?', '#']).unwrap_or(rest.len()));
    let (login, place) = match plain.rsplit_once('@') {
        Some((login, place)) => (Some(login), place),
        None => (None, plain),
    };
    let host = place.split('/').next().unwrap_or_default();
    let port = host.rsplit_once(':').map(|(_, port)| port).filter(|_| !host.ends_with(']'));
    let numeric = port.is_none_or(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    if parameters.contains('@') || !numeric {
        return format!("{scheme}://[redacted]");
    }
    match login
        .map(|login| login.split_once(':').map_or((login, ""), |(user, _)| (user, ":[redacted]")))
    {
        Some((user, hidden)) => format!("{scheme}://{user}{hidden}@{place}"),
        None => format!("{scheme}://{place}"),
    }
}

/// A secret that signs webhooks, with a name to speak of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningSecret {
    /// Shown wherever the secret is meant.
    pub label: String,
    /// `whsec_` and base64.
    pub secret: Secret,
}

impl SigningSecret {
    /// Reads `whsec_…`, or `label=whsec_…,label=whsec_…`.
    pub(super) fn parse_list(text: &str) -> Result<Vec<Self>, String> {
        let mut secrets: Vec<Self> = Vec::new();
        for (place, item) in items(text).enumerate() {
            // Base64 ends in `=`: it is a label only in front of the prefix.
            let (label, secret) = match item.split_once('=') {
                Some((label, secret)) if !label.starts_with("whsec_") => (label.trim(), secret),
                _ if place == 0 => ("primary", item),
                _ => {
                    return Err(format!("the secret {} needs a label: label=whsec_…", place + 1));
                }
            };
            let word =
                |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            if label.is_empty() || label.len() > 64 || !label.bytes().all(word) {
                let place = place + 1;
                return Err(format!(
                    "the label of secret {place} is not 1 to 64 of A-Z a-z 0-9 - _ ."
                ));
            }
            let secret = secret.trim();
            if !secret.starts_with("whsec_") || Webhook::new(secret).is_err() {
                // Without the prefix, what stands before a `=` may be the secret itself.
                let which = match secret.starts_with("whsec_") {
                    true => format!("`{label}`"),
                    false => format!("the secret {}", place + 1),
                };
                return Err(format!(
                    "{which} is not `whsec_` and base64, as Clerk's dashboard shows it"
                ));
            }
            if secrets.iter().any(|other| other.label == label) {
                return Err(format!("the label `{label}` stands twice"));
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

/// The issuer that a publishable key names: the host of the instance's Frontend API, in base64 and
/// with a `$` at its end.
pub(super) fn issuer_of(publishable_key: &str) -> Result<String, &'static str> {
    let problem = "is not a publishable key, as Clerk's dashboard shows it: `pk_live_` or \
                   `pk_test_`, and base64";
    let rest = ["pk_live_", "pk_test_"].iter().find_map(|it| publishable_key.strip_prefix(it));
    let encoded = rest.ok_or(problem)?.trim_end_matches('=');
    let host = BASE64_STANDARD_NO_PAD.decode(encoded).map_err(|_| problem)?;
    let host = String::from_utf8(host).map_err(|_| problem)?;
    let issuer = format!("https://{}", host.strip_suffix('$').ok_or(problem)?);
    parse_issuer(&issuer).ok().flatten().ok_or(problem)
}

/// Reads the address of a Frontend API; none where it is empty.
pub(super) fn parse_issuer(text: &str) -> Result<Option<String>, &'static str> {
    if text.is_empty() {
        return Ok(None);
    }
    let problem = "is not the address of a Frontend API: expected https://HOST, as the `iss` of the \
                   instance's tokens";
    safe_url(text).map(Some).ok_or(problem)
}

/// An address of Clerk's, without a slash at its end, if nobody on the way can read along.
fn safe_url(text: &str) -> Option<String> {
    let url: Uri = text.parse().ok()?;
    let plain = url.query().is_none() && !text.contains(['@', '#']);
    // In plain text anybody on the way could hand us keys of their own, or take ours.
    let safe = match url.scheme_str() {
        Some("https") => true,
        Some("http") => matches!(url.host(), Some("127.0.0.1" | "localhost" | "[::1]")),
        _ => false,
    };
    (plain && safe).then(|| text.strip_suffix('/').unwrap_or(text).to_owned())
}

/// Reads a secret key of Clerk's; none where it is empty.
pub(super) fn parse_secret_key(text: &str) -> Result<Option<Secret>, &'static str> {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let rest = ["sk_live_", "sk_test_"].iter().find_map(|it| text.strip_prefix(it));
    match rest {
        None if text.is_empty() => Ok(None),
        Some(rest) if !rest.is_empty() && rest.bytes().all(word) => Ok(Some(Secret::new(text))),
        _ => Err("is not a secret key, as Clerk's dashboard shows it: `sk_live_…` or `sk_test_…`"),
    }
}

/// Reads an address that only this machine reaches, if there is to be one.
pub(super) fn parse_loopback(text: &str) -> Result<Option<SocketAddr>, &'static str> {
    if text.is_empty() {
        return Ok(None);
    }
    let address = text.parse().ok().filter(|address: &SocketAddr| address.ip().is_loopback());
    let problem = "is not an address of this machine alone, with a port: expected 127.0.0.1:9464, \
                   say; others ask with an API key, at /metrics";
    address.map(Some).ok_or(problem)
}

/// Reads the address of the Backend API: the secret key goes there.
pub(super) fn parse_api_url(text: &str) -> Result<String, &'static str> {
    safe_url(text)
        .ok_or("is not the address of Clerk's Backend API: expected https://api.clerk.com")
}

/// Reads a public key as far as its first line; none where it is empty.
pub(super) fn parse_pem(text: &str) -> Result<Option<String>, &'static str> {
    match text.trim() {
        "" => Ok(None),
        text if text.starts_with("-----BEGIN") => Ok(Some(text.to_owned())),
        _ => Err("is not a key in PEM: expected -----BEGIN PUBLIC KEY-----"),
    }
}

/// Reads `https://app.example.com,http://localhost:3000`.
pub(super) fn parse_origins(text: &str) -> Result<Vec<String>, String> {
    let origin = |origin: &str| {
        let url: Option<Uri> = origin.parse().ok();
        let named = url.as_ref().is_some_and(|url| {
            let web = matches!(url.scheme_str(), Some("http" | "https"));
            let scheme_and_place = url
                .authority()
                .map(|place| format!("{}://{}", url.scheme_str().unwrap_or_default(), place));
            web && scheme_and_place.as_deref() == Some(origin) && !origin.contains('@')
        });
        let expected = "expected https://HOST, without a slash at its end";
        named.then(|| origin.to_owned()).ok_or_else(|| format!("{origin} is no origin: {expected}"))
    };
    items(text).map(origin).collect()
}

/// What an API key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Read users and what is theirs.
    Read,
    /// Read events.
    Admin,
    /// Read the tokens of linked accounts.
    Tokens,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::Read, Self::Admin, Self::Tokens];

    /// The name in settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Admin => "admin",
            Self::Tokens => "tokens",
        }
    }

    /// Reads names joined by `+`; none where one is unknown.
    #[must_use]
    pub fn parse_list(text: &str) -> Option<Vec<Self>> {
        let find = |name| Self::ALL.into_iter().find(|known| known.as_str() == name);
        text.split('+').map(find).collect()
    }
}

/// A key of the API. Only its hash is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Shown wherever the key is meant.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The SHA-256 of the key.
    pub sha256: [u8; 32],
}

impl ApiKey {
    /// The shortest key that is taken, in characters.
    pub const MIN_LENGTH: usize = 32;

    /// The hash by which a key is known.
    #[must_use]
    pub fn digest(key: &str) -> [u8; 32] {
        Sha256::digest(key.as_bytes()).into()
    }

    /// Reads `name:scope+scope:key,…`, with the key itself or `sha256:<hex>`.
    pub(super) fn parse_list(text: &str) -> Result<Vec<Self>, String> {
        let mut keys: Vec<Self> = Vec::new();
        for (place, item) in items(text).enumerate() {
            let mut parts = item.splitn(3, ':');
            let (Some(name), Some(scopes), Some(key)) = (parts.next(), parts.next(), parts.next())
            else {
                return Err(format!("the key {} is not name:scope+scope:key", place + 1));
            };
            if name.is_empty() || keys.iter().any(|other| other.name == name) {
                return Err(format!("the key {} has no name of its own", place + 1));
            }
            // What is as long as a key may be one, in the wrong place.
            let which = match name.len() < Self::MIN_LENGTH {
                true => format!("`{name}`"),
                false => format!("the key {}", place + 1),
            };
            let scopes = Scope::parse_list(scopes)
                .ok_or_else(|| format!("{which} has a scope other than read, admin and tokens"))?;
            let sha256 = match key.strip_prefix("sha256:") {
                Some(hex) => hex::FromHex::from_hex(hex).map_err(|_| {
                    format!("{which}: sha256: is not followed by 64 hexadecimal digits")
                })?,
                None if key.len() < Self::MIN_LENGTH => {
                    let least = Self::MIN_LENGTH;
                    return Err(format!(
                        "{which} is shorter than {least} characters; `meetvo keys new` makes a good one"
                    ));
                }
                None => Self::digest(key),
            };
            if keys.iter().any(|other| other.sha256 == sha256) {
                return Err(format!("{which} is the same key as one before it"));
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
