//! Last use of each signing secret.

use super::{Store, StoreError, driver::record};
use crate::domain::Millis;

/// Last use of a signing secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretUsage {
    /// Label of the secret in the configuration.
    pub label: String,
    /// Time of the last matching signature, accurate to a minute.
    pub last_used_at: Millis,
}

impl Store {
    /// Returns the last use of every secret that ever matched, sorted by label.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn secret_usage(&self) -> Result<Vec<SecretUsage>, StoreError> {
        let sql = "SELECT label, last_used_at FROM webhook_secrets ORDER BY label";
        let mut connection = self.pool.read().await?;
        self.readable(&connection.query(sql).rows().await?)
    }
}

record!(SecretUsage, "webhook_secrets" { label, last_used_at });
