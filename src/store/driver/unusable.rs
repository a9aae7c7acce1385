//! Reasons why a database cannot be used, each with what to do about it.

use std::{
    io,
    path::{Path, PathBuf},
};

use rustix::fs::Access;

use super::{
    DbError, OutageCause, Target,
    error::{describe, is_safe_to_log, primary_code},
    file_access::check_access,
};

/// Reason why a database cannot be used. An operator can remove it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}; {remediation}")]
pub struct Unusable {
    /// Failure and its cause.
    pub problem: String,
    /// Action that removes the cause.
    pub remediation: String,
}

impl Unusable {
    pub(super) fn new(problem: impl Into<String>, remediation: impl Into<String>) -> Self {
        Self { problem: problem.into(), remediation: remediation.into() }
    }

    /// Wraps the reason in an error that a driver returns.
    pub(super) fn into_sqlx(self) -> sqlx::Error {
        sqlx::Error::Configuration(self.into())
    }

    /// Returns the reason that [`into_sqlx`](Self::into_sqlx) has wrapped, or the error itself.
    pub(super) fn from_sqlx(error: sqlx::Error) -> Result<Self, sqlx::Error> {
        match error {
            sqlx::Error::Configuration(cause) => match cause.downcast() {
                Ok(reason) => Ok(*reason),
                Err(cause) => Err(sqlx::Error::Configuration(cause)),
            },
            other => Err(other),
        }
    }
}

/// Explains why a database cannot be opened.
pub(super) fn explain(target: &Target, error: sqlx::Error) -> DbError {
    let error = match Unusable::from_sqlx(error) {
        Ok(reason) => return DbError::Unusable(reason),
        Err(error) => error,
    };
    DbError::Unusable(match target {
        Target::Sqlite(file) => match check_file(file) {
            Err(reason) => reason,
            Ok(()) => file_reason(file, &error),
        },
        Target::Postgres(_) => server_reason(&error),
    })
}

/// Checks that a file can be opened for writing, or created. Creates nothing.
pub(super) fn check_file(file: &Path) -> Result<(), Unusable> {
    if file.is_dir() {
        return Err(Unusable::new(
            format!("{} is a folder", file.display()),
            format!(
                "name a file in it, as in DATABASE_URL=sqlite:{}",
                file.join("meetvo.db").display()
            ),
        ));
    }
    let folder = folder_of(file);
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    if !folder.is_dir() {
        let problem = match folder.exists() {
            true => format!("{} is not a folder", folder.display()),
            false => format!("the folder {} does not exist", folder.display()),
        };
        return Err(Unusable::new(
            problem,
            "create it (in a container, mount a volume there), or correct DATABASE_URL",
        ));
    }
    // SQLite creates files beside the database, so it must be able to write to the folder.
    check_access(&folder, "folder", Access::WRITE_OK | Access::EXEC_OK)?;
    check_existing(file)
}

/// Checks that the existing files of a database can be written. SQLite opens a file without that
/// right too, and then rejects every write.
pub(super) fn check_existing(file: &Path) -> Result<(), Unusable> {
    with_log(file).into_iter().try_for_each(|file| check_if_exists(&file))
}

/// Checks that a file can be written if it exists.
pub(super) fn check_if_exists(file: &Path) -> Result<(), Unusable> {
    match file.is_file() {
        true => check_access(file, "file", Access::READ_OK | Access::WRITE_OK),
        false => Ok(()),
    }
}

/// Returns a database file and the files of its write-ahead log.
pub(super) fn with_log(file: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|suffix| with_suffix(file, suffix))
}

/// Returns the name of another file in the same folder.
pub(in crate::store) fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Returns the folder of a file.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn file_reason(file: &Path, error: &sqlx::Error) -> Unusable {
    const BUSY: i32 = 5;
    const FULL: i32 = 13;
    const NOT_A_DATABASE: i32 = 26;
    let code = error.as_database_error().and_then(|it| primary_code(&it.code()?));
    let remediation = match code {
        _ if !file.exists() => {
            return Unusable::new(
                format!("the file {} does not exist", file.display()),
                "correct DATABASE_URL, or create it with `meetvo migrate run`",
            );
        }
        Some(BUSY) => "stop the other process that has it open, or try again",
        Some(FULL) => "free disk space",
        Some(NOT_A_DATABASE) => {
            "the file is not a SQLite database; set DATABASE_URL to another file"
        }
        _ => "check the disk, and the rights of the file and of its folder",
    };
    let message = error.as_database_error().map(|it| it.message().to_owned());
    Unusable::new(message.unwrap_or_else(|| describe(error)), remediation)
}

pub(super) fn server_reason(error: &sqlx::Error) -> Unusable {
    let cause = OutageCause::of(error);
    if cause.is_permanent() {
        return cause.unusable();
    }
    let reported = error.as_database_error().and_then(|it| it.try_downcast_ref());
    if let Some(reported) = reported {
        let problem = match is_safe_to_log(reported) {
            true => reported.message().to_owned(),
            false => describe(error),
        };
        return Unusable::new(problem, reported_remediation(reported.code()));
    }
    match error {
        sqlx::Error::Io(cause) => Unusable::new(cause.to_string(), connection_remediation(cause)),
        sqlx::Error::Tls(cause) => Unusable::new(
            format!("the TLS handshake failed: {cause}"),
            "correct sslmode and sslrootcert in DATABASE_URL",
        ),
        // These texts are of the form "problem; remediation".
        sqlx::Error::Configuration(cause) => match cause.to_string().split_once("; ") {
            Some((problem, remediation)) => Unusable::new(problem, remediation),
            None => Unusable::new(cause.to_string(), "correct DATABASE_URL"),
        },
        other => Unusable::new(describe(other), "check DATABASE_URL, and the log of the server"),
    }
}

fn connection_remediation(cause: &io::Error) -> &'static str {
    match cause.kind() {
        io::ErrorKind::ConnectionRefused => {
            "start the server, or correct the host and port in DATABASE_URL"
        }
        io::ErrorKind::NotFound => "start the server, or correct the host in DATABASE_URL",
        io::ErrorKind::TimedOut | io::ErrorKind::HostUnreachable => {
            "check the firewall, and the host and port in DATABASE_URL"
        }
        io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof => {
            "check that a PostgreSQL server listens on the host and port in DATABASE_URL"
        }
        _ => "correct the host and port in DATABASE_URL, or check the network",
    }
}

/// Returns what to do about an error that the server reports when a client connects.
fn reported_remediation(code: &str) -> &'static str {
    match code {
        "28P01" | "28000" => {
            "correct the user and password in DATABASE_URL, or let pg_hba.conf accept the role"
        }
        "3D000" => "create it with CREATE DATABASE, or correct the name in DATABASE_URL",
        "42501" => "grant the right to the role, or use another role in DATABASE_URL",
        "53300" => {
            "raise the limit of connections of the server, or lower database.max_connections"
        }
        "57P03" => "wait until the server accepts connections",
        // Of a pooler, such as a start-up parameter that it does not pass on.
        "08P01" | "0A000" => {
            "check the log and the limits of the pooler, and remove `options` from DATABASE_URL"
        }
        _ => "check DATABASE_URL, and the log of the server",
    }
}
