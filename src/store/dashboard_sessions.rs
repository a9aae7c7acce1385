//! Sessions of operators who signed in to the dashboard. Only the hashes of their cookies are
//! stored.

use super::{Store, StoreError, driver::record};
use crate::domain::Millis;

/// Session of an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDashboardSession {
    /// SHA-256 hash of the cookie's value, in hexadecimal digits.
    pub sha256: String,
    /// SHA-256 hash of the API key that the operator signed in with, in hexadecimal digits.
    pub key_sha256: String,
    /// End of the session.
    pub expires_at: Millis,
}

impl Store {
    /// Returns the newest sessions that have not expired, up to 10,000.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn dashboard_sessions(
        &self,
        now: Millis,
    ) -> Result<Vec<StoredDashboardSession>, StoreError> {
        let sql = "SELECT sha256, key_sha256, expires_at FROM dashboard_sessions \
                   WHERE expires_at > $1 ORDER BY created_at DESC, sha256 LIMIT 10000";
        let mut connection = self.pool.read().await?;
        Ok(connection.query(sql).bind(now).fetch_all().await?)
    }

    /// Adds a session. Deletes expired sessions, and the oldest ones of a key that has more than
    /// 100.
    ///
    /// # Errors
    /// Returns an error if the database does not answer, or is read-only.
    pub async fn add_dashboard_session(
        &self,
        session: &StoredDashboardSession,
        now: Millis,
    ) -> Result<(), StoreError> {
        let StoredDashboardSession { sha256, key_sha256, expires_at } = session;
        let sql = "DELETE FROM dashboard_sessions WHERE expires_at <= $2 \
                   OR key_sha256 = $1 AND sha256 NOT IN (SELECT sha256 FROM dashboard_sessions \
                   WHERE key_sha256 = $1 ORDER BY created_at DESC, sha256 LIMIT 99)";
        self.execute(sql, |query| query.bind(&**key_sha256).bind(now)).await?;
        let sql = "INSERT INTO dashboard_sessions (sha256, key_sha256, created_at, expires_at) \
                   VALUES ($1, $2, $3, $4)";
        self.execute(sql, |query| {
            query.bind(&**sha256).bind(&**key_sha256).bind(now).bind(*expires_at)
        })
        .await
        .map(drop)
    }

    /// Deletes a session. Returns false if there is none with this hash.
    ///
    /// # Errors
    /// Returns an error if the database does not answer, or is read-only.
    pub async fn delete_dashboard_session(&self, sha256: &str) -> Result<bool, StoreError> {
        let sql = "DELETE FROM dashboard_sessions WHERE sha256 = $1";
        self.execute(sql, |query| query.bind(sha256)).await
    }
}

record!(StoredDashboardSession { sha256, key_sha256, expires_at });
