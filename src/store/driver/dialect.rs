//! Differences between the engines' SQL.

use super::Pool;

/// Spelling of the parameters of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Placeholders {
    /// `?`. SQLite searches a list for each numbered parameter, which takes a sixth of a large
    /// commit.
    Anonymous,
    /// `$1`, `$2`, …, the only spelling that PostgreSQL supports.
    Numbered,
}

/// Parts of statements that differ between the engines.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Dialect {
    /// End of a `SELECT` that skips rows locked by other transactions and locks the others.
    pub(in crate::store) skip_locked: &'static str,
    /// End of the assignments of an `UPDATE` of `webhook_events`, so that the whole row is
    /// rewritten. Otherwise SQLite shortens a row in place, and the rest of its page stays in use.
    pub(in crate::store) rewrite_row: &'static str,
}

impl Pool {
    /// Returns the SQL that only this engine uses.
    pub(in crate::store) fn dialect(&self) -> Dialect {
        match self {
            // The single writer holds every lock.
            Self::Sqlite(_) => Dialect { skip_locked: "", rewrite_row: ", seq = seq" },
            // PostgreSQL always writes a new row.
            Self::Postgres(_) => Dialect { skip_locked: "FOR UPDATE SKIP LOCKED", rewrite_row: "" },
        }
    }
}
