//! Compares the recomputed rows with the stored rows, and repairs the stored rows.
//!
//! The database does the comparison, because it has both sets of rows. The differences go to a
//! temporary table. Memory never holds all rows or all differences.

use std::collections::BTreeMap;

use sqlx::AssertSqlSafe;

use super::synced_table::{synced_tables, tables_of};
use crate::{
    domain::{Millis, decision::Decision, local_event},
    objects::Kind,
    store::{
        StoreError,
        driver::{DbError, Record, Row, Tx},
        statement,
    },
};

/// Maximum number of differences in memory.
const ROWS_PER_PAGE: i64 = 512;

/// Temporary table of the objects whose rows the repair compares again: the objects that differed, and
/// those of all later events.
pub(super) const AFFECTED: &str = "affected";

/// Temporary table of the rows that differ.
pub(super) const DIFFERENCES: &str = "differences";

/// Temporary table with one row per event whose change can no longer be read: the user, the
/// organization or the object of the event.
pub(super) const LOST: &str = "lost";

/// SQL condition for a row without a state.
const IS_STUB: &str = "(version_updated_at, version_occurred_at, version_event_id) = (0, 0, '')";

/// Kind of difference between a stored row and the recomputed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowDifferenceKind {
    /// The row is recomputed but not stored.
    Missing,
    /// The row is stored but not recomputed.
    Extra,
    /// Both rows exist, with different values.
    Different,
}

impl RowDifferenceKind {
    /// Returns the name that the command line prints.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Different => "different",
        }
    }
}

/// A row that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowDifference {
    /// Name of the table.
    pub table: String,
    /// ID of the object.
    pub object_id: String,
    /// ID of the object, of its item, or the search term.
    pub id: String,
    /// Kind of the difference.
    pub kind: RowDifferenceKind,
    /// Columns that differ. Empty unless the kind is [`RowDifferenceKind::Different`].
    pub columns: Vec<String>,
}

/// Number of rows that differ, by table and kind. Contains no zeros.
pub type DifferenceCounts = BTreeMap<&'static str, BTreeMap<RowDifferenceKind, u64>>;

/// Creates the temporary tables. They copy column types of a synced table, so that comparisons use
/// the same collation.
pub(super) async fn create_tables(tx: &mut Tx) -> Result<(), StoreError> {
    let ends = tx.temporary_table_ends();
    for (table, columns) in [
        (LOST, "user_id AS object_id"),
        (AFFECTED, "user_id AS object_id"),
        (
            DIFFERENCES,
            "term AS table_name, user_id AS object_id, term AS id, term AS kind, term AS columns, \
             user_id, user_id AS stored_user_id, user_id AS organization_id",
        ),
    ] {
        let sql = format!(
            "CREATE TEMPORARY TABLE {table} {ends} AS SELECT {columns} FROM user_terms WHERE FALSE"
        );
        tx.query(AssertSqlSafe(sql)).execute().await?;
    }
    let order = "CREATE INDEX differences_in_order ON differences (table_name, object_id, id)";
    tx.query(order).execute().await?;
    for (name, id) in Kind::ALL.into_iter().filter_map(|kind| kind.object_type().table.terms) {
        let sql = format!("CREATE INDEX {name}_by_object ON {name} ({id})");
        tx.query(AssertSqlSafe(sql)).execute().await?;
    }
    Ok(())
}

/// Adds the objects that differ to the affected objects.
pub(super) async fn mark_affected(tx: &mut Tx) -> Result<(), StoreError> {
    let sql = "INSERT INTO affected SELECT object_id FROM differences";
    tx.query(sql).execute().await?;
    Ok(())
}

/// Adds the objects that belong to affected ones to the affected objects.
pub(super) async fn mark_owned(tx: &mut Tx, stored: &str) -> Result<(), StoreError> {
    for (kind, column) in Kind::ALL.into_iter().flat_map(Kind::owned) {
        let table = &kind.object_type().table;
        let (name, id) = (table.name, table.id);
        for name in [name.to_owned(), format!("{stored}.{name}")] {
            let sql = format!(
                "INSERT INTO affected SELECT {id} FROM {name} \
                 WHERE {column} IN (SELECT object_id FROM affected)"
            );
            tx.query(AssertSqlSafe(sql)).execute().await?;
        }
    }
    Ok(())
}

