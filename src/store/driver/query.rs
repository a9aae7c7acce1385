//! Statements with parameters, and the connections that read.

use std::sync::Arc;

use serde_json::Value;
use sqlx::{
    Encode, PgConnection, Postgres, SqlSafeStr, SqlStr, Sqlite, SqliteConnection, Type,
    pool::PoolConnection, postgres::PgArguments, query::Query as EngineQuery,
    sqlite::SqliteArguments,
};

use super::{DbError, Placeholders, Record, Row};

/// A connection for reading.
pub(in crate::store) enum Connection {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// A statement with its parameters.
#[must_use = "a query does nothing until it is executed"]
pub(in crate::store) enum Query<'c> {
    Sqlite(EngineQuery<'c, Sqlite, SqliteArguments>, &'c mut SqliteConnection),
    Postgres(EngineQuery<'c, Postgres, PgArguments>, &'c mut PgConnection),
}

/// A value that can be bound on both engines.
pub(in crate::store) trait Param<'q>:
    Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres>
{
}
impl<'q, T> Param<'q> for T where
    T: Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres>
{
}

/// Keys that a statement searches for, all in one parameter.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) enum Keys<'k> {
    Texts(&'k [&'k str]),
    Numbers(&'k [i64]),
}

impl Keys<'_> {
    pub(in crate::store) fn is_empty(self) -> bool {
        match self {
            Self::Texts(keys) => keys.is_empty(),
            Self::Numbers(keys) => keys.is_empty(),
        }
    }

    /// Returns a JSON array of the keys.
    fn to_json(self) -> String {
        match self {
            Self::Texts(keys) => Value::from(keys).to_string(),
            Self::Numbers(keys) => Value::from(keys).to_string(),
        }
    }
}

impl Connection {
    /// Prepares a statement.
    pub(in crate::store) fn query(&mut self, sql: impl SqlSafeStr) -> Query<'_> {
        let sql = traced(sql);
        match self {
            Self::Sqlite(connection) => Query::Sqlite(sqlx::query(sql), connection),
            Self::Postgres(connection) => Query::Postgres(sqlx::query(sql), connection),
        }
    }

    /// Returns how a statement with many parameters spells them.
    pub(in crate::store) fn placeholders(&self) -> Placeholders {
        match self {
            Self::Sqlite(_) => Placeholders::Anonymous,
            Self::Postgres(_) => Placeholders::Numbered,
        }
    }
}

impl Query<'_> {
    /// Binds the next parameter.
    pub(in crate::store) fn bind<'q>(self, value: impl Param<'q>) -> Self {
        match self {
            Self::Sqlite(query, connection) => Self::Sqlite(query.bind(value), connection),
            Self::Postgres(query, connection) => Self::Postgres(query.bind(value), connection),
        }
    }

    /// Binds a text as the next parameter. On SQLite, it takes one allocation instead of two.
    pub(in crate::store) fn bind_text<'t>(self, text: impl Into<Option<&'t str>>) -> Self {
        let text = text.into();
        match self {
            Self::Sqlite(query, connection) => {
                Self::Sqlite(query.bind(text.map(Arc::<str>::from)), connection)
            }
            Self::Postgres(query, connection) => Self::Postgres(query.bind(text), connection),
        }
    }

    /// Binds keys as the next parameter: a JSON array on SQLite, and an array on PostgreSQL.
    pub(in crate::store) fn bind_keys(self, keys: Keys<'_>) -> Self {
        match self {
            Self::Sqlite(query, connection) => Self::Sqlite(query.bind(keys.to_json()), connection),
            Self::Postgres(query, connection) => match keys {
                Keys::Texts(keys) => Self::Postgres(query.bind(keys), connection),
                Keys::Numbers(keys) => Self::Postgres(query.bind(keys), connection),
            },
        }
    }

    /// Runs the statement and returns the number of changed rows.
    pub(in crate::store) async fn execute(self) -> Result<u64, DbError> {
        match_engine!(Self, self, query, connection => {
            Ok(query.execute(connection).await?.rows_affected())
        })
    }

    /// Runs the statement and returns its rows, for a caller that reads single columns.
    pub(in crate::store) async fn rows(self) -> Result<Vec<Row>, DbError> {
        Ok(match self {
            Self::Sqlite(query, connection) => {
                query.fetch_all(connection).await?.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(query, connection) => {
                query.fetch_all(connection).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// Runs the statement and reads all of its rows.
    pub(in crate::store) async fn fetch_all<R: Record>(self) -> Result<Vec<R>, DbError> {
        self.rows().await?.iter().map(Row::read).collect()
    }

    /// Runs the statement and reads its last row, or none.
    pub(in crate::store) async fn fetch_optional<R: Record>(self) -> Result<Option<R>, DbError> {
        Ok(self.fetch_all().await?.pop())
    }

    /// Runs the statement and reads its last row.
    pub(in crate::store) async fn fetch_one<R: Record>(self) -> Result<R, DbError> {
        self.fetch_optional().await?.ok_or_else(|| sqlx::Error::RowNotFound.into())
    }
}

/// Logs the text of a statement, which contains no values.
pub(super) fn traced(sql: impl SqlSafeStr) -> SqlStr {
    let sql = sql.into_sql_str();
    tracing::trace!(sql = sql.as_str(), "statement");
    sql
}
