//! Isolates stored rows that cannot be read, for example because a metadata column holds text that
//! is not JSON.
//!
//! A list leaves such a row out, and a commit records the event that needs it as failed. The other
//! rows and events are not affected. Each row is logged with its key, and the reads are counted.

use std::{
    collections::HashSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    Store, StoreError,
    bounded_scan::ScanPage,
    driver::{Column, DbError, Record, Row, UndecodableValue},
};

/// Tables whose unreadable rows are isolated.
const TABLES: [&str; 7] = [
    "users",
    "sessions",
    "accounts",
    "verifications",
    "webhook_events",
    "api_keys",
    "webhook_secrets",
];

/// Maximum number of rows that are remembered as logged.
const MAX_LOGGED: usize = 1_000;

/// Counts of unreadable rows since the start of the process.
#[derive(Debug, Default)]
pub(super) struct UnreadableRows {
    counts: [AtomicU64; TABLES.len()],
    /// Rows that are logged already. A list that is polled reads the same row again and again.
    logged: Mutex<HashSet<(&'static str, String)>>,
}

impl UnreadableRows {
    /// Counts a read of an unreadable row, and logs the row the first time.
    pub(super) fn report(&self, value: &UndecodableValue) {
        if let Some(index) = TABLES.iter().position(|table| *table == value.table) {
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
    pub fn unreadable_rows(&self) -> [(&'static str, u64); TABLES.len()] {
        let count = |index: usize| self.unreadable.counts[index].load(Ordering::Relaxed);
        std::array::from_fn(|index| (TABLES[index], count(index)))
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

    use super::{MAX_LOGGED, TABLES, UndecodableValue, UnreadableRows};

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
        let counts = rows.counts.each_ref().map(|count| count.load(Ordering::Relaxed));
        let sessions = TABLES.map(|table| if table == "sessions" { 3 } else { 0 });
        assert_eq!((counts, logged()), (sessions, 1));
        for row in 0..2 * MAX_LOGGED {
            rows.report(&value("users", row));
        }
        assert_eq!(logged(), MAX_LOGGED);
    }
}