/// Adds objects to a temporary table, which can already contain some of them.
pub(super) async fn add_objects(
    tx: &mut Tx,
    table: &str,
    ids: &[String],
) -> Result<(), StoreError> {
    let into = format!("{table} (object_id)");
    statement::insert(tx, &into, 1, "DO NOTHING", ids, |query, id| query.bind(id.as_str())).await?;
    Ok(())
}

/// Counts the events whose change can no longer be read and whose object is not deleted.
pub(super) async fn count_lost(tx: &mut Tx) -> Result<u64, StoreError> {
    let with_tombstones = Kind::ALL.map(Kind::object_type).into_iter();
    let with_tombstones = with_tombstones.filter(|it| it.table.has_tombstones);
    let is_live = with_tombstones.map(|object_type| {
        let table = &object_type.table;
        format!(
            "NOT EXISTS (SELECT 1 FROM {name} WHERE {name}.{id} = lost.object_id \
             AND deleted_at IS NOT NULL)",
            name = table.name,
            id = table.id,
        )
    });
    let is_live: Vec<_> = is_live.collect();
    let sql = format!("SELECT COUNT(*) AS count FROM lost WHERE {}", is_live.join(" AND "));
    let counted = tx.query(AssertSqlSafe(sql)).rows().await?;
    let count: i64 = counted.first().map_or(Ok(0), |row| row.get("count"))?;
    Ok(count.unsigned_abs())
}

/// Compares all rows.
pub(super) async fn compare_all(tx: &mut Tx, stored: &str) -> Result<DifferenceCounts, StoreError> {
    compare_tables(tx, stored, |_, _| String::new()).await
}

/// Compares the rows of the affected objects.
pub(super) async fn compare_affected(
    tx: &mut Tx,
    stored: &str,
) -> Result<DifferenceCounts, StoreError> {
    let condition = |side: &str, object: &str| {
        format!("{side}.{object} IN (SELECT object_id FROM affected) AND ")
    };
    compare_tables(tx, stored, condition).await
}

/// Replaces the recorded differences with those of the rows that meet a condition.
async fn compare_tables(
    tx: &mut Tx,
    stored: &str,
    condition: impl Fn(&str, &str) -> String,
) -> Result<DifferenceCounts, StoreError> {
    tx.query("DELETE FROM differences").execute().await?;
    let tables = synced_tables();
    for table in &tables {
        let [scratch, other] = ["scratch", "stored"].map(|side| condition(side, table.object));
        for sql in [table.missing_or_different(stored, &scratch), table.extra(stored, &other)] {
            tx.query(AssertSqlSafe(sql)).execute().await?;
        }
    }
    let sql = "SELECT table_name, kind, COUNT(*) AS count FROM differences \
               GROUP BY table_name, kind";
    let counted: Vec<TableCount> = tx.query(sql).fetch_all().await?;
    let mut counts = DifferenceCounts::new();
    for TableCount { table, kind, count } in counted {
        if let Some(table) = tables.iter().find(|it| it.name == table) {
            counts.entry(table.name).or_default().insert(kind, count);
        }
    }
    Ok(counts)
}

/// Corrects the stored rows that differ.
pub(super) async fn repair(tx: &mut Tx, stored: &str) -> Result<(), StoreError> {
    // Extra owners are deleted last. By then every row that referred to them is deleted or belongs
    // to another owner.
    let tables = synced_tables();
    let deletes = tables.iter().filter(|table| !table.is_owner()).map(|table| table.delete(stored));
    let upserts = tables.iter().map(|table| table.upsert(stored));
    let last = tables.iter().filter(|table| table.is_owner()).map(|table| table.delete(stored));
    for sql in deletes.chain(upserts).chain(last) {
        tx.query(AssertSqlSafe(sql)).execute().await?;
    }
    Ok(())
}

