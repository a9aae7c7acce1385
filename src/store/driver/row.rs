//! Rows of a result, and the types that are read from them.

use sqlx::{
    Column as _, ColumnIndex, Decode, Postgres, Row as _, Sqlite, Type, postgres::PgRow,
    sqlite::SqliteRow,
};

use super::{DbError, UndecodableValue};

/// A row of a result.
pub(in crate::store) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// A value that both engines can return.
pub(in crate::store) trait Column:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}
impl<T> Column for T where
    T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}

/// The name of a column, or its index in the row.
pub(in crate::store) trait Position:
    ColumnIndex<SqliteRow> + ColumnIndex<PgRow>
{
}
impl<T> Position for T where T: ColumnIndex<SqliteRow> + ColumnIndex<PgRow> {}

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
        match_engine!(Self, self, row => row.try_get(position))
            .map_err(|error| self.column_error(column, error))
    }

    /// Reads a column of text, without a copy of the text.
    pub(in crate::store) fn text_at(
        &self,
        position: impl Position,
        column: &'static str,
    ) -> Result<Option<&str>, DbError> {
        match_engine!(Self, self, row => row.try_get(position))
            .map_err(|error| self.column_error(column, error))
    }

    fn column_error(&self, column: &'static str, error: sqlx::Error) -> DbError {
        match error {
            sqlx::Error::ColumnDecode { .. } => {
                UndecodableValue { table: "a query result", column, row: self.key() }.into()
            }
            error => error.into(),
        }
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
        match_engine!(Self, self, row => {
            let part = |index: usize| {
                let number = || row.try_get::<i64, _>(index).map(|number| number.to_string());
                row.try_get::<String, _>(index).or_else(|_| number()).ok()
            };
            let second = row.columns().get(1).filter(|it| it.name() == "id").and_then(|_| part(1));
            let parts: Vec<_> = part(0).into_iter().chain(second).collect();
            parts.join(" ")
        })
    }
}

/// Row without columns, for a statement that only checks whether a row exists.
impl Record for () {
    fn read(_: &Row) -> Result<Self, DbError> {
        Ok(())
    }
}
