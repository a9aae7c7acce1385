//! The API keys and dashboard sessions that are valid at present, refreshed in the background.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Notify, watch},
    time::{Instant, timeout},
};

use crate::{
    domain::{Millis, scope::Scope},
    http::problem::Problem,
    store::api_keys::PREFIX,
};

/// Timeout for an unknown key or session, which can be new. The database is read every second.
const NEW_KEY_TIMEOUT: Duration = Duration::from_millis(1_500);

/// Maximum number of sessions that only this process has.
const MAX_LOCAL_SESSIONS: usize = 100;

/// SHA-256 digest of a key or of the value of a cookie.
pub type Sha256Digest = [u8; 32];

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

/// Session of an operator who signed in to the dashboard with an API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DashboardSession {
    /// Digest of the API key, whose rights the session has.
    pub key: Sha256Digest,
    /// End of the session in Unix milliseconds.
    pub expires_at: Millis,
}

impl ApiKey {
    /// Checks that the key is valid and has the scope, and records its use.
    pub(super) fn authorize(&self, scope: Scope, now: Millis) -> Result<(), Problem> {
        if self.revoked {
            let detail = format!("the API key `{}` was revoked", self.name);
            return Err(Problem::unauthorized("key_revoked", detail));
        }
        self.last_used.fetch_max(now, Ordering::Relaxed);
        if self.has_scope(scope) {
            return Ok(());
        }
        let scope = scope.as_str();
        Err(Problem::forbidden(format!("the API key `{}` lacks the scope `{scope}`", self.name)))
    }

    /// Returns whether the key has the scope, or one that includes it.
    fn has_scope(&self, required: Scope) -> bool {
        self.scopes.iter().any(|scope| scope.includes(required))
    }
}

/// All API keys and dashboard sessions at one time, by their SHA-256 digest.
///
/// Because keys are hashed first, a lookup is as safe as a comparison in constant time: a caller
/// cannot choose the bytes of a hash.
#[derive(Debug)]
pub struct ApiKeys {
    keys: HashMap<Sha256Digest, Arc<ApiKey>>,
    sessions: HashMap<Sha256Digest, DashboardSession>,
    as_of: Instant,
}

impl ApiKeys {
    /// Creates the set of all keys and sessions that existed at the time `as_of`.
    pub fn new(
        keys: impl IntoIterator<Item = (Sha256Digest, ApiKey)>,
        sessions: HashMap<Sha256Digest, DashboardSession>,
        as_of: Instant,
    ) -> Self {
        let keys = keys.into_iter().map(|(sha256, key)| (sha256, Arc::new(key)));
        Self { keys: keys.collect(), sessions, as_of }
    }

    /// Returns whether no key is valid.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.values().all(|key| key.revoked)
    }
}

/// Current API keys and dashboard sessions, which are refreshed in the background.
#[derive(Clone, Debug)]
pub struct KeyRing {
    current: watch::Receiver<Arc<ApiKeys>>,
    /// Sessions that the database did not save, which are valid only in this process.
    local: Arc<Mutex<HashMap<Sha256Digest, DashboardSession>>>,
    refresh: Arc<Notify>,
}

impl KeyRing {
    /// Creates a key ring that follows the values of a channel.
    #[must_use]
    pub fn new(current: watch::Receiver<Arc<ApiKeys>>) -> Self {
        Self { current, local: Arc::default(), refresh: Arc::default() }
    }

    /// Returns the requests for a refresh before its time.
    #[must_use]
    pub fn refresh_requests(&self) -> Arc<Notify> {
        Arc::clone(&self.refresh)
    }

    /// Returns the API key with this digest, if it is known.
    pub(super) fn key(&self, sha256: &Sha256Digest) -> Option<Arc<ApiKey>> {
        self.current.borrow().keys.get(sha256).cloned()
    }

