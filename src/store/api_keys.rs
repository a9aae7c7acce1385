//! API keys in the database, which can be added and revoked without a restart. Only their hashes
//! are stored.

use super::{Store, StoreError, driver::record};
use crate::domain::Millis;

/// Prefix of the keys. Secret scanners can find them by it, and the API can recognize one in a
/// wrong place.
pub const PREFIX: &str = "meetvo_key_";

/// API key in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredApiKey {
    /// Unique name, which the log shows.
    pub name: String,
    /// SHA-256 hash of the key, in hexadecimal digits.
    pub sha256: String,
    /// Names of the scopes, joined by `+`.
    pub scopes: String,
    /// Time of the creation.
    pub created_at: Millis,
    /// Time of the last use, accurate to a minute.
    pub last_used_at: Option<Millis>,
    /// Time of the revocation.
    pub revoked_at: Option<Millis>,
}

impl Store {
    /// Returns all keys that can be read, sorted by name.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn api_keys(&self) -> Result<Vec<StoredApiKey>, StoreError> {
        let sql = "SELECT name, sha256, scopes, created_at, last_used_at, revoked_at \
                   FROM api_keys ORDER BY name";
        let mut connection = self.pool.reserved().await?;
        self.readable(&connection.query(sql).rows().await?)
    }

    /// Adds a key. Returns false if another key has the name.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn add_api_key(&self, key: &StoredApiKey) -> Result<bool, StoreError> {
        let sql = "INSERT INTO api_keys (name, sha256, scopes, created_at) \
                   VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING";
        self.execute(sql, |query| {
            query.bind(&*key.name).bind(&*key.sha256).bind(&*key.scopes).bind(key.created_at)
        })
        .await
    }

    /// Revokes a key. Returns false if no valid key has the name.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn revoke_api_key(&self, name: &str, at: Millis) -> Result<bool, StoreError> {
        let sql = "UPDATE api_keys SET revoked_at = $2 WHERE name = $1 AND revoked_at IS NULL";
        self.execute(sql, |query| query.bind(name).bind(at)).await
    }

    /// Records the time at which a key was used.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn record_api_key_use(&self, name: &str, at: Millis) -> Result<(), StoreError> {
        let sql = "UPDATE api_keys SET last_used_at = $2 \
                   WHERE name = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
        self.execute(sql, |query| query.bind(name).bind(at)).await.map(|_| ())
    }
}

record!(StoredApiKey, "api_keys" { name, sha256, scopes, created_at, last_used_at, revoked_at });
