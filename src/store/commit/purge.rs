//! Purges the payloads of a user before the deletion, if there are too many for one transaction.

use super::Batch;
use crate::{
    domain::event::{Change, Event},
    store::{Store, StoreError, bounded_scan},
};

/// Number of events in one part. A part takes some tenths of a second, and a commit may take four
/// seconds. The parts together are not much slower than one statement for all events.
const PART_SIZE: i64 = 20_000;

impl Store {
    /// Purges nearly all payloads of the users whom a batch deletes, one part at a time. Each part
    /// is committed by itself. If the time is too short for all parts, the next delivery of the
    /// event continues.
    pub(super) async fn purge_payloads(&self, batch: Batch<'_>) -> Result<(), StoreError> {
        for user_id in batch.events.iter().filter_map(deleted_user_id) {
            let mut after = 0;
            while let Some(end) = self.purge_part(user_id, after).await? {
                after = end;
            }
        }
        Ok(())
    }

    /// Purges the next part and returns its last number. Returns none if less than a part is left,
    /// which the deletion itself purges.
    async fn purge_part(&self, user_id: &str, after: i64) -> Result<Option<i64>, StoreError> {
        // Events without payloads count too. The index cannot tell them apart, and reading only the
        // index is fast.
        let sql = "SELECT seq FROM webhook_events WHERE subject = $1 AND seq > $2 \
                   ORDER BY seq LIMIT 1 OFFSET $3";
        let mut connection = self.pool.read().await?;
        let query = connection.query(sql).bind(user_id).bind(after);
        let end: Option<i64> = bounded_scan::scan_end(query, "seq", PART_SIZE).await?;
        drop(connection);
        if let Some(end) = end {
            let sql = "UPDATE webhook_events SET payload = NULL WHERE payload IS NOT NULL \
                       AND subject = $1 AND seq > $2 AND seq <= $3";
            let purge = self
                .pool
                .execute_standalone(sql, |query| query.bind(user_id).bind(after).bind(end));
            purge.await?;
        }
        Ok(end)
    }
}

/// Returns the ID of the user whom an event deletes or erases.
fn deleted_user_id(event: &Event) -> Option<&str> {
    match event.content.change() {
        Some(Change::UserDeleted { user_id, .. }) => Some(user_id),
        _ => event.erased_user(),
    }
}
