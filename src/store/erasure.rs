//! What is kept of a user, and what is left of it in the files once it is gone.

pub use super::driver::VacuumOutcome;
use super::{
    Store, StoreError,
    driver::{DbError, Record, Row},
};
use crate::domain::Millis;

/// Where something of a user may stand.
pub const TABLES: [&str; 7] = [
    "users",
    "user_terms",
    "sessions",
    "accounts",
    "account_tokens",
    "verifications",
    "webhook_events",
];

/// What is kept of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserDataCounts {
    /// There is a row of the user, be it a tombstone or a stub.
    pub user: bool,
    /// The row is a tombstone, since then.
    pub deleted_at: Option<Millis>,
    /// How many sessions.
    pub sessions: i64,
    /// How many linked accounts.
    pub accounts: i64,
    /// How many verifications.
    pub verifications: i64,
    /// How many events.
    pub events: i64,
    /// How many of those with their payloads.
    pub payloads: i64,
}

impl UserDataCounts {
    /// Whether anything was ever heard of the user.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.user || self.events > 0
    }

    /// Whether the tombstone is there, and nothing else.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        let others = [self.sessions, self.accounts, self.verifications, self.payloads];
        self.deleted_at.is_some() && others == [0; 4]
    }
}

impl Store {
    /// What is kept of a user.
    ///
    /// # Errors
    /// When the database does not answer.
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

    /// Has the engine let go of what was deleted in the places that are free now, which takes as long
    /// as it takes. SQLite rewrites the file, and nobody else writes meanwhile; PostgreSQL goes through
    /// the tables beside others.
    ///
    /// # Errors
    /// When the database does not answer, or has no room for it.
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
