//! Lists of the rows of synced tables, in the order of a key.

use std::fmt::Display;

use sqlx::AssertSqlSafe;

use super::{
    PageRequest, Store, StoreError,
    bounded_scan::{self, ScanPage},
    conditions::Conditions,
    driver::Record,
};

/// SQL condition that excludes stubs and tombstones, which have the version (0, 0, '').
pub(super) const IS_VISIBLE: &str =
    "(version_updated_at, version_occurred_at, version_event_id) > (0, 0, '')";

/// Text that is greater than every ID.
pub(super) const MAX_ID: &str = "\u{10ffff}";

/// List of the visible rows of a table that match conditions.
pub(super) struct ObjectList<'a> {
    /// Name of the table.
    pub(super) table: &'static str,
    /// Column by which the list is ordered. No two rows of the list have the same key.
    pub(super) key: &'static str,
    /// Column and value of the owner of the rows. An index has the rows of an owner in the order of
    /// the key.
    pub(super) owner: Option<(&'static str, &'a str)>,
    /// Other conditions.
    pub(super) conditions: Conditions<'a>,
    /// Whether any number of rows in a row can fail the conditions, so that a page scans a bounded
    /// number of them.
    pub(super) needs_scan: bool,
}

impl Store {
    /// Reads a page of a list. `columns` are the selected columns; the first is the ID.
    pub(super) async fn object_page<R: Record>(
        &self,
        columns: impl Display,
        list: ObjectList<'_>,
        page: &PageRequest,
    ) -> Result<ScanPage<R>, StoreError> {
        let ObjectList { table, key, owner, conditions, needs_scan } = list;
        let mut connection = self.pool.read().await?;
        let mut range = Conditions::default();
        if let Some((column, id)) = owner {
            range.add(format!("{column} = ?"), [id]);
        }
        range.add(format!("{key} > ?"), [page.after.as_deref().unwrap_or_default()]);
        let mut through: Option<String> = None;
        if needs_scan {
            let (condition, offset) = range.sql();
            let sql = format!(
                "SELECT {key} FROM {table} WHERE {condition} ORDER BY {key} LIMIT 1 OFFSET ${offset}"
            );
            let end = range.bind(connection.query(AssertSqlSafe(sql)));
            through = bounded_scan::scan_end(end, key, bounded_scan::MAX_ROWS).await?;
        }
        let mut all = range;
        if needs_scan {
            all.add(format!("{key} <= ?"), [through.as_deref().unwrap_or(MAX_ID)]);
        }
        all.add(IS_VISIBLE, [""; 0]);
        all.append(conditions);
        let (condition, limit) = all.sql();
        let sql = format!(
            "SELECT {columns} FROM {table} WHERE {condition} ORDER BY {key} LIMIT ${limit}"
        );
        let query = all.bind(connection.query(AssertSqlSafe(sql)));
        let rows = query.bind(i64::from(page.limit)).rows().await?;
        drop(all);
        self.readable_page(&rows, page.limit, key, through)
    }
}
