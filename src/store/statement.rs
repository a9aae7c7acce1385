//! Statements over many rows at once, in a few fixed sizes so that they stay prepared.

use std::fmt::Write;

use sqlx::AssertSqlSafe;

use super::{
    StoreError,
    driver::{Connection, Placeholders, Query, Record, Tx},
};

/// How many rows, or keys, one statement takes: SQLite has 32 766 parameters, PostgreSQL 65 535, and
/// the widest table 24 columns. One user's event can hold more items than that.
const MAX_ROWS: usize = 1024;

/// The rows of a table, with all of their columns. They are always named: a `*` that was prepared does
/// not mean on PostgreSQL what it meant once a newer version of the program has added a column.
pub(super) struct Table {
    pub(super) table: &'static str,
    /// The key's columns come first.
    pub(super) columns: &'static [&'static str],
    /// How many columns the key has.
    pub(super) key: usize,
}

impl Table {
    /// The beginning of a statement that reads some of them.
    pub(super) fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.columns.join(", "), self.table)
    }

    /// Writes rows, over those whose keys are there already. No two may have one key: coalesce them
    /// before.
    pub(super) async fn upsert<T>(
        &self,
        tx: &mut Tx,
        rows: &[T],
        bind: impl for<'c> Fn(Query<'c>, &T) -> Query<'c>,
    ) -> Result<u64, StoreError> {
        let (key, rest) = self.columns.split_at(self.key);
        let changes: Vec<_> =
            rest.iter().map(|column| format!("{column} = excluded.{column}")).collect();
        let conflict = format!("({}) DO UPDATE SET {}", key.join(", "), changes.join(", "));
        let into = format!("{} ({})", self.table, self.columns.join(", "));
        insert(tx, &into, self.columns.len(), &conflict, rows, bind).await
    }
}

/// Inserts the rows; `conflict` says what to do about keys that are there. The number of rows that
/// were written.
pub(super) async fn insert<T>(
    tx: &mut Tx,
    into: &str,
    columns: usize,
    conflict: &str,
    rows: &[T],
    bind: impl for<'c> Fn(Query<'c>, &T) -> Query<'c>,
) -> Result<u64, StoreError> {
    let mut written = 0;
    for rows in rows.chunks(MAX_ROWS) {
        let size = prepared_size(rows.len());
        // The last row fills the statement up, and the count cuts the repetitions off again. (A
        // parameter behind LIMIT would do, but SQLite prepares such a statement each time anew.)
        let mut sql = Sql::new(tx.placeholders(), size * (columns * 6 + 8) + 1024);
        sql.push(&format!("INSERT INTO {into} SELECT column2"));
        (3..columns + 2).for_each(|column| sql.push(&format!(", column{column}")));
        sql.push(" FROM (VALUES ");
        for row in 1..=size {
            sql.push(&format!("{}({row}, ", if row == 1 { "" } else { ", " }));
            sql.holes(columns);
            sql.push(")");
        }
        sql.push(") AS numbered WHERE column1 <= ");
        sql.holes(1);
        sql.push(&format!(" ON CONFLICT {conflict}"));
        let padded = rows.iter().chain(std::iter::repeat(&rows[rows.len() - 1])).take(size);
        let query = padded.fold(tx.query(AssertSqlSafe(sql.text)), &bind);
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        written += query.bind(count).execute().await?;
    }
    Ok(written)
}

/// Runs a statement whose `{}` is a list of keys, and reads what it returns.
pub(super) async fn fetch_by_keys<R: Record>(
    tx: &mut Tx,
    sql: &str,
    keys: &[&str],
) -> Result<Vec<R>, StoreError> {
    let mut found = Vec::new();
    for keys in keys.chunks(MAX_ROWS) {
        found.extend(by_keys(tx, sql, keys).fetch_all().await?);
    }
    Ok(found)
}

