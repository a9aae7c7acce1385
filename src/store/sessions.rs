//! Reading sessions.

use super::{Page, Store, StoreError};
use crate::domain::session::Session;

impl Store {
    /// One session.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session(&self, id: &str) -> Result<Option<Session>, StoreError> {
        let mut connection = self.pool.read().await?;
        connection.query("SELECT * FROM sessions WHERE id = $1").bind(id).fetch_optional().await
    }

    /// A page of a user's sessions, by id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sessions(&self, user_id: &str, page: &Page) -> Result<Vec<Session>, StoreError> {
        let sql = "SELECT * FROM sessions WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3";
        self.owned(sql, user_id, page).await
    }
}
