//! Builds statements with many rows of values.
//!
//! A statement has one of a few sizes, so that the connection can keep it prepared. The last row is
//! repeated until the size is reached.

use std::fmt::Write;

use sqlx::AssertSqlSafe;

use super::{
    StoreError,
    driver::{Connection, Placeholders, Query, Record, Tx},
};

/// Maximum number of rows in one statement. SQLite allows 32 766 parameters, PostgreSQL
/// 65 535, and the widest table has 26 columns. One user can have more items than this.
const MAX_ROWS: usize = 1024;

/// A table with its columns. Statements name every column: on PostgreSQL, a prepared `*` fails
/// after a newer version of the program has added a column.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// Names of the columns. The columns of the primary key come first.
    pub(super) columns: Vec<&'static str>,
    /// Number of columns in the primary key.
    pub(super) key_length: usize,
}

impl Table {
    /// Returns a `SELECT` of every column, without conditions.
    pub(super) fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.columns.join(", "), self.name)
    }

    /// Inserts rows, or updates the rows that exist, except for the columns in `unchanged`. Returns
    /// the number of rows written. No two rows may have the same key.
    pub(super) async fn upsert<T>(
        &self,
        tx: &mut Tx,
        rows: &[T],
        unchanged: &[&str],
        bind: impl for<'c> Fn(Query<'c>, &T) -> Query<'c>,
    ) -> Result<u64, StoreError> {
        if rows.is_empty() {
            return Ok(0);
        }
        let (key, rest) = self.columns.split_at(self.key_length);
        let mut conflict = format!("({})", key.join(", "));
        let written = rest.iter().filter(|column| !unchanged.contains(column));
        for (index, column) in written.enumerate() {
            conflict.push_str(if index == 0 { " DO UPDATE SET " } else { ", " });
            conflict.extend([column, " = excluded.", column]);
        }
        let into = format!("{} ({})", self.name, self.columns.join(", "));
        insert(tx, &into, self.columns.len(), &conflict, rows, bind).await
    }
}

/// Inserts rows, and returns the number of rows written. `into` names the table and its columns.
/// `conflict` is the part of the statement after `ON CONFLICT`.
pub(super) async fn insert<T>(
    tx: &mut Tx,
    into: &str,
    columns: usize,
    conflict: &str,
    rows: &[T],
    bind: impl for<'c> Fn(Query<'c>, &T) -> Query<'c>,
) -> Result<u64, StoreError> {
    insert_after(tx, ("", ""), (into, columns, conflict), rows, bind).await
}

/// Does the same as [`insert`]. `with` begins the statement, and `from` is the first item after `FROM`.
pub(super) async fn insert_after<T>(
    tx: &mut Tx,
    (with, from): (&str, &str),
    (into, columns, conflict): (&str, usize, &str),
    rows: &[T],
    bind: impl for<'c> Fn(Query<'c>, &T) -> Query<'c>,
) -> Result<u64, StoreError> {
    let mut written = 0;
    for rows in rows.chunks(MAX_ROWS) {
        let size = prepared_size(rows.len());
        // `column1` numbers the rows. The condition on it drops the repetitions of the last row. A
        // parameter after LIMIT has the same effect, but SQLite does not keep such a statement
        // prepared.
        let mut sql = SqlBuilder::new(tx.placeholders(), size * (columns * 6 + 8) + 1024);
        sql.push(with);
        sql.push("INSERT INTO ");
        sql.push(into);
        for column in 2..columns + 2 {
            sql.push_number(if column == 2 { " SELECT column" } else { ", column" }, column);
        }
        sql.push(" FROM ");
        sql.push(from);
        for row in 1..=size {
            sql.push_number(if row == 1 { "(VALUES (" } else { ",(" }, row);
            sql.push(",");
            sql.push_placeholders(columns);
            sql.push(")");
        }
        sql.push(") AS numbered WHERE column1 <= ");
        sql.push_placeholders(1);
        sql.push(" ON CONFLICT ");
        sql.push(conflict);
        let padded = rows.iter().chain(std::iter::repeat(&rows[rows.len() - 1])).take(size);
        let query = padded.fold(tx.query(AssertSqlSafe(sql.text)), &bind);
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        written += query.bind(count).execute().await?;
    }
    Ok(written)
}

/// Runs a statement with rows of values, and returns the number of rows that it changed. Replaces
/// `{}` in the SQL by the list of rows after `VALUES`. The last row can occur several times in it.
pub(super) async fn execute_by_rows<T>(
    tx: &mut Tx,
    sql: &str,
    columns: usize,
    rows: &[T],
    bind: impl for<'c> Fn(Query<'c>, &T) -> Query<'c>,
) -> Result<u64, StoreError> {
    let mut changed = 0;
    for rows in rows.chunks(MAX_ROWS) {
        changed += query_by_rows(tx, sql, columns, rows, &bind).execute().await?;
    }
    Ok(changed)
}

