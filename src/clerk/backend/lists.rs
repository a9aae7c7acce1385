//! Lists and single objects of any type.

use serde::Deserialize;

use super::{ApiObject, Backend, BackendError, PAGE_SIZE, RetryPolicy};

/// A page of a list.
#[derive(Debug, Deserialize)]
pub struct ListPage {
    /// The objects of the page.
    pub data: Vec<ApiObject>,
    /// Number of objects in the whole list.
    pub total_count: u64,
}

impl Backend {
    /// Returns a page of a list from an offset on. If it has fewer than [`PAGE_SIZE`] objects, it is
    /// the last page. The parameters include the order, without which the newest objects come first.
    ///
    /// # Errors
    /// Returns an error if the request fails.
    pub async fn page(
        &self,
        path: &[&str],
        parameters: &[(&str, &str)],
        offset: usize,
    ) -> Result<ListPage, BackendError> {
        let (limit, offset) = (PAGE_SIZE.to_string(), offset.to_string());
        let query = [&[("limit", &*limit), ("offset", &*offset)], parameters].concat();
        self.get(path, &query, RetryPolicy::Persistent).await
    }

    /// Returns the number of objects in a list.
    ///
    /// # Errors
    /// Returns an error if the request fails.
    pub async fn count(
        &self,
        path: &[&str],
        parameters: &[(&str, &str)],
    ) -> Result<u64, BackendError> {
        let query = [&[("limit", "1")], parameters].concat();
        let page: ListPage = self.get(path, &query, RetryPolicy::Persistent).await?;
        Ok(page.total_count)
    }

    /// Returns an object, or `None` if Clerk has no such object.
    ///
    /// # Errors
    /// Returns an error if the request fails.
    pub async fn object(
        &self,
        path: &[&str],
        retry_policy: RetryPolicy,
    ) -> Result<Option<ApiObject>, BackendError> {
        match self.get(path, &[], retry_policy).await {
            Err(BackendError::Rejected(error)) if error.is_not_found() => Ok(None),
            object => object.map(Some),
        }
    }
}
