//! Search for users by the beginning of an address, a username or a name.
//!
//! The table `user_terms` has a row for each search term of each user, and a page is a range of it.
//! A user with several matching terms is listed only at the first of them.

use std::collections::{BTreeSet, HashMap};

use super::{
    PageRequest, Store, StoreError,
    bounded_scan::ScanPage,
    driver::{DbError, Record, Row},
    users::{UserFilter, UserView},
};
use crate::objects::user::search;

/// Search term of a user. It is also the key of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SearchTerm {
    /// Normalized text.
    pub text: String,
    /// ID of the user.
    pub user_id: String,
}

impl Store {
    /// Returns a page of the users that have a term with the normalized prefix and match the
    /// filter, in the order of the terms. A page can have fewer users than its limit although
    /// another page follows.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn search(
        &self,
        prefix: &str,
        filter: &UserFilter,
        page: &PageRequest<SearchTerm>,
    ) -> Result<ScanPage<UserView, SearchTerm>, StoreError> {
        let terms = self.matching_terms(prefix, page).await?;
        let through = (terms.len() == usize::from(page.limit)).then(|| terms.last().cloned());
        let matching: BTreeSet<&String> = terms.iter().map(|term| &term.user_id).collect();
        let requested = |id: &&&String| filter.ids.is_empty() || filter.ids.contains(id);
        let ids: Vec<String> = matching.iter().filter(requested).map(|id| (*id).clone()).collect();
        let mut users = HashMap::new();
        if !ids.is_empty() {
            let page = PageRequest { after: None, limit: page.limit };
            let filter = UserFilter { ids, ..filter.clone() };
            let found = self.users(&filter, &page).await?.items;
            users.extend(found.into_iter().map(|user| (user.id.clone(), user)));
        }
        let first_match = |user: &UserView| {
            let terms = search::terms(&user.profile);
            terms.into_iter().find(|term| term.starts_with(prefix))
        };
        let mut items = Vec::new();
        for term in terms {
            let user = users.get(&term.user_id);
            if user.and_then(first_match).is_some_and(|first| first == term.text) {
                items.extend(users.remove(&term.user_id));
            }
        }
        Ok(ScanPage { items, through: through.flatten() })
    }

    /// Returns the next terms with the prefix.
    async fn matching_terms(
        &self,
        prefix: &str,
        page: &PageRequest<SearchTerm>,
    ) -> Result<Vec<SearchTerm>, StoreError> {
        // The smallest possible term is the prefix itself. No text with the prefix is greater than
        // the end.
        let after = page
            .after
            .clone()
            .unwrap_or_else(|| SearchTerm { text: prefix.to_owned(), user_id: String::new() });
        let end = format!("{prefix}\u{10ffff}");
        let sql = "SELECT term, user_id FROM user_terms WHERE (term, user_id) > ($1, $2) \
                   AND term < $3 ORDER BY term, user_id LIMIT $4";
        let mut connection = self.pool.read().await?;
        let query = connection.query(sql).bind(after.text).bind(after.user_id).bind(end);
        Ok(query.bind(i64::from(page.limit)).fetch_all().await?)
    }
}

impl Record for SearchTerm {
    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self { text: row.get("term")?, user_id: row.get("user_id")? })
    }
}
