//! What is emptied ahead of a deletion, where it is very much: a transaction may take only so long.

use super::Batch;
use crate::{
    domain::event::{Change, Event},
    store::{Store, StoreError, bounded_scan},
};

/// How many events are emptied at once: some tenths of a second of the four that a commit may take,
/// and not much slower, part after part, than all of them in one.
const PART: i64 = 20_000;

impl Store {
    /// Empties nearly all payloads of those whom a batch deletes, a part at a time. Each part stays done:
    /// where there is no time for all of them, whoever comes again goes on.
    pub(super) async fn purge_payloads(&self, batch: Batch<'_>) -> Result<(), StoreError> {
        for user_id in batch.events.iter().filter_map(doomed) {
            let mut after = 0;
            while let Some(end) = self.purge_part(user_id, after).await? {
                after = end;
            }
        }
        Ok(())
    }

    /// How far it came; none where so little is left that the deletion itself can do it.
    async fn purge_part(&self, user_id: &str, after: i64) -> Result<Option<i64>, StoreError> {
        // Also over those that are empty: whether one is stands in its row, and the index alone is quick.
        let sql = "SELECT seq FROM webhook_events WHERE subject = $1 AND seq > $2 \
                   ORDER BY seq LIMIT 1 OFFSET $3";
        let mut connection = self.pool.read().await?;
        let query = connection.query(sql).bind(user_id).bind(after);
        let end: Option<i64> = bounded_scan::scan_end(query, "seq", PART).await?;
        drop(connection);
        if let Some(end) = end {
            let sql = "UPDATE webhook_events SET payload = NULL WHERE payload IS NOT NULL \
                       AND subject = $1 AND seq > $2 AND seq <= $3";
            let part = self
                .pool
                .execute_standalone(sql, |query| query.bind(user_id).bind(after).bind(end));
            part.await?;
        }
        Ok(end)
    }
}

/// The user of whom nothing is to stay behind an event.
fn doomed(event: &Event) -> Option<&str> {
    match event.content.change() {
        Some(Change::UserDeleted { user_id, .. }) => Some(user_id),
        _ => event.erased_user(),
    }
}
