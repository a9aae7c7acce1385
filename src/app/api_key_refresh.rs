//! Refresh of the known API keys, which come from the settings and from the database, and of the
//! dashboard sessions.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use hex::FromHex;
use tokio::{
    sync::{Notify, watch},
    time::{Instant, timeout},
};

use crate::{
    clock::Clock,
    config,
    domain::{Millis, scope::Scope},
    http::{ApiKey, ApiKeys, DashboardSession, KeyRing, Sha256Digest},
    store::{
        Store, StoreError, api_keys::StoredApiKey, dashboard_sessions::StoredDashboardSession,
    },
};

/// Interval between two reads of the database. A revoked key is accepted for at most this long.
const REFRESH_INTERVAL: Duration = Duration::from_secs(1);

/// Minimum time between two writes of a key's last use, in milliseconds.
const LAST_USE_PRECISION: Millis = 60_000;

/// Background task that reads the API keys and the dashboard sessions of the database.
pub(super) struct ApiKeyRefresh {
    store: Store,
    clock: Clock,
    configured: Vec<config::ApiKey>,
    /// Last use in this process of each key of the database, by name.
    last_used: HashMap<String, Arc<AtomicI64>>,
    /// Dashboard sessions of the last successful read.
    sessions: HashMap<Sha256Digest, DashboardSession>,
    keys: watch::Sender<Arc<ApiKeys>>,
    /// Requests for a refresh before its time.
    requests: Arc<Notify>,
}

impl ApiKeyRefresh {
    /// Reads the keys for the first time. If the read fails, only the keys of the settings are
    /// known until a later read succeeds.
    pub(super) async fn start(
        store: &Store,
        clock: &Clock,
        configured: &[config::ApiKey],
    ) -> (KeyRing, Self) {
        let none = ApiKeys::new([], HashMap::new(), Instant::now());
        let (keys, current) = watch::channel(Arc::new(none));
        let ring = KeyRing::new(current.clone());
        let mut refresh = Self {
            store: store.clone(),
            clock: clock.clone(),
            configured: configured.to_vec(),
            last_used: HashMap::new(),
            sessions: HashMap::new(),
            keys,
            requests: ring.refresh_requests(),
        };
        match refresh.refresh().await {
            Err(error) => {
                log_failure(&error);
                refresh.publish(&[], Instant::now());
            }
            Ok(()) if current.borrow().is_empty() => tracing::warn!(
                "no API key exists, so the API rejects all requests with an API key; create one \
                 with `meetvo keys new`"
            ),
            Ok(()) => {}
        }
        (ring, refresh)
    }

    /// Refreshes the keys until the task is dropped. If a read fails, the known keys stay valid.
    pub(super) async fn run(mut self) {
        let mut failed = false;
        loop {
            // An error is the end of the interval without a request.
            drop(timeout(REFRESH_INTERVAL, self.requests.notified()).await);
            let result = self.refresh().await;
            // Only the first of consecutive failures is logged, instead of one per second.
            if let Err(error) = &result
                && !failed
            {
                log_failure(error);
            }
            failed = result.is_err();
        }
    }

    /// Reads the keys, publishes them, and writes the last uses.
    async fn refresh(&mut self) -> Result<(), StoreError> {
        let as_of = Instant::now();
        let stored = self.store.api_keys().await?;
        // A failure to read the sessions does not keep a revoked key valid.
        let sessions = self.store.dashboard_sessions(self.clock.now()).await;
        if let Ok(sessions) = &sessions {
            self.sessions = sessions.iter().filter_map(decode_session).collect();
        }
        self.publish(&stored, as_of);
        for key in &stored {
            let last_used = self.last_used.get(&key.name);
            let last_used = last_used.map_or(0, |last_used| last_used.load(Ordering::Relaxed));
            if last_used >= key.last_used_at.unwrap_or_default() + LAST_USE_PRECISION {
                self.store.record_api_key_use(&key.name, last_used).await?;
            }
        }
        sessions.map(drop)
    }

    /// Makes the keys available to the authentication of requests.
    fn publish(&mut self, stored: &[StoredApiKey], as_of: Instant) {
        let stored = stored.iter().filter_map(|key| {
            let last_used = Arc::clone(self.last_used.entry(key.name.clone()).or_default());
            decode_key(key, last_used)
        });
        let configured = self.configured.iter().map(|key| {
            let (name, scopes) = (key.name.clone(), key.scopes.clone());
            (key.sha256, ApiKey { name, scopes, revoked: false, last_used: Arc::default() })
        });
        let keys = ApiKeys::new(stored.chain(configured), self.sessions.clone(), as_of);
        self.keys.send_replace(Arc::new(keys));
    }
}

/// Decodes a stored key. Returns `None` if the digest is invalid; another program wrote it then.
fn decode_key(key: &StoredApiKey, last_used: Arc<AtomicI64>) -> Option<([u8; 32], ApiKey)> {
    let scopes = Scope::parse_stored_list(&key.scopes);
    let Ok(sha256) = FromHex::from_hex(&key.sha256) else {
        tracing::debug!(name = key.name, "ignored an invalid API key in the database");
        return None;
    };
    let revoked = key.revoked_at.is_some();
    Some((sha256, ApiKey { name: key.name.clone(), scopes, revoked, last_used }))
}

/// Decodes a stored session. Returns `None` if the row is invalid.
fn decode_session(session: &StoredDashboardSession) -> Option<(Sha256Digest, DashboardSession)> {
    let [sha256, key] =
        [&session.sha256, &session.key_sha256].map(|hex| Sha256Digest::from_hex(hex).ok());
    let (sha256, key) = sha256.zip(key)?;
    Some((sha256, DashboardSession { key, expires_at: session.expires_at }))
}

fn log_failure(error: &StoreError) {
    tracing::warn!(%error, "failed to read the API keys and dashboard sessions; known ones stay valid");
}
