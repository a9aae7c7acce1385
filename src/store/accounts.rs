//! Reading what hangs on a user: accounts and verifications.

use sqlx::AssertSqlSafe;

use super::{
    PageRequest, Store, StoreError,
    driver::Record,
    rows::{ACCOUNTS, VERIFICATIONS},
    statement::Table,
};
use crate::domain::user::{Account, Verification};

impl Store {
    /// A page of a user's accounts, by id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn accounts(&self, user_id: &str, page: &PageRequest) -> Result<Vec<Account>, StoreError> {
        self.owned(&ACCOUNTS, user_id, page).await
    }

    /// A page of a user's verifications, by id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn verifications(
        &self,
        user_id: &str,
        page: &PageRequest,
    ) -> Result<Vec<Verification>, StoreError> {
        self.owned(&VERIFICATIONS, user_id, page).await
    }

    /// A page of what a user owns, by id.
    pub(super) async fn owned<R: Record>(
        &self,
        rows: &Table,
        user_id: &str,
        page: &PageRequest,
    ) -> Result<Vec<R>, StoreError> {
        let sql = format!("{} WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3", rows.select());
        let after = page.after.as_deref().unwrap_or_default();
        let mut connection = self.pool.read().await?;
        let query = connection
            .query(AssertSqlSafe(sql))
            .bind(user_id)
            .bind(after)
            .bind(i64::from(page.limit));
        Ok(query.fetch_all().await?)
    }
}
