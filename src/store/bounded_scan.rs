//! Bounded scans for list filters without an index.
//!
//! A page scans a limited number of rows, and the next page resumes after them, even if few or no
//! rows matched. The duration of a request is therefore limited for any size of the table. An
//! index would make every commit more expensive.

use super::{
    StoreError,
    driver::{Column, Query},
};

/// Maximum number of rows that one page scans.
pub(super) const MAX_ROWS: i64 = 2_000;

/// A page of a list, possibly from a bounded scan.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanPage<T, K = String> {
    /// Matching items, at most as many as requested.
    pub items: Vec<T>,
    /// Key of the last scanned row. `None` if the scan reached the end of the table.
    pub through: Option<K>,
}

/// Returns the key of the last row of a scan of `length` rows, or `None` if the table ends before.
/// The query selects the rows after the start of the scan. Its last parameter, an offset, is bound
/// here.
pub(super) async fn scan_end<K: Column>(
    query: Query<'_>,
    key: &'static str,
    length: i64,
) -> Result<Option<K>, StoreError> {
    let rows = query.bind(length - 1).rows().await?;
    Ok(rows.first().map(|row| row.get(key)).transpose()?)
}
