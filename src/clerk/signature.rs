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

    /// What becomes of a delivery that was signed with the newer of two secrets.
    fn sent(id: &str, timestamp: &str, body: &[u8]) -> Result<(Millis, String), SignatureError> {
        // A time that is none cannot even be signed; it is refused before anybody looks.
        let seconds = timestamp.parse().unwrap_or(SECONDS);
        let signature = signer(NEW).unwrap().sign(id, seconds, body).unwrap_or_default();
        verified(SvixHeaders { id, timestamp, signature: &signature }, body)
    }

    fn verified(headers: SvixHeaders<'_>, body: &[u8]) -> Result<(Millis, String), SignatureError> {
        let secrets = SigningSecrets::new([("old", OLD), ("new", NEW)]).unwrap();
        let verified = secrets.verify(headers, body, NOW)?;
        assert_eq!((verified.id, verified.body.as_bytes()), (headers.id, body));
        Ok((verified.attempted_at, verified.secret.to_string()))
    }

    #[test]
    fn an_attempt_is_taken_within_five_minutes_of_the_clock() {
        for off in [-300, -1, 0, 1, 300] {
            let attempt = SECONDS + off;
            let taken = Ok((attempt * 1000, "new".to_owned()));
            assert_eq!(sent("msg_1", &attempt.to_string(), b"{}"), taken, "{off}");
        }
        for off in [-301, 301, -SECONDS + 1, i64::MAX - SECONDS] {
            let attempt = (SECONDS + off).to_string();
            assert_eq!(sent("msg_1", &attempt, b"{}"), Err(SignatureError::Timestamp), "{off}");
        }
    }

    #[test]
    fn a_time_is_written_in_one_way() {
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
            let refused = Err(SignatureError::MalformedHeader(TIMESTAMP));
            assert_eq!(sent("msg_1", timestamp, b"{}"), refused, "{timestamp}");
        }
    }

    #[test]
    fn an_id_is_a_few_characters_that_can_be_seen() {
        let longest = "~".repeat(255);
        for id in ["msg_1", "!", &longest] {
            assert!(sent(id, &SECONDS.to_string(), b"{}").is_ok(), "{id}");
        }
        for id in ["", " ", "msg 1", "msg_\u{e9}", "msg_\u{7f}", &format!("{longest}~")] {
            let refused = Err(SignatureError::MalformedHeader(ID));
            assert_eq!(sent(id, &SECONDS.to_string(), b"{}"), refused, "{id}");
        }
    }

    #[test]
    fn what_is_signed_is_text_and_was_signed_here() {
        let timestamp = &*SECONDS.to_string();
        assert_eq!(sent("msg_1", timestamp, b"\xff"), Err(SignatureError::NotUtf8));
        let signature = &*signer(NEW).unwrap().sign("msg_1", SECONDS, b"{}").unwrap();
        let headers = SvixHeaders { id: "msg_1", timestamp, signature };
        for (headers, body) in [
            (headers, &b"{} "[..]),
            (SvixHeaders { id: "msg_2", ..headers }, b"{}"),
            (SvixHeaders { timestamp: "1786527001", ..headers }, b"{}"),
            (SvixHeaders { signature: "v1,AAAA", ..headers }, b"{}"),
            (SvixHeaders { signature: "", ..headers }, b"{}"),
        ] {
            assert_eq!(verified(headers, body), Err(SignatureError::Mismatch), "{headers:?}");
        }
        let unsendable = SvixHeaders { signature: "v1,\n", ..headers };
        assert_eq!(verified(unsendable, b"{}"), Err(SignatureError::MalformedHeader(SIGNATURE)));
        let several = format!("v1,AAAA v2,x {signature}");
        assert!(verified(SvixHeaders { signature: &several, ..headers }, b"{}").is_ok());
    }

    #[test]
    fn a_secret_is_a_prefix_and_base64() {
        for secret in ["", "whsec_", "whsec_*", "dGhlIHNlY3JldA==", "sk_dGhlIHNlY3JldA=="] {
            assert_eq!(signer(secret).err(), Some(InvalidSecret), "{secret}");
        }
        let refused = SigningSecrets::new([("new", NEW), ("other", "whsec_*")]);
        assert_eq!(refused.err(), Some(InvalidSecret));
    }
}