/// Appends an event for each object with a repaired row, so that readers of the change feed read the
/// object again. The event ID contains `through` and is unique, because the sequence numbers of the
/// appended events are greater than `through`.
pub(super) async fn append_events(
    tx: &mut Tx,
    through: i64,
    now: Millis,
    notifies: bool,
) -> Result<(), StoreError> {
    let event_type = local_event::PROJECTION_REBUILT;
    let (applied, notify) = (Decision::Applied, notifies.then_some(true));
    for kind in Kind::ALL {
        let tables = tables_of(kind);
        let names: Vec<_> = tables.iter().map(|table| format!("'{}'", table.name)).collect();
        // The previous user of a row that had another one.
        let previous = match kind {
            Kind::User => {
                "UNION ALL SELECT stored_user_id, stored_user_id, NULL, 'updated' FROM differences \
                 WHERE stored_user_id <> user_id"
            }
            _ => "",
        };
        let sql = format!(
            "INSERT INTO webhook_events (id, type, subject, object_id, organization_id, \
                 object_kind, operation, decision, occurred_at, received_at, notify) \
             SELECT '{event_type}:{through}:' || object_id, '{event_type}', MAX(user_id), \
                 object_id, MAX(organization_id), '{kind}', MIN(operation), '{applied}', $1, $1, $2 \
             FROM (SELECT object_id, user_id, organization_id, \
                       CASE WHEN table_name = '{table}' AND (kind = 'extra'{is_tombstone}) \
                       THEN 'deleted' ELSE 'updated' END AS operation \
                   FROM differences WHERE table_name IN ({names}){is_visible} {previous}) AS changed \
             GROUP BY object_id ORDER BY object_id",
            table = kind.object_type().table.name,
            is_tombstone = is_tombstone(kind),
            is_visible = is_visible(kind),
            names = names.join(", "),
        );
        tx.query(AssertSqlSafe(sql)).bind(now).bind(notify).execute().await?;
    }
    Ok(())
}

/// Returns the SQL condition that the recomputed row of an object is a tombstone, after `OR`.
fn is_tombstone(kind: Kind) -> String {
    let table = &kind.object_type().table;
    match table.has_tombstones {
        true => format!(
            " OR object_id IN (SELECT {} FROM {} WHERE deleted_at IS NOT NULL)",
            table.id, table.name
        ),
        false => String::new(),
    }
}

/// Returns the SQL condition that a difference is not a missing stub, after `AND`. No reader of the
/// change feed sees a stub.
fn is_visible(kind: Kind) -> String {
    let table = &kind.object_type().table;
    match kind.owned().next() {
        Some(_) => format!(
            " AND NOT (kind = 'missing' AND table_name = '{name}' AND object_id IN \
             (SELECT {} FROM {name} WHERE deleted_at IS NULL AND {IS_STUB}))",
            table.id,
            name = table.name
        ),
        None => String::new(),
    }
}

/// Reads a page of differences after the given one.
pub(super) async fn read_page(
    tx: &mut Tx,
    after: Option<&RowDifference>,
) -> Result<Vec<RowDifference>, StoreError> {
    let sql = "SELECT * FROM differences WHERE (table_name, object_id, id) > ($1, $2, $3) \
               ORDER BY table_name, object_id, id LIMIT $4";
    let (table, object_id, id) =
        after.map_or(("", "", ""), |after| (&*after.table, &*after.object_id, &*after.id));
    Ok(tx.query(sql).bind(table).bind(object_id).bind(id).bind(ROWS_PER_PAGE).fetch_all().await?)
}

struct TableCount {
    table: String,
    kind: RowDifferenceKind,
    count: u64,
}

impl Record for TableCount {
    fn read(row: &Row) -> Result<Self, DbError> {
        let count: i64 = row.get("count")?;
        Ok(Self { table: row.get("table_name")?, kind: kind(row)?, count: count.unsigned_abs() })
    }
}

impl Record for RowDifference {
    fn read(row: &Row) -> Result<Self, DbError> {
        let columns: String = row.get("columns")?;
        Ok(Self {
            table: row.get("table_name")?,
            object_id: row.get("object_id")?,
            id: row.get("id")?,
            kind: kind(row)?,
            columns: columns.split_whitespace().map(str::to_owned).collect(),
        })
    }
}

fn kind(row: &Row) -> Result<RowDifferenceKind, DbError> {
    let name: String = row.get("kind")?;
    Ok(match &*name {
        "missing" => RowDifferenceKind::Missing,
        "extra" => RowDifferenceKind::Extra,
        _ => RowDifferenceKind::Different,
    })
}
