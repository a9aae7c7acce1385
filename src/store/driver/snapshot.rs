//! The state of a database at one instant, for reading all of it.

use sqlx::{
    ConnectOptions, Connection, PgConnection, SqlSafeStr, SqliteConnection,
    sqlite::SqliteConnectOptions,
};

use super::{
    DbError, Options, Query, Target, ownership,
    postgres::{self, Hosts, TransactionStart},
    unusable::{Unusable, explain},
};

/// A read-only connection that sees the same state however long it reads.
pub enum Snapshot {
    /// A SQLite file. Others can write to it at the same time.
    Sqlite(SqliteConnection),
    /// A PostgreSQL server.
    Postgres(PgConnection),
}

impl Snapshot {
    /// Connects to a database, and creates no file.
    pub(in crate::store) async fn connect(options: &Options) -> Result<Self, DbError> {
        let connected = Box::pin(Self::begin(options)).await;
        connected.map_err(|error| explain(&options.target, error))
    }

    async fn begin(options: &Options) -> sqlx::Result<Self> {
        Ok(match &options.target {
            Target::Sqlite(file) => {
                let connect = SqliteConnectOptions::new()
                    .filename(file)
                    .read_only(true)
                    .busy_timeout(options.acquire_timeout)
                    .disable_statement_logging();
                ownership::check_file(&connect).await.map_err(Unusable::into_sqlx)?;
                let mut connection = connect.connect().await?;
                sqlx::raw_sql("BEGIN").execute(&mut connection).await?;
                Self::Sqlite(connection)
            }
            Target::Postgres(server) => {
                let hosts = Hosts::new(&server.hosts, options.acquire_timeout);
                let mut connection = hosts.connect().await?;
                let mut tx = connection.begin().await?;
                let schema = ownership::find_schema(&mut tx, &server.schema).await?;
                tx.rollback().await?;
                let start = TransactionStart::new(&schema, options.commit_timeout);
                postgres::begin(&mut connection, start.snapshot()).await?;
                Self::Postgres(connection)
            }
        })
    }

    /// Prepares a statement.
    pub(in crate::store) fn query(&mut self, sql: impl SqlSafeStr) -> Query<'_> {
        match self {
            Self::Sqlite(connection) => Query::Sqlite(sqlx::query(sql), connection),
            Self::Postgres(connection) => Query::Postgres(sqlx::query(sql), connection),
        }
    }

    /// Closes the connection.
    pub async fn close(self) {
        // A failure loses nothing: the transaction only read.
        match self {
            Self::Sqlite(connection) => connection.close().await.ok(),
            Self::Postgres(connection) => connection.close().await.ok(),
        };
    }
}
