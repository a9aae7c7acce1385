//! Merges stored rows that no readable event explains into the scratch tables.
//!
//! Retention purges old payloads, and later the events. A row that comes from such an event cannot
//! be recomputed, and the rebuild must not delete it. The stored row therefore takes the place of
//! the event: it is merged into the scratch tables as one more state with its own version. If a
//! readable event is newer, that event wins. Otherwise the row stays as it is.
//!
//! A row whose event is readable is not merged, whatever its current values are. If the event does
//! not exist, the event log decides. In a complete log, the row is an error and is not merged. In
//! a log that begins later, the row can come from an expired event and is merged. A state from
//! Clerk's Backend API has no event ID and is merged too.

use std::collections::{BTreeSet, HashMap};

use sqlx::AssertSqlSafe;

use super::{EventDecoder, EventEffect, KeptRows};
use crate::{
    domain::{decision::Decision, version::Version},
    objects::{
        Kind,
        event::{Change, Content, Deletion},
    },
    store::{
        StoreError,
        commit::{apply, objects_of},
        driver::Tx,
        events::StoredEvent,
        keyed,
        object_rows::{self, JsonReading, VERSION_COLUMNS},
        stored_objects::{self, WholeObject},
    },
};

/// Maximum number of rows in memory.
const ROWS: i64 = 128;

/// Merges the stored rows that no readable event explains, and counts them.
pub(super) async fn merge_stored_rows(
    tx: &mut Tx,
    stored_schema: &str,
    decode: EventDecoder,
) -> Result<KeptRows, StoreError> {
    let mut merger =
        RowMerger { stored_schema, decode, log_is_complete: is_log_complete(tx).await? };
    let mut kept = KeptRows::default();
    for kind in Kind::ALL {
        kept.add(kind, merger.merge_rows(tx, kind).await?);
    }
    Ok(kept)
}

/// Returns whether the log contains every event since the first. If sequence number 1 was never
/// assigned, the log looks incomplete. The rebuild then keeps too many rows, and not too few.
async fn is_log_complete(tx: &mut Tx) -> Result<bool, StoreError> {
    let first = tx.query("SELECT 1 FROM webhook_events WHERE seq = 1");
    Ok(first.fetch_optional::<()>().await?.is_some())
}

struct RowMerger<'a> {
    stored_schema: &'a str,
    decode: EventDecoder,
    log_is_complete: bool,
}

/// Stored events by ID. The value is true if the event's change can no longer be read.
type LostById = HashMap<String, bool>;

