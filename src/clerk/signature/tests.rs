//! Headers and signatures of deliveries.

use super::{
    DEFAULT_TOLERANCE_SECONDS, DeliveryHeaders, ID, InvalidSecret, Millis, SIGNATURE,
    SignatureError, SigningSecrets, TIMESTAMP, signer,
};

const NOW: Millis = 1_786_527_000_999;
const SECONDS: i64 = 1_786_527_000;
const OLD: &str = "whsec_b25lIHRoYXQgd2FzIHJvdGF0ZWQ=";
const NEW: &str = "whsec_dGhlIHNlY3JldCBvZiBhbGwgb3VyIHRlc3Rz";

/// Names of the Standard Webhooks specification.
const STANDARD: [&str; 3] = ["webhook-id", "webhook-timestamp", "webhook-signature"];
const SVIX: [&str; 3] = [ID, TIMESTAMP, SIGNATURE];

fn secrets() -> SigningSecrets {
    SigningSecrets::new([("old", OLD), ("new", NEW)]).unwrap()
}

/// Reads headers that are given as pairs of a name and a value.
fn read(headers: &[(&str, &[u8])]) -> Result<DeliveryHeaders, SignatureError> {
    let values = |name: &'static str| {
        let named = headers.iter().filter(move |header| header.0 == name);
        named.map(|header| header.1)
    };
    secrets().read_headers(values, NOW)
}

/// Verifies a delivery that is signed with the newer of two secrets.
fn sign_and_verify(
    id: &str,
    timestamp: &str,
    body: &[u8],
) -> Result<(Millis, String), SignatureError> {
    // A malformed time cannot be signed. It is rejected before the signature is compared.
    let seconds = timestamp.parse().unwrap_or(SECONDS);
    let signature = signer(NEW).unwrap().sign(id, seconds, body);
    let signature = signature.unwrap_or_else(|_| format!("v1,{}=", "A".repeat(43)));
    verify(id, timestamp, &signature, body)
}

fn verify(
    id: &str,
    timestamp: &str,
    signature: &str,
    body: &[u8],
) -> Result<(Millis, String), SignatureError> {
    let headers = [(ID, id), (TIMESTAMP, timestamp), (SIGNATURE, signature)];
    let headers = read(&headers.map(|(name, value)| (name, value.as_bytes())))?;
    let secrets = secrets();
    let verified = secrets.verify(&headers, body)?;
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
        let rejected =
            SignatureError::Timestamp { name: TIMESTAMP, tolerance: DEFAULT_TOLERANCE_SECONDS };
        assert_eq!(sign_and_verify("msg_1", &attempt, b"{}"), Err(rejected), "{off}");
    }
}

#[test]
fn tolerance_can_be_changed() {
    let signature = signer(NEW).unwrap().sign("msg_1", SECONDS, b"{}").unwrap();
    let timestamp = SECONDS.to_string();
    let values = |name| {
        let value = [("svix-id", "msg_1"), (TIMESTAMP, &timestamp), (SIGNATURE, &signature)];
        value.into_iter().filter(move |it| it.0 == name).map(|it| it.1.as_bytes())
    };
    for (tolerance, off, is_accepted) in [(30, 30, true), (30, 31, false), (3_600, 3_600, true)] {
        let secrets = secrets().with_tolerance(tolerance);
        for now in [NOW + off * 1000, NOW - off * 1000] {
            let read = secrets.read_headers(values, now);
            assert_eq!(read.is_ok(), is_accepted, "{tolerance} {off}");
        }
    }
}

