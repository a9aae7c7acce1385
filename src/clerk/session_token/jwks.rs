//! The keys that an issuer publishes, fetched when they are needed and kept for a while.
//!
//! Whoever sends tokens must not be able to make us ask the issuer: one fetch is under way at a time,
//! and none begins within [`PAUSE`] of the last. Keys that were fetched once stay good while the
//! issuer does not answer.

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

use super::TokenError;
use crate::domain::Millis;

/// After this, keys are fetched anew, so that one that was withdrawn goes: as Clerk's SDK does.
const FRESH: Millis = 5 * 60 * 1000;

/// How long after a fetch none is tried, whatever keys tokens name.
const PAUSE: Millis = 10 * 1000;

/// How long a fetch may take: shorter than a read may.
const TIMEOUT: Duration = Duration::from_millis(1_500);

/// The longest answer that is read. A set of a few keys has about 1 KB.
const MAX_BYTES: usize = 256 * 1024;

/// The published keys of one issuer.
pub struct Jwks {
    url: String,
    client: Client,
    keys: RwLock<Arc<KeySet>>,
    /// When the last fetch began; locked while one is under way.
    fetched: Mutex<Option<Millis>>,
}

/// Keys by their ids.
#[derive(Default)]
struct KeySet {
    keys: HashMap<String, Arc<DecodingKey>>,
    since: Option<Millis>,
}

impl KeySet {
    fn is_fresh(&self, now: Millis) -> bool {
        is_within(FRESH, self.since, now)
    }
}

/// Whether something was a short time ago. A clock that was set back makes it long ago.
fn is_within(limit: Millis, since: Option<Millis>, now: Millis) -> bool {
    since.is_some_and(|since| (0..limit).contains(&now.saturating_sub(since)))
}

/// Why keys were not fetched.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    #[error("the answer is longer than {MAX_BYTES} bytes")]
    TooLong,
    #[error("the answer is not a set of keys")]
    Malformed(#[source] serde_json::Error),
    #[error("the answer holds no RSA key for signatures")]
    Empty,
}

impl Jwks {
    /// The keys at `<issuer>/.well-known/jwks.json`, none of which is fetched yet.
    ///
    /// # Errors
    /// When no TLS is to be had.
    pub fn of(issuer: &str) -> reqwest::Result<Self> {
        let client = Client::builder().timeout(TIMEOUT).redirect(Policy::none()).build()?;
        let url = format!("{issuer}/.well-known/jwks.json");
        Ok(Self { url, client, keys: RwLock::default(), fetched: Mutex::default() })
    }

    pub(super) async fn find(&self, id: &str, now: Millis) -> Result<Arc<DecodingKey>, TokenError> {
        let known = self.current();
        let key = known.keys.get(id);
        if let Some(key) = key.filter(|_| known.is_fresh(now)) {
            return Ok(Arc::clone(key));
        }
        if let Some(key) = key {
            // Old, and good until we know better: one request looks, the others go on.
            let Ok(last) = self.fetched.try_lock() else { return Ok(Arc::clone(key)) };
            self.refresh(last, now).await;
        } else {
            self.refresh(self.fetched.lock().await, now).await;
        }
        let known = self.current();
        match known.keys.get(id) {
            Some(key) => Ok(Arc::clone(key)),
            None if known.since.is_some() => Err(TokenError::UnknownKey),
            None => Err(TokenError::NoKeys(format!("{} does not answer with keys", self.url))),
        }
    }

    fn current(&self) -> Arc<KeySet> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Fetches the keys, unless that was just tried.
    async fn refresh(&self, mut last: MutexGuard<'_, Option<Millis>>, now: Millis) {
        if is_within(PAUSE, *last, now) {
            return;
        }
        *last = Some(now);
        match self.fetch().await {
            Ok(keys) => {
                tracing::debug!(url = self.url, keys = keys.len(), "fetched the issuer's keys");
                let keys = Arc::new(KeySet { keys, since: Some(now) });
                *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
            }
            Err(error) => {
                tracing::warn!(url = self.url, %error, "the issuer's keys could not be fetched");
            }
        }
    }

