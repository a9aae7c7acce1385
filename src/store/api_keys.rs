//! API keys that are kept here, so that they come and go without a restart. Only their hashes are.

use super::{Store, StoreError, driver::record};
use crate::domain::Millis;

/// What such keys begin with: secret scanners find them, and a caller's mistake is told from one.
pub const PREFIX: &str = "meetvo_key_";

/// A key that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredApiKey {
    /// What it is called, here and in the log.
    pub name: String,
    /// The SHA-256 of the key, in hexadecimal digits.
    pub sha256: String,
    /// What it may do: names joined by `+`.
    pub scopes: String,
    /// When it was made.
    pub created_at: Millis,
    /// When it was last used, give or take a minute.
    pub last_used_at: Option<Millis>,
    /// Since when it is refused.
    pub revoked_at: Option<Millis>,
}

impl Store {
    /// All keys, by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_keys(&self) -> Result<Vec<StoredApiKey>, StoreError> {
        let sql = "SELECT name, sha256, scopes, created_at, last_used_at, revoked_at \
                   FROM api_keys ORDER BY name";
        let mut connection = self.pool.read().await?;
        Ok(connection.query(sql).fetch_all().await?)
    }

    /// Keeps a new key; whether its name was free.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_api_key(&self, key: &StoredApiKey) -> Result<bool, StoreError> {
        let sql = "INSERT INTO api_keys (name, sha256, scopes, created_at) \
                   VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING";
        self.execute(sql, |query| {
            query.bind(&*key.name).bind(&*key.sha256).bind(&*key.scopes).bind(key.created_at)
        })
        .await
    }

    /// Refuses a key from now on; whether there was one to refuse.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revoke_api_key(&self, name: &str, at: Millis) -> Result<bool, StoreError> {
        let sql = "UPDATE api_keys SET revoked_at = $2 WHERE name = $1 AND revoked_at IS NULL";
        self.execute(sql, |query| query.bind(name).bind(at)).await
    }

    /// Notes that a key was used.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn record_api_key_use(&self, name: &str, at: Millis) -> Result<(), StoreError> {
        let sql = "UPDATE api_keys SET last_used_at = $2 \
                   WHERE name = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
        self.execute(sql, |query| query.bind(name).bind(at)).await.map(|_| ())
    }
}

record!(StoredApiKey { name, sha256, scopes, created_at, last_used_at, revoked_at });
