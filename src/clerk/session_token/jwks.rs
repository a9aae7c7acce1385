//! Cache of the keys that an issuer publishes.
//!
//! Keys are fetched when a token needs them. Callers cannot flood the issuer with requests: only
//! one fetch is in progress at a time, and none starts within [`MIN_FETCH_INTERVAL`] of the last.
//! If the issuer is unavailable, the cached keys stay valid.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use jsonwebtoken::{
    DecodingKey,
    jwk::{AlgorithmParameters, Jwk, PublicKeyUse},
};
use reqwest::{Client, redirect::Policy};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{Mutex, MutexGuard};
use tracing::Span;

use super::TokenError;
use crate::{domain::Millis, telemetry};

/// Age at which keys are fetched again, in milliseconds, as in Clerk's SDK. A revoked key is
/// removed then.
const MAX_AGE: Millis = 5 * 60 * 1000;

/// Minimum time between two fetches in milliseconds.
const MIN_FETCH_INTERVAL: Millis = 10 * 1000;

/// Timeout of a fetch. It is shorter than the timeout of a read.
const TIMEOUT: Duration = Duration::from_millis(1_500);

/// Maximum size of a response in bytes. A set of a few keys has about 1 KB.
const MAX_BYTES: usize = 256 * 1024;

/// The published keys of one issuer.
pub struct Jwks {
    url: String,
    client: Client,
    keys: RwLock<Arc<KeySet>>,
    /// The start of the last fetch. Locked while a fetch is in progress.
    last_fetch: Mutex<Option<Millis>>,
}

/// Keys by their IDs.
#[derive(Default)]
struct KeySet {
    keys: HashMap<String, Arc<DecodingKey>>,
    fetched_at: Option<Millis>,
}

impl KeySet {
    fn is_fresh(&self, now: Millis) -> bool {
        is_within(MAX_AGE, self.fetched_at, now)
    }
}

/// Returns whether less than `limit` has passed since `time`. If the clock was set back, the answer
/// is no.
fn is_within(limit: Millis, time: Option<Millis>, now: Millis) -> bool {
    time.is_some_and(|time| (0..limit).contains(&now.saturating_sub(time)))
}

/// Reasons for which keys were not fetched.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    #[error("the response is longer than {MAX_BYTES} bytes")]
    TooLong,
    #[error("the response is not a set of keys")]
    Malformed(#[source] serde_json::Error),
    #[error("the response contains no RSA key for signatures")]
    Empty,
}

impl Jwks {
    /// Creates an empty cache of the keys at `<issuer>/.well-known/jwks.json`.
    ///
    /// # Errors
    /// Returns an error if TLS is unavailable.
    pub fn new(issuer: &str) -> reqwest::Result<Self> {
        let client = Client::builder().timeout(TIMEOUT).redirect(Policy::none()).build()?;
        let url = format!("{issuer}/.well-known/jwks.json");
        Ok(Self { url, client, keys: RwLock::default(), last_fetch: Mutex::default() })
    }

    pub(super) async fn find(&self, id: &str, now: Millis) -> Result<Arc<DecodingKey>, TokenError> {
        let cached = self.cached();
        let key = cached.keys.get(id);
        if let Some(key) = key.filter(|_| cached.is_fresh(now)) {
            return Ok(Arc::clone(key));
        }
        if let Some(key) = key {
            // An old key stays valid until a fetch succeeds. One request fetches, and the others do
            // not wait for it.
            let Ok(last) = self.last_fetch.try_lock() else { return Ok(Arc::clone(key)) };
            self.refresh(last, now).await;
        } else {
            self.refresh(self.last_fetch.lock().await, now).await;
        }
        let cached = self.cached();
        match cached.keys.get(id) {
            Some(key) => Ok(Arc::clone(key)),
            None if cached.fetched_at.is_some() => Err(TokenError::UnknownKey),
            None => Err(TokenError::KeysUnavailable(format!("{} returned no keys", self.url))),
        }
    }

