//! Statements about the rows with some keys.
//!
//! All keys are one parameter, so that a statement has the same text for any number of them. The text
//! contains `IN {}` where a column must be one of the keys. Without keys, nothing is run.

use std::{borrow::Cow, sync::Arc};

use serde_json::Value;
use sqlx::AssertSqlSafe;

use super::{
    StoreError,
    driver::{Connection, Keys, Placeholders, Record, Row, Tx},
};

/// Runs a statement in a transaction, and reads the rows that it returns.
pub(super) async fn fetch<R: Record>(
    tx: &mut Tx,
    sql: &str,
    keys: &[&str],
) -> Result<Vec<R>, StoreError> {
    let rows = rows(tx, sql, keys).await?;
    Ok(rows.iter().map(Row::read).collect::<Result<_, _>>()?)
}

/// Locks `ids` against other transactions until the end of this one, and reads columns of the rows of
/// a table whose column `id` is one of the keys. The first column is never null.
///
/// On PostgreSQL, one statement does both. It sees the rows as they were before it waited for the
/// locks.
pub(super) async fn lock_and_fetch<R: Record>(
    tx: &mut Tx,
    ids: &[&str],
    (columns, table, id): (&'static [&'static str], &str, &str),
    keys: &[&str],
) -> Result<Vec<R>, StoreError> {
    let selected = columns.join(", ");
    let Some(locks) = tx.id_locks() else {
        return fetch(tx, &format!("SELECT {selected} FROM {table} WHERE {id} IN {{}}"), keys)
            .await;
    };
    // An outer join always reads its left side, and therefore takes the locks.
    let sql = format!("{locks} SELECT {selected} FROM locked LEFT JOIN {table} ON {id} = ANY($1)");
    let query = tx.query(AssertSqlSafe(sql));
    let mut rows = query.bind_keys(Keys::Texts(keys)).bind_keys(Keys::Texts(ids)).rows().await?;
    // Without any row of the table, the join has one row of nulls.
    if let ([row], [first, ..]) = (&rows[..], columns)
        && row.text_at(0, first)?.is_none()
    {
        rows.clear();
    }
    Ok(rows.iter().map(Row::read).collect::<Result<_, _>>()?)
}

/// Does the same as [`fetch`], and returns the rows unread, because some of them may be unreadable.
pub(super) async fn rows(tx: &mut Tx, sql: &str, keys: &[&str]) -> Result<Vec<Row>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let sql = with_keys(tx.placeholders(), sql);
    Ok(tx.query(sql).bind_keys(Keys::Texts(keys)).rows().await?)
}

/// Columns to read, each as an expression and its name.
pub(super) type Selected = Vec<(Cow<'static, str>, &'static str)>;

/// Reads these columns of the rows of a table whose column `id` is one of the keys.
pub(super) async fn columns(
    tx: &mut Tx,
    columns: &Selected,
    (table, id): (&str, &str),
    keys: &[&str],
) -> Result<Vec<Row>, StoreError> {
    let from = format!("FROM {table} WHERE {id} IN {{}}");
    if tx.placeholders() == Placeholders::Anonymous
        && let Some(found) = columns_in_json(tx, columns, &from, keys).await?
    {
        return Ok(found);
    }
    let named = columns.iter().map(|(expression, name)| format!("{expression} AS {name}"));
    let named = named.collect::<Vec<_>>().join(", ");
    rows(tx, &format!("SELECT {named} {from}"), keys).await
}

/// Reads columns as one result, which is a JSON array. On SQLite, each row of a result wakes the
/// caller's thread, and each of its values takes an allocation that another thread frees.
///
/// Returns none if a text is not UTF-8. If the rows are read one by one, only that text is unreadable.
async fn columns_in_json(
    tx: &mut Tx,
    columns: &Selected,
    from: &str,
    keys: &[&str],
) -> Result<Option<Vec<Row>>, StoreError> {
    let expressions: Vec<&str> = columns.iter().map(|(expression, _)| &**expression).collect();
    let expressions = expressions.join(", ");
    let sql = format!("SELECT json_group_array(json_array({expressions})) AS found {from}");
    let result = rows(tx, &sql, keys).await?;
    let Some(row) = result.first() else { return Ok(Some(Vec::new())) };
    let text = row.text_at(0, "found").ok().flatten();
    let found: Option<Vec<Vec<Value>>> = text.and_then(|text| serde_json::from_str(text).ok());
    let names: Arc<[&str]> = columns.iter().map(|(_, name)| *name).collect();
    let row = |values| Row::Json(values, Arc::clone(&names));
    Ok(found.map(|found| found.into_iter().map(row).collect()))
}

/// Does the same as [`rows`], but without a transaction.
pub(super) async fn read(
    connection: &mut Connection,
    sql: &str,
    keys: &[&str],
) -> Result<Vec<Row>, StoreError> {
    read_keys(connection, sql, Keys::Texts(keys)).await
}

/// Does the same as [`read`] for keys that are numbers.
pub(super) async fn read_numbers(
    connection: &mut Connection,
    sql: &str,
    keys: &[i64],
) -> Result<Vec<Row>, StoreError> {
    read_keys(connection, sql, Keys::Numbers(keys)).await
}

async fn read_keys(
    connection: &mut Connection,
    sql: &str,
    keys: Keys<'_>,
) -> Result<Vec<Row>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let sql = with_keys(connection.placeholders(), sql);
    Ok(connection.query(sql).bind_keys(keys).rows().await?)
}

/// Runs a statement, and returns the number of rows that it changed.
pub(super) async fn execute(tx: &mut Tx, sql: &str, keys: &[&str]) -> Result<u64, StoreError> {
    if keys.is_empty() {
        return Ok(0);
    }
    let sql = with_keys(tx.placeholders(), sql);
    Ok(tx.query(sql).bind_keys(Keys::Texts(keys)).execute().await?)
}

/// Returns the SQL with the list of keys as its only parameter.
fn with_keys(placeholders: Placeholders, sql: &str) -> AssertSqlSafe<String> {
    let is_key = match placeholders {
        Placeholders::Anonymous => "IN (SELECT value FROM json_each(?))",
        Placeholders::Numbered => "= ANY($1)",
    };
    AssertSqlSafe(sql.replace("IN {}", is_key))
}
