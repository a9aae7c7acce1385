//! When each signing secret last matched.

use super::{Store, StoreError, driver::record};
use crate::domain::Millis;

/// A signing secret, by its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretUsage {
    /// What the settings call it.
    pub label: String,
    /// Give or take a minute.
    pub last_used_at: Millis,
}

impl Store {
    /// Every secret that ever matched, by its label.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn secret_usage(&self) -> Result<Vec<SecretUsage>, StoreError> {
        let sql = "SELECT label, last_used_at FROM webhook_secrets ORDER BY label";
        let mut connection = self.pool.read().await?;
        Ok(connection.query(sql).fetch_all().await?)
    }
}

record!(SecretUsage { label, last_used_at });
