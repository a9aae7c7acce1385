//! Purges the payloads of an object before its deletion, if there are too many for one transaction.

use sqlx::AssertSqlSafe;

use super::{Batch, Tx, events::label_column, statement};
use crate::{
    objects::{Kind, event::Change},
    store::{
        Store, StoreError, bounded_scan,
        driver::{DbError, Record, Row},
        finish,
    },
};

/// Number of events in one part. A part takes some tenths of a second, and a commit may take four
/// seconds. The parts together are not much slower than one statement for all events.
const PART_SIZE: i64 = 20_000;

/// Returns whether an object that the batch deletes has so many events that their payloads must be
/// purged before the commit.
pub(super) async fn is_needed(tx: &mut Tx, batch: Batch<'_>) -> Result<bool, StoreError> {
    for kind in [Kind::User, Kind::Organization] {
        let deleted = deleted_objects(batch).filter(|(of, _)| *of == kind);
        let ids: Vec<&str> = deleted.map(|(_, id)| id).collect();
        // Events without payloads count too. The index cannot tell them apart, and reading only the
        // index is fast.
        let sql = format!(
            "SELECT (SELECT seq FROM webhook_events WHERE {} = column1 AND seq > 0 \
                     ORDER BY seq LIMIT 1 OFFSET {}) AS part_end \
             FROM (VALUES {{}}) AS deleted",
            label_column(kind),
            PART_SIZE - 1
        );
        let ends: Vec<PartEnd> =
            statement::fetch_by_rows(tx, &sql, 1, &ids, |query, id| query.bind(*id)).await?;
        if ends.iter().any(|end| end.0.is_some()) {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Store {
    /// Purges nearly all payloads of the users and organizations that a batch deletes, one part at a
    /// time. Each part is committed by itself. If the time is too short for all parts, the next
    /// delivery of the event continues.
    ///
    /// The parts use the connection of the commits: a deletion must not wait for readers.
    pub(super) async fn purge_payloads(&self, batch: Batch<'_>) -> Result<(), StoreError> {
        for object in deleted_objects(batch) {
            let mut after = 0;
            loop {
                let mut tx = self.pool.begin().await?;
                let purged = purge_part(&mut tx, object, after).await;
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
async fn purge_part(
    tx: &mut Tx,
    (kind, id): (Kind, &str),
    after: i64,
) -> Result<Option<i64>, StoreError> {
    let column = label_column(kind);
    let sql = format!(
        "SELECT seq FROM webhook_events WHERE {column} = $1 AND seq > $2 \
         ORDER BY seq LIMIT 1 OFFSET $3"
    );
    let query = tx.query(AssertSqlSafe(sql)).bind(id).bind(after);
    let end: Option<i64> = bounded_scan::scan_end(query, "seq", PART_SIZE).await?;
    if let Some(end) = end {
        let sql = format!(
            "UPDATE webhook_events SET payload = NULL WHERE payload IS NOT NULL \
             AND {column} = $1 AND seq > $2 AND seq <= $3"
        );
        tx.query(AssertSqlSafe(sql)).bind(id).bind(after).bind(end).execute().await?;
    }
    Ok(end)
}

/// End of the first part of an object's events. None if the object has fewer events than a part.
struct PartEnd(Option<i64>);

impl Record for PartEnd {
    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self(row.get("part_end")?))
    }
}

/// Returns the users and organizations that a batch deletes or erases.
fn deleted_objects(batch: Batch<'_>) -> impl Iterator<Item = (Kind, &str)> {
    let deleted = batch.events.iter().filter_map(|event| {
        let deletion = event.content.change().and_then(Change::deletion);
        deletion.map(|it| (it.kind, &*it.id)).or_else(|| event.erased())
    });
    deleted.filter(|(kind, _)| matches!(kind, Kind::User | Kind::Organization))
}
