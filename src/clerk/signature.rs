//! Verifies webhook deliveries: their headers, their time and their signature.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};
use svix::webhooks::Webhook;

use crate::domain::Millis;

/// Name of the header with the message ID, which is the same on every attempt.
pub const ID: &str = "svix-id";
/// Name of the header with the time of this attempt in Unix seconds.
pub const TIMESTAMP: &str = "svix-timestamp";
/// Name of the header with the signatures, separated by spaces.
pub const SIGNATURE: &str = "svix-signature";

/// Maximum difference between an attempt's time and the clock in seconds, as in Svix's libraries.
pub const TOLERANCE_SECONDS: i64 = 300;

/// Maximum length of a `svix-id` in bytes.
pub const MAX_ID_LENGTH: usize = 255;

/// The three headers of a delivery, each of which is present exactly once and well-formed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SvixHeaders {
    map: HeaderMap,
    /// The time of the attempt in Unix seconds.
    timestamp: i64,
}

impl SvixHeaders {
    /// Reads the headers from all values of [`ID`], [`TIMESTAMP`] and [`SIGNATURE`].
    ///
    /// # Errors
    /// Returns an error if a header is missing, repeated or malformed. Of two values, only one was
    /// signed.
    pub fn new<'h>(
        id: impl IntoIterator<Item = &'h [u8]>,
        timestamp: impl IntoIterator<Item = &'h [u8]>,
        signature: impl IntoIterator<Item = &'h [u8]>,
    ) -> Result<Self, SignatureError> {
        let (id, timestamp) = (single(ID, id)?, single(TIMESTAMP, timestamp)?);
        let signature = single(SIGNATURE, signature)?;
        if id.is_empty()
            || id.len() > MAX_ID_LENGTH
            || !id.bytes().all(|byte| byte.is_ascii_graphic())
        {
            return Err(SignatureError::MalformedHeader(ID));
        }
        // The signature covers the text, so that only one spelling of a number is accepted.
        let seconds = timestamp.parse::<i64>().ok();
        let seconds = seconds.filter(|it| *it > 0 && it.to_string() == timestamp);
        let seconds = seconds.ok_or(SignatureError::MalformedHeader(TIMESTAMP))?;
        let mut map = HeaderMap::with_capacity(3);
        for (name, value) in [(ID, id), (TIMESTAMP, timestamp), (SIGNATURE, signature)] {
            let value =
                HeaderValue::from_str(value).map_err(|_| SignatureError::MalformedHeader(name))?;
            map.insert(HeaderName::from_static(name), value);
        }
        Ok(Self { map, timestamp: seconds })
    }

    /// Returns the `svix-id`.
    #[must_use]
    pub fn id(&self) -> &str {
        self.map.get(ID).and_then(|id| id.to_str().ok()).unwrap_or_default()
    }
}

