//! Reads the external accounts of a user.

use super::{PageRequest, Store, StoreError, bounded_scan::ScanPage, object_rows};
use crate::objects::{Kind, user::Account};

impl Store {
    /// Reads a page of a user's external accounts, by ID.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn accounts(
        &self,
        user_id: &str,
        page: &PageRequest,
    ) -> Result<ScanPage<Account>, StoreError> {
        let table = object_rows::item_table(&Kind::User.object_type().table.items[0]);
        self.owned(&table, user_id, page).await
    }
}
