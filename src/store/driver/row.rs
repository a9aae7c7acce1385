//! Rows of a result, and the types that are read from them.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::{
    Column as _, ColumnIndex, Decode, Postgres, Row as _, Sqlite, Type, postgres::PgRow,
    sqlite::SqliteRow, types::Json,
};

use super::{DbError, UndecodableValue};

/// A row of a result.
pub(in crate::store) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
    /// A row that SQLite returned in a JSON array, with the names of its columns.
    Json(Vec<Value>, Arc<[&'static str]>),
}

/// A value that both engines can return.
pub(in crate::store) trait Column:
    for<'r> Decode<'r, Sqlite>
    + Type<Sqlite>
    + for<'r> Decode<'r, Postgres>
    + Type<Postgres>
    + DeserializeOwned
{
}
impl<T> Column for T where
    T: for<'r> Decode<'r, Sqlite>
        + Type<Sqlite>
        + for<'r> Decode<'r, Postgres>
        + Type<Postgres>
        + DeserializeOwned
{
}

/// The name of a column, or its index in the row.
pub(in crate::store) trait Position:
    ColumnIndex<SqliteRow> + ColumnIndex<PgRow>
{
    /// Returns the index among these columns.
    fn among(&self, columns: &[&str]) -> Option<usize>;
}

impl Position for usize {
    fn among(&self, columns: &[&str]) -> Option<usize> {
        Some(*self).filter(|index| *index < columns.len())
    }
}

impl Position for &str {
    fn among(&self, columns: &[&str]) -> Option<usize> {
        columns.iter().position(|column| column == self)
    }
}

/// A type that is read from a row.
pub(in crate::store) trait Record: Sized {
    /// Table of the rows, for errors and logs.
    const TABLE: &'static str = "a query result";

    /// Reads the columns by name.
    fn read(row: &Row) -> Result<Self, DbError>;
}

/// Implements [`Record`] for a struct whose fields have the names of the columns.
///
/// sqlx derives the same, but its macros compile the drivers and SQLite once more for the
/// compiler's host.
macro_rules! record {
    ($type:ty $(, $table:literal)? { $($column:ident),+ $(,)? }) => {
        impl $crate::store::driver::Record for $type {
            $(const TABLE: &'static str = $table;)?

            fn read(
                row: &$crate::store::driver::Row,
            ) -> Result<Self, $crate::store::driver::DbError> {
                Ok(Self { $($column: row.get(stringify!($column))?),+ })
            }
        }
    };
}
pub(in crate::store) use record;

/// Returns the name and the text of a column of a key, if it is a text or a number.
macro_rules! key_part {
    ($row:expr, $index:literal) => {{
        let number = || $row.try_get::<i64, _>($index).map(|number| number.to_string());
        let text = $row.try_get::<String, _>($index).or_else(|_| number()).ok();
        $row.columns().get($index).map(|column| column.name()).zip(text)
    }};
}

impl Row {
    /// Reads a column by name. A value that is not of the type is an [`UndecodableValue`].
    pub(in crate::store) fn get<T: Column>(&self, column: &'static str) -> Result<T, DbError> {
        self.get_at(column, column)
    }

    /// Reads a column by its position, which is faster. `column` is its name, for errors.
    pub(in crate::store) fn get_at<T: Column>(
        &self,
        position: impl Position,
        column: &'static str,
    ) -> Result<T, DbError> {
        let value = match self {
            Self::Sqlite(row) => row.try_get(position),
            Self::Postgres(row) => row.try_get(position),
            Self::Json(values, columns) => {
                let value = value_at((values, columns), &position, column)?;
                // SQLite has no booleans.
                let flag = || value.as_u64().filter(|it| *it <= 1).map(|it| Value::Bool(it == 1));
                let read = T::deserialize(value).or_else(|error| match flag() {
                    Some(flag) => T::deserialize(flag),
                    None => Err(error),
                });
                return read.map_err(|_| self.undecodable(column));
            }
        };
        value.map_err(|error| self.column_error(column, error))
    }

    /// Reads a column of text, without a copy of the text.
    pub(in crate::store) fn text_at(
        &self,
        position: impl Position,
        column: &'static str,
    ) -> Result<Option<&str>, DbError> {
        let text = match self {
            Self::Sqlite(row) => row.try_get(position),
            Self::Postgres(row) => row.try_get(position),
            Self::Json(values, columns) => {
                return match value_at((values, columns), &position, column)? {
                    Value::String(text) => Ok(Some(text)),
                    Value::Null => Ok(None),
                    _ => Err(self.undecodable(column)),
                };
            }
        };
        text.map_err(|error| self.column_error(column, error))
    }

    /// Reads a JSON column, which is `JSONB` on PostgreSQL and text on SQLite.
    pub(in crate::store) fn json(&self, column: &'static str) -> Result<Option<Value>, DbError> {
        if let Self::Json(..) = self {
            let text = self.text_at(column, column)?;
            let json = text.map(serde_json::from_str).transpose();
            return json.map_err(|_| self.undecodable(column));
        }
        Ok(self.get::<Option<Json<Value>>>(column)?.map(|Json(value)| value))
    }

    fn column_error(&self, column: &'static str, error: sqlx::Error) -> DbError {
        match error {
            sqlx::Error::ColumnDecode { .. } => self.undecodable(column),
            error => error.into(),
        }
    }

    fn undecodable(&self, column: &'static str) -> DbError {
        UndecodableValue { table: "a query result", column, row: self.key() }.into()
    }

    /// Reads the whole row. An error names the table.
    pub(in crate::store) fn read<R: Record>(&self) -> Result<R, DbError> {
        R::read(self).map_err(|error| match error {
            DbError::UndecodableValue(value) => {
                UndecodableValue { table: R::TABLE, ..value }.into()
            }
            error => error,
        })
    }

    /// Returns the key of the row for errors and logs. Every statement selects the columns of the
    /// key first, and a second column of the key has the name `id`.
    fn key(&self) -> String {
        let (first, second) = match self {
            Self::Sqlite(row) => (key_part!(row, 0), key_part!(row, 1)),
            Self::Postgres(row) => (key_part!(row, 0), key_part!(row, 1)),
            Self::Json(values, columns) => {
                let part = |index: usize| {
                    let text = values.get(index).and_then(Value::as_str)?;
                    Some((*columns.get(index)?, text.to_owned()))
                };
                (part(0), part(1))
            }
        };
        let second = second.filter(|(name, _)| *name == "id");
        let parts: Vec<_> = first.into_iter().chain(second).map(|(_, text)| text).collect();
        parts.join(" ")
    }
}

/// Returns the value of a column in a row of JSON.
fn value_at<'r>(
    (values, columns): (&'r [Value], &[&'static str]),
    position: &impl Position,
    column: &'static str,
) -> Result<&'r Value, DbError> {
    let value = position.among(columns).and_then(|index| values.get(index));
    Ok(value.ok_or_else(|| sqlx::Error::ColumnNotFound(column.to_owned()))?)
}

/// Row without columns, for a statement that only checks whether a row exists.
impl Record for () {
    fn read(_: &Row) -> Result<Self, DbError> {
        Ok(())
    }
}
