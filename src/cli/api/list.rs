//! Reads lists of the API page by page.

use serde_json::Value;

use super::{ApiClient, ApiError};

/// Maximum number of items that the API returns on a page.
const MAX_PAGE: usize = 500;

/// Beginning of a list.
pub(in crate::cli) struct Listed {
    pub(in crate::cli) items: Vec<Value>,
    /// Whether the list has more items.
    pub(in crate::cli) has_more: bool,
}

impl ApiClient {
    /// Reads at most `limit` items of a list. A page can be empty and still have a next page.
    pub(in crate::cli) async fn list(
        &self,
        path: &str,
        filters: &[(&str, String)],
        limit: usize,
    ) -> Result<Listed, ApiError> {
        let mut listed = Listed { items: Vec::new(), has_more: false };
        let mut cursor = None;
        loop {
            let missing = limit - listed.items.len();
            let page = self.page(path, filters, missing, cursor.as_deref()).await?;
            listed.items.extend(page.items);
            cursor = page.next_cursor;
            listed.has_more = cursor.is_some();
            if listed.items.len() >= limit || cursor.is_none() {
                listed.items.truncate(limit);
                return Ok(listed);
            }
        }
    }

    /// Reads one page of a list.
    pub(in crate::cli) async fn page(
        &self,
        path: &str,
        filters: &[(&str, String)],
        limit: usize,
        cursor: Option<&str>,
    ) -> Result<Page, ApiError> {
        let mut query = filters.to_vec();
        query.push(("limit", limit.clamp(1, MAX_PAGE).to_string()));
        query.extend(cursor.map(|cursor| ("cursor", cursor.to_owned())));
        let mut body = self.get(path, &query).await?;
        let items = match body["data"].take() {
            Value::Array(items) => items,
            _ => Vec::new(),
        };
        let next_cursor = body["next_cursor"].as_str().map(str::to_owned);
        Ok(Page { items, next_cursor })
    }
}

/// One page of a list.
pub(in crate::cli) struct Page {
    pub(in crate::cli) items: Vec<Value>,
    pub(in crate::cli) next_cursor: Option<String>,
}
