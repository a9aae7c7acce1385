//! The one place that names the engines.
//!
//! The drivers stay concrete and the values are generic: a [`Param`] is what both can bind, a
//! [`Column`] what both can read. A call site reads like plain sqlx, has no bounds and no macro,
//! and does not compile with a value that only one engine knows.

mod beside;
mod draft;
mod fault;
mod postgres;
mod snapshot;
mod sqlite;

use std::{future::pending, sync::atomic::Ordering, time::Duration};

use sqlx::{
    Decode, Encode, PgConnection, Postgres, Row as _, SqlSafeStr, SqlStr, Sqlite, SqliteConnection,
    Type,
    pool::PoolConnection,
    postgres::{PgArguments, PgConnectOptions, PgRow},
    query::Query as Raw,
    sqlite::{SqliteArguments, SqliteRow},
};

use tokio::sync::OwnedMutexGuard;

pub(super) use self::draft::{Draft, Purpose};
pub(super) use self::fault::{classify, describe, lacks_a_table};
pub use self::snapshot::Snapshot;
use self::{
    postgres::{PgServer, PgWriter},
    sqlite::{SqliteFile, SqliteWriter},
};
use super::{Connections, StoreError};

/// How to reach a database. Shows in no output: it holds the password.
#[derive(Clone)]
pub struct Options {
    /// Where it is, and so which engine.
    pub target: Target,
    /// Connections for reading. Another one writes.
    pub max_connections: u32,
    /// How long to wait for a connection, or for SQLite's write lock.
    pub acquire_timeout: Duration,
    /// How long a transaction that writes may take. On PostgreSQL also how long a statement may, by
    /// the server's own clock.
    pub commit_timeout: Duration,
}

/// Where a database is. Shows in no output.
#[derive(Clone)]
pub enum Target {
    /// A file, made where it is missing.
    Sqlite(std::path::PathBuf),
    /// A server.
    Postgres(Box<PgConnectOptions>),
}

impl Target {
    /// A server, from its URL.
    ///
    /// # Errors
    /// When the URL cannot be read.
    pub fn postgres(url: &str) -> Result<Self, StoreError> {
        let options: PgConnectOptions = url.parse()?;
        let name = options.get_application_name().unwrap_or("meetvo").to_owned();
        Ok(Self::Postgres(Box::new(options.application_name(&name))))
    }

    /// Refuses a file that is not there, which to open would make.
    ///
    /// # Errors
    /// When it is not there.
    pub fn must_exist(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(file) if matches!(file.try_exists(), Ok(false)) => {
                Err(StoreError::Missing)
            }
            Self::Sqlite(_) | Self::Postgres(_) => Ok(()),
        }
    }
}

/// Connections to one of the engines.
#[derive(Clone, Debug)]
pub enum Pool {
    /// A file, with one connection that writes and others that read beside it.
    Sqlite(SqliteFile),
    /// A server, with a connection that writes and others that read beside it.
    Postgres(PgServer),
}

/// A transaction. Rolled back when it is dropped.
pub(super) enum Tx {
    Sqlite(OwnedMutexGuard<SqliteWriter>),
    Postgres(PgWriter),
}

/// A connection for reading.
pub(super) enum Connection {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// A statement with its parameters.
#[must_use = "a query does nothing until it is executed"]
pub(super) enum Query<'c> {
    Sqlite(Raw<'c, Sqlite, SqliteArguments>, &'c mut SqliteConnection),
    Postgres(Raw<'c, Postgres, PgArguments>, &'c mut PgConnection),
}

/// How a statement with many parameters writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placeholders {
    /// `?`. SQLite searches a list for each numbered one, which takes a sixth of a large commit.
    Anonymous,
    /// `$1`, `$2`, …: PostgreSQL knows no other.
    Numbered,
}

/// A row of a result.
pub(super) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// A value that both engines can bind.
pub(super) trait Param<'q>:
    Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres>
{
}
impl<'q, T> Param<'q> for T where
    T: Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres>
{
}

/// A value that both engines can return.
pub(super) trait Column:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}
impl<T> Column for T where
    T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}

/// Something that is read from a row.
pub(super) trait Record: Sized {
    /// Reads the columns by their names.
    fn read(row: &Row) -> Result<Self, StoreError>;
}

/// Runs the same expression against whichever engine is live.
macro_rules! on {
    ($kind:ident, $value:expr, $($bound:ident),+ => $body:expr) => {
        match $value { $kind::Sqlite($($bound),+) => $body, $kind::Postgres($($bound),+) => $body }
    };
}

impl Pool {
    /// Connects, and on SQLite makes the file where it is missing.
    ///
    /// # Errors
    /// When the database cannot be reached or opened.
    pub async fn connect(options: &Options) -> Result<Self, StoreError> {
        Ok(match &options.target {
            Target::Sqlite(file) => Self::Sqlite(SqliteFile::open(file, options).await?),
            Target::Postgres(connect) => Self::Postgres(PgServer::connect(connect, options).await?),
        })
    }

    /// The same database with other connections that write, as many as the engine can have at a time.
    pub(super) fn writers(&self, most: usize) -> Vec<Self> {
        match self {
            Self::Sqlite(_) => vec![self.clone()],
            Self::Postgres(server) => {
                (0..most).map(|_| Self::Postgres(server.with_another_writer())).collect()
            }
        }
    }

    pub(super) async fn begin(&self) -> sqlx::Result<Tx> {
        Ok(match self {
            Self::Sqlite(file) => Tx::Sqlite(file.begin().await?),
            Self::Postgres(server) => Tx::Postgres(server.begin().await?),
        })
    }

