//! Reads organizations, their invitations and their domains.

use sqlx::AssertSqlSafe;

use super::{
    PageRequest, Store, StoreError,
    bounded_scan::ScanPage,
    conditions::Conditions,
    driver::{DbError, Record, Row},
    object_list::{IS_VISIBLE, ObjectList},
    object_view::{self, ObjectView, Viewed},
};
use crate::objects::{
    invitation::InvitationData, organization::OrganizationData,
    organization_domain::OrganizationDomainData,
};

/// Filter of a list of organizations. `None` matches every organization.
#[derive(Clone, Debug, Default)]
pub struct OrganizationFilter {
    /// Any of these IDs. An empty list matches every organization.
    pub ids: Vec<String>,
    /// Name in URLs. Several organizations can have it.
    pub slug: Option<String>,
}

impl Store {
    /// Reads an organization. Returns none for stubs and deleted organizations.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn organization(
        &self,
        id: &str,
    ) -> Result<Option<ObjectView<OrganizationData>>, StoreError> {
        let columns = object_view::columns::<OrganizationData>();
        let sql = format!("SELECT {columns} FROM organizations WHERE id = $1 AND {IS_VISIBLE}");
        let mut connection = self.pool.read().await?;
        let query = connection.query(AssertSqlSafe(sql)).bind(id);
        self.reported(query.fetch_optional().await)
    }

    /// Returns whether an organization exists, also as a stub. Deleted organizations do not exist.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn organization_exists(&self, id: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM organizations WHERE id = $1 AND deleted_at IS NULL";
        let mut connection = self.pool.read().await?;
        Ok(connection.query(sql).bind(id).fetch_optional::<()>().await?.is_some())
    }

    /// Reads a page of organizations, by ID.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn organizations(
        &self,
        filter: &OrganizationFilter,
        page: &PageRequest,
    ) -> Result<ScanPage<ObjectView<OrganizationData>>, StoreError> {
        let OrganizationFilter { ids, slug } = filter;
        let mut conditions = Conditions::default();
        if let Some(slug) = slug {
            conditions.add("slug = ?", [slug]);
        }
        conditions.add_any_of("id", ids);
        let list = ObjectList {
            table: "organizations",
            key: "id",
            owner: None,
            conditions,
            needs_scan: ids.is_empty() && slug.is_none(),
        };
        self.object_page(object_view::columns::<OrganizationData>(), list, page).await
    }

    /// Reads a page of the organizations of which a user is a member, by ID. A page can have fewer
    /// organizations than its limit although another page follows.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn organizations_of_user(
        &self,
        user_id: &str,
        page: &PageRequest,
    ) -> Result<ScanPage<ObjectView<OrganizationData>>, StoreError> {
        let sql = "SELECT DISTINCT organization_id FROM organization_memberships \
                   WHERE user_id = $1 AND organization_id > $2 AND deleted_at IS NULL \
                   ORDER BY organization_id LIMIT $3";
        let mut connection = self.pool.read().await?;
        let after = page.after.as_deref().unwrap_or_default();
        let query = connection.query(sql).bind(user_id).bind(after).bind(i64::from(page.limit));
        let ids: Vec<OrganizationId> = query.fetch_all().await?;
        drop(connection);
        let ids: Vec<String> = ids.into_iter().map(|OrganizationId(id)| id).collect();
        if ids.is_empty() {
            return Ok(ScanPage { items: Vec::new(), through: None });
        }
        let last = ids.last().filter(|_| ids.len() == usize::from(page.limit)).cloned();
        let filter = OrganizationFilter { ids, slug: None };
        let found = self.organizations(&filter, page).await?;
        // Stubs and unreadable rows are left out, so that the page can be shorter than the list of
        // the IDs.
        let is_short = found.items.len() < filter.ids.len();
        Ok(ScanPage { through: last.filter(|_| is_short), ..found })
    }

    /// Reads a page of an organization's invitations, by ID.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn invitations(
        &self,
        organization_id: &str,
        page: &PageRequest,
    ) -> Result<ScanPage<ObjectView<InvitationData>>, StoreError> {
        self.objects_of_organization(organization_id, page).await
    }

    /// Reads a page of an organization's domains, by ID.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn domains(
        &self,
        organization_id: &str,
        page: &PageRequest,
    ) -> Result<ScanPage<ObjectView<OrganizationDomainData>>, StoreError> {
        self.objects_of_organization(organization_id, page).await
    }

    async fn objects_of_organization<T: Viewed>(
        &self,
        organization_id: &str,
        page: &PageRequest,
    ) -> Result<ScanPage<ObjectView<T>>, StoreError> {
        let list = ObjectList {
            table: T::TABLE,
            key: "id",
            owner: Some(("organization_id", organization_id)),
            conditions: Conditions::default(),
            needs_scan: false,
        };
        self.object_page(object_view::columns::<T>(), list, page).await
    }
}

/// ID of an organization, from a membership.
struct OrganizationId(String);

impl Record for OrganizationId {
    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self(row.get("organization_id")?))
    }
}
