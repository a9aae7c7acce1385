//! Verifies webhook deliveries: their headers, their time and their signature.

use std::sync::Arc;

use base64::prelude::*;
use http::{HeaderMap, HeaderName, HeaderValue};
use svix::webhooks::Webhook;

use crate::domain::Millis;

/// Name of the header with the message ID, which is the same on every attempt.
pub const ID: &str = "svix-id";
/// Name of the header with the time of this attempt in Unix seconds.
pub const TIMESTAMP: &str = "svix-timestamp";
/// Name of the header with the signatures, separated by spaces.
pub const SIGNATURE: &str = "svix-signature";

/// Default of the maximum difference between an attempt's time and the clock in seconds, as in
/// Svix's libraries.
pub const DEFAULT_TOLERANCE_SECONDS: i64 = 300;

/// Maximum length of a message ID in bytes.
pub const MAX_ID_LENGTH: usize = 255;

/// Length of a SHA-256 digest in base64.
const ENCODED_DIGEST: usize = 44;

/// Names of the three headers of a delivery.
struct HeaderNames {
    id: &'static str,
    timestamp: &'static str,
    signature: &'static str,
}

/// Names that Svix uses.
const SVIX: HeaderNames = HeaderNames { id: ID, timestamp: TIMESTAMP, signature: SIGNATURE };

/// Names of the Standard Webhooks specification.
const STANDARD_WEBHOOKS: HeaderNames = HeaderNames {
    id: "webhook-id",
    timestamp: "webhook-timestamp",
    signature: "webhook-signature",
};

impl HeaderNames {
    /// Returns the first of the names that a request has.
    fn first_present<V: Iterator>(&self, values: impl Fn(&'static str) -> V) -> Option<&str> {
        let names = [self.id, self.timestamp, self.signature];
        names.into_iter().find(|name| values(name).next().is_some())
    }
}

/// The three headers of a delivery: each is present exactly once and well-formed, and the time is
/// within the tolerance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryHeaders {
    /// Headers under Svix's names, as the library reads them.
    map: HeaderMap,
    /// The time of the attempt.
    attempted_at: Millis,
}

impl DeliveryHeaders {
    /// Returns the message ID.
    #[must_use]
    pub fn id(&self) -> &str {
        self.map.get(ID).and_then(|id| id.to_str().ok()).unwrap_or_default()
    }
}

/// Returns the only value of a header. Of two values, only one was signed.
fn single<'h>(
    name: &'static str,
    mut values: impl Iterator<Item = &'h [u8]>,
) -> Result<&'h str, SignatureError> {
    let value = values.next().ok_or(SignatureError::MissingHeader(name))?;
    if values.next().is_some() {
        return Err(SignatureError::RepeatedHeader(name));
    }
    str::from_utf8(value).map_err(|_| SignatureError::MalformedHeader(name))
}

fn is_message_id(id: &str) -> bool {
    (1..=MAX_ID_LENGTH).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Reads a time in Unix seconds. The signature covers the text, so that only one spelling of a
/// number is accepted.
fn parse_timestamp(timestamp: &str) -> Option<i64> {
    let seconds = timestamp.parse::<i64>().ok()?;
    Some(seconds).filter(|it| *it > 0 && it.to_string() == timestamp)
}

/// Returns whether an entry of the signature header has the form `v1,` and a SHA-256 digest in
/// base64. Entries of other versions can stand beside it.
fn has_digest(signature: &str) -> bool {
    let digests = signature.split(' ').filter_map(|entry| entry.strip_prefix("v1,"));
    let mut decoded = [0; ENCODED_DIGEST];
    digests.into_iter().any(|digest| {
        digest.len() == ENCODED_DIGEST
            && BASE64_STANDARD.decode_slice(digest, &mut decoded).is_ok_and(|length| length == 32)
    })
}

/// A delivery with a valid signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified<'a> {
    /// The message ID (`svix-id`).
    pub id: &'a str,
    /// The time of this attempt.
    pub attempted_at: Millis,
    /// The body.
    pub body: &'a str,
    /// The label of the secret that matched.
    pub secret: Arc<str>,
}

/// Reasons for rejecting a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// A header is missing.
    #[error("the header {0} is missing")]
    MissingHeader(&'static str),
    /// A header is present more than once.
    #[error("the header {0} is repeated")]
    RepeatedHeader(&'static str),
    /// A header is not what Svix sends.
    #[error("the header {0} does not have the form that Svix sends")]
    MalformedHeader(&'static str),
    /// Headers of both families are present. The signature covers only one of them.
    #[error(
        "the headers {0} and {1} are both present: send svix-id, svix-timestamp and \
         svix-signature, or webhook-id, webhook-timestamp and webhook-signature"
    )]
    MixedHeaders(&'static str, &'static str),
    /// The attempt is too old, or in the future.
    #[error("{name} is more than {tolerance} s from this server's clock")]
    Timestamp {
        /// Name of the header.
        name: &'static str,
        /// Maximum difference in seconds.
        tolerance: i64,
    },
    /// The body is not text. Svix signs text only.
    #[error("the body is not UTF-8")]
    NotUtf8,
    /// No signature was made with a configured secret.
    #[error("no signature matches; is the endpoint's signing secret the one configured here?")]
    Mismatch,
}

