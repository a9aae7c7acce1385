//! Search for users and organizations by the beginning of a name, an address or another term.
//!
//! A table of terms has a row for each search term of each object, and a page is a range of it. An
//! object with several matching terms is listed only at the first of them.

use std::collections::{BTreeSet, HashMap};

use sqlx::AssertSqlSafe;

use super::{
    PageRequest, Store, StoreError,
    bounded_scan::ScanPage,
    driver::{DbError, Record, Row},
    object_view::ObjectView,
    organizations::OrganizationFilter,
    users::{UserFilter, UserView},
};
use crate::objects::{Kind, ObjectData, organization::OrganizationData, user::search};

/// Search term of an object. It is also the key of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SearchTerm {
    /// Normalized text.
    pub text: String,
    /// ID of the object.
    pub object_id: String,
}

impl Store {
    /// Returns a page of the users that have a term with the normalized prefix and match the
    /// filter, in the order of the terms. A page can have fewer users than its limit although
    /// another page follows.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn search_users(
        &self,
        prefix: &str,
        filter: &UserFilter,
        page: &PageRequest<SearchTerm>,
    ) -> Result<ScanPage<UserView, SearchTerm>, StoreError> {
        let matches = self.matching_terms(Kind::User, prefix, page).await?;
        let ids = matches.ids(&filter.ids);
        let mut users = Vec::new();
        if !ids.is_empty() {
            let filter = UserFilter { ids, ..filter.clone() };
            users = self.users(&filter, &matches.page_of_objects()).await?.items;
        }
        let users = users.into_iter().map(|user| {
            let terms = search::terms(&user.profile).into_iter().collect();
            (user.id.clone(), terms, user)
        });
        Ok(matches.page(users))
    }

    /// Returns a page of the organizations that have a term with the normalized prefix and match
    /// the filter, like [`Self::search_users`].
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn search_organizations(
        &self,
        prefix: &str,
        filter: &OrganizationFilter,
        page: &PageRequest<SearchTerm>,
    ) -> Result<ScanPage<ObjectView<OrganizationData>, SearchTerm>, StoreError> {
        let matches = self.matching_terms(Kind::Organization, prefix, page).await?;
        let ids = matches.ids(&filter.ids);
        let mut organizations = Vec::new();
        if !ids.is_empty() {
            let filter = OrganizationFilter { ids, ..filter.clone() };
            organizations = self.organizations(&filter, &matches.page_of_objects()).await?.items;
        }
        let organizations =
            organizations.into_iter().map(|it| (it.id.clone(), it.data.search_terms(), it));
        Ok(matches.page(organizations))
    }

    /// Returns the next terms with the prefix.
    async fn matching_terms<'p>(
        &self,
        kind: Kind,
        prefix: &'p str,
        page: &PageRequest<SearchTerm>,
    ) -> Result<Matches<'p>, StoreError> {
        let mut matches = Matches { prefix, limit: page.limit, terms: Vec::new() };
        let Some((table, id)) = kind.object_type().table.terms else { return Ok(matches) };
        // The smallest possible term is the prefix itself. No text with the prefix is greater than
        // the end.
        let after = page
            .after
            .clone()
            .unwrap_or_else(|| SearchTerm { text: prefix.to_owned(), object_id: String::new() });
        let end = format!("{prefix}\u{10ffff}");
        let sql = format!(
            "SELECT term, {id} AS object_id FROM {table} WHERE (term, {id}) > ($1, $2) \
             AND term < $3 ORDER BY term, {id} LIMIT $4"
        );
        let mut connection = self.pool.read().await?;
        let query = connection.query(AssertSqlSafe(sql));
        let query = query.bind(after.text).bind(after.object_id).bind(end);
        matches.terms = query.bind(i64::from(page.limit)).fetch_all().await?;
        Ok(matches)
    }
}

/// Terms that match a prefix, for one page.
struct Matches<'p> {
    prefix: &'p str,
    limit: u16,
    terms: Vec<SearchTerm>,
}

impl Matches<'_> {
    /// Returns the IDs of the objects, of those that are requested. No ID requests all.
    fn ids(&self, requested: &[String]) -> Vec<String> {
        let matching: BTreeSet<&String> = self.terms.iter().map(|term| &term.object_id).collect();
        let is_requested = |id: &&&String| requested.is_empty() || requested.contains(id);
        matching.iter().filter(is_requested).map(|id| (*id).clone()).collect()
    }

    /// Returns a request for all objects of these terms.
    fn page_of_objects(&self) -> PageRequest {
        PageRequest { after: None, limit: self.limit }
    }

    /// Returns the page of the objects, each with its ID and its sorted terms. An object is listed
    /// at the first of its terms that matches.
    fn page<T>(
        self,
        objects: impl Iterator<Item = (String, Vec<String>, T)>,
    ) -> ScanPage<T, SearchTerm> {
        let mut by_first_term: HashMap<(String, String), T> = objects
            .filter_map(|(id, terms, object)| {
                let first = terms.into_iter().find(|term| term.starts_with(self.prefix))?;
                Some(((first, id), object))
            })
            .collect();
        let is_full = self.terms.len() == usize::from(self.limit);
        let through = self.terms.last().filter(|_| is_full).cloned();
        let key = |term: SearchTerm| (term.text, term.object_id);
        let items = self.terms.into_iter().filter_map(|it| by_first_term.remove(&key(it)));
        ScanPage { items: items.collect(), through }
    }
}

impl Record for SearchTerm {
    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self { text: row.get("term")?, object_id: row.get("object_id")? })
    }
}
