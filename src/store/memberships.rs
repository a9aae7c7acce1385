//! Reads memberships, with the profiles of the members.

use std::fmt::Write;

use sqlx::AssertSqlSafe;

use super::{
    PageRequest, Store, StoreError,
    bounded_scan::ScanPage,
    conditions::Conditions,
    driver::{DbError, Record, Row},
    object_list::{IS_VISIBLE, ObjectList},
    object_view::{self, ObjectView},
};
use crate::objects::membership::MembershipData;

/// A membership without `private_metadata`, and the profile of the member.
#[derive(Clone, Debug, PartialEq)]
pub struct MembershipView {
    /// Clerk's ID of the membership.
    pub id: String,
    /// Values of the membership, in which `private_metadata` is always `None`.
    pub data: MembershipData,
    /// Profile of the member. Its values are `None` if the user is not synced yet.
    pub member: MemberProfile,
}

/// Values of a user that are shown with each membership.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberProfile {
    /// Username.
    pub username: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// URL of the profile image.
    pub image: Option<String>,
    /// Primary email address.
    pub email: Option<String>,
}

/// Filter of a list of memberships. `None` matches every membership.
#[derive(Clone, Debug, Default)]
pub struct MembershipFilter {
    /// ID of the organization.
    pub organization_id: Option<String>,
    /// ID of the member.
    pub user_id: Option<String>,
    /// Key of the role.
    pub role: Option<String>,
}

impl MembershipFilter {
    /// Returns the column by which the list is ordered, which is also the key of its pages. A user
    /// has one membership in each organization.
    #[must_use]
    pub fn key<'m>(&self, membership: &'m MembershipView) -> &'m str {
        match self.key_column() {
            "organization_id" => &membership.data.organization_id,
            _ => &membership.id,
        }
    }

    fn key_column(&self) -> &'static str {
        match (&self.organization_id, &self.user_id) {
            (None, Some(_)) => "organization_id",
            _ => "id",
        }
    }
}

pub(super) const TABLE: &str = "organization_memberships";

/// Columns of a user that are selected with each membership, with their names in the result.
const MEMBER_COLUMNS: [(&str, &str); 5] = [
    ("username", "member_username"),
    ("first_name", "member_first_name"),
    ("last_name", "member_last_name"),
    ("image", "member_image"),
    ("email", "member_email"),
];

/// SQL condition that a membership is the one that the view `live_memberships` has for its user and
/// organization. The view itself numbers the memberships of all users and organizations, if both
/// are not constants.
pub(super) const IS_NEWEST: &str = "id = (\
    SELECT newest.id FROM organization_memberships AS newest \
    WHERE newest.user_id = organization_memberships.user_id \
        AND newest.organization_id = organization_memberships.organization_id \
        AND newest.deleted_at IS NULL \
    ORDER BY newest.version_updated_at DESC, newest.version_occurred_at DESC, \
        newest.version_event_id DESC, newest.id DESC LIMIT 1)";

/// Returns the selected columns. A subquery per column finds the user by its key. For a join, the
/// planner can choose a scan of all users.
pub(super) fn columns() -> String {
    let mut columns = object_view::columns::<MembershipData>();
    for (column, name) in MEMBER_COLUMNS {
        // Writing to a string does not fail.
        let _ = write!(
            columns,
            ", (SELECT users.{column} FROM users WHERE users.clerk_id = {TABLE}.user_id) AS {name}"
        );
    }
    columns
}

impl Store {
    /// Reads a membership, also one that a newer membership of the same user in the same
    /// organization has replaced. Returns none for deleted memberships.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn membership(&self, id: &str) -> Result<Option<MembershipView>, StoreError> {
        let sql = format!("SELECT {} FROM {TABLE} WHERE id = $1 AND {IS_VISIBLE}", columns());
        let mut connection = self.pool.read().await?;
        let query = connection.query(AssertSqlSafe(sql)).bind(id);
        self.reported(query.fetch_optional().await)
    }

    /// Reads a page of memberships: for each user and organization, the newest one that is not
    /// deleted. The memberships of one user are in the order of their organizations, and others in
    /// the order of their IDs.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn memberships(
        &self,
        filter: &MembershipFilter,
        page: &PageRequest,
    ) -> Result<ScanPage<MembershipView>, StoreError> {
        let MembershipFilter { organization_id, user_id, role } = filter;
        let mut conditions = Conditions::default();
        let owner = match (organization_id, user_id) {
            (Some(organization_id), Some(user_id)) => {
                conditions.add("organization_id = ?", [organization_id]);
                Some(("user_id", &**user_id))
            }
            (Some(organization_id), None) => Some(("organization_id", &**organization_id)),
            (None, Some(user_id)) => Some(("user_id", &**user_id)),
            (None, None) => None,
        };
        if let Some(role) = role {
            conditions.add("role = ?", [role]);
        }
        conditions.add(IS_NEWEST, [""; 0]);
        let is_one = organization_id.is_some() && user_id.is_some();
        let list = ObjectList {
            table: TABLE,
            key: filter.key_column(),
            owner,
            conditions,
            needs_scan: !is_one && (owner.is_none() || role.is_some()),
        };
        self.object_page(columns(), list, page).await
    }
}

impl Record for MembershipView {
    const TABLE: &'static str = TABLE;

    fn read(row: &Row) -> Result<Self, DbError> {
        let ObjectView { id, data } = ObjectView::read(row)?;
        let member = MemberProfile {
            username: row.get("member_username")?,
            first_name: row.get("member_first_name")?,
            last_name: row.get("member_last_name")?,
            image: row.get("member_image")?,
            email: row.get("member_email")?,
        };
        Ok(Self { id, data, member })
    }
}
