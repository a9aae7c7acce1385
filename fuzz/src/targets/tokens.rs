//! Session tokens. The first two lines are a header and claims, which the target signs. The third
//! line is a forged token, and the remaining lines are the keys that an issuer publishes.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        LazyLock, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    thread,
};

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};
use base64::prelude::*;
use jsonwebtoken::{Algorithm, EncodingKey, crypto::sign};
use meetvo::{
    clerk::session_token::{Jwks, Keys, SessionToken, TokenError, Verifier},
    domain::origin::OriginPattern,
};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use super::NOW;

const ISSUER: &str = "https://clerk.example.com";
const PARTY: &str = "https://app.example.com";
const TOKEN_CATEGORY: &str = "cl_B7d4PD111AAA";

/// Clerk instance that issues tokens.
struct Instance {
    signing: EncodingKey,
    pem: String,
    /// Valid token of a signed-in user.
    valid_token: String,
    runtime: Mutex<Runtime>,
}

static INSTANCE: LazyLock<Instance> = LazyLock::new(|| {
    let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key");
    let private: Pkcs8V1Der<'_> = pair.as_der().expect("a private key");
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der().expect("a public key");
    let pem = |label: &str, der: &[u8]| {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", BASE64_STANDARD.encode(der))
    };
    let signing = EncodingKey::from_rsa_pem(pem("PRIVATE KEY", private.as_ref()).as_bytes());
    let signing = signing.expect("a private key");
    let now = NOW / 1000;
    let claims = json!({
        "iss": ISSUER, "sub": "user_a", "sid": "sess_a", "azp": PARTY, "iat": now, "exp": now + 60,
    });
    let valid_token =
        signed(&signing, br#"{"alg":"RS256","typ":"JWT"}"#, claims.to_string().as_bytes());
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    Instance {
        signing,
        pem: pem("PUBLIC KEY", public.as_ref()),
        valid_token,
        runtime: Mutex::new(runtime),
    }
});

fn signed(key: &EncodingKey, header: &[u8], claims: &[u8]) -> String {
    let part = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let message = format!("{}.{}", part(header), part(claims));
    let signature = sign(message.as_bytes(), key, Algorithm::RS256).expect("a signature");
    format!("{message}.{signature}")
}

/// Returns a valid token.
pub(super) fn valid_token() -> &'static str {
    &INSTANCE.valid_token
}

/// Returns the public key of the instance.
pub(super) fn pem() -> &'static str {
    &INSTANCE.pem
}

/// Returns a verifier for the tokens of the instance.
pub(super) fn verifier(keys: Keys) -> Verifier {
    let authorized_parties = vec![party()];
    Verifier { issuer: ISSUER.to_owned(), authorized_parties, suffixed_cookie: None, keys }
}

/// Returns the authorized party, as the verifier compares it.
pub(super) fn party() -> OriginPattern {
    OriginPattern::parse(PARTY).expect("an origin")
}

/// Checks one input. The [module](super) describes its format.
pub fn check(input: &[u8]) {
    static VERIFIER: LazyLock<Verifier> =
        LazyLock::new(|| verifier(Keys::from_pem(pem()).expect("a key")));
    let mut lines = input.splitn(4, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let [header, claims, token, published] = [line(), line(), line(), line()];

    let forged = String::from_utf8_lossy(token).replace("GOOD", valid_token());
    let verified = verify(&VERIFIER, &forged);
    assert!(verified.is_err() || forged == valid_token(), "{forged}");

    let token = signed(&INSTANCE.signing, header, claims);
    match verify(&VERIFIER, &token) {
        Ok(session) => assert_claims_match(header, claims, &session),
        Err(error) => assert!(!matches!(error, TokenError::Signature), "the signature is valid"),
    }
    if let Ok(other_keys) = Keys::from_pem(&String::from_utf8_lossy(published)) {
        assert!(
            verify(&verifier(other_keys), &token).is_err(),
            "another key does not verify the token"
        );
    }
    assert_other_keys_verify_nothing(published, &token);
}

fn verify(verifier: &Verifier, token: &str) -> Result<SessionToken, TokenError> {
    let runtime = INSTANCE.runtime.lock().expect("the lock is not poisoned");
    runtime.block_on(verifier.verify(token, NOW))
}

/// Asserts that a verified token has valid claims, and that the session matches them.
fn assert_claims_match(header: &[u8], claims: &[u8], session: &SessionToken) {
    // Unused parts of a signed token may contain bytes that are not UTF-8.
    let read = |part| serde_json::from_str::<Value>(&String::from_utf8_lossy(part));
    let (header, claims) = (read(header).expect("a header"), read(claims).expect("claims"));
    assert_eq!(header["alg"], "RS256");
    assert!(
        header["crit"].is_null() && (header["cat"].is_null() || header["cat"] == TOKEN_CATEGORY)
    );
    assert_eq!(claims["iss"], ISSUER);
    assert!(claims["azp"].as_str().is_some_and(|party| party.eq_ignore_ascii_case(PARTY)));
    assert_eq!(claims["sub"], *session.user_id);
    assert_eq!(claims["sid"], *session.session_id);
    for id in [&session.user_id, &session.session_id] {
        assert!(!id.is_empty() && !id.contains('\0'), "{id:?}");
    }
    assert!(claims["exp"].as_i64().expect("a time") > NOW / 1000 - 5, "{claims}");
    for start in [&claims["nbf"], &claims["iat"]] {
        assert!(start.is_null() || start.as_i64().expect("a time") <= NOW / 1000 + 5, "{claims}");
    }
    assert_ne!(claims["sts"], "pending");
}

/// Asserts that published keys, whatever they are, verify no token, because the key of the instance
/// is not among them.
fn assert_other_keys_verify_nothing(published: &[u8], token: &str) {
    static PUBLISHED: Mutex<Vec<u8>> = Mutex::new(Vec::new());
    static TIME: AtomicI64 = AtomicI64::new(0);
    static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let body = PUBLISHED.lock().expect("the lock is not poisoned").clone();
                drop(stream.and_then(|stream| answer(stream, &body)));
            }
        });
        verifier(Keys::from_jwks(Jwks::new(&issuer).expect("a client")))
    });
    *PUBLISHED.lock().expect("the lock is not poisoned") = published.to_vec();
    // The time is long after the last fetch, so that the keys are fetched again.
    let now = TIME.fetch_add(1_000_000, Ordering::Relaxed);
    let runtime = INSTANCE.runtime.lock().expect("the lock is not poisoned");
    assert!(runtime.block_on(VERIFIER.verify(token, now)).is_err());
}

fn answer(mut stream: TcpStream, body: &[u8]) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut some = [0; 1024];
        let read = stream.read(&mut some)?;
        if read == 0 {
            return Ok(());
        }
        request.extend_from_slice(&some[..read]);
    }
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )?;
    stream.write_all(body)
}