    fn cached(&self) -> Arc<KeySet> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Fetches the keys, unless the last fetch was less than [`MIN_FETCH_INTERVAL`] ago.
    async fn refresh(&self, mut last: MutexGuard<'_, Option<Millis>>, now: Millis) {
        if is_within(MIN_FETCH_INTERVAL, *last, now) {
            return;
        }
        *last = Some(now);
        match self.fetch().await {
            Ok(keys) => {
                tracing::debug!(url = self.url, keys = keys.len(), "fetched the issuer's keys");
                let keys = Arc::new(KeySet { keys, fetched_at: Some(now) });
                *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
            }
            Err(error) => {
                tracing::warn!(url = self.url, %error, "could not fetch the issuer's keys");
            }
        }
    }

    #[tracing::instrument(
        name = "request for Clerk's keys",
        level = "debug",
        skip_all,
        fields(otel.kind = "client", http.request.method = "GET")
    )]
    async fn fetch(&self) -> Result<HashMap<String, Arc<DecodingKey>>, FetchError> {
        let request = self.client.get(&self.url);
        let request = request.headers(telemetry::trace_headers(&Span::current()));
        let mut response = request.send().await?.error_for_status()?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > MAX_BYTES {
                return Err(FetchError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        let set: PublishedKeys = serde_json::from_slice(&body).map_err(FetchError::Malformed)?;
        let keys: HashMap<_, _> = set.keys.into_iter().filter_map(decoding_key).collect();
        if keys.is_empty() { Err(FetchError::Empty) } else { Ok(keys) }
    }
}

/// The response. A key of an unknown kind does not invalidate the others.
#[derive(Deserialize)]
struct PublishedKeys {
    keys: Vec<Value>,
}

/// Returns a key with its ID, if it can verify session tokens.
fn decoding_key(key: Value) -> Option<(String, Arc<DecodingKey>)> {
    let jwk: Jwk = serde_json::from_value(key).ok()?;
    let is_rsa = matches!(jwk.algorithm, AlgorithmParameters::RSA(_));
    let signs = !matches!(jwk.common.public_key_use, Some(PublicKeyUse::Encryption));
    let key = DecodingKey::from_jwk(&jwk).ok().filter(|_| is_rsa && signs)?;
    Some((jwk.common.key_id?, Arc::new(key)))
}

impl fmt::Debug for Jwks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jwks").field("url", &self.url).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
        sync::{
            Arc, Mutex,
            atomic::{AtomicUsize, Ordering},
        },
        thread,
    };

    use serde_json::{Value, json};

    use super::{Jwks, MAX_AGE, MIN_FETCH_INTERVAL, Millis, TokenError};

    /// An issuer that publishes keys with these IDs. Without IDs, it closes connections.
    struct Issuer {
        url: String,
        ids: Arc<Mutex<Vec<&'static str>>>,
        requests: Arc<AtomicUsize>,
    }

    impl Issuer {
        fn start(ids: &[&'static str]) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            let ids = Arc::new(Mutex::new(ids.to_vec()));
            let requests = Arc::new(AtomicUsize::new(0));
            let (published, counted) = (Arc::clone(&ids), Arc::clone(&requests));
            thread::spawn(move || {
                for stream in listener.incoming() {
                    let mut stream = stream.unwrap();
                    counted.fetch_add(1, Ordering::SeqCst);
                    let ids = published.lock().unwrap().clone();
                    if !ids.is_empty() {
                        let _ = stream.read(&mut [0; 2048]).unwrap();
                        let body =
                            json!({ "keys": ids.iter().map(|id| key(id)).collect::<Vec<_>>() });
                        let body = body.to_string();
                        let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length:";
                        write!(stream, "{head} {}\r\n\r\n{body}", body.len()).unwrap();
                    }
                }
            });
            Self { url, ids, requests }
        }

        fn publish(&self, ids: &[&'static str]) {
            *self.ids.lock().unwrap() = ids.to_vec();
        }

        fn requests(&self) -> usize {
            self.requests.load(Ordering::SeqCst)
        }
    }

    /// The modulus of all keys. No token is verified with them.
    const MODULUS: &str = "qYy3MY8fOneEyzNDu9lp6iGXKkNUF-u_dUnrlkadZYyB35efzKFJEr9fftmWv5PUj1uRHT\
        Q3bh6X1cceOYsIjy008dHWZJsKhGOxgdTjeK91rjaklxt7tyFXEiKHIOr1LSgKzopClOfCIjxK_oPUOf\
        38pVh7WnekcSBQmU5fqA-EzKMi6k9VwvbzqKlZM4XQsiFyn28d9VubJWjTU8nNot0n1NE-9k6TxM8ngl\
        M4RwkBH4Ni4B0LhKKOOV-AG8tBNiZVil415dpBldmJ_j0wk7Ad4VFi9en3Z17oCKr-K-zuT7vKMKSb15\
        48dk0vnmi0vj2QGXSo-61wM5yQWpk6sQ";

    fn key(id: &str) -> Value {
        json!({ "use": "sig", "kty": "RSA", "kid": id, "alg": "RS256", "n": MODULUS, "e": "AQAB" })
    }

    async fn outcome(jwks: &Jwks, id: &str, now: Millis) -> Result<(), TokenError> {
        jwks.find(id, now).await.map(drop)
    }

    #[tokio::test]
    async fn new_key_is_found_after_interval() {
        let issuer = Issuer::start(&["a"]);
        let jwks = Jwks::new(&issuer.url).unwrap();
        assert_eq!(outcome(&jwks, "a", 0).await, Ok(()));
        issuer.publish(&["a", "b"]);
        for now in 0..100 {
            assert_eq!(outcome(&jwks, "b", now).await, Err(TokenError::UnknownKey));
        }
        assert_eq!(issuer.requests(), 1, "unknown IDs cause no fetch");
        assert_eq!(outcome(&jwks, "b", MIN_FETCH_INTERVAL).await, Ok(()));
        assert_eq!(issuer.requests(), 2);
    }

    #[tokio::test]
    async fn revoked_key_is_removed_after_max_age() {
        let issuer = Issuer::start(&["a", "b"]);
        let jwks = Jwks::new(&issuer.url).unwrap();
        assert_eq!(outcome(&jwks, "b", 0).await, Ok(()));
        issuer.publish(&["a"]);
        assert_eq!(outcome(&jwks, "b", MAX_AGE - 1).await, Ok(()));
        assert_eq!(outcome(&jwks, "b", MAX_AGE).await, Err(TokenError::UnknownKey));
        assert_eq!(outcome(&jwks, "a", MAX_AGE).await, Ok(()));
        assert_eq!(issuer.requests(), 2);
    }

    #[tokio::test]
    async fn cached_keys_survive_issuer_outage() {
        let issuer = Issuer::start(&["a"]);
        let jwks = Jwks::new(&issuer.url).unwrap();
        assert_eq!(outcome(&jwks, "a", 0).await, Ok(()));
        issuer.publish(&[]);
        for now in [MAX_AGE, MAX_AGE + MIN_FETCH_INTERVAL, MAX_AGE * 100] {
            for later in 0..3 {
                assert_eq!(outcome(&jwks, "a", now + later).await, Ok(()));
            }
        }
        assert_eq!(issuer.requests(), 4, "the fetch is retried at intervals");
        issuer.publish(&["b"]);
        assert_eq!(outcome(&jwks, "b", MAX_AGE * 100 + MIN_FETCH_INTERVAL).await, Ok(()));
        assert_eq!(outcome(&jwks, "a", MAX_AGE * 101).await, Err(TokenError::UnknownKey));
    }

    #[tokio::test]
    async fn missing_keys_are_not_unknown_keys() {
        let issuer = Issuer::start(&[]);
        let jwks = Jwks::new(&issuer.url).unwrap();
        assert!(matches!(outcome(&jwks, "a", 0).await, Err(TokenError::KeysUnavailable(_))));
        issuer.publish(&["a"]);
        assert_eq!(outcome(&jwks, "a", MIN_FETCH_INTERVAL).await, Ok(()));
    }

    #[tokio::test]
    async fn clock_set_back_causes_fetch() {
        let issuer = Issuer::start(&["a"]);
        let jwks = Jwks::new(&issuer.url).unwrap();
        assert_eq!(outcome(&jwks, "a", MAX_AGE * 100).await, Ok(()));
        issuer.publish(&["b"]);
        assert_eq!(outcome(&jwks, "b", 0).await, Ok(()));
    }
}