/// The same, outside of a transaction.
pub(super) async fn read_by_keys<R: Record>(
    connection: &mut Connection,
    sql: &str,
    keys: &[&str],
) -> Result<Vec<R>, StoreError> {
    let mut found = Vec::new();
    for keys in keys.chunks(MAX_ROWS) {
        let (sql, keys) = with_keys(connection.placeholders(), sql, keys);
        found.extend(bind_keys(connection.query(sql), keys).fetch_all().await?);
    }
    Ok(found)
}

/// Runs a statement whose `{}` is a list of keys; the number of rows it changed.
pub(super) async fn execute_by_keys(
    tx: &mut Tx,
    sql: &str,
    keys: &[&str],
) -> Result<u64, StoreError> {
    let mut changed = 0;
    for keys in keys.chunks(MAX_ROWS) {
        changed += by_keys(tx, sql, keys).execute().await?;
    }
    Ok(changed)
}

/// The statement with some keys, of which there is at least one.
fn by_keys<'c>(tx: &'c mut Tx, sql: &str, keys: &[&str]) -> Query<'c> {
    let (sql, keys) = with_keys(tx.placeholders(), sql, keys);
    bind_keys(tx.query(sql), keys)
}

/// The text with a place for each key, and the keys that fill the places.
fn with_keys<'k>(
    placeholders: Placeholders,
    sql: &str,
    keys: &'k [&'k str],
) -> (AssertSqlSafe<String>, impl Iterator<Item = &'k str>) {
    let size = prepared_size(keys.len());
    let (before, after) = sql.split_once("{}").unwrap_or((sql, ""));
    let mut sql = Sql::new(placeholders, size * 6 + 256);
    sql.push(before);
    sql.push("(");
    sql.holes(size);
    sql.push(")");
    sql.push(after);
    let padded = keys.iter().chain(std::iter::repeat(&keys[keys.len() - 1])).take(size);
    (AssertSqlSafe(sql.text), padded.copied())
}

fn bind_keys<'c, 'k>(query: Query<'c>, keys: impl Iterator<Item = &'k str>) -> Query<'c> {
    keys.fold(query, Query::bind)
}

/// The sizes 1, 2, 3, 4, 6, 8, 12, 16, …: at most half as many again as is asked for.
fn prepared_size(rows: usize) -> usize {
    let double = rows.next_power_of_two();
    let between = double / 4 * 3;
    if between >= rows { between } else { double }
}

/// A statement in the making, with its placeholders counted.
struct Sql {
    text: String,
    placeholders: Placeholders,
    holes: usize,
}

impl Sql {
    fn new(placeholders: Placeholders, capacity: usize) -> Self {
        Self { text: String::with_capacity(capacity), placeholders, holes: 0 }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// `?, ?, ?` or `$4, $5, $6`
    fn holes(&mut self, count: usize) {
        for at in 0..count {
            self.holes += 1;
            self.text.push_str(if at == 0 { "" } else { ", " });
            // Writing to a string cannot fail.
            let _ = match self.placeholders {
                Placeholders::Anonymous => self.text.write_str("?"),
                Placeholders::Numbered => write!(self.text, "${}", self.holes),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Placeholders, Sql, prepared_size};

    #[test]
    fn placeholders_are_counted_through_the_statement() {
        for (placeholders, expected) in
            [(Placeholders::Anonymous, "(?, ?) ?"), (Placeholders::Numbered, "($1, $2) $3")]
        {
            let mut sql = Sql::new(placeholders, 0);
            sql.push("(");
            sql.holes(2);
            sql.push(") ");
            sql.holes(1);
            assert_eq!(sql.text, expected);
        }
    }

    #[test]
    fn the_sizes_are_few_and_never_too_small() {
        let sizes: Vec<_> = (1..=256).map(prepared_size).collect();
        assert!(
            (1..=256).zip(&sizes).all(|(rows, size)| *size >= rows && *size <= rows * 3 / 2 + 1)
        );
        let few = sizes.iter().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(few.len(), 16, "{few:?}");
    }
}
