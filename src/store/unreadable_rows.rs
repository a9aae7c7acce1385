//! Isolates stored rows that cannot be read, for example because a metadata column holds text that
//! is not JSON.
//!
//! A list leaves such a row out, and a commit records the event that needs it as failed. The other
//! rows and events are not affected. Each row is logged with its key, and the reads are counted.

use std::{
    collections::HashSet,
    sync::{
        LazyLock, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    Store, StoreError,
    bounded_scan::ScanPage,
    driver::{Column, DbError, Record, Row, UndecodableValue},
};
use crate::objects::Kind;

/// Other tables than the synced ones whose unreadable rows are isolated.
const OTHER_TABLES: [&str; 3] = ["webhook_events", "api_keys", "webhook_secrets"];

/// Returns the tables whose unreadable rows are isolated.
fn tables() -> &'static [&'static str] {
    static TABLES: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let synced = Kind::ALL.into_iter().flat_map(|kind| {
            let table = &kind.object_type().table;
            [table.name].into_iter().chain(table.items.iter().map(|items| items.name))
        });
        synced.chain(OTHER_TABLES).collect()
    });
    &TABLES
}

/// Maximum number of rows that are remembered as logged.
const MAX_LOGGED: usize = 1_000;

/// Counts of unreadable rows since the start of the process.
#[derive(Debug)]
pub(super) struct UnreadableRows {
    /// Counts in the order of [`tables`].
    counts: Vec<AtomicU64>,
    /// Rows that are logged already. A list that is polled reads the same row again and again.
    logged: Mutex<HashSet<(&'static str, String)>>,
}

impl Default for UnreadableRows {
    fn default() -> Self {
        let counts = tables().iter().map(|_| AtomicU64::new(0)).collect();
        Self { counts, logged: Mutex::default() }
    }
}

impl UnreadableRows {
    /// Counts a read of an unreadable row, and logs the row the first time.
    pub(super) fn report(&self, value: &UndecodableValue) {
        if let Some(index) = tables().iter().position(|table| *table == value.table) {
            self.counts[index].fetch_add(1, Ordering::Relaxed);
        }
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        let row = (value.table, value.row.clone());
        if logged.len() < MAX_LOGGED && logged.insert(row) {
            let UndecodableValue { table, column, row } = value;
            tracing::error!(
                table,
                column,
                row,
                "a stored row cannot be read; a rebuild can repair the synced tables"
            );
        }
    }
}

impl Store {
    /// Returns the number of reads of unreadable rows by table, since the start of the process.
    #[must_use]
    pub fn unreadable_rows(&self) -> Vec<(&'static str, u64)> {
        let counts = self.unreadable.counts.iter().map(|count| count.load(Ordering::Relaxed));
        tables().iter().copied().zip(counts).collect()
    }

    /// Reads rows, and leaves out and reports those that cannot be read.
    pub(super) fn readable<R: Record>(&self, rows: &[Row]) -> Result<Vec<R>, StoreError> {
        let mut unreadable = Vec::new();
        let readable = collect_readable(rows, &mut unreadable);
        for value in &unreadable {
            self.unreadable.report(value);
        }
        readable
    }

    /// Reads the rows of a page, and leaves out and reports those that cannot be read. A page that
    /// is short for this reason ends at the key of its last row, so that the list continues.
    /// `through` is the end of a bounded scan.
    pub(super) fn readable_page<R: Record, K: Column>(
        &self,
        rows: &[Row],
        limit: u16,
        key: &'static str,
        through: Option<K>,
    ) -> Result<ScanPage<R, K>, StoreError> {
        let items = self.readable(rows)?;
        let is_full = rows.len() == usize::from(limit);
        let is_short = is_full && items.len() < rows.len();
        let mut keys = rows.iter().rev().filter_map(|row| row.get(key).ok());
        let last = if is_short { keys.next() } else { None };
        Ok(ScanPage { items, through: last.or(through) })
    }

    /// Reports a row that a caller asked for and that cannot be read.
    pub(super) fn reported<T>(&self, read: Result<T, DbError>) -> Result<T, StoreError> {
        if let Err(DbError::UndecodableValue(value)) = &read {
            self.unreadable.report(value);
        }
        Ok(read?)
    }
}

/// Reads rows, and collects the values that cannot be read.
pub(super) fn collect_readable<R: Record>(
    rows: &[Row],
    unreadable: &mut Vec<UndecodableValue>,
) -> Result<Vec<R>, StoreError> {
    let mut readable = Vec::with_capacity(rows.len());
    for row in rows {
        match row.read() {
            Ok(record) => readable.push(record),
            Err(DbError::UndecodableValue(value)) => unreadable.push(value),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(readable)
}

#[cfg(test)]
mod tests {
    use std::sync::{PoisonError, atomic::Ordering};

    use super::{MAX_LOGGED, UndecodableValue, UnreadableRows, tables};

    fn value(table: &'static str, row: usize) -> UndecodableValue {
        UndecodableValue { table, column: "actor", row: format!("sess_{row}") }
    }

    #[test]
    fn every_read_counts_and_log_is_bounded() {
        let rows = UnreadableRows::default();
        let logged = || rows.logged.lock().unwrap_or_else(PoisonError::into_inner).len();
        for _ in 0..3 {
            rows.report(&value("sessions", 0));
        }
        let counts = rows.counts.iter().map(|count| count.load(Ordering::Relaxed));
        let sessions = tables().iter().map(|table| if *table == "sessions" { 3 } else { 0 });
        assert!(counts.eq(sessions));
        assert_eq!(logged(), 1);
        for row in 0..2 * MAX_LOGGED {
            rows.report(&value("users", row));
        }
        assert_eq!(logged(), MAX_LOGGED);
    }
}