#[test]
fn timestamp_has_one_spelling() {
    for timestamp in
        ["", "0", "-1786527000", "+1786527000", "01786527000", "1786527000.0", " 1786527000", "1e9"]
    {
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
    let other = format!("v1,{}=", "A".repeat(43));
    for (id, timestamp, signature, body) in [
        ("msg_1", timestamp, signature, &b"{} "[..]),
        ("msg_2", timestamp, signature, b"{}"),
        ("msg_1", "1786527001", signature, b"{}"),
        ("msg_1", timestamp, &other, b"{}"),
    ] {
        let rejected = verify(id, timestamp, signature, body);
        assert_eq!(rejected, Err(SignatureError::Mismatch), "{id} {timestamp} {signature}");
    }
    let several = format!("v1,AAAA v2,x {signature}");
    assert!(verify("msg_1", timestamp, &several, b"{}").is_ok());
}

/// A header without one digest cannot match, so that the body need not be read.
#[test]
fn signature_header_contains_a_digest() {
    let digest = format!("{}=", "A".repeat(43));
    let [unpadded, long] = [digest.trim_end_matches('='), &format!("{digest}AAA=")];
    for signature in [
        "",
        "v1,",
        "v1,\n",
        "v1,AAAA",
        &digest,
        &format!("v1a,{digest}"),
        &format!("v2,{digest}"),
        &format!("v1,{unpadded}"),
        &format!("v1,{long}"),
        &format!("v1,*{}", &digest[1..]),
        &format!("v1,{digest};v1,{digest}"),
    ] {
        let rejected = verify("msg_1", &SECONDS.to_string(), signature, b"{}");
        assert_eq!(rejected, Err(SignatureError::MalformedHeader(SIGNATURE)), "{signature}");
    }
    let accepted = format!("v1a,x v1,{digest}");
    let mismatch = verify("msg_1", &SECONDS.to_string(), &accepted, b"{}");
    assert_eq!(mismatch, Err(SignatureError::Mismatch));
}

/// Values of the three headers of a valid delivery.
fn values() -> [String; 3] {
    let signature = signer(NEW).unwrap().sign("msg_1", SECONDS, b"{}").unwrap();
    ["msg_1".to_owned(), SECONDS.to_string(), signature]
}

#[test]
fn each_header_is_present_exactly_once() {
    let values = values();
    for names in [SVIX, STANDARD] {
        let all: Vec<(&str, &[u8])> =
            names.into_iter().zip(values.iter().map(String::as_bytes)).collect();
        let headers = read(&all).unwrap();
        assert_eq!(secrets().verify(&headers, b"{}").unwrap().id, "msg_1");
        for at in 0..3 {
            let mut without = all.clone();
            let (name, value) = without.remove(at);
            assert_eq!(read(&without).err(), Some(SignatureError::MissingHeader(names[at])));
            let repeated = [&*all, &[(name, value)]].concat();
            assert_eq!(read(&repeated).err(), Some(SignatureError::RepeatedHeader(names[at])));
            let mut not_text = all.clone();
            not_text[at].1 = b"\xff";
            assert_eq!(read(&not_text).err(), Some(SignatureError::MalformedHeader(names[at])));
        }
    }
    assert_eq!(read(&[]).err(), Some(SignatureError::MissingHeader(ID)));
}

#[test]
fn header_families_are_not_mixed() {
    let values = values();
    let pairs = |names: [&'static str; 3]| {
        names.into_iter().zip(values.iter().map(String::as_bytes)).collect::<Vec<_>>()
    };
    let (svix, standard) = (pairs(SVIX), pairs(STANDARD));
    let both = [&*svix, &*standard].concat();
    assert_eq!(read(&both).err(), Some(SignatureError::MixedHeaders(ID, STANDARD[0])));
    for at in 0..3 {
        let mut mixed = svix.clone();
        mixed[at] = standard[at];
        assert!(matches!(read(&mixed), Err(SignatureError::MixedHeaders(..))), "{at}");
        let additional = [&*standard, &[svix[at]]].concat();
        let rejected = SignatureError::MixedHeaders(SVIX[at], STANDARD[0]);
        assert_eq!(read(&additional).err(), Some(rejected));
    }
}

#[test]
fn malformed_secrets_are_rejected() {
    for secret in ["", "whsec_", "whsec_*", "dGhlIHNlY3JldA==", "sk_dGhlIHNlY3JldA=="] {
        assert_eq!(signer(secret).err(), Some(InvalidSecret), "{secret}");
    }
    let secrets = SigningSecrets::new([("new", NEW), ("other", "whsec_*")]);
    assert_eq!(secrets.err(), Some(InvalidSecret));
}
