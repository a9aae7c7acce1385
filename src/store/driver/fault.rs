//! Whose trouble an error is, and what may be said of it.

use sqlx::{error::DatabaseError, postgres::PgDatabaseError, sqlite::SqliteError};

use crate::store::StoreError;

/// Sorts an error by whose trouble it is. Narrow on purpose: only what the value itself brings
/// about is the event's fault; a full disk or a missing table is ours.
pub(in crate::store) fn classify(error: sqlx::Error) -> StoreError {
    let Some(refusal) = error.as_database_error() else {
        return StoreError::Unavailable(error);
    };
    let code = refusal.code().unwrap_or_default();
    let kind = match refusal.try_downcast_ref::<PgDatabaseError>() {
        Some(_) => postgres_fault(&code),
        None => sqlite_fault(&code),
    };
    match kind {
        Fault::Value => StoreError::Refused(refusal_of(refusal)),
        Fault::Race => StoreError::Conflict,
        Fault::Ours => StoreError::Unavailable(error),
    }
}

/// Whether a statement failed for want of a table.
pub(in crate::store) fn lacks_a_table(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|refusal| {
        match refusal.try_downcast_ref::<PgDatabaseError>() {
            Some(refusal) => refusal.code() == "42P01",
            // The code is that of any wrong statement.
            None => refusal.message().starts_with("no such table"),
        }
    })
}

/// Whether SQLite's file is in use by somebody else, so that it may go better soon.
pub(super) fn is_locked(error: &sqlx::Error) -> bool {
    const BUSY: i32 = 5;
    let refusal = error.as_database_error().and_then(<dyn DatabaseError>::try_downcast_ref);
    refusal.is_some_and(|refusal: &SqliteError| {
        primary(&refusal.code().unwrap_or_default()) == Some(BUSY)
    })
}

enum Fault {
    Value,
    Race,
    Ours,
}

/// By SQLSTATE: 22 data exception, 23 integrity, 54 limit exceeded; 40001 and 40P01 are races.
fn postgres_fault(code: &str) -> Fault {
    match code {
        "40001" | "40P01" => Fault::Race,
        _ if ["22", "23", "54"].iter().any(|class| code.starts_with(class)) => Fault::Value,
        _ => Fault::Ours,
    }
}

/// By the primary result code.
fn sqlite_fault(code: &str) -> Fault {
    const TOOBIG: i32 = 18;
    const CONSTRAINT: i32 = 19;
    const MISMATCH: i32 = 20;
    match primary(code) {
        Some(TOOBIG | CONSTRAINT | MISMATCH) => Fault::Value,
        _ => Fault::Ours,
    }
}

/// SQLite's primary result code, which is the low byte of the extended one.
fn primary(code: &str) -> Option<i32> {
    code.parse::<i32>().ok().map(|code| code & 0xff)
}

/// Why a database does not do as it should, in words that quote no value.
pub(in crate::store) fn describe(error: &sqlx::Error) -> String {
    let Some(trouble) = error.as_database_error() else { return error.to_string() };
    match trouble.try_downcast_ref::<PgDatabaseError>() {
        Some(server) if !speaks_of_itself(server) => refusal_of(trouble),
        _ => error.to_string(),
    }
}

/// Whether a message is the server's own, about its connections, rights, names, resources and
/// operators. What comes out of somebody's trigger can hold the row that it was made for.
fn speaks_of_itself(server: &PgDatabaseError) -> bool {
    let classes = ["08", "25", "28", "3D", "42", "53", "55", "57", "58"];
    server.r#where().is_none() && classes.iter().any(|class| server.code().starts_with(class))
}

/// The code and, on PostgreSQL, the place: messages can quote values.
fn refusal_of(refusal: &dyn DatabaseError) -> String {
    let code = refusal.code().unwrap_or_default();
    match refusal.table() {
        Some(table) => format!("code {code} in {table}"),
        None => format!("code {code}"),
    }
}
