//! Whether a delivery is Clerk's: its headers, its time and its signature.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};
use svix::webhooks::Webhook;

use crate::domain::Millis;

/// The header that names the message, the same on every attempt.
pub const ID: &str = "svix-id";
/// The header with the Unix seconds of this attempt.
pub const TIMESTAMP: &str = "svix-timestamp";
/// The header with the signatures, separated by spaces.
pub const SIGNATURE: &str = "svix-signature";

/// How far an attempt's time may be off, either way, in seconds: what Svix's libraries allow.
pub const TOLERANCE_SECONDS: i64 = 300;

/// The longest `svix-id` that is taken.
pub const MAX_ID_LENGTH: usize = 255;

/// The three headers of a delivery, each of which was there exactly once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SvixHeaders<'a> {
    /// [`ID`].
    pub id: &'a str,
    /// [`TIMESTAMP`].
    pub timestamp: &'a str,
    /// [`SIGNATURE`].
    pub signature: &'a str,
}

/// A delivery that was signed with one of our secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified<'a> {
    /// The `svix-id`.
    pub id: &'a str,
    /// The time of this attempt.
    pub attempted_at: Millis,
    /// The body, which is text.
    pub body: &'a str,
    /// The label of the secret.
    pub secret: Arc<str>,
}

/// Why a delivery was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// A header is not what Svix sends.
    #[error("the header {0} is malformed")]
    MalformedHeader(&'static str),
    /// The attempt is too old or of the future.
    #[error("svix-timestamp is more than {TOLERANCE_SECONDS} s from this server's clock")]
    Timestamp,
    /// Svix signs text only.
    #[error("the body is not UTF-8")]
    NotUtf8,
    /// No secret made this signature.
    #[error("no signature matches; is the endpoint's signing secret the one configured here?")]
    Mismatch,
}

/// A signing secret that cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a signing secret: it is `whsec_` and base64")]
pub struct InvalidSecret;

/// The secrets that are live: one, or several while they are rotated.
#[derive(Debug, Default)]
pub struct SigningSecrets(Vec<(Arc<str>, Webhook)>);

impl SigningSecrets {
    /// Reads labels with their secrets, `whsec_` and base64.
    ///
    /// # Errors
    /// When a secret is malformed.
    pub fn new<'a>(
        secrets: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, InvalidSecret> {
        let read = |(label, secret)| Ok((Arc::from(label), signer(secret)?));
        secrets.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// Verifies a delivery against the clock and every live secret.
    ///
    /// # Errors
    /// When it is not Clerk's, or not of now.
    pub fn verify<'a>(
        &self,
        headers: SvixHeaders<'a>,
        body: &'a [u8],
        now: Millis,
    ) -> Result<Verified<'a>, SignatureError> {
        let attempted_at = check_headers(headers, now)?;
        let body = std::str::from_utf8(body).map_err(|_| SignatureError::NotUtf8)?;
        let headers_for_svix = header_map(headers)?;
        let secret = self
            .0
            .iter()
            .find(|(_, webhook)| {
                webhook.verify_ignoring_timestamp(body.as_bytes(), &headers_for_svix).is_ok()
            })
            .map(|(label, _)| Arc::clone(label))
            .ok_or(SignatureError::Mismatch)?;
        Ok(Verified { id: headers.id, attempted_at, body, secret })
    }
}

/// A signer and verifier with one secret.
///
/// # Errors
/// When the secret is malformed.
pub fn signer(secret: &str) -> Result<Webhook, InvalidSecret> {
    // The library also takes secrets without the prefix; a missing one is a paste gone wrong.
    let malformed = !secret.starts_with("whsec_");
    Webhook::new(secret).ok().filter(|_| !malformed).ok_or(InvalidSecret)
}

fn check_headers(headers: SvixHeaders<'_>, now: Millis) -> Result<Millis, SignatureError> {
    let visible = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if headers.id.len() > MAX_ID_LENGTH || !visible(headers.id) {
        return Err(SignatureError::MalformedHeader(ID));
    }
    // Only the one way to write a number: what was signed is the text.
    let seconds = headers
        .timestamp
        .parse::<i64>()
        .ok()
        .filter(|seconds| *seconds > 0 && seconds.to_string() == headers.timestamp)
        .ok_or(SignatureError::MalformedHeader(TIMESTAMP))?;
    let attempted_at = seconds.checked_mul(1000).ok_or(SignatureError::Timestamp)?;
    if (now.div_euclid(1000)).abs_diff(seconds) > TOLERANCE_SECONDS.unsigned_abs() {
        return Err(SignatureError::Timestamp);
    }
    Ok(attempted_at)
}

fn header_map(headers: SvixHeaders<'_>) -> Result<HeaderMap, SignatureError> {
    let mut map = HeaderMap::with_capacity(3);
    for (name, value) in
        [(ID, headers.id), (TIMESTAMP, headers.timestamp), (SIGNATURE, headers.signature)]
    {
        let value =
            HeaderValue::from_str(value).map_err(|_| SignatureError::MalformedHeader(name))?;
        map.insert(HeaderName::from_static(name), value);
    }
    Ok(map)
}
