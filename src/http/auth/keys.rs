//! API keys: for backends, with scopes.

use std::{
    collections::HashMap,
    marker::PhantomData,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use futures_util::future::LocalBoxFuture;
use sha2::{Digest, Sha256};
use tokio::{
    sync::watch,
    time::{Instant, timeout},
};

use super::{bearer, cookie, missing, state};
use crate::{
    clerk::session_token::is_jwt, domain::Millis, http::problem::Problem, store::api_keys::PREFIX,
};

/// How long to wait for a key that may just have been made. Those that are kept in the database are
/// read every second.
const NEW_KEY: Duration = Duration::from_millis(1_500);

/// What an API key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Read users and what is theirs.
    Read,
    /// Read events.
    Admin,
    /// Read the tokens of linked accounts.
    Tokens,
}

/// An API key, of which only the hash is held.
#[derive(Debug)]
pub struct ApiKey {
    /// What to call it in the log.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// It was good once.
    pub revoked: bool,
    /// When somebody last came with it, in Unix milliseconds; 0 where nobody has.
    pub last_used: Arc<AtomicI64>,
}

impl ApiKey {
    /// Whether it may do this now.
    fn authorize(&self, scope: Scope, now: Millis) -> Result<(), Problem> {
        if self.revoked {
            let detail = format!("the key `{}` was revoked", self.name);
            return Err(Problem::unauthorized("key_revoked", detail));
        }
        self.last_used.fetch_max(now, Ordering::Relaxed);
        if self.scopes.contains(&scope) {
            return Ok(());
        }
        let scope = match scope {
            Scope::Read => "read",
            Scope::Admin => "admin",
            Scope::Tokens => "tokens",
        };
        Err(Problem::forbidden(format!("the key `{}` lacks the scope `{scope}`", self.name)))
    }
}

/// The API keys of an instant, by their SHA-256. Hashing first makes the look-up as safe as a comparison in
/// constant time: nobody can steer a hash byte by byte.
#[derive(Debug)]
pub struct ApiKeys {
    keys: HashMap<[u8; 32], Arc<ApiKey>>,
    as_of: Instant,
}

impl ApiKeys {
    /// These, which were all that there were at an instant.
    pub fn new(keys: impl IntoIterator<Item = ([u8; 32], ApiKey)>, as_of: Instant) -> Self {
        let keys = keys.into_iter().map(|(sha256, key)| (sha256, Arc::new(key)));
        Self { keys: keys.collect(), as_of }
    }

    /// Whether nobody can read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.values().all(|key| key.revoked)
    }
}

/// The API keys, as they are now.
#[derive(Clone, Debug)]
pub struct KeyRing(watch::Receiver<Arc<ApiKeys>>);

impl KeyRing {
    /// Those that are told there.
    #[must_use]
    pub fn new(keys: watch::Receiver<Arc<ApiKeys>>) -> Self {
        Self(keys)
    }

    /// Whose a key is. One that is not known may have been made since the keys were last read.
    async fn find(&self, key: &str, sha256: &[u8; 32]) -> Option<Arc<ApiKey>> {
        let asked = Instant::now();
        let known = self.0.borrow().keys.get(sha256).cloned();
        if known.is_some() || !key.starts_with(PREFIX) {
            return known;
        }
        let mut keys = self.0.clone();
        let newer = timeout(NEW_KEY, keys.wait_for(|keys| keys.as_of >= asked)).await;
        newer.ok()?.ok()?.keys.get(sha256).cloned()
    }
}

/// A key that was good when somebody came with it.
pub(in crate::http) struct KeyWatch {
    keys: watch::Receiver<Arc<ApiKeys>>,
    sha256: [u8; 32],
    scope: Scope,
}

impl KeyWatch {
    /// Waits until it opens no more what it opened.
    pub(in crate::http) async fn invalidated(&mut self) {
        let (sha256, scope) = (self.sha256, self.scope);
        let opens = |key: &Arc<ApiKey>| !key.revoked && key.scopes.contains(&scope);
        let lost = |keys: &Arc<ApiKeys>| !keys.keys.get(&sha256).is_some_and(opens);
        // Nobody tells of keys any more: the process ends.
        drop(self.keys.wait_for(lost).await);
    }
}

/// An extractor: the caller holds a key with the scope `S`.
pub(in crate::http) struct Key<S> {
    sha256: [u8; 32],
    scope: PhantomData<S>,
}

impl<S: RequiredScope> Key<S> {
    /// For those who stay for longer than an answer takes.
    pub(in crate::http) fn watch(&self, keys: &KeyRing) -> KeyWatch {
        KeyWatch { keys: keys.0.clone(), sha256: self.sha256, scope: S::SCOPE }
    }
}

/// The scope `read`.
pub(in crate::http) struct Read;

/// The scope `admin`.
pub(in crate::http) struct Admin;

/// The scope `tokens`.
pub(in crate::http) struct Tokens;

/// A scope as a type.
pub(in crate::http) trait RequiredScope {
    /// The scope.
    const SCOPE: Scope;
}

impl RequiredScope for Read {
    const SCOPE: Scope = Scope::Read;
}

impl RequiredScope for Admin {
    const SCOPE: Scope = Scope::Admin;
}

impl RequiredScope for Tokens {
    const SCOPE: Scope = Scope::Tokens;
}

impl<S: RequiredScope> FromRequest for Key<S> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let key = match bearer(&request)? {
                Some(token) if is_jwt(token) => {
                    let detail = "this is for backends: give an API key";
                    return Err(Problem::unauthorized("key_required", detail));
                }
                Some(key) => key.to_owned(),
                None => cookie::key(&request).ok_or_else(missing)?,
            };
            let state = state(&request)?;
            let sha256 = Sha256::digest(key.as_bytes()).into();
            let found = state.keys.find(&key, &sha256).await.ok_or_else(|| {
                Problem::unauthorized("credentials_unknown", "this API key is not known here")
            })?;
            found.authorize(S::SCOPE, state.clock.now())?;
            state.rate_limits.count_key(&request, &found.name)?;
            Ok(Self { sha256, scope: PhantomData })
        })
    }
}
