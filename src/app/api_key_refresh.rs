//! Refresh of the known API keys, which come from the settings and from the database.

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
    sync::watch,
    time::{Instant, sleep},
};

use crate::{
    config,
    domain::{Millis, scope::Scope},
    http::{ApiKey, ApiKeys, KeyRing},
    store::{Store, StoreError, api_keys::StoredApiKey},
};

/// Interval between two reads of the database. A revoked key is accepted for at most this long.
const REFRESH_INTERVAL: Duration = Duration::from_secs(1);

/// Minimum time between two writes of a key's last use, in milliseconds.
const LAST_USE_PRECISION: Millis = 60_000;

/// Background task that reads the API keys of the database.
pub(super) struct ApiKeyRefresh {
    store: Store,
    configured: Vec<config::ApiKey>,
    /// Last use in this process of each key of the database, by name.
    last_used: HashMap<String, Arc<AtomicI64>>,
    keys: watch::Sender<Arc<ApiKeys>>,
}

impl ApiKeyRefresh {
    /// Reads the keys for the first time. If the read fails, only the keys of the settings are
    /// known until a later read succeeds.
    pub(super) async fn start(store: Store, configured: Vec<config::ApiKey>) -> (KeyRing, Self) {
        let (keys, ring) = watch::channel(Arc::new(ApiKeys::new([], Instant::now())));
        let mut refresh = Self { store, configured, last_used: HashMap::new(), keys };
        match refresh.refresh().await {
            Err(error) => {
                log_failure(&error);
                refresh.publish(&[], Instant::now());
            }
            Ok(()) if ring.borrow().is_empty() => tracing::warn!(
                "no API key exists, so the API rejects all requests with an API key; create one \
                 with `meetvo keys new`"
            ),
            Ok(()) => {}
        }
        (KeyRing::new(ring), refresh)
    }

    /// Refreshes the keys until the task is dropped. If a read fails, the known keys stay valid.
    pub(super) async fn run(mut self) {
        let mut failed = false;
        loop {
            sleep(REFRESH_INTERVAL).await;
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
        self.publish(&stored, as_of);
        for key in &stored {
            let last_used = self.last_used.get(&key.name);
            let last_used = last_used.map_or(0, |last_used| last_used.load(Ordering::Relaxed));
            if last_used >= key.last_used_at.unwrap_or_default() + LAST_USE_PRECISION {
                self.store.record_api_key_use(&key.name, last_used).await?;
            }
        }
        Ok(())
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
        self.keys.send_replace(Arc::new(ApiKeys::new(stored.chain(configured), as_of)));
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

fn log_failure(error: &StoreError) {
    tracing::warn!(%error, "failed to read the API keys of the database; known keys stay valid");
}
