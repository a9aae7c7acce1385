//! Reading what hangs on a user: accounts and verifications.

use super::{Page, Store, StoreError, driver::Record};
use crate::domain::user::{Account, Verification};

impl Store {
    /// A page of a user's accounts, by id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn accounts(&self, user_id: &str, page: &Page) -> Result<Vec<Account>, StoreError> {
        let sql = "SELECT * FROM accounts WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3";
        self.owned(sql, user_id, page).await
    }

    /// A page of a user's verifications, by id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn verifications(
        &self,
        user_id: &str,
        page: &Page,
    ) -> Result<Vec<Verification>, StoreError> {
        let sql = "SELECT * FROM verifications WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3";
        self.owned(sql, user_id, page).await
    }

    /// A page of what a user owns; `sql` takes the user's id, the last id before, and the limit.
    pub(super) async fn owned<R: Record>(
        &self,
        sql: &'static str,
        user_id: &str,
        page: &Page,
    ) -> Result<Vec<R>, StoreError> {
        let after = page.after.as_deref().unwrap_or_default();
        let mut connection = self.pool.read().await?;
        let query = connection.query(sql).bind(user_id).bind(after).bind(i64::from(page.limit));
        query.fetch_all().await
    }
}
