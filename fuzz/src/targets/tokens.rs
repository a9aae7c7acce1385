//! A session token: its header and its claims, which are signed here, in the first two lines, a token
//! as somebody might send it in the third, and in the others what an issuer answers that is asked for
//! its keys.

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
use meetvo::clerk::session_token::{Jwks, Keys, SessionToken, TokenError, Verifier};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use super::NOW;

const ISSUER: &str = "https://clerk.example.com";
const PARTY: &str = "https://app.example.com";
const CATEGORY: &str = "cl_B7d4PD111AAA";

/// A Clerk instance.
struct Instance {
    signing: EncodingKey,
    pem: String,
    /// A token of somebody who is signed in.
    good: String,
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
    let good = signed(&signing, br#"{"alg":"RS256","typ":"JWT"}"#, claims.to_string().as_bytes());
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    Instance {
        signing,
        pem: pem("PUBLIC KEY", public.as_ref()),
        good,
        runtime: Mutex::new(runtime),
    }
});

fn signed(key: &EncodingKey, header: &[u8], claims: &[u8]) -> String {
    let part = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let message = format!("{}.{}", part(header), part(claims));
    let signature = sign(message.as_bytes(), key, Algorithm::RS256).expect("signed");
    format!("{message}.{signature}")
}

/// A token that is good.
pub(super) fn good() -> &'static str {
    &INSTANCE.good
}

/// The key that it is signed with.
pub(super) fn pem() -> &'static str {
    &INSTANCE.pem
}

/// What takes it.
pub(super) fn verifier(keys: Keys) -> Verifier {
    let authorized_parties = vec![PARTY.to_owned()];
    Verifier { issuer: ISSUER.to_owned(), authorized_parties, keys }
}

/// See [the table](super).
pub fn check(input: &[u8]) {
    static VERIFIER: LazyLock<Verifier> =
        LazyLock::new(|| verifier(Keys::from_pem(pem()).expect("a key")));
    let mut lines = input.splitn(4, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let [header, claims, token, published] = [line(), line(), line(), line()];

    let forged = String::from_utf8_lossy(token).replace("GOOD", good());
    let verified = verify(&VERIFIER, &forged);
    assert!(verified.is_err() || forged == good(), "{forged}");

    let token = signed(&INSTANCE.signing, header, claims);
    match verify(&VERIFIER, &token) {
        Ok(told) => is_said(header, claims, &told),
        Err(refused) => assert!(!matches!(refused, TokenError::Signature), "it is signed"),
    }
    if let Ok(another) = Keys::from_pem(&String::from_utf8_lossy(published)) {
        assert!(verify(&verifier(another), &token).is_err(), "it is nobody's who knows ours");
    }
    whatever_is_published_opens_nothing(published, &token);
}

fn verify(verifier: &Verifier, token: &str) -> Result<SessionToken, TokenError> {
    let runtime = INSTANCE.runtime.lock().expect("nobody has panicked");
    runtime.block_on(verifier.verify(token, NOW))
}

/// What was let in had every right to.
fn is_said(header: &[u8], claims: &[u8], told: &SessionToken) {
    // What nobody looks at may hold bytes that are no text: it was signed.
    let read = |part| serde_json::from_str::<Value>(&String::from_utf8_lossy(part));
    let (header, claims) = (read(header).expect("a header"), read(claims).expect("claims"));
    assert_eq!(header["alg"], "RS256");
    assert!(header["crit"].is_null() && (header["cat"].is_null() || header["cat"] == CATEGORY));
    assert_eq!((&claims["iss"], &claims["azp"]), (&ISSUER.into(), &PARTY.into()));
    assert_eq!(claims["sub"], *told.user_id);
    assert_eq!(claims["sid"], *told.session_id);
    for id in [&told.user_id, &told.session_id] {
        assert!(!id.is_empty() && !id.contains('\0'), "{id:?}");
    }
    assert!(claims["exp"].as_i64().expect("a time") > NOW / 1000 - 5, "{claims}");
    for begins in [&claims["nbf"], &claims["iat"]] {
        assert!(begins.is_null() || begins.as_i64().expect("a time") <= NOW / 1000 + 5, "{claims}");
    }
    assert_ne!(claims["sts"], "pending");
}

/// Nobody has published our key here: its tokens open nothing, whatever else was published.
fn whatever_is_published_opens_nothing(published: &[u8], token: &str) {
    static PUBLISHED: Mutex<Vec<u8>> = Mutex::new(Vec::new());
    static TIME: AtomicI64 = AtomicI64::new(0);
    static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let body = PUBLISHED.lock().expect("nobody has panicked").clone();
                drop(stream.and_then(|stream| answer(stream, &body)));
            }
        });
        verifier(Keys::from_jwks(Jwks::new(&issuer).expect("a client")))
    });
    *PUBLISHED.lock().expect("nobody has panicked") = published.to_vec();
    // Long after the last time, so that the keys are fetched again.
    let now = TIME.fetch_add(1_000_000, Ordering::Relaxed);
    let runtime = INSTANCE.runtime.lock().expect("nobody has panicked");
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