    pub(super) async fn read(&self) -> sqlx::Result<Connection> {
        Ok(match self {
            Self::Sqlite(file) => Connection::Sqlite(file.readers.acquire().await?),
            Self::Postgres(server) => Connection::Postgres(server.readers.acquire().await?),
        })
    }

    /// The connections for reading.
    pub(super) fn connections(&self) -> Connections {
        on!(Self, self, engine => {
            let readers = &engine.readers;
            let (open, idle) = (readers.size() as usize, readers.num_idle());
            let limit = readers.options().get_max_connections() as usize;
            Connections { used: open.saturating_sub(idle), idle, limit }
        })
    }

    /// Makes sure that the database takes writes, where it did at first.
    pub(super) async fn check_writable(&self, connection: Connection) -> Result<(), StoreError> {
        match (self, connection) {
            (Self::Postgres(server), Connection::Postgres(it)) => server.check_writable(it).await,
            // Connections for reading a file can do no other, and others do not change.
            (_, _) => Ok(()),
        }
    }

    /// Does what the engine needs beside the commits, for ever.
    pub(super) async fn tend(&self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(file) => file.carry().await,
            Self::Postgres(_) => pending().await,
        }
    }

    /// To be told of a commit: it makes work for [`Self::tend`], and shows that writes are taken.
    pub(super) fn committed(&self) {
        match self {
            Self::Sqlite(file) => file.committed.notify_one(),
            Self::Postgres(server) => server.writable.store(true, Ordering::Relaxed),
        }
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(file) => file.close().await,
            Self::Postgres(server) => server.close().await,
        }
    }
}

impl Tx {
    pub(super) fn query(&mut self, sql: impl SqlSafeStr) -> Query<'_> {
        let sql = traced(sql);
        match self {
            Self::Sqlite(writer) => Query::Sqlite(sqlx::query(sql), writer.connection()),
            Self::Postgres(writer) => Query::Postgres(sqlx::query(sql), writer.connection()),
        }
    }

    /// How statements with many parameters write them.
    pub(super) fn placeholders(&self) -> Placeholders {
        match self {
            Self::Sqlite(_) => Placeholders::Anonymous,
            Self::Postgres(_) => Placeholders::Numbered,
        }
    }

    /// Keeps other transactions from what has these ids, whether it is there or not, to the end of
    /// this one.
    pub(super) async fn lock(&mut self, ids: &[&str]) -> sqlx::Result<()> {
        match self {
            // There is one writer.
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(writer) => writer.lock(ids).await,
        }
    }

    /// From here to the end of the transaction, no other transaction gets a number for its
    /// events: they are numbered in the order in which readers see the commits.
    pub(super) async fn order_commits(&mut self) -> sqlx::Result<()> {
        match self {
            // The one writer commits in order.
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(writer) => writer.order_commits().await,
        }
    }

    pub(super) async fn commit(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(mut writer) => writer.commit().await,
            Self::Postgres(writer) => writer.commit().await,
        }
    }

    pub(super) async fn rollback(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(mut writer) => {
                writer.abandon().await;
                Ok(())
            }
            Self::Postgres(writer) => writer.rollback().await,
        }
    }

    /// Ends it with nothing, and at once: others may wait for its locks. After trouble that is the
    /// server's the connection goes too. It may lead to one that has become a standby, and would
    /// lead there for ever.
    pub(super) async fn abandon(self, trouble: &StoreError) {
        match (self, trouble) {
            (Self::Postgres(writer), StoreError::Unavailable(_)) => drop(writer),
            // What cannot be rolled back has been, or will be when the connection is used again.
            (tx, _) => drop(tx.rollback().await),
        }
    }
}

impl Connection {
    pub(super) fn query(&mut self, sql: impl SqlSafeStr) -> Query<'_> {
        let sql = traced(sql);
        match self {
            Self::Sqlite(connection) => Query::Sqlite(sqlx::query(sql), connection),
            Self::Postgres(connection) => Query::Postgres(sqlx::query(sql), connection),
        }
    }

    /// How statements with many parameters write them.
    pub(super) fn placeholders(&self) -> Placeholders {
        match self {
            Self::Sqlite(_) => Placeholders::Anonymous,
            Self::Postgres(_) => Placeholders::Numbered,
        }
    }
}

/// Tells of a statement, for who wants to see what the database is asked. No value stands in it.
fn traced(sql: impl SqlSafeStr) -> SqlStr {
    let sql = sql.into_sql_str();
    tracing::trace!(sql = sql.as_str(), "statement");
    sql
}

impl Query<'_> {
    pub(super) fn bind<'q>(self, value: impl Param<'q>) -> Self {
        match self {
            Self::Sqlite(query, connection) => Self::Sqlite(query.bind(value), connection),
            Self::Postgres(query, connection) => Self::Postgres(query.bind(value), connection),
        }
    }

    pub(super) async fn fetch_all<R: Record>(self) -> Result<Vec<R>, StoreError> {
        self.rows().await?.iter().map(R::read).collect()
    }

    /// The rows as they are, for those that are read by no [`Record`].
    pub(super) async fn rows(self) -> sqlx::Result<Vec<Row>> {
        Ok(match self {
            Self::Sqlite(query, connection) => {
                query.fetch_all(connection).await?.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(query, connection) => {
                query.fetch_all(connection).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    pub(super) async fn fetch_optional<R: Record>(self) -> Result<Option<R>, StoreError> {
        Ok(self.fetch_all::<R>().await?.pop())
    }

    /// Runs the statement; the number of rows it changed.
    pub(super) async fn execute(self) -> sqlx::Result<u64> {
        on!(Self, self, query, connection => Ok(query.execute(connection).await?.rows_affected()))
    }
}

impl Row {
    pub(super) fn get<T: Column>(&self, column: &'static str) -> sqlx::Result<T> {
        on!(Self, self, row => row.try_get(column))
    }
}
