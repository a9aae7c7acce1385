//! Lists that are narrowed by what no index leads to. A page of them looks through one stretch of the
//! table, however little it finds there, and the next page goes on behind it: a request has an end,
//! however large the table is. An index would make every commit dearer.

use super::{
    StoreError,
    driver::{Column, Query},
};

/// How many rows a page looks through.
pub(super) const MAX_ROWS: i64 = 2_000;

/// What a page found.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanPage<T, K = String> {
    /// As many as were asked for, or all that there are as far as it looked.
    pub items: Vec<T>,
    /// How far it looked, where that is not the end.
    pub through: Option<K>,
}

impl<T, K> ScanPage<T, K> {
    /// A page that was asked for no more than it has room for: a full one may have a next.
    #[must_use]
    pub fn from_items(items: Vec<T>, limit: u16, key: impl FnOnce(&T) -> K) -> Self {
        let through = items.last().filter(|_| items.len() == usize::from(limit)).map(key);
        Self { items, through }
    }
}

/// The last key of the stretch of so many rows that begins behind another; none where the table ends
/// first. The query's last parameter, an offset, is left to bind.
pub(super) async fn scan_end<K: Column>(
    query: Query<'_>,
    key: &'static str,
    length: i64,
) -> Result<Option<K>, StoreError> {
    let rows = query.bind(length - 1).rows().await?;
    Ok(rows.first().map(|row| row.get(key)).transpose()?)
}
