//! Reads sessions.

use sqlx::AssertSqlSafe;

use super::{
    PageRequest, Store, StoreError,
    bounded_scan::ScanPage,
    driver::{DbError, Record, Row},
    object_rows,
};
use crate::objects::{Kind, session::Session};

/// Synced facts that decide whether a session token is valid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionValidity {
    /// ID of the session's user. `None` if the session is not synced.
    pub owner: Option<String>,
    /// Status of the session as sent by Clerk.
    pub status: Option<String>,
    /// Whether the user is banned.
    pub banned: bool,
    /// Whether the user is deleted.
    pub deleted: bool,
}

impl Store {
    /// Reads a session.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn session(&self, id: &str) -> Result<Option<Session>, StoreError> {
        let sql = format!("{} WHERE id = $1", object_rows::table(Kind::Session).select());
        let mut connection = self.pool.read().await?;
        let query = connection.query(AssertSqlSafe(sql)).bind(id);
        self.reported(query.fetch_optional().await)
    }

    /// Reads the validity of a session and of a user with one query.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn session_validity(
        &self,
        session_id: &str,
        user_id: &str,
    ) -> Result<SessionValidity, StoreError> {
        let sql = "SELECT (SELECT user_id FROM sessions WHERE id = $1) AS owner, \
                   (SELECT status FROM sessions WHERE id = $1) AS status, \
                   (SELECT banned FROM users WHERE clerk_id = $2) AS banned, \
                   (SELECT deleted_at FROM users WHERE clerk_id = $2) AS deleted_at";
        let mut connection = self.pool.read().await?;
        let found = connection.query(sql).bind(session_id).bind(user_id).fetch_optional().await?;
        Ok(found.unwrap_or_default())
    }

    /// Reads a page of a user's sessions, by ID.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn sessions(
        &self,
        user_id: &str,
        page: &PageRequest,
    ) -> Result<ScanPage<Session>, StoreError> {
        self.owned(object_rows::table(Kind::Session), user_id, page).await
    }
}

impl Record for SessionValidity {
    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            owner: row.get("owner")?,
            status: row.get("status")?,
            banned: row.get::<Option<bool>>("banned")?.unwrap_or_default(),
            deleted: row.get::<Option<i64>>("deleted_at")?.is_some(),
        })
    }
}
