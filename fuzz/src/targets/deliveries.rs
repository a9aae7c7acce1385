//! Deliveries. The first three lines of an input are the headers `svix-id`, `svix-timestamp` and
//! `svix-signature`, and the remaining lines are the body.

use std::sync::{Arc, LazyLock};

use base64::prelude::*;
use hmac::{Hmac, KeyInit, Mac};
use meetvo::{
    clerk::{
        redact,
        signature::{ID, SIGNATURE, SignatureError, SigningSecrets, TIMESTAMP, Verified, signer},
    },
    domain::decision::Decision,
    objects::{
        decode::{Decoder, reprocessing::LoggedEvent},
        event::{Content, Event},
        object_type::PersonalData,
    },
};
use serde_json::Value;
use sha2::Sha256;

use super::{NOW, SECRET, oracle};

static SECRETS: LazyLock<SigningSecrets> = LazyLock::new(|| {
    let others = [("old", "whsec_b25lIHRoYXQgd2FzIHJvdGF0ZWQ="), ("new", SECRET)];
    SigningSecrets::new(others).expect("both are secrets")
});

/// Values of the headers of a delivery, as sent.
#[derive(Clone, Copy, Debug)]
struct Headers<'a> {
    id: &'a str,
    timestamp: &'a str,
    signature: &'a str,
}

impl Headers<'_> {
    fn verify(self, body: &[u8]) -> Result<(String, i64, Arc<str>), SignatureError> {
        let headers = [(ID, self.id), (TIMESTAMP, self.timestamp), (SIGNATURE, self.signature)];
        let values =
            |name| headers.iter().filter(move |header| header.0 == name).map(|it| it.1.as_bytes());
        let headers = SECRETS.read_headers(values, NOW)?;
        let verified = SECRETS.verify(&headers, body)?;
        assert_eq!(verified.body.as_bytes(), body);
        Ok((verified.id.to_owned(), verified.attempted_at, verified.secret))
    }
}

/// Checks one input. The [module](super) describes its format.
pub fn check(input: &[u8]) {
    let mut lines = input.splitn(4, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let [id, timestamp, signature, body] = [line(), line(), line(), line()];
    if let [Ok(id), Ok(timestamp), Ok(signature)] = [id, timestamp, signature].map(str::from_utf8) {
        assert_only_signed_deliveries_pass(Headers { id, timestamp, signature }, body);
    }
    let Ok(body) = str::from_utf8(body) else { return };
    for pinned_instance in [None, Some("ins_1".to_owned())] {
        assert_stored_payload_decodes(&Decoder { pinned_instance }, body);
    }
}

fn assert_only_signed_deliveries_pass(headers: Headers<'_>, body: &[u8]) {
    let Headers { id, timestamp, signature } = headers;
    let is_valid = is_signed(headers, body) && str::from_utf8(body).is_ok();
    match headers.verify(body) {
        Ok((verified_id, attempted_at, secret)) => {
            assert!(is_valid, "{headers:?}");
            assert_eq!(verified_id, id);
            assert_eq!(Ok(attempted_at / 1000), timestamp.parse());
            assert_eq!(&*secret, "new");
        }
        Err(error) => assert!(!is_valid, "{headers:?}: {error}"),
    }
    // A correct signature is accepted for every valid ID, and rejected if one byte of the body is
    // missing.
    let key = signer(SECRET).expect("a secret");
    let Ok(signed) = key.sign(id, NOW / 1000, body) else { return };
    let timestamp = (NOW / 1000).to_string();
    let with_other_signature = format!("{signature} {signed}");
    for signature in [signed.as_str(), &with_other_signature] {
        let headers = Headers { id, timestamp: &timestamp, signature };
        let verified = headers.verify(body);
        assert_eq!(verified.is_ok(), is_visible(id) && is_sendable(signature), "{headers:?}");
        let Some((_, shortened)) = body.split_first() else { continue };
        assert!(headers.verify(shortened).is_err() || is_signed(headers, shortened));
    }
}

fn is_visible(id: &str) -> bool {
    !id.is_empty() && id.len() <= 255 && id.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_sendable(header: &str) -> bool {
    header.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'))
}

/// Returns whether a delivery is signed, by an implementation of Svix's scheme without the `svix`
/// crate.
fn is_signed(headers: Headers<'_>, body: &[u8]) -> bool {
    let Headers { id, timestamp, signature } = headers;
    let is_plain = timestamp.bytes().all(|it| it.is_ascii_digit()) && !timestamp.starts_with('0');
    let is_recent = timestamp.parse().is_ok_and(|it: i64| it.abs_diff(NOW / 1000) <= 300);
    let key = BASE64_STANDARD.decode(&SECRET["whsec_".len()..]).expect("base64");
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("any length does");
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        mac.update(part);
    }
    let expected = format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()));
    let is_present = signature.split(' ').any(|it| it == expected);
    is_visible(id) && is_plain && is_recent && is_sendable(signature) && is_present
}

fn assert_stored_payload_decodes(decoder: &Decoder, body: &str) {
    let event = decode(decoder, body);
    oracle::assert_storable(&event, body);
    let payload = event.payload.as_deref().expect("every event has a payload");
    let mut visible: Value = serde_json::from_str(payload).expect("a stored payload is JSON");
    redact::hide_private_metadata(&mut visible);
    assert!(!visible.to_string().contains("\"private_metadata\":"), "{visible}");
    let decision = match &event.content {
        // The address in a quarantined event of such an object is not stored.
        Content::Change(change)
            if matches!(change.kind().object_type().personal_data, PersonalData::Addressed(_)) =>
        {
            Decision::Applied
        }
        // A change can be stored as quarantined, and decodes to the same change later.
        Content::Change(_) => Decision::Quarantined,
        Content::NotApplied { decision, .. } => *decision,
    };
    let logged = LoggedEvent {
        id: &event.id,
        payload: Some(payload),
        decision,
        secret: Some("new"),
        occurred_at: event.occurred_at,
        received_at: NOW,
    };
    let redecoded = decoder.decode_logged(&logged, NOW);
    if let Ok(redecoded) = &redecoded {
        oracle::assert_storable(redecoded, payload);
    }
    match &event.content {
        Content::Change(change) => {
            let redecoded = redecoded.expect("the stored payload is complete");
            assert_eq!(redecoded.content, Content::Change(change.clone()));
            assert_eq!(redecoded.payload.as_deref(), Some(payload), "redaction is idempotent");
        }
        Content::NotApplied { decision: Decision::Ignored | Decision::Quarantined, .. } => {
            let redecoded = redecoded.expect("the payload needs no fields");
            assert_eq!(
                (redecoded.content, redecoded.subject),
                (event.content.clone(), event.subject)
            );
            assert_eq!(
                (redecoded.kind, redecoded.object_id),
                (event.kind.clone(), event.object_id)
            );
            assert_eq!(redecoded.payload.as_deref(), Some(payload), "redaction is idempotent");
        }
        Content::NotApplied { .. } => {}
    }
}

fn decode(decoder: &Decoder, body: &str) -> Event {
    let secret = Arc::from("new");
    decoder.decode(&Verified { id: "msg_1", attempted_at: NOW, body, secret }, NOW)
}
