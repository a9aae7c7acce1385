//! API keys of backends, and their scopes.

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

use super::{bearer, cookie, credentials_missing, state};
use crate::{
    clerk::session_token::is_jwt,
    domain::{Millis, scope::Scope},
    http::problem::Problem,
    store::api_keys::PREFIX,
};

/// Timeout for an unknown key, which can be new. The keys of the database are read every second.
const NEW_KEY_TIMEOUT: Duration = Duration::from_millis(1_500);

/// API key. Only its hash is stored.
#[derive(Debug)]
pub struct ApiKey {
    /// Name of the key in logs and problems.
    pub name: String,
    /// Permissions of the key.
    pub scopes: Vec<Scope>,
    /// Whether the key was revoked.
    pub revoked: bool,
    /// Time of the last request with the key in Unix milliseconds, or 0.
    pub last_used: Arc<AtomicI64>,
}

impl ApiKey {
    /// Checks that the key is valid and has the scope, and records its use.
    fn authorize(&self, scope: Scope, now: Millis) -> Result<(), Problem> {
        if self.revoked {
            let detail = format!("the API key `{}` was revoked", self.name);
            return Err(Problem::unauthorized("key_revoked", detail));
        }
        self.last_used.fetch_max(now, Ordering::Relaxed);
        if self.scopes.contains(&scope) {
            return Ok(());
        }
        let scope = scope.as_str();
        Err(Problem::forbidden(format!("the API key `{}` lacks the scope `{scope}`", self.name)))
    }
}

/// All API keys at one time, by their SHA-256 digest.
///
/// Because keys are hashed first, a lookup is as safe as a comparison in constant time: a caller
/// cannot choose the bytes of a hash.
#[derive(Debug)]
pub struct ApiKeys {
    keys: HashMap<[u8; 32], Arc<ApiKey>>,
    as_of: Instant,
}

impl ApiKeys {
    /// Creates the set of all keys that existed at the time `as_of`.
    pub fn new(keys: impl IntoIterator<Item = ([u8; 32], ApiKey)>, as_of: Instant) -> Self {
        let keys = keys.into_iter().map(|(sha256, key)| (sha256, Arc::new(key)));
        Self { keys: keys.collect(), as_of }
    }

    /// Returns whether no key is valid.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.values().all(|key| key.revoked)
    }
}

/// Current API keys, which are refreshed in the background.
#[derive(Clone, Debug)]
pub struct KeyRing(watch::Receiver<Arc<ApiKeys>>);

impl KeyRing {
    /// Creates a key ring that follows the values of a channel.
    #[must_use]
    pub fn new(keys: watch::Receiver<Arc<ApiKeys>>) -> Self {
        Self(keys)
    }

    /// Returns the API key with this digest. If it is unknown, waits for the next refresh, because
    /// it can have been created after the last one.
    async fn find(&self, key: &str, sha256: &[u8; 32]) -> Option<Arc<ApiKey>> {
        let requested_at = Instant::now();
        let known = self.0.borrow().keys.get(sha256).cloned();
        if known.is_some() || !key.starts_with(PREFIX) {
            return known;
        }
        let mut keys = self.0.clone();
        let is_newer = |keys: &Arc<ApiKeys>| keys.as_of >= requested_at;
        let newer = timeout(NEW_KEY_TIMEOUT, keys.wait_for(is_newer)).await;
        newer.ok()?.ok()?.keys.get(sha256).cloned()
    }
}

/// Watches an API key that was valid at the start of a stream.
pub(in crate::http) struct KeyWatch {
    /// Name of the key.
    pub(in crate::http) name: String,
    keys: watch::Receiver<Arc<ApiKeys>>,
    sha256: [u8; 32],
    scope: Scope,
}

impl KeyWatch {
    /// Waits until the key is revoked or loses the scope.
    pub(in crate::http) async fn invalidated(&mut self) {
        let (sha256, scope) = (self.sha256, self.scope);
        let is_valid = |key: &Arc<ApiKey>| !key.revoked && key.scopes.contains(&scope);
        let is_invalid = |keys: &Arc<ApiKeys>| !keys.keys.get(&sha256).is_some_and(is_valid);
        // An error means that the refresh has ended, because the process shuts down.
        drop(self.keys.wait_for(is_invalid).await);
    }
}

/// Extractor for a caller with an API key that has the scope `S`.
pub(in crate::http) struct Key<S> {
    key: Arc<ApiKey>,
    sha256: [u8; 32],
    scope: PhantomData<S>,
}

impl<S: RequiredScope> Key<S> {
    /// Returns the name of the key.
    pub(in crate::http) fn name(&self) -> &str {
        &self.key.name
    }

    /// Returns a watch of the key, for responses that last longer than a request.
    pub(in crate::http) fn watch(&self, keys: &KeyRing) -> KeyWatch {
        KeyWatch {
            name: self.key.name.clone(),
            keys: keys.0.clone(),
            sha256: self.sha256,
            scope: S::SCOPE,
        }
    }
}

/// Requires the scope `read`.
pub(in crate::http) struct Read;

/// Requires the scope `admin`.
pub(in crate::http) struct Admin;

/// Requires the scope `tokens`.
pub(in crate::http) struct Tokens;

/// Scope as a type, for the extractor [`Key`].
pub(in crate::http) trait RequiredScope {
    /// Scope that the key must have.
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
                    let detail = "this endpoint requires an API key and does not accept session \
                                  tokens";
                    return Err(Problem::unauthorized("key_required", detail));
                }
                Some(key) => key.to_owned(),
                None => cookie::key(&request).ok_or_else(credentials_missing)?,
            };
            let state = state(&request)?;
            let sha256 = Sha256::digest(key.as_bytes()).into();
            let found = state.keys.find(&key, &sha256).await.ok_or_else(|| {
                Problem::unauthorized("credentials_unknown", "the API key is unknown")
            })?;
            found.authorize(S::SCOPE, state.clock.now())?;
            state.rate_limits.count_key(&request, &found.name)?;
            Ok(Self { key: found, sha256, scope: PhantomData })
        })
    }
}
