//! Errors of the databases, sorted by their cause, and described without values.
//!
//! A message from a database can quote the values of a row. Only messages that cannot quote values
//! are passed on. The others are replaced by the code and the table.

use sqlx::{
    error::DatabaseError, migrate::MigrateError, postgres::PgDatabaseError, sqlite::SqliteError,
};

use super::Unusable;

/// Error of a database or of the connection to it.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The database rejected a value. The text has the code and the table, and no value.
    #[error("the database rejected a value: {0}")]
    Rejected(String),
    /// Another transaction changed the same rows at the same time. A retry helps.
    #[error("another transaction changed the same rows")]
    Conflict,
    /// The database cannot be reached, or does not work.
    #[error("{}", describe(.0))]
    Unavailable(#[source] sqlx::Error),
    /// The database cannot be opened, or is that of another program.
    #[error(transparent)]
    Unusable(Unusable),
    /// A row holds a value that cannot be read.
    #[error(transparent)]
    UndecodableValue(#[from] UndecodableValue),
    /// The migrations of the database are not those of this program, or one of them failed.
    #[error(transparent)]
    Migration(#[from] MigrateError),
}

/// Position of a stored value that is not of its column's type, such as text that is not JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{table}.{column} cannot be read in the row {row}")]
pub struct UndecodableValue {
    /// Name of the table.
    pub table: &'static str,
    /// Name of the column.
    pub column: &'static str,
    /// Key of the row.
    pub row: String,
}

impl From<sqlx::Error> for DbError {
    /// Sorts an error by its cause. Only an error that the value itself causes is a rejection. A
    /// full disk or a missing table is not the event's fault.
    fn from(error: sqlx::Error) -> Self {
        let Some(reported) = error.as_database_error() else { return Self::Unavailable(error) };
        let code = reported.code().unwrap_or_default();
        let cause = match reported.try_downcast_ref::<PgDatabaseError>() {
            Some(_) => postgres_cause(&code),
            None => sqlite_cause(&code),
        };
        match cause {
            Cause::Value => Self::Rejected(code_and_table(reported)),
            Cause::Conflict => Self::Conflict,
            Cause::Database => Self::Unavailable(error),
        }
    }
}

/// Cause of an error that the database reports.
enum Cause {
    /// A value of the statement.
    Value,
    /// A concurrent transaction.
    Conflict,
    /// The database itself.
    Database,
}

/// Returns the cause of a SQLSTATE. 22 is a data exception, 23 an integrity violation, and 54 an
/// exceeded limit. 40001 and 40P01 are conflicts.
fn postgres_cause(code: &str) -> Cause {
    match code {
        "40001" | "40P01" => Cause::Conflict,
        _ if ["22", "23", "54"].iter().any(|class| code.starts_with(class)) => Cause::Value,
        _ => Cause::Database,
    }
}

/// Returns the cause of a SQLite result code.
fn sqlite_cause(code: &str) -> Cause {
    const TOOBIG: i32 = 18;
    const CONSTRAINT: i32 = 19;
    const MISMATCH: i32 = 20;
    match primary_code(code) {
        Some(TOOBIG | CONSTRAINT | MISMATCH) => Cause::Value,
        _ => Cause::Database,
    }
}

/// Returns SQLite's primary result code, which is the low byte of the extended one.
pub(super) fn primary_code(code: &str) -> Option<i32> {
    code.parse::<i32>().ok().map(|code| code & 0xff)
}

/// Returns whether a statement failed because a table does not exist.
pub(super) fn is_missing_table(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|reported| {
        match reported.try_downcast_ref::<PgDatabaseError>() {
            Some(reported) => reported.code() == "42P01",
            // The code is that of every wrong statement.
            None => reported.message().starts_with("no such table"),
        }
    })
}

/// Returns whether another connection holds the lock of SQLite's file, so that a retry can help.
pub(super) fn is_locked(error: &sqlx::Error) -> bool {
    const BUSY: i32 = 5;
    let reported = error.as_database_error().and_then(<dyn DatabaseError>::try_downcast_ref);
    reported.is_some_and(|reported: &SqliteError| {
        primary_code(&reported.code().unwrap_or_default()) == Some(BUSY)
    })
}

/// Describes an error without values.
pub(in crate::store) fn describe(error: &sqlx::Error) -> String {
    let Some(reported) = error.as_database_error() else { return error.to_string() };
    match reported.try_downcast_ref::<PgDatabaseError>() {
        Some(server) if !is_safe_to_log(server) => code_and_table(reported),
        _ => error.to_string(),
    }
}

/// Returns whether a message comes from PostgreSQL itself, about connections, permissions, names,
/// resources or administration. The message of a trigger function can quote a row.
pub(super) fn is_safe_to_log(server: &PgDatabaseError) -> bool {
    let classes = ["08", "25", "28", "3D", "42", "53", "55", "57", "58"];
    server.r#where().is_none() && classes.iter().any(|class| server.code().starts_with(class))
}

/// Returns the code and, on PostgreSQL, the table.
fn code_and_table(reported: &dyn DatabaseError) -> String {
    let code = reported.code().unwrap_or_default();
    match reported.table() {
        Some(table) => format!("code {code} in {table}"),
        None => format!("code {code}"),
    }
}
