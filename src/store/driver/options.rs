//! Address of a database, with the limits and timeouts of its connections.

use std::{
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::postgres::PgConnectOptions;

use super::{
    DbError,
    unusable::{check_file, server_reason, with_log},
};

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
    /// Time limit for a change of the schema to wait for locks.
    pub migration_lock_timeout: Duration,
    /// Whether a SQLite file is also opened if its write-ahead log cannot be written. Writes fail
    /// until it can.
    pub opens_unwritable_log: bool,
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
        let options = url.parse::<PgConnectOptions>();
        let options = options.map_err(|error| DbError::Unusable(server_reason(&error)))?;
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

    /// Checks that a file can be opened for writing, or created. Creates nothing.
    ///
    /// # Errors
    /// Returns an error that names the cause and the remediation.
    pub fn check_file(&self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(file) => check_file(file).map_err(DbError::Unusable),
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Returns the database files that other users of the machine can read or write, each with its
    /// mode.
    #[must_use]
    pub fn exposed_files(&self) -> Vec<(PathBuf, u32)> {
        let Self::Sqlite(file) = self else { return Vec::new() };
        let mode = |file: &Path| file.metadata().ok().map(|it| it.mode() & 0o777);
        let path = std::path::absolute(file).unwrap_or_else(|_| file.clone());
        // Nobody else reaches a file in a folder that only its owner can enter.
        let mut folders = path.ancestors().skip(1);
        if folders.any(|folder| mode(folder).is_some_and(|mode| mode & 0o011 == 0)) {
            return Vec::new();
        }
        let files = with_log(file).into_iter();
        let modes = files.filter_map(|file| Some((mode(&file)?, file)));
        let modes = modes.map(|(mode, file)| (file, mode));
        modes.filter(|(_, mode)| mode & 0o077 != 0).collect()
    }
}
