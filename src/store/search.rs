//! Looking for users by the beginning of an address, a username or a name.
//!
//! Each user's terms stand in a table of their own, in their order: a page is a stretch of it. Whoever
//! has several that begin alike comes at the first of them alone.

use std::collections::{BTreeSet, HashMap};

use super::{
    PageRequest, Store, StoreError,
    driver::{DbError, Record, Row},
    bounded_scan::ScanPage,
    users::{UserFilter, UserView},
};
use crate::domain::search;

/// Where a page ends: a term, and whose it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SearchTerm {
    /// As it is compared.
    pub text: String,
    /// Whose.
    pub user_id: String,
}

impl Store {
    /// A page of the users with a term that begins with a folded text, in the order of their terms,
    /// as far as the other filters let them through. It may hold fewer than there is room for.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn search(
        &self,
        prefix: &str,
        filter: &UserFilter,
        page: &PageRequest<SearchTerm>,
    ) -> Result<ScanPage<UserView, SearchTerm>, StoreError> {
        let terms = self.terms(prefix, page).await?;
        let through = (terms.len() == usize::from(page.limit)).then(|| terms.last().cloned());
        let found: BTreeSet<&String> = terms.iter().map(|term| &term.user_id).collect();
        let asked = |id: &&&String| filter.ids.is_empty() || filter.ids.contains(id);
        let ids: Vec<String> = found.iter().filter(asked).map(|id| (*id).clone()).collect();
        let mut users = HashMap::new();
        if !ids.is_empty() {
            let page = PageRequest { after: None, limit: page.limit };
            let filter = UserFilter { ids, ..filter.clone() };
            let found = self.users(&filter, &page).await?.items;
            users.extend(found.into_iter().map(|user| (user.id.clone(), user)));
        }
        let first = |user: &UserView| {
            let terms = search::terms(&user.profile);
            terms.into_iter().find(|term| term.starts_with(prefix))
        };
        let mut items = Vec::new();
        for term in terms {
            let user = users.get(&term.user_id);
            if user.and_then(first).is_some_and(|first| first == term.text) {
                items.extend(users.remove(&term.user_id));
            }
        }
        Ok(ScanPage { items, through: through.flatten() })
    }

    async fn terms(&self, prefix: &str, page: &PageRequest<SearchTerm>) -> Result<Vec<SearchTerm>, StoreError> {
        // The least of them stands at the prefix itself, and no text that begins with it is greater than the end.
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
