//! Opens snapshots of databases that exist.

use tokio::time::timeout;

use super::{
    StoreError,
    driver::{Options, Snapshot},
    migrations::require_current,
};

impl Snapshot {
    /// Connects to a database that exists. Creates no file.
    ///
    /// # Errors
    /// Returns an error if the database does not exist, or cannot be reached or opened.
    pub async fn open(options: &Options) -> Result<Self, StoreError> {
        if options.target.is_missing_file() {
            return Err(StoreError::FileNotFound);
        }
        let limit = options.acquire_timeout;
        let opened = timeout(limit, Self::connect(options)).await;
        Ok(opened.map_err(|_| StoreError::Timeout(limit))??)
    }

    /// Checks that the schema is that of this program.
    ///
    /// # Errors
    /// Returns an error if the schema is older or newer, or the database does not answer.
    pub async fn check_schema(&mut self) -> Result<(), StoreError> {
        require_current(self.schema_state().await?)
    }
}
