//! A Clerk instance of a test's own: it signs session tokens, and publishes its keys.

use std::sync::{
    Arc, Mutex, OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use actix_web::{App, HttpResponse, HttpServer, dev::ServerHandle, web};
use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};
use base64::{Engine, prelude::*};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::NOW;

/// A key pair under an id.
#[derive(Clone)]
pub struct Instance {
    pub key_id: String,
    signing: EncodingKey,
    /// The public key in PEM.
    pub pem: String,
    /// The public key as it is published.
    pub jwk: Value,
}

impl Instance {
    /// Signs what needs no key of its own: making one takes a while.
    pub fn usual() -> &'static Self {
        static USUAL: OnceLock<Instance> = OnceLock::new();
        USUAL.get_or_init(|| Self::new("ins_usual"))
    }

    /// One with a key that nobody else has.
    pub fn new(key_id: &str) -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let private: Pkcs8V1Der<'_> = pair.as_der().unwrap();
        let public: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
        let part = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let modulus = pair.public_key().modulus().big_endian_without_leading_zero().to_vec();
        let exponent = pair.public_key().exponent().big_endian_without_leading_zero().to_vec();
        let jwk = json!({
            "use": "sig", "kty": "RSA", "kid": key_id, "alg": "RS256",
            "n": part(&modulus), "e": part(&exponent),
        });
        let signing = EncodingKey::from_rsa_pem(pem("PRIVATE KEY", private.as_ref()).as_bytes());
        Self {
            key_id: key_id.to_owned(),
            signing: signing.unwrap(),
            pem: pem("PUBLIC KEY", public.as_ref()),
            jwk,
        }
    }

    /// The header of a token of this instance's.
    pub fn header(&self) -> Header {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.key_id.clone());
        header
    }

    /// A token, with whatever header and claims.
    pub fn sign(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &self.signing).unwrap()
    }

    /// A token as Clerk makes it.
    pub fn token(&self, claims: &Value) -> String {
        self.sign(&self.header(), claims)
    }
}

/// The Frontend API of the usual instance.
pub const ISSUER: &str = "https://clerk.example.com";

/// A token of the usual instance, as [`Service::start_signed`](super::Service::start_signed) takes it.
pub fn token(user_id: &str, session_id: &str) -> String {
    Instance::usual().token(&claims(ISSUER, user_id, session_id))
}

/// The claims of a token that was made at [`NOW`] for this session.
pub fn claims(issuer: &str, user_id: &str, session_id: &str) -> Value {
    let now = NOW / 1000;
    json!({
        "iss": issuer, "sub": user_id, "sid": session_id, "azp": "https://app.example.com",
        "iat": now, "nbf": now - 10, "exp": now + 60, "sts": "active", "v": 2,
    })
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let lines = text.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap());
    let lines = lines.collect::<Vec<_>>().join("\n");
    format!("-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n")
}

/// The part of a Frontend API that publishes keys, and counts how often it is asked.
pub struct Issuer {
    pub url: String,
    answers: Arc<Answers>,
    server: ServerHandle,
}

struct Answers {
    /// A status and a body.
    next: Mutex<(u16, String)>,
    asked: AtomicUsize,
}

impl Issuer {
    /// One that publishes these keys.
    pub fn start(instances: &[&Instance]) -> Self {
        let answers = Arc::new(Answers {
            next: Mutex::new((200, published(instances))),
            asked: AtomicUsize::new(0),
        });
        let state = web::Data::from(Arc::clone(&answers));
        let app = move || {
            let keys = web::get().to(async |answers: web::Data<Answers>| {
                answers.asked.fetch_add(1, Ordering::SeqCst);
                let (status, body) = answers.next.lock().unwrap().clone();
                HttpResponse::build(status.try_into().unwrap()).body(body)
            });
            App::new().app_data(state.clone()).route("/.well-known/jwks.json", keys)
        };
        let server = HttpServer::new(app).workers(1).bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", server.addrs()[0]);
        let server = server.disable_signals().run();
        let handle = server.handle();
        #[expect(clippy::disallowed_methods, reason = "it is stopped when it is dropped")]
        tokio::spawn(server);
        Self { url, answers, server: handle }
    }

    /// Answers like this from now on.
    pub fn answer(&self, status: u16, body: &str) {
        *self.answers.next.lock().unwrap() = (status, body.to_owned());
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.answers.asked.load(Ordering::SeqCst)
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        // What it is told it does; nobody needs to wait for it.
        drop(self.server.stop(false));
    }
}

fn published(instances: &[&Instance]) -> String {
    let keys: Vec<_> = instances.iter().map(|instance| &instance.jwk).collect();
    json!({ "keys": keys }).to_string()
}
