//! A delivery: three lines for its headers, `svix-id`, `svix-timestamp` and `svix-signature`, and a
//! body in the others.

use std::sync::{Arc, LazyLock};

use base64::prelude::*;
use hmac::{Hmac, KeyInit, Mac};
use meetvo::{
    clerk::{
        decode::{Decoder, reprocessing::LoggedEvent},
        redact,
        signature::{SignatureError, SigningSecrets, SvixHeaders, Verified, signer},
    },
    domain::event::{Content, Decision, Event},
};
use serde_json::Value;
use sha2::Sha256;

use super::{NOW, SECRET, oracle};

static SECRETS: LazyLock<SigningSecrets> = LazyLock::new(|| {
    let others = [("old", "whsec_b25lIHRoYXQgd2FzIHJvdGF0ZWQ="), ("new", SECRET)];
    SigningSecrets::new(others).expect("both are secrets")
});

/// The values of a delivery's headers, as they were sent.
#[derive(Clone, Copy, Debug)]
struct Headers<'a> {
    id: &'a str,
    timestamp: &'a str,
    signature: &'a str,
}

impl Headers<'_> {
    fn verify(self, body: &[u8]) -> Result<(String, i64, Arc<str>), SignatureError> {
        let [id, timestamp, signature] =
            [self.id, self.timestamp, self.signature].map(|it| [it.as_bytes()]);
        let headers = SvixHeaders::new(id, timestamp, signature)?;
        let verified = SECRETS.verify(&headers, body, NOW)?;
        assert_eq!(verified.body.as_bytes(), body);
        Ok((verified.id.to_owned(), verified.attempted_at, verified.secret))
    }
}

/// See [the table](super).
pub fn check(input: &[u8]) {
    let mut lines = input.splitn(4, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let [id, timestamp, signature, body] = [line(), line(), line(), line()];
    if let [Ok(id), Ok(timestamp), Ok(signature)] = [id, timestamp, signature].map(str::from_utf8) {
        only_what_is_signed_comes_in(Headers { id, timestamp, signature }, body);
    }
    let Ok(body) = str::from_utf8(body) else { return };
    for pinned_instance in [None, Some("ins_1".to_owned())] {
        what_is_kept_is_fit_to_keep(&Decoder { pinned_instance }, body);
    }
}

fn only_what_is_signed_comes_in(headers: Headers<'_>, body: &[u8]) {
    let Headers { id, timestamp, signature } = headers;
    let is_good = is_signed(headers, body) && str::from_utf8(body).is_ok();
    match headers.verify(body) {
        Ok((verified_id, attempted_at, secret)) => {
            assert!(is_good, "{headers:?}");
            assert_eq!(verified_id, id);
            assert_eq!(Ok(attempted_at / 1000), timestamp.parse());
            assert_eq!(&*secret, "new");
        }
        Err(error) => assert!(!is_good, "{headers:?}: {error}"),
    }
    // Signed as it should be, it comes in under whatever id, and a byte less of it does not.
    let key = signer(SECRET).expect("a secret");
    let Ok(signed) = key.sign(id, NOW / 1000, body) else { return };
    let timestamp = (NOW / 1000).to_string();
    let several = format!("{signature} {signed}");
    for signature in [signed.as_str(), &several] {
        let headers = Headers { id, timestamp: &timestamp, signature };
        let verified = headers.verify(body);
        assert_eq!(verified.is_ok(), is_visible(id) && is_sendable(signature), "{headers:?}");
        let Some((_, less)) = body.split_first() else { continue };
        assert!(headers.verify(less).is_err() || is_signed(headers, less));
    }
}

fn is_visible(id: &str) -> bool {
    !id.is_empty() && id.len() <= 255 && id.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_sendable(header: &str) -> bool {
    header.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'))
}

/// The scheme as Svix describes it, by other code than the library's.
fn is_signed(headers: Headers<'_>, body: &[u8]) -> bool {
    let Headers { id, timestamp, signature } = headers;
    let plain = timestamp.bytes().all(|it| it.is_ascii_digit()) && !timestamp.starts_with('0');
    let near = timestamp.parse().is_ok_and(|it: i64| it.abs_diff(NOW / 1000) <= 300);
    let key = BASE64_STANDARD.decode(&SECRET["whsec_".len()..]).expect("base64");
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("any length does");
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        mac.update(part);
    }
    let expected = format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()));
    let given = signature.split(' ').any(|given| given == expected);
    is_visible(id) && plain && near && is_sendable(signature) && given
}

fn what_is_kept_is_fit_to_keep(decoder: &Decoder, body: &str) {
    let event = decode(decoder, body);
    oracle::can_be_kept(&event, body);
    let payload = event.payload.as_deref().expect("something is kept of every body");
    let mut shown: Value = serde_json::from_str(payload).expect("what is kept is JSON");
    redact::hide_private_metadata(&mut shown);
    assert!(!shown.to_string().contains("\"private_metadata\":"), "{shown}");
    let decision = match &event.content {
        // It cannot be lost, and says the same when it is read again.
        Content::Change(_) => Decision::Quarantined,
        Content::NotApplied { decision, .. } => *decision,
    };
    let kept = LoggedEvent {
        id: &event.id,
        payload: Some(payload),
        decision,
        secret: Some("new"),
        occurred_at: event.occurred_at,
        received_at: NOW,
    };
    let again = decoder.decode_logged(&kept, NOW);
    if let Ok(again) = &again {
        oracle::can_be_kept(again, payload);
    }
    match &event.content {
        Content::Change(change) => {
            let again = again.expect("it is all there");
            assert_eq!(again.content, Content::Change(change.clone()));
            assert_eq!(again.payload.as_deref(), Some(payload), "what was cut is cut");
        }
        Content::NotApplied { decision: Decision::Ignored | Decision::Quarantined, .. } => {
            let again = again.expect("nothing is asked of it");
            assert_eq!((again.content, again.subject), (event.content.clone(), event.subject));
            assert_eq!((again.kind, again.object_id), (event.kind.clone(), event.object_id));
            assert_eq!(again.payload.as_deref(), Some(payload), "what was cut is cut");
        }
        Content::NotApplied { .. } => {}
    }
}

fn decode(decoder: &Decoder, body: &str) -> Event {
    let secret = Arc::from("new");
    decoder.decode(&Verified { id: "msg_1", attempted_at: NOW, body, secret }, NOW)
}
