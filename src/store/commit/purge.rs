//! Purges the payloads of a user before the deletion, if there are too many for one transaction.

use super::{Batch, Tx, statement};
use crate::{
    domain::event::{Change, Event},
    store::{
        Store, StoreError, bounded_scan,
        driver::{DbError, Record, Row},
        finish,
    },
};

/// Number of events in one part. A part takes some tenths of a second, and a commit may take four
/// seconds. The parts together are not much slower than one statement for all events.
const PART_SIZE: i64 = 20_000;

/// Returns whether a user whom the batch deletes has so many events that their payloads must be
/// purged before the commit.
pub(super) async fn is_needed(tx: &mut Tx, batch: Batch<'_>) -> Result<bool, StoreError> {
    let users: Vec<&str> = batch.events.iter().filter_map(deleted_user_id).collect();
    // Events without payloads count too. The index cannot tell them apart, and reading only the
    // index is fast.
    let sql = format!(
        "SELECT (SELECT seq FROM webhook_events WHERE subject = column1 AND seq > 0 \
                 ORDER BY seq LIMIT 1 OFFSET {}) AS part_end \
         FROM (VALUES {{}}) AS deleted",
        PART_SIZE - 1
    );
    let ends: Vec<PartEnd> =
        statement::fetch_by_rows(tx, &sql, 1, &users, |query, id| query.bind(*id)).await?;
    Ok(ends.iter().any(|end| end.0.is_some()))
}

impl Store {
    /// Purges nearly all payloads of the users whom a batch deletes, one part at a time. Each part
    /// is committed by itself. If the time is too short for all parts, the next delivery of the
    /// event continues.
    ///
    /// The parts use the connection of the commits: a deletion must not wait for readers.
    pub(super) async fn purge_payloads(&self, batch: Batch<'_>) -> Result<(), StoreError> {
        for user_id in batch.events.iter().filter_map(deleted_user_id) {
            let mut after = 0;
            loop {
                let mut tx = self.pool.begin().await?;
                let purged = purge_part(&mut tx, user_id, after).await;
                match finish(tx, purged).await? {
                    Some(end) => after = end,
                    None => break,
                }
                self.pool.committed();
            }
        }
        Ok(())
    }
}

/// Purges the next part and returns its last number. Returns none if less than a part is left,
/// which the deletion itself purges.
async fn purge_part(tx: &mut Tx, user_id: &str, after: i64) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT seq FROM webhook_events WHERE subject = $1 AND seq > $2 \
               ORDER BY seq LIMIT 1 OFFSET $3";
    let query = tx.query(sql).bind(user_id).bind(after);
    let end: Option<i64> = bounded_scan::scan_end(query, "seq", PART_SIZE).await?;
    if let Some(end) = end {
        let sql = "UPDATE webhook_events SET payload = NULL WHERE payload IS NOT NULL \
                   AND subject = $1 AND seq > $2 AND seq <= $3";
        tx.query(sql).bind(user_id).bind(after).bind(end).execute().await?;
    }
    Ok(end)
}

/// End of the first part of a user's events. None if the user has fewer events than a part.
struct PartEnd(Option<i64>);

impl Record for PartEnd {
    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self(row.get("part_end")?))
    }
}

/// Returns the ID of the user whom an event deletes or erases.
fn deleted_user_id(event: &Event) -> Option<&str> {
    match event.content.change() {
        Some(Change::UserDeleted { user_id, .. }) => Some(user_id),
        _ => event.erased_user(),
    }
}
