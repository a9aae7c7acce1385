//! Connections of one database: one for writing, a pool of others for reading, and a small reserved
//! pool for the service itself.

use std::sync::atomic::Ordering;

use super::{
    Connection, DbError, Options, Target, Tx, postgres::PgServer, sqlite::SqliteFile,
    unusable::explain,
};

/// Connections of one database.
#[derive(Clone, Debug)]
pub enum Pool {
    /// Connections to a SQLite file.
    Sqlite(SqliteFile),
    /// Connections to a PostgreSQL server.
    Postgres(PgServer),
}

/// Numbers of connections for reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionCounts {
    /// Connections in use.
    pub used: usize,
    /// Open connections that are not in use.
    pub idle: usize,
    /// Maximum number of connections.
    pub limit: usize,
}

impl Pool {
    /// Connects. On SQLite, creates the file if it does not exist.
    ///
    /// # Errors
    /// Returns an error if the database cannot be reached or opened.
    pub async fn connect(options: &Options) -> Result<Self, DbError> {
        let pool = match &options.target {
            Target::Sqlite(file) => SqliteFile::open(file, options).await.map(Self::Sqlite),
            Target::Postgres(server) => {
                Box::pin(PgServer::connect(server, options)).await.map(Self::Postgres)
            }
        };
        pool.map_err(|error| explain(&options.target, error))
    }

    /// Returns up to `limit` pools of this database that can commit at the same time. SQLite has
    /// one writer.
    pub(in crate::store) fn writers(&self, limit: usize) -> Vec<Self> {
        match self {
            Self::Sqlite(_) => vec![self.clone()],
            Self::Postgres(server) => {
                server.writers(limit).into_iter().map(Self::Postgres).collect()
            }
        }
    }

    /// Opens the connection that writes on the runtime of the caller, which waits for its answers. A
    /// file has one already.
    pub(in crate::store) async fn open_writer(&self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(server) => Ok(server.open_writer().await?),
        }
    }

    /// Closes the connection that writes, before its runtime ends.
    pub(in crate::store) async fn close_writer(&self) {
        match self {
            Self::Sqlite(_) => {}
            Self::Postgres(server) => server.close_writer().await,
        }
    }

    /// Lets the next reads open new connections. A file has no connection that belongs to a runtime.
    pub(in crate::store) fn renew_readers(&self) {
        match self {
            Self::Sqlite(_) => {}
            Self::Postgres(server) => server.renew_readers(),
        }
    }

    /// Checks that the other writers of the process can begin a transaction. A file has one writer.
    pub(in crate::store) async fn check_other_writers(&self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(server) => Ok(server.check_other_writers().await?),
        }
    }

    /// Begins a transaction that writes.
    pub(in crate::store) async fn begin(&self) -> Result<Tx, DbError> {
        Ok(match self {
            Self::Sqlite(file) => Tx::Sqlite(file.begin().await?),
            Self::Postgres(server) => Tx::Postgres(server.begin().await?),
        })
    }

    /// Returns a connection for reading.
    pub(in crate::store) async fn read(&self) -> Result<Connection, DbError> {
        Ok(match self {
            Self::Sqlite(file) => Connection::Sqlite(file.readers.acquire().await?),
            Self::Postgres(server) => Connection::Postgres(server.reader().await?),
        })
    }

    /// Returns a reserved connection. Readiness checks, the refresh of API keys and background tasks
    /// use it: requests for reads never occupy it, however many there are and however slow they
    /// are. Statements on it must be short.
    pub(in crate::store) async fn reserved(&self) -> Result<Connection, DbError> {
        Ok(match self {
            Self::Sqlite(file) => Connection::Sqlite(file.reserved.acquire().await?),
            Self::Postgres(server) => Connection::Postgres(server.reserved.acquire().await?),
        })
    }

    /// Counts the connections for reading.
    pub(in crate::store) fn connections(&self) -> ConnectionCounts {
        match_engine!(Self, self, engine => {
            let readers = &engine.readers;
            let (open, idle) = (readers.size() as usize, readers.num_idle());
            let limit = readers.options().get_max_connections() as usize;
            ConnectionCounts { used: open.saturating_sub(idle), idle, limit }
        })
    }

    /// Returns whether the database still accepts writes, if it ever did.
    pub(in crate::store) async fn is_writable(
        &self,
        connection: Connection,
    ) -> Result<bool, DbError> {
        match (self, connection) {
            (Self::Postgres(server), Connection::Postgres(connection)) => {
                Ok(server.is_writable(connection).await?)
            }
            // A connection for reading a file says nothing about writes, and a file does not fail
            // over.
            (_, _) => Ok(true),
        }
    }

    /// Records that a commit succeeded: the log has grown, and the database accepts writes.
    pub(in crate::store) fn committed(&self) {
        match self {
            Self::Sqlite(file) => file.committed.notify_one(),
            Self::Postgres(server) => server.writable.store(true, Ordering::Relaxed),
        }
    }

    /// Returns whether the database has ever accepted writes in this process. A server that has not
    /// can be a standby on purpose. A file has no standby.
    pub(in crate::store) fn was_writable(&self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Postgres(server) => server.writable.load(Ordering::Relaxed),
        }
    }

    /// Closes every connection after its current work.
    pub(in crate::store) async fn close(&self) {
        match self {
            Self::Sqlite(file) => file.close().await,
            Self::Postgres(server) => server.close().await,
        }
    }
}
