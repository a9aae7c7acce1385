//! Address of a database, with the limits and timeouts of its connections.

use std::{path::PathBuf, time::Duration};

use sqlx::postgres::PgConnectOptions;

use super::DbError;

/// Options of a connection. Not printable, because the address contains the password.
#[derive(Clone)]
pub struct Options {
    /// Address of the database, which also selects the engine.
    pub target: Target,
    /// Maximum number of connections for reading. Writes and the service itself use others.
    pub max_connections: u32,
    /// Timeout for getting a connection, or SQLite's write lock.
    pub acquire_timeout: Duration,
    /// Timeout of a transaction that writes. On PostgreSQL also the server's timeout for each
    /// statement.
    pub commit_timeout: Duration,
}

/// Address of a database. Not printable, because it contains the password.
#[derive(Clone)]
pub enum Target {
    /// A SQLite file, created if it does not exist.
    Sqlite(PathBuf),
    /// A PostgreSQL server.
    Postgres(Box<PgConnectOptions>),
}

impl Target {
    /// Parses the URL of a PostgreSQL server.
    ///
    /// # Errors
    /// Returns an error if the URL is invalid.
    pub fn postgres(url: &str) -> Result<Self, DbError> {
        let options: PgConnectOptions = url.parse()?;
        let name = options.get_application_name().unwrap_or("meetvo").to_owned();
        Ok(Self::Postgres(Box::new(options.application_name(&name))))
    }

    /// Returns whether the target is a file that does not exist. A connection creates the file.
    #[must_use]
    pub fn is_missing_file(&self) -> bool {
        match self {
            Self::Sqlite(file) => matches!(file.try_exists(), Ok(false)),
            Self::Postgres(_) => false,
        }
    }
}