    /// Returns the API key with this digest after the next refresh, because it can have been
    /// created after the last one.
    pub(super) async fn new_key(&self, key: &str, sha256: &Sha256Digest) -> Option<Arc<ApiKey>> {
        if !key.starts_with(PREFIX) {
            return None;
        }
        self.next_refresh().await?.keys.get(sha256).cloned()
    }

    /// Returns the session with this digest, if it is known and has not expired.
    pub(super) fn session(&self, sha256: &Sha256Digest, now: Millis) -> Option<DashboardSession> {
        let known = self.current.borrow().sessions.get(sha256).copied();
        let session = known.or_else(|| self.local().get(sha256).copied());
        session.filter(|session| session.expires_at > now)
    }

    /// Returns the session with this digest after the next refresh, because another replica can
    /// have created it after the last one.
    pub(super) async fn new_session(
        &self,
        sha256: &Sha256Digest,
        now: Millis,
    ) -> Option<DashboardSession> {
        let session = self.next_refresh().await?.sessions.get(sha256).copied();
        session.filter(|session| session.expires_at > now)
    }

    /// Keeps a session in this process, because the database did not store it. Returns false if
    /// there are too many.
    pub(super) fn add_local(
        &self,
        sha256: Sha256Digest,
        session: DashboardSession,
        now: Millis,
    ) -> bool {
        let mut local = self.local();
        local.retain(|_, session| session.expires_at > now);
        local.len() < MAX_LOCAL_SESSIONS && local.insert(sha256, session).is_none()
    }

    /// Ends a session that only this process has.
    pub(super) fn remove_local(&self, sha256: &Sha256Digest) {
        self.local().remove(sha256);
    }

    /// Reads the database again, and waits until it is done.
    pub(super) async fn refresh(&self) {
        self.refresh.notify_one();
        self.next_refresh().await;
    }

    /// Waits for the keys and sessions that exist now.
    async fn next_refresh(&self) -> Option<Arc<ApiKeys>> {
        let requested_at = Instant::now();
        let mut current = self.current.clone();
        let is_newer = |keys: &Arc<ApiKeys>| keys.as_of >= requested_at;
        let newer = timeout(NEW_KEY_TIMEOUT, current.wait_for(is_newer)).await;
        Some(Arc::clone(&*newer.ok()?.ok()?))
    }

    fn local(&self) -> MutexGuard<'_, HashMap<Sha256Digest, DashboardSession>> {
        self.local.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Watches the credentials of a request.
    pub(super) fn watch(
        &self,
        name: String,
        key: Sha256Digest,
        session: Option<Sha256Digest>,
        scope: Scope,
    ) -> KeyWatch {
        KeyWatch { name, ring: self.clone(), key, session, scope }
    }
}

/// Watches an API key, and the dashboard session if there is one, that were valid at the start of a
/// stream.
pub(in crate::http) struct KeyWatch {
    /// Name of the key.
    pub(in crate::http) name: String,
    ring: KeyRing,
    key: Sha256Digest,
    session: Option<Sha256Digest>,
    scope: Scope,
}

impl KeyWatch {
    /// Waits until the key is revoked or loses the scope, or the session ends.
    pub(in crate::http) async fn invalidated(&mut self) {
        let Self { name: _, ring, key, session, scope } = self;
        let is_valid = |key: &Arc<ApiKey>| !key.revoked && key.has_scope(*scope);
        let local = Arc::clone(&ring.local);
        let has_session = |keys: &ApiKeys, session: &Sha256Digest| {
            let is_local =
                || local.lock().unwrap_or_else(PoisonError::into_inner).contains_key(session);
            keys.sessions.contains_key(session) || is_local()
        };
        let is_invalid = |keys: &Arc<ApiKeys>| {
            !keys.keys.get(&*key).is_some_and(is_valid)
                || session.as_ref().is_some_and(|session| !has_session(keys, session))
        };
        // An error means that the refresh has ended, because the process shuts down.
        drop(ring.current.wait_for(is_invalid).await);
    }
}
