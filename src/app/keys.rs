//! Keeps the API keys known: those of the settings, and those of the database as they come and go.

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
    domain::Millis,
    http::{ApiKey, ApiKeys, KeyRing, Scope},
    store::{Store, StoreError, keys::StoredKey},
};

/// How often to look. For so long a revoked key opens, at the most.
const LOOK: Duration = Duration::from_secs(1);

/// How exactly the last use is noted, in milliseconds.
const NOTED: Millis = 60_000;

/// The task that does it.
pub(super) struct Keeper {
    store: Store,
    configured: Vec<config::ApiKey>,
    /// When those of the database were last used here, by their names.
    used: HashMap<String, Arc<AtomicI64>>,
    keys: watch::Sender<Arc<ApiKeys>>,
}

impl Keeper {
    /// Looks for the first time. If that fails, only those of the settings are known until it does
    /// not.
    pub(super) async fn begin(store: Store, configured: Vec<config::ApiKey>) -> (KeyRing, Self) {
        let (keys, ring) = watch::channel(Arc::new(ApiKeys::new([], Instant::now())));
        let mut keeper = Self { store, configured, used: HashMap::new(), keys };
        match keeper.look().await {
            Err(error) => {
                complain(&error);
                keeper.tell(&[], Instant::now());
            }
            Ok(()) if ring.borrow().is_empty() => tracing::warn!(
                "there is no API key, so every read with one is refused; `meetvo keys new` makes one"
            ),
            Ok(()) => {}
        }
        (KeyRing::new(ring), keeper)
    }

    /// For ever; what fails is tried again, with the keys as they were.
    pub(super) async fn run(mut self) {
        let mut failed = false;
        loop {
            sleep(LOOK).await;
            let looked = self.look().await;
            // Once, and not every second for as long as the database is away.
            if let Err(error) = &looked
                && !failed
            {
                complain(error);
            }
            failed = looked.is_err();
        }
    }

    async fn look(&mut self) -> Result<(), StoreError> {
        let as_of = Instant::now();
        let stored = self.store.keys().await?;
        self.tell(&stored, as_of);
        for key in &stored {
            let used = self.used.get(&key.name).map_or(0, |used| used.load(Ordering::Relaxed));
            if used >= key.last_used_at.unwrap_or_default() + NOTED {
                self.store.key_used(&key.name, used).await?;
            }
        }
        Ok(())
    }

    /// Tells which keys there are.
    fn tell(&mut self, stored: &[StoredKey], as_of: Instant) {
        let stored = stored.iter().filter_map(|key| {
            let used = Arc::clone(self.used.entry(key.name.clone()).or_default());
            read(key, used)
        });
        let configured = self.configured.iter().map(|key| {
            let scopes = key.scopes.iter().copied().map(scope).collect();
            let name = key.name.clone();
            (key.sha256, ApiKey { name, scopes, revoked: false, last_used: Arc::default() })
        });
        self.keys.send_replace(Arc::new(ApiKeys::new(stored.chain(configured), as_of)));
    }
}

/// A key as it is kept; none where somebody else wrote what cannot be read.
fn read(key: &StoredKey, last_used: Arc<AtomicI64>) -> Option<([u8; 32], ApiKey)> {
    let sha256 = FromHex::from_hex(&key.sha256).ok();
    let scopes = config::Scope::parse_list(&key.scopes);
    let Some((sha256, scopes)) = sha256.zip(scopes) else {
        tracing::debug!(name = key.name, "an API key of the database cannot be read");
        return None;
    };
    let scopes = scopes.iter().copied().map(scope).collect();
    let revoked = key.revoked_at.is_some();
    Some((sha256, ApiKey { name: key.name.clone(), scopes, revoked, last_used }))
}

fn scope(scope: config::Scope) -> Scope {
    match scope {
        config::Scope::Read => Scope::Read,
        config::Scope::Admin => Scope::Admin,
        config::Scope::Tokens => Scope::Tokens,
    }
}

fn complain(error: &StoreError) {
    tracing::warn!(%error, "the API keys of the database cannot be read; those known stay good");
}
