//! Counts the data stored about a user, and removes deleted data from the files.

pub use super::driver::VacuumOutcome;
use super::{
    Store, StoreError,
    driver::{DbError, Record, Row},
};
use crate::domain::Millis;

/// Tables that can contain data about a user.
pub const TABLES: [&str; 8] = [
    "users",
    "partial_users",
    "user_terms",
    "sessions",
    "accounts",
    "account_tokens",
    "verifications",
    "webhook_events",
];

/// Counts of the data stored about a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserDataCounts {
    /// Whether `users` has a row for the user, which can be a tombstone or a stub.
    pub user: bool,
    /// Time of the deletion, if the row is a tombstone.
    pub deleted_at: Option<Millis>,
    /// Number of sessions.
    pub sessions: i64,
    /// Number of linked accounts.
    pub accounts: i64,
    /// Number of verifications.
    pub verifications: i64,
    /// Number of events.
    pub events: i64,
    /// Number of events with a payload.
    pub payloads: i64,
}

impl UserDataCounts {
    /// Returns whether the database has a row or an event of the user.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.user || self.events > 0
    }

    /// Returns whether only the tombstone and events without payloads are left.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        let others = [self.sessions, self.accounts, self.verifications, self.payloads];
        self.deleted_at.is_some() && others == [0; 4]
    }
}

impl Store {
    /// Counts the data stored about a user.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn user_data_counts(&self, user_id: &str) -> Result<UserDataCounts, StoreError> {
        let sql = "SELECT (SELECT COUNT(*) FROM users WHERE clerk_id = $1) AS users, \
                   (SELECT deleted_at FROM users WHERE clerk_id = $1) AS deleted_at, \
                   (SELECT COUNT(*) FROM sessions WHERE user_id = $1) AS sessions, \
                   (SELECT COUNT(*) FROM accounts WHERE user_id = $1) AS accounts, \
                   (SELECT COUNT(*) FROM verifications WHERE user_id = $1) AS verifications, \
                   COUNT(*) AS events, COUNT(payload) AS payloads \
                   FROM webhook_events WHERE subject = $1";
        let mut connection = self.pool.read().await?;
        Ok(connection.query(sql).bind(user_id).fetch_one().await?)
    }

    /// Removes deleted data from the free space of the files. Has no timeout. SQLite rewrites the
    /// file and blocks other writes. PostgreSQL vacuums the tables while others use them.
    ///
    /// # Errors
    /// Returns an error if the database does not answer, or has too little free space.
    pub async fn vacuum(&self) -> Result<VacuumOutcome, StoreError> {
        Ok(self.pool.vacuum(&TABLES).await?)
    }
}

impl Record for UserDataCounts {
    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            user: row.get::<i64>("users")? > 0,
            deleted_at: row.get("deleted_at")?,
            sessions: row.get("sessions")?,
            accounts: row.get("accounts")?,
            verifications: row.get("verifications")?,
            events: row.get("events")?,
            payloads: row.get("payloads")?,
        })
    }
}