    async fn fetch(&self) -> Result<HashMap<String, Arc<DecodingKey>>, FetchError> {
        let mut response = self.client.get(&self.url).send().await?.error_for_status()?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > MAX_BYTES {
                return Err(FetchError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        let set: Published = serde_json::from_slice(&body).map_err(FetchError::Malformed)?;
        let keys: HashMap<_, _> = set.keys.into_iter().filter_map(usable).collect();
        if keys.is_empty() { Err(FetchError::Empty) } else { Ok(keys) }
    }
}

/// The answer. One key of a kind that we do not know leaves the others usable.
#[derive(Deserialize)]
struct Published {
    keys: Vec<Value>,
}

/// A key with its id, if tokens can be signed with it.
fn usable(key: Value) -> Option<(String, Arc<DecodingKey>)> {
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

    use super::{FRESH, Jwks, Millis, PAUSE, TokenError};

    /// An issuer that publishes keys under these ids, or hangs up where there are none.
    struct Issuer {
        url: String,
        ids: Arc<Mutex<Vec<&'static str>>>,
        asked: Arc<AtomicUsize>,
    }

    impl Issuer {
        fn start(ids: &[&'static str]) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            let ids = Arc::new(Mutex::new(ids.to_vec()));
            let asked = Arc::new(AtomicUsize::new(0));
            let (published, counted) = (Arc::clone(&ids), Arc::clone(&asked));
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
            Self { url, ids, asked }
        }

        fn publish(&self, ids: &[&'static str]) {
            *self.ids.lock().unwrap() = ids.to_vec();
        }

        fn asked(&self) -> usize {
            self.asked.load(Ordering::SeqCst)
        }
    }

    /// Which key it is does not matter here: no token is checked with it.
    const MODULUS: &str = "qYy3MY8fOneEyzNDu9lp6iGXKkNUF-u_dUnrlkadZYyB35efzKFJEr9fftmWv5PUj1uRHTQ3bh6X1cceOYsIjy\
         008dHWZJsKhGOxgdTjeK91rjaklxt7tyFXEiKHIOr1LSgKzopClOfCIjxK_oPUOf38pVh7WnekcSBQmU5fqA-\
         EzKMi6k9VwvbzqKlZM4XQsiFyn28d9VubJWjTU8nNot0n1NE-9k6TxM8nglM4RwkBH4Ni4B0LhKKOOV-\
         AG8tBNiZVil415dpBldmJ_j0wk7Ad4VFi9en3Z17oCKr-K-\
         zuT7vKMKSb1548dk0vnmi0vj2QGXSo-61wM5yQWpk6sQ";

    fn key(id: &str) -> Value {
        json!({ "use": "sig", "kty": "RSA", "kid": id, "alg": "RS256", "n": MODULUS, "e": "AQAB" })
    }

    async fn outcome(jwks: &Jwks, id: &str, now: Millis) -> Result<(), TokenError> {
        jwks.find(id, now).await.map(drop)
    }

    #[tokio::test]
    async fn a_new_key_is_found_once_it_may_be_looked_for() {
        let issuer = Issuer::start(&["a"]);
        let jwks = Jwks::of(&issuer.url).unwrap();
        assert_eq!(outcome(&jwks, "a", 0).await, Ok(()));
        issuer.publish(&["a", "b"]);
        for now in 0..100 {
            assert_eq!(outcome(&jwks, "b", now).await, Err(TokenError::UnknownKey));
        }
        assert_eq!(issuer.asked(), 1, "whoever forges ids makes nobody ask");
        assert_eq!(outcome(&jwks, "b", PAUSE).await, Ok(()));
        assert_eq!(issuer.asked(), 2);
    }

    #[tokio::test]
    async fn a_key_that_was_withdrawn_goes_when_it_is_old() {
        let issuer = Issuer::start(&["a", "b"]);
        let jwks = Jwks::of(&issuer.url).unwrap();
        assert_eq!(outcome(&jwks, "b", 0).await, Ok(()));
        issuer.publish(&["a"]);
        assert_eq!(outcome(&jwks, "b", FRESH - 1).await, Ok(()));
        assert_eq!(outcome(&jwks, "b", FRESH).await, Err(TokenError::UnknownKey));
        assert_eq!(outcome(&jwks, "a", FRESH).await, Ok(()));
        assert_eq!(issuer.asked(), 2);
    }

    #[tokio::test]
    async fn what_was_fetched_stays_good_while_the_issuer_is_away() {
        let issuer = Issuer::start(&["a"]);
        let jwks = Jwks::of(&issuer.url).unwrap();
        assert_eq!(outcome(&jwks, "a", 0).await, Ok(()));
        issuer.publish(&[]);
        for now in [FRESH, FRESH + PAUSE, FRESH * 100] {
            for later in 0..3 {
                assert_eq!(outcome(&jwks, "a", now + later).await, Ok(()));
            }
        }
        assert_eq!(issuer.asked(), 4, "and it is asked now and then");
        issuer.publish(&["b"]);
        assert_eq!(outcome(&jwks, "b", FRESH * 100 + PAUSE).await, Ok(()));
        assert_eq!(outcome(&jwks, "a", FRESH * 101).await, Err(TokenError::UnknownKey));
    }

    #[tokio::test]
    async fn without_any_key_it_is_nobodys_fault() {
        let issuer = Issuer::start(&[]);
        let jwks = Jwks::of(&issuer.url).unwrap();
        assert!(matches!(outcome(&jwks, "a", 0).await, Err(TokenError::NoKeys(_))));
        issuer.publish(&["a"]);
        assert_eq!(outcome(&jwks, "a", PAUSE).await, Ok(()));
    }

    #[tokio::test]
    async fn a_clock_that_is_set_back_holds_nobody_up() {
        let issuer = Issuer::start(&["a"]);
        let jwks = Jwks::of(&issuer.url).unwrap();
        assert_eq!(outcome(&jwks, "a", FRESH * 100).await, Ok(()));
        issuer.publish(&["b"]);
        assert_eq!(outcome(&jwks, "b", 0).await, Ok(()));
    }
}
