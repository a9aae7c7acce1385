//! Reads the external accounts of a user.

use super::{PageRequest, Store, StoreError, bounded_scan::ScanPage, rows::ACCOUNTS};
use crate::domain::user::Account;

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
        self.owned(&ACCOUNTS, user_id, page).await
    }
}
