//! Rows of a result, and the types that are read from them.

use sqlx::{Decode, Postgres, Row as _, Sqlite, Type, postgres::PgRow, sqlite::SqliteRow};

use super::DbError;

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

/// A type that is read from a row.
pub(in crate::store) trait Record: Sized {
    /// Reads the columns by name.
    fn read(row: &Row) -> Result<Self, DbError>;
}

/// Implements [`Record`] for a struct whose fields have the names of the columns.
///
/// sqlx derives the same, but its macros compile the drivers and SQLite once more for the
/// compiler's host.
macro_rules! record {
    ($type:ty { $($column:ident),+ $(,)? }) => {
        impl $crate::store::driver::Record for $type {
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
    /// Reads a column by name.
    pub(in crate::store) fn get<T: Column>(&self, column: &'static str) -> Result<T, DbError> {
        Ok(match_engine!(Self, self, row => row.try_get(column))?)
    }
}

/// Row without columns, for a statement that only checks whether a row exists.
impl Record for () {
    fn read(_: &Row) -> Result<Self, DbError> {
        Ok(())
    }
}