impl RowMerger<'_> {
    async fn merge_rows(&mut self, tx: &mut Tx, kind: Kind) -> Result<u64, StoreError> {
        let sql = self.differing_rows_sql(kind);
        let (mut kept, mut after) = (0, String::new());
        loop {
            let query = tx.query(AssertSqlSafe(sql.clone())).bind(after.as_str()).bind(ROWS);
            let rows = query.rows().await?;
            let mut objects = Vec::with_capacity(rows.len());
            let mut in_scratch = Vec::with_capacity(rows.len());
            for row in &rows {
                // No event has a value in the place of an unreadable one, which the repair removes.
                objects.push(row.object(kind, JsonReading::Lenient)?);
                in_scratch.push(row.get::<Option<String>>("scratch_id")?.is_some());
            }
            let Some(last) = objects.last() else { return Ok(kept) };
            last.state.id().clone_into(&mut after);
            self.attach_items(tx, kind, &mut objects).await?;
            let versions = objects.iter().flat_map(|object| object.state.versions());
            let lost_by_id = self.look_up_events(tx, versions).await?;
            let contents = objects.into_iter().zip(in_scratch);
            let contents = contents.filter_map(|(it, row)| self.content(it, row, &lost_by_id));
            kept += merge(tx, &contents.collect::<Vec<_>>()).await?;
        }
    }

    /// Returns the SQL that reads a page of the stored rows that differ from those in the scratch
    /// table.
    fn differing_rows_sql(&self, kind: Kind) -> String {
        let table = &kind.object_type().table;
        let id = table.id;
        let columns = &object_rows::table(kind).columns;
        let selected: Vec<_> = columns.iter().map(|column| format!("stored.{column}")).collect();
        // Columns with an own version differ without a difference of the object's version.
        let has_versions = |column: &&&str| {
            VERSION_COLUMNS.contains(column)
                || column.ends_with("_event_id")
                || matches!(**column, "deleted_at" | "field_versions")
        };
        let differs = columns.iter().filter(has_versions);
        let differs: Vec<_> =
            differs.map(|it| format!("stored.{it} IS DISTINCT FROM scratch.{it}")).collect();
        format!(
            "SELECT {}, scratch.{id} AS scratch_id FROM {}.{name} AS stored \
             LEFT JOIN {name} AS scratch ON scratch.{id} = stored.{id} \
             WHERE stored.{id} > $1 AND (scratch.{id} IS NULL OR {}) \
             ORDER BY stored.{id} LIMIT $2",
            selected.join(", "),
            self.stored_schema,
            differs.join(" OR "),
            name = table.name,
        )
    }

    /// Adds their stored items to objects.
    async fn attach_items(
        &self,
        tx: &mut Tx,
        kind: Kind,
        objects: &mut [WholeObject],
    ) -> Result<(), StoreError> {
        let ids: Vec<String> = objects.iter().map(|it| it.state.id().to_owned()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        for (index, items) in kind.object_type().table.items.iter().enumerate() {
            let sql = format!(
                "SELECT {} FROM {}.{} WHERE {} IN {{}}",
                object_rows::item_table(items).columns.join(", "),
                self.stored_schema,
                items.name,
                items.owner,
            );
            let rows = keyed::rows(tx, &sql, &ids).await?;
            stored_objects::attach_items(objects, index, items, &rows, &mut Vec::new())?;
        }
        Ok(())
    }

    /// Returns the content that takes the place of the events of a row, if the row must be kept.
    fn content(
        &self,
        object: WholeObject,
        is_in_scratch: bool,
        lost_by_id: &LostById,
    ) -> Option<Content> {
        let WholeObject { state, deleted_at } = object;
        let change: Change = match deleted_at {
            // Only events delete objects: with a complete log, a tombstone without an event is an
            // error.
            Some(_) if self.log_is_complete => return None,
            Some(at) => Change::Deletion(Deletion::new(state.kind(), state.id(), at)),
            None => {
                let is_kept = |version: &Version| self.must_keep(version, lost_by_id);
                state.kept(is_in_scratch, is_kept)?.into()
            }
        };
        Some(Content::Change(change))
    }

    /// Returns whether a row of this version is merged, because no readable event explains it.
    fn must_keep(&self, version: &Version, lost_by_id: &LostById) -> bool {
        match lost_by_id.get(&version.event_id) {
            Some(lost) => *lost,
            // A state without an event comes from the Backend API, or is a stub.
            None if version.event_id.is_empty() => version.updated_at > 0 || !self.log_is_complete,
            None => !self.log_is_complete,
        }
    }

    /// Reads the events of rows with these versions.
    async fn look_up_events<'v>(
        &self,
        tx: &mut Tx,
        versions: impl Iterator<Item = &'v Version>,
    ) -> Result<LostById, StoreError> {
        let ids = versions.map(|version| &*version.event_id).filter(|id| !id.is_empty());
        let ids: BTreeSet<&str> = ids.collect();
        let sql = "SELECT * FROM webhook_events WHERE id IN {}";
        let events: Vec<StoredEvent> = keyed::fetch(tx, sql, &Vec::from_iter(ids)).await?;
        let lost = |event: &StoredEvent| (self.decode)(event) == EventEffect::Lost;
        Ok(events.into_iter().map(|event| (event.id.clone(), lost(&event))).collect())
    }
}

/// Merges states into the scratch tables, and returns how many of them changed a row.
async fn merge(tx: &mut Tx, contents: &[Content]) -> Result<u64, StoreError> {
    let contents: Vec<&Content> = contents.iter().collect();
    let applied = apply(tx, &objects_of(&contents), &contents).await?;
    let effective = applied.outcomes.iter().filter(|it| it.decision == Decision::Applied);
    Ok(effective.count() as u64)
}
