//! Causes for which a database rejects statements of the service.

use std::fmt;

use sqlx::postgres::PgDatabaseError;

use super::{
    Unusable,
    error::{is_missing_table, primary_code},
};

/// Cause for which a database rejects statements. It is the same for every event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OutageCause {
    /// The database is a standby, is configured as read-only, or its file cannot be changed.
    ReadOnly,
    /// The disk is full.
    DiskFull,
    /// The files of the database cannot be opened or written.
    FilesNotWritable,
    /// Another transaction or process holds a lock.
    Locked,
    /// The schema lacks a table or a column.
    SchemaOutdated,
    /// The role of the service lacks a permission.
    PermissionMissing,
    /// A pooler in front of the server does not support prepared statements.
    StatementsLost,
    /// A pooler in front of the server does not support transactions.
    TransactionsRefused,
    /// The database cannot be reached, or did not answer in time.
    NoAnswer,
    /// Any other error.
    Other,
}

impl OutageCause {
    /// Returns the cause of an error.
    pub(in crate::store) fn of(error: &sqlx::Error) -> Self {
        let Some(reported) = error.as_database_error() else { return Self::NoAnswer };
        if is_missing_table(error) {
            return Self::SchemaOutdated;
        }
        let code = reported.code().unwrap_or_default();
        match reported.try_downcast_ref::<PgDatabaseError>() {
            Some(_) if is_statement_pooling(error) => Self::TransactionsRefused,
            Some(_) => postgres(&code),
            None => primary_code(&code).map_or(Self::Other, sqlite),
        }
    }

    /// Returns whether the cause often disappears by itself within seconds.
    #[must_use]
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Locked | Self::NoAnswer)
    }

    /// Returns whether only a change of the configuration ends the outage.
    pub(in crate::store) fn is_permanent(self) -> bool {
        matches!(self, Self::StatementsLost | Self::TransactionsRefused)
    }

    /// Explains the outage at the start of the service.
    pub(in crate::store) fn unusable(self) -> Unusable {
        Unusable::new(format!("the database {self}"), self.remediation())
    }

    /// Returns the action that ends the outage.
    #[must_use]
    pub fn remediation(self) -> &'static str {
        match self {
            Self::ReadOnly => {
                "on PostgreSQL, connect to the primary server and reset \
                 default_transaction_read_only; on SQLite, let the user of the service write the \
                 file, its -wal, its -shm and their folder"
            }
            Self::DiskFull => "free disk space",
            Self::FilesNotWritable => {
                "check the disk space, and let the user of the service write the file, its -wal, \
                 its -shm and their folder"
            }
            Self::Locked => "find the transaction or process that holds the lock, and end it",
            Self::SchemaOutdated => "run `meetvo migrate run`",
            Self::PermissionMissing => {
                "grant the role the rights that docs/how-to/use-postgresql.md lists"
            }
            Self::StatementsLost => {
                "set max_prepared_statements of PgBouncer to 200 (version 1.21 or newer), set \
                 pool_mode to session, or connect to the server directly"
            }
            Self::TransactionsRefused => {
                "set pool_mode of the pooler to transaction or session, or connect to the server \
                 directly"
            }
            Self::NoAnswer => "check that the database runs, its load, and the network to it",
            Self::Other => "the log has the error",
        }
    }
}

impl fmt::Display for OutageCause {
    /// Completes a sentence that begins with "the database".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReadOnly => "is read-only",
            Self::DiskFull => "has no disk space left",
            Self::FilesNotWritable => "cannot write its files",
            Self::Locked => "is locked by another transaction or process",
            Self::SchemaOutdated => "lacks a table or column of this version",
            Self::PermissionMissing => "denies a permission",
            Self::StatementsLost => "is behind a pooler that loses prepared statements",
            Self::TransactionsRefused => "is behind a pooler without transactions",
            Self::NoAnswer => "does not answer",
            Self::Other => "reports an error",
        })
    }
}

/// Returns whether a pooler refused to begin a transaction. The code is that of every violation of
/// the protocol.
pub(super) fn is_statement_pooling(error: &sqlx::Error) -> bool {
    let reported = error.as_database_error();
    reported.is_some_and(|it| it.message().contains("statement pooling"))
}

/// Returns the cause of a SQLSTATE.
fn postgres(code: &str) -> OutageCause {
    match code {
        "25006" => OutageCause::ReadOnly,
        "53100" => OutageCause::DiskFull,
        "58030" => OutageCause::FilesNotWritable,
        "55P03" | "57014" | "25P03" => OutageCause::Locked,
        "3F000" | "42703" => OutageCause::SchemaOutdated,
        "42501" => OutageCause::PermissionMissing,
        // The statement exists already, or does not exist, on another connection to the server.
        "42P05" | "26000" => OutageCause::StatementsLost,
        // The server is starting, stopping, has no free connection, or lost this one.
        _ if ["08", "53", "57", "28", "3D"].iter().any(|class| code.starts_with(class)) => {
            OutageCause::NoAnswer
        }
        _ => OutageCause::Other,
    }
}

/// Returns the cause of a primary result code.
fn sqlite(code: i32) -> OutageCause {
    match code {
        // PERM, READONLY
        3 | 8 => OutageCause::ReadOnly,
        // BUSY, LOCKED
        5 | 6 => OutageCause::Locked,
        // IOERR, CANTOPEN
        10 | 14 => OutageCause::FilesNotWritable,
        // FULL
        13 => OutageCause::DiskFull,
        _ => OutageCause::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{OutageCause, postgres, sqlite};

    #[test]
    fn codes_map_to_causes() {
        for (code, cause) in [
            ("25006", OutageCause::ReadOnly),
            ("53100", OutageCause::DiskFull),
            ("53300", OutageCause::NoAnswer),
            ("57P01", OutageCause::NoAnswer),
            ("57014", OutageCause::Locked),
            ("42501", OutageCause::PermissionMissing),
            ("42P05", OutageCause::StatementsLost),
            ("26000", OutageCause::StatementsLost),
            ("XX000", OutageCause::Other),
        ] {
            assert_eq!(postgres(code), cause, "{code}");
        }
        for (code, cause) in [
            (8, OutageCause::ReadOnly),
            (13, OutageCause::DiskFull),
            (14, OutageCause::FilesNotWritable),
            (5, OutageCause::Locked),
            (11, OutageCause::Other),
        ] {
            assert_eq!(sqlite(code), cause, "{code}");
        }
    }

    #[test]
    fn error_without_code_means_no_answer() {
        assert_eq!(OutageCause::of(&sqlx::Error::PoolTimedOut), OutageCause::NoAnswer);
    }
}
