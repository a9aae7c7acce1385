//! Reads objects that belong to a user.

use sqlx::AssertSqlSafe;

use super::{
    PageRequest, Store, StoreError, bounded_scan::ScanPage, driver::Record, statement::Table,
};

impl Store {
    /// Reads a page of a user's objects in `table`, by ID.
    pub(super) async fn owned<R: Record>(
        &self,
        table: &Table,
        user_id: &str,
        page: &PageRequest,
    ) -> Result<ScanPage<R>, StoreError> {
        let sql = format!("{} WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3", table.select());
        let after = page.after.as_deref().unwrap_or_default();
        let mut connection = self.pool.read().await?;
        let query = connection
            .query(AssertSqlSafe(sql))
            .bind(user_id)
            .bind(after)
            .bind(i64::from(page.limit));
        self.readable_page(&query.rows().await?, page.limit, "id", None)
    }
}
