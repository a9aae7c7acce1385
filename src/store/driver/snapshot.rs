//! The database as it is at one instant, for reading all of it.

use sqlx::{
    ConnectOptions, Connection, PgConnection, SqlSafeStr, SqliteConnection,
    sqlite::SqliteConnectOptions,
};
use tokio::time::timeout;

use super::{Options, Query, Target};
use crate::store::StoreError;

/// A connection of its own that can only read, and sees one instant however long it reads.
pub enum Snapshot {
    /// A file, which others may write meanwhile.
    Sqlite(SqliteConnection),
    /// A server.
    Postgres(PgConnection),
}

impl Snapshot {
    /// Connects. Makes no file.
    ///
    /// # Errors
    /// When the database cannot be reached or opened.
    pub async fn open(options: &Options) -> Result<Self, StoreError> {
        let opened = timeout(options.acquire_timeout, begin(options)).await;
        opened.map_err(|_| StoreError::Late(options.acquire_timeout))?
    }

    pub(in crate::store) fn query(&mut self, sql: impl SqlSafeStr) -> Query<'_> {
        match self {
            Self::Sqlite(connection) => Query::Sqlite(sqlx::query(sql), connection),
            Self::Postgres(connection) => Query::Postgres(sqlx::query(sql), connection),
        }
    }

    /// Lets the database go.
    pub async fn close(self) {
        // There is nothing that could be lost.
        match self {
            Self::Sqlite(connection) => connection.close().await.ok(),
            Self::Postgres(connection) => connection.close().await.ok(),
        };
    }
}

async fn begin(options: &Options) -> Result<Snapshot, StoreError> {
    options.target.must_exist()?;
    Ok(match &options.target {
        Target::Sqlite(file) => {
            let connect = SqliteConnectOptions::new()
                .filename(file)
                .read_only(true)
                .busy_timeout(options.acquire_timeout)
                .disable_statement_logging();
            let mut connection = connect.connect().await?;
            sqlx::raw_sql("BEGIN").execute(&mut connection).await?;
            Snapshot::Sqlite(connection)
        }
        Target::Postgres(connect) => {
            let mut connection = connect.connect().await?;
            let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
            sqlx::raw_sql(begin).execute(&mut connection).await?;
            Snapshot::Postgres(connection)
        }
    })
}
