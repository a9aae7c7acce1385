//! Reading sessions.

use sqlx::AssertSqlSafe;

use super::{
    PageRequest, Store, StoreError,
    driver::{DbError, Record, Row},
    rows::SESSIONS,
};
use crate::domain::session::Session;

/// What is known of a session and its user, as far as it is synced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionValidity {
    /// Whose the session is.
    pub owner: Option<String>,
    /// The session's status, as Clerk told it.
    pub status: Option<String>,
    /// The user is banned.
    pub banned: bool,
    /// The user is deleted.
    pub deleted: bool,
}

impl Store {
    /// One session.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session(&self, id: &str) -> Result<Option<Session>, StoreError> {
        let sql = format!("{} WHERE id = $1", SESSIONS.select());
        let mut connection = self.pool.read().await?;
        Ok(connection.query(AssertSqlSafe(sql)).bind(id).fetch_optional().await?)
    }

    /// How a session and a user stand, in one look.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_validity(&self, session_id: &str, user_id: &str) -> Result<SessionValidity, StoreError> {
        let sql = "SELECT (SELECT user_id FROM sessions WHERE id = $1) AS owner, \
                   (SELECT status FROM sessions WHERE id = $1) AS status, \
                   (SELECT banned FROM users WHERE clerk_id = $2) AS banned, \
                   (SELECT deleted_at FROM users WHERE clerk_id = $2) AS deleted_at";
        let mut connection = self.pool.read().await?;
        let found = connection.query(sql).bind(session_id).bind(user_id).fetch_optional().await?;
        Ok(found.unwrap_or_default())
    }

    /// A page of a user's sessions, by id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sessions(&self, user_id: &str, page: &PageRequest) -> Result<Vec<Session>, StoreError> {
        self.owned(&SESSIONS, user_id, page).await
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
