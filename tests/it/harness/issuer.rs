//! Clerk instances for tests, which sign session tokens and publish their keys.

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

use super::{NOW, TEST_TIMEOUT};

/// Clerk instance with one RSA key pair.
#[derive(Clone)]
pub struct Instance {
    pub key_id: String,
    signing: EncodingKey,
    /// Private key in PEM, for programs that sign tokens themselves.
    pub private_pem: String,
    /// Public key in PEM.
    pub pem: String,
    /// Public key as a JSON Web Key.
    pub jwk: Value,
}

impl Instance {
    /// Returns the instance that most tests share, because generating a key is slow.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Instance> = OnceLock::new();
        SHARED.get_or_init(|| Self::new("ins_shared"))
    }

    /// Generates an instance with a new key.
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
        let private_pem = pem("PRIVATE KEY", private.as_ref());
        Self {
            key_id: key_id.to_owned(),
            signing: EncodingKey::from_rsa_pem(private_pem.as_bytes()).unwrap(),
            private_pem,
            pem: pem("PUBLIC KEY", public.as_ref()),
            jwk,
        }
    }

    /// Returns the header of this instance's tokens.
    pub fn header(&self) -> Header {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.key_id.clone());
        header
    }

    /// Signs a token with any header and claims.
    pub fn sign(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &self.signing).unwrap()
    }

    /// Signs a token with Clerk's header.
    pub fn token(&self, claims: &Value) -> String {
        self.sign(&self.header(), claims)
    }
}

/// URL of the shared instance's Frontend API.
pub const ISSUER: &str = "https://clerk.example.com";

/// Returns a token of the shared instance, which
/// [`Service::start_with_session_tokens`](super::Service::start_with_session_tokens) accepts.
pub fn token(user_id: &str, session_id: &str) -> String {
    Instance::shared().token(&claims(ISSUER, user_id, session_id))
}

/// Returns the claims of a token for a session, issued at [`NOW`].
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

/// Server for the published keys of a Frontend API, which counts its requests.
pub struct Issuer {
    pub url: String,
    state: Arc<IssuerState>,
    server: ServerHandle,
}

struct IssuerState {
    /// Status and body of all responses.
    response: Mutex<(u16, String)>,
    request_count: AtomicUsize,
}

impl Issuer {
    /// Starts a server that publishes the keys of some instances.
    pub fn start(instances: &[&Instance]) -> Self {
        let state = Arc::new(IssuerState {
            response: Mutex::new((200, key_set(instances))),
            request_count: AtomicUsize::new(0),
        });
        let data = web::Data::from(Arc::clone(&state));
        let app = move || {
            let keys = web::get().to(async |state: web::Data<IssuerState>| {
                state.request_count.fetch_add(1, Ordering::SeqCst);
                let (status, body) = state.response.lock().unwrap().clone();
                HttpResponse::build(status.try_into().unwrap()).body(body)
            });
            App::new().app_data(data.clone()).route("/.well-known/jwks.json", keys)
        };
        let server = HttpServer::new(app)
            .workers(1)
            .keep_alive(TEST_TIMEOUT)
            .client_request_timeout(TEST_TIMEOUT)
            .bind("127.0.0.1:0")
            .unwrap();
        let url = format!("http://{}", server.addrs()[0]);
        let server = server.disable_signals().run();
        let handle = server.handle();
        #[expect(clippy::disallowed_methods, reason = "the server is stopped on drop")]
        tokio::spawn(server);
        Self { url, state, server: handle }
    }

    /// Sets the response to all further requests.
    pub fn set_response(&self, status: u16, body: &str) {
        *self.state.response.lock().unwrap() = (status, body.to_owned());
    }

    /// Returns the number of requests so far.
    pub fn request_count(&self) -> usize {
        self.state.request_count.load(Ordering::SeqCst)
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        // The command is queued when `stop` returns; the future only waits for the end.
        drop(self.server.stop(false));
    }
}

fn key_set(instances: &[&Instance]) -> String {
    let keys: Vec<_> = instances.iter().map(|instance| &instance.jwk).collect();
    json!({ "keys": keys }).to_string()
}
