//! Reads the verifications of a user.

use super::{PageRequest, Store, StoreError, bounded_scan::ScanPage, rows::VERIFICATIONS};
use crate::domain::user::Verification;

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
        self.owned(&VERIFICATIONS, user_id, page).await
    }
}