/// Does the same as [`execute_by_rows`], and reads the rows that the statement returns.
pub(super) async fn fetch_by_rows<T, R: Record>(
    tx: &mut Tx,
    sql: &str,
    columns: usize,
    rows: &[T],
    bind: impl for<'c> Fn(Query<'c>, &T) -> Query<'c>,
) -> Result<Vec<R>, StoreError> {
    let mut found = Vec::new();
    for rows in rows.chunks(MAX_ROWS) {
        found.extend(query_by_rows(tx, sql, columns, rows, &bind).fetch_all().await?);
    }
    Ok(found)
}

/// Does the same as [`fetch_by_rows`], but without a transaction.
pub(super) async fn read_by_rows<T, R: Record>(
    connection: &mut Connection,
    sql: &str,
    columns: usize,
    rows: &[T],
    bind: impl for<'c> Fn(Query<'c>, &T) -> Query<'c>,
) -> Result<Vec<R>, StoreError> {
    let mut found = Vec::new();
    for rows in rows.chunks(MAX_ROWS) {
        let (sql, rows) = with_rows(connection.placeholders(), sql, columns, rows);
        found.extend(rows.fold(connection.query(sql), &bind).fetch_all().await?);
    }
    Ok(found)
}

/// Returns a statement for [`execute_by_rows`] that deletes rows by their key of two columns.
/// SQLite finds the rows by the primary key because of the inner `SELECT`; it scans the table for
/// `IN (VALUES …)`.
pub(super) fn delete_by_keys(table: &str, [first, second]: [&str; 2]) -> String {
    format!(
        "DELETE FROM {table} WHERE ({first}, {second}) IN \
         (SELECT column1, column2 FROM (VALUES {{}}) AS removed)"
    )
}

/// Prepares a statement with at least one row.
fn query_by_rows<'c, T>(
    tx: &'c mut Tx,
    sql: &str,
    columns: usize,
    rows: &[T],
    bind: impl for<'q> Fn(Query<'q>, &T) -> Query<'q>,
) -> Query<'c> {
    let (sql, rows) = with_rows(tx.placeholders(), sql, columns, rows);
    rows.fold(tx.query(sql), bind)
}

/// Returns the SQL with the placeholders of each row, and the rows to bind. The last row is repeated
/// to reach the size of the statement.
fn with_rows<'r, T>(
    placeholders: Placeholders,
    sql: &str,
    columns: usize,
    rows: &'r [T],
) -> (AssertSqlSafe<String>, impl Iterator<Item = &'r T> + use<'r, T>) {
    let size = prepared_size(rows.len());
    let (before, after) = sql.split_once("{}").unwrap_or((sql, ""));
    let mut sql = SqlBuilder::new(placeholders, size * (columns * 6 + 4) + 512);
    sql.push(before);
    for row in 0..size {
        sql.push(if row == 0 { "(" } else { ",(" });
        sql.push_placeholders(columns);
        sql.push(")");
    }
    sql.push(after);
    let padded = rows.iter().chain(std::iter::repeat(&rows[rows.len() - 1])).take(size);
    (AssertSqlSafe(sql.text), padded)
}

/// Returns the size of the statement for this number of rows: 1, 2, 3, 4, 6, 8, 12, 16, … A size
/// is at most half as large again as the number of rows.
fn prepared_size(rows: usize) -> usize {
    let power = rows.next_power_of_two();
    let three_quarters = power / 4 * 3;
    if three_quarters >= rows { three_quarters } else { power }
}

/// Builder for the text of a statement. Counts the placeholders.
struct SqlBuilder {
    text: String,
    placeholders: Placeholders,
    /// Number of placeholders in the text.
    count: usize,
}

impl SqlBuilder {
    fn new(placeholders: Placeholders, capacity: usize) -> Self {
        Self { text: String::with_capacity(capacity), placeholders, count: 0 }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Appends a text and a number.
    fn push_number(&mut self, text: &str, number: usize) {
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{text}{number}");
    }

    /// Appends placeholders, for example `?,?,?` or `$4,$5,$6`. The connection hashes the text to
    /// find the prepared statement, so it has no spaces.
    fn push_placeholders(&mut self, count: usize) {
        for index in 0..count {
            self.count += 1;
            match self.placeholders {
                Placeholders::Anonymous => self.push(if index == 0 { "?" } else { ",?" }),
                Placeholders::Numbered => {
                    self.push_number(if index == 0 { "$" } else { ",$" }, self.count);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Placeholders, SqlBuilder, prepared_size};

    #[test]
    fn placeholders_are_numbered_across_statement() {
        for (placeholders, expected) in
            [(Placeholders::Anonymous, "(?,?) ?"), (Placeholders::Numbered, "($1,$2) $3")]
        {
            let mut sql = SqlBuilder::new(placeholders, 0);
            sql.push("(");
            sql.push_placeholders(2);
            sql.push(") ");
            sql.push_placeholders(1);
            assert_eq!(sql.text, expected);
        }
    }

    #[test]
    fn prepared_sizes_are_few_and_sufficient() {
        let sizes: Vec<_> = (1..=256).map(prepared_size).collect();
        assert!(
            (1..=256).zip(&sizes).all(|(rows, size)| *size >= rows && *size <= rows * 3 / 2 + 1)
        );
        let distinct = sizes.iter().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(distinct.len(), 16, "{distinct:?}");
    }
}