/// A malformed signing secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a signing secret: it must be `whsec_` followed by base64")]
pub struct InvalidSecret;

/// The active signing secrets with their labels. During a rotation, there are several.
#[derive(Debug)]
pub struct SigningSecrets {
    secrets: Vec<(Arc<str>, Webhook)>,
    /// Maximum difference between an attempt's time and the clock in seconds.
    tolerance: i64,
}

impl SigningSecrets {
    /// Reads pairs of a label and a secret. The tolerance is [`DEFAULT_TOLERANCE_SECONDS`].
    ///
    /// # Errors
    /// Returns an error if a secret is not `whsec_` followed by base64.
    pub fn new<'a>(
        secrets: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, InvalidSecret> {
        let read = |(label, secret)| Ok((Arc::from(label), signer(secret)?));
        let secrets = secrets.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(Self { secrets, tolerance: DEFAULT_TOLERANCE_SECONDS })
    }

    /// Sets the maximum difference between an attempt's time and the clock in seconds.
    #[must_use]
    pub fn with_tolerance(self, seconds: i64) -> Self {
        Self { tolerance: seconds, ..self }
    }

    /// Reads and checks the headers of a delivery. They need no body, so that most deliveries that
    /// cannot be valid are rejected before their bodies are read. `values` returns all values of a
    /// header by its name.
    ///
    /// # Errors
    /// Returns an error if a header is missing, repeated or malformed, if headers of both families
    /// are present, or if the time is not within the tolerance of `now`.
    pub fn read_headers<'h, V: Iterator<Item = &'h [u8]>>(
        &self,
        values: impl Fn(&'static str) -> V,
        now: Millis,
    ) -> Result<DeliveryHeaders, SignatureError> {
        let standard = STANDARD_WEBHOOKS.first_present(&values);
        let names = match (SVIX.first_present(&values), standard) {
            (Some(svix), Some(standard)) => {
                return Err(SignatureError::MixedHeaders(svix, standard));
            }
            (None, Some(_)) => STANDARD_WEBHOOKS,
            _ => SVIX,
        };
        let id = single(names.id, values(names.id))?;
        let timestamp = single(names.timestamp, values(names.timestamp))?;
        let signature = single(names.signature, values(names.signature))?;
        let malformed = SignatureError::MalformedHeader;
        if !is_message_id(id) {
            return Err(malformed(names.id));
        }
        let seconds = parse_timestamp(timestamp).ok_or(malformed(names.timestamp))?;
        if !has_digest(signature) {
            return Err(malformed(names.signature));
        }
        let is_recent = now.div_euclid(1000).abs_diff(seconds) <= self.tolerance.unsigned_abs();
        let attempted_at = seconds.checked_mul(1000).filter(|_| is_recent);
        let attempted_at = attempted_at.ok_or(SignatureError::Timestamp {
            name: names.timestamp,
            tolerance: self.tolerance,
        })?;
        let mut map = HeaderMap::with_capacity(3);
        for (name, value) in [(ID, id), (TIMESTAMP, timestamp), (SIGNATURE, signature)] {
            let value = HeaderValue::from_str(value).map_err(|_| malformed(names.signature))?;
            map.insert(HeaderName::from_static(name), value);
        }
        Ok(DeliveryHeaders { map, attempted_at })
    }

    /// Verifies the signature of a delivery.
    ///
    /// # Errors
    /// Returns an error if the body is not UTF-8, or if no secret matches.
    pub fn verify<'a>(
        &self,
        headers: &'a DeliveryHeaders,
        body: &'a [u8],
    ) -> Result<Verified<'a>, SignatureError> {
        let body = std::str::from_utf8(body).map_err(|_| SignatureError::NotUtf8)?;
        let matching = self.secrets.iter().find(|(_, webhook)| {
            webhook.verify_ignoring_timestamp(body.as_bytes(), &headers.map).is_ok()
        });
        let secret = matching.map(|(label, _)| Arc::clone(label));
        let secret = secret.ok_or(SignatureError::Mismatch)?;
        Ok(Verified { id: headers.id(), attempted_at: headers.attempted_at, body, secret })
    }
}

/// Creates a signer and verifier with one secret.
///
/// # Errors
/// Returns an error if the secret is malformed.
pub fn signer(secret: &str) -> Result<Webhook, InvalidSecret> {
    // The library accepts secrets without the prefix. Without it, the secret is incomplete.
    let malformed = !secret.starts_with("whsec_");
    Webhook::new(secret).ok().filter(|_| !malformed).ok_or(InvalidSecret)
}

#[cfg(test)]
mod tests;
