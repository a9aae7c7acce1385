//! Reads the verifications of a user.

use super::{PageRequest, Store, StoreError, bounded_scan::ScanPage, object_rows};
use crate::objects::{Kind, user::Verification};

impl Store {
    /// Reads a page of a user's verifications, by ID.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn verifications(
        &self,
        user_id: &str,
        page: &PageRequest,
    ) -> Result<ScanPage<Verification>, StoreError> {
        let table = object_rows::item_table(&Kind::User.object_type().table.items[1]);
        self.owned(&table, user_id, page).await
    }
}