fn single<'h>(
    name: &'static str,
    values: impl IntoIterator<Item = &'h [u8]>,
) -> Result<&'h str, SignatureError> {
    let mut values = values.into_iter();
    let value = values.next().ok_or(SignatureError::MissingHeader(name))?;
    if values.next().is_some() {
        return Err(SignatureError::RepeatedHeader(name));
    }
    str::from_utf8(value).map_err(|_| SignatureError::MalformedHeader(name))
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
    #[error("the header {0} is malformed")]
    MalformedHeader(&'static str),
    /// The attempt is too old, or in the future.
    #[error("svix-timestamp is more than {TOLERANCE_SECONDS} s from this server's clock")]
    Timestamp,
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
#[derive(Debug, Default)]
pub struct SigningSecrets(Vec<(Arc<str>, Webhook)>);

impl SigningSecrets {
    /// Reads pairs of a label and a secret.
    ///
    /// # Errors
    /// Returns an error if a secret is not `whsec_` followed by base64.
    pub fn new<'a>(
        secrets: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, InvalidSecret> {
        let read = |(label, secret)| Ok((Arc::from(label), signer(secret)?));
        secrets.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// Verifies the time and the signature of a delivery.
    ///
    /// # Errors
    /// Returns an error if the time is not within [`TOLERANCE_SECONDS`] of `now`, or if no secret
    /// matches.
    pub fn verify<'a>(
        &self,
        headers: &'a SvixHeaders,
        body: &'a [u8],
        now: Millis,
    ) -> Result<Verified<'a>, SignatureError> {
        let attempted_at = headers.timestamp.checked_mul(1000).ok_or(SignatureError::Timestamp)?;
        let age = now.div_euclid(1000).abs_diff(headers.timestamp);
        if age > TOLERANCE_SECONDS.unsigned_abs() {
            return Err(SignatureError::Timestamp);
        }
        let body = std::str::from_utf8(body).map_err(|_| SignatureError::NotUtf8)?;
        let secret = self
            .0
            .iter()
            .find(|(_, webhook)| {
                webhook.verify_ignoring_timestamp(body.as_bytes(), &headers.map).is_ok()
            })
            .map(|(label, _)| Arc::clone(label))
            .ok_or(SignatureError::Mismatch)?;
        Ok(Verified { id: headers.id(), attempted_at, body, secret })
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
mod tests {
    use super::{
        ID, InvalidSecret, Millis, SIGNATURE, SignatureError, SigningSecrets, SvixHeaders,
        TIMESTAMP, signer,
    };

    const NOW: Millis = 1_786_527_000_999;
    const SECONDS: i64 = 1_786_527_000;
    const OLD: &str = "whsec_b25lIHRoYXQgd2FzIHJvdGF0ZWQ=";
    const NEW: &str = "whsec_dGhlIHNlY3JldCBvZiBhbGwgb3VyIHRlc3Rz";

    /// Verifies a delivery that is signed with the newer of two secrets.
    fn sign_and_verify(
        id: &str,
        timestamp: &str,
        body: &[u8],
    ) -> Result<(Millis, String), SignatureError> {
        // A malformed time cannot be signed. It is rejected before the signature is compared.
        let seconds = timestamp.parse().unwrap_or(SECONDS);
        let signature = signer(NEW).unwrap().sign(id, seconds, body).unwrap_or_default();
        verify(id, timestamp, &signature, body)
    }

    fn verify(
        id: &str,
        timestamp: &str,
        signature: &str,
        body: &[u8],
    ) -> Result<(Millis, String), SignatureError> {
        let secrets = SigningSecrets::new([("old", OLD), ("new", NEW)]).unwrap();
        let headers =
            SvixHeaders::new([id.as_bytes()], [timestamp.as_bytes()], [signature.as_bytes()])?;
        let verified = secrets.verify(&headers, body, NOW)?;
        assert_eq!((verified.id, verified.body.as_bytes()), (id, body));
        Ok((verified.attempted_at, verified.secret.to_string()))
    }

    #[test]
    fn attempt_within_five_minutes_is_accepted() {
        for off in [-300, -1, 0, 1, 300] {
            let attempt = SECONDS + off;
            let accepted = Ok((attempt * 1000, "new".to_owned()));
            assert_eq!(sign_and_verify("msg_1", &attempt.to_string(), b"{}"), accepted, "{off}");
        }
        for off in [-301, 301, -SECONDS + 1, i64::MAX - SECONDS] {
            let attempt = (SECONDS + off).to_string();
            let rejected = Err(SignatureError::Timestamp);
            assert_eq!(sign_and_verify("msg_1", &attempt, b"{}"), rejected, "{off}");
        }
    }

    #[test]
    fn timestamp_has_one_spelling() {
        for timestamp in [
            "",
            "0",
            "-1786527000",
            "+1786527000",
            "01786527000",
            "1786527000.0",
            " 1786527000",
            "1e9",
        ] {
            let rejected = Err(SignatureError::MalformedHeader(TIMESTAMP));
            assert_eq!(sign_and_verify("msg_1", timestamp, b"{}"), rejected, "{timestamp}");
        }
    }

    #[test]
    fn id_is_short_and_visible() {
        let longest = "~".repeat(255);
        for id in ["msg_1", "!", &longest] {
            assert!(sign_and_verify(id, &SECONDS.to_string(), b"{}").is_ok(), "{id}");
        }
        for id in ["", " ", "msg 1", "msg_\u{e9}", "msg_\u{7f}", &format!("{longest}~")] {
            let rejected = Err(SignatureError::MalformedHeader(ID));
            assert_eq!(sign_and_verify(id, &SECONDS.to_string(), b"{}"), rejected, "{id}");
        }
    }

    #[test]
    fn altered_deliveries_are_rejected() {
        let timestamp = &*SECONDS.to_string();
        let not_text = sign_and_verify("msg_1", timestamp, b"\xff");
        assert_eq!(not_text, Err(SignatureError::NotUtf8));
        let signature = &*signer(NEW).unwrap().sign("msg_1", SECONDS, b"{}").unwrap();
        for (id, timestamp, signature, body) in [
            ("msg_1", timestamp, signature, &b"{} "[..]),
            ("msg_2", timestamp, signature, b"{}"),
            ("msg_1", "1786527001", signature, b"{}"),
            ("msg_1", timestamp, "v1,AAAA", b"{}"),
            ("msg_1", timestamp, "", b"{}"),
        ] {
            let rejected = verify(id, timestamp, signature, body);
            assert_eq!(rejected, Err(SignatureError::Mismatch), "{id} {timestamp} {signature}");
        }
        let malformed = verify("msg_1", timestamp, "v1,\n", b"{}");
        assert_eq!(malformed, Err(SignatureError::MalformedHeader(SIGNATURE)));
        let several = format!("v1,AAAA v2,x {signature}");
        assert!(verify("msg_1", timestamp, &several, b"{}").is_ok());
    }

    #[test]
    fn each_header_is_present_exactly_once() {
        let one = || [&b"1786527000"[..]].into_iter();
        let headers = |values: [usize; 3]| {
            let [id, timestamp, signature] = values.map(|count| one().cycle().take(count));
            SvixHeaders::new(id, timestamp, signature).map(drop)
        };
        assert_eq!(headers([1, 1, 1]), Ok(()));
        for (at, name) in [ID, TIMESTAMP, SIGNATURE].into_iter().enumerate() {
            let with = |count| {
                let mut counts = [1; 3];
                counts[at] = count;
                headers(counts)
            };
            assert_eq!(with(0), Err(SignatureError::MissingHeader(name)));
            assert_eq!(with(2), Err(SignatureError::RepeatedHeader(name)));
        }
        let not_text = SvixHeaders::new([&b"\xff"[..]], one(), one());
        assert_eq!(not_text.err(), Some(SignatureError::MalformedHeader(ID)));
    }

    #[test]
    fn malformed_secrets_are_rejected() {
        for secret in ["", "whsec_", "whsec_*", "dGhlIHNlY3JldA==", "sk_dGhlIHNlY3JldA=="] {
            assert_eq!(signer(secret).err(), Some(InvalidSecret), "{secret}");
        }
        let secrets = SigningSecrets::new([("new", NEW), ("other", "whsec_*")]);
        assert_eq!(secrets.err(), Some(InvalidSecret));
    }
}
