//! The agreement between processes which of them sends to an endpoint.
//!
//! A lease has no time, because the clocks of two machines differ. Its owner renews it, which counts
//! it up. Another process takes it after it has seen the same count for a whole lease by its own
//! clock.

use crate::store::{Store, StoreError, driver::record};

/// Lease of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// ID of the endpoint.
    pub id: String,
    /// ID of the process that sends, if there is one.
    pub sender: Option<String>,
    /// Number of renewals.
    pub lease: i64,
    /// Number of changes by operators.
    pub revision: i64,
}

record!(Lease, "push_endpoints" { id, sender, lease, revision });

impl Store {
    /// Reads the leases of the enabled endpoints.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn push_leases(&self) -> Result<Vec<Lease>, StoreError> {
        let sql = "SELECT id, sender, lease, revision FROM push_endpoints \
                   WHERE disabled IS NULL ORDER BY id";
        let mut connection = self.pool.reserved().await?;
        Ok(connection.query(sql).fetch_all().await?)
    }

    /// Renews all leases of a sender.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn renew_push_leases(&self, sender: &str) -> Result<(), StoreError> {
        let sql = "UPDATE push_endpoints SET lease = lease + 1 WHERE sender = $1";
        self.execute(sql, |query| query.bind(sender)).await.map(drop)
    }

    /// Takes a lease if it is as it was read. Returns false if it is not.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn take_push_lease(&self, lease: &Lease, sender: &str) -> Result<bool, StoreError> {
        let sql = "UPDATE push_endpoints SET sender = $2, lease = lease + 1 \
                   WHERE id = $1 AND lease = $3 AND revision = $4 AND disabled IS NULL";
        self.execute(sql, |query| {
            query.bind(&*lease.id).bind(sender).bind(lease.lease).bind(lease.revision)
        })
        .await
    }

    /// Gives up a lease, so that another process need not wait for its end.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn release_push_lease(&self, id: &str, sender: &str) -> Result<(), StoreError> {
        let sql = "UPDATE push_endpoints SET sender = NULL, lease = lease + 1 \
                   WHERE id = $1 AND sender = $2";
        self.execute(sql, |query| query.bind(id).bind(sender)).await.map(drop)
    }
}
