//! Reads what decides whether a user may act in an organization.
//!
//! A user who left and joined again has two memberships until the deletion of the first one
//! arrives. The newest one counts, as in the view `live_memberships`.

use serde_json::Value;
use sqlx::AssertSqlSafe;

use super::{
    Store, StoreError,
    driver::{DbError, Record, Row, record},
    memberships::{self, MembershipView},
    object_list::IS_VISIBLE,
};
use crate::domain::Millis;

/// Relation of a user to an organization.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    /// The user has a membership, so that neither the user nor the organization is deleted.
    Member(Box<MemberStanding>),
    /// The user has no membership.
    NotMember(AbsentMember),
}

/// A membership, with the permissions of its role.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberStanding {
    /// The membership.
    pub membership: MembershipView,
    /// Whether the user is banned.
    pub is_banned: bool,
    /// Permissions of the role, as a JSON array of strings. `None` if the role is not synced.
    pub role_permissions: Option<Value>,
}

/// Facts about a user and an organization without a membership.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AbsentMember {
    /// Whether the user is deleted.
    pub is_user_deleted: bool,
    /// Whether the user is banned.
    pub is_banned: bool,
    /// Whether the organization is deleted.
    pub is_organization_deleted: bool,
}

/// The membership in the active organization of a session token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActiveMembership {
    /// The user has a membership.
    Present {
        /// Key of the role. `None` if no complete membership is synced yet.
        role: Option<String>,
        /// Clerk's `updated_at`.
        updated_at: Millis,
    },
    /// The user has no membership.
    Absent {
        /// Whether the organization is deleted.
        is_organization_deleted: bool,
        /// Time at which a membership of the user in the organization was last deleted. `None` if
        /// no deletion is known.
        membership_deleted_at: Option<Millis>,
    },
}

/// SQL text that selects the newest of several memberships.
const NEWEST_FIRST: &str = "ORDER BY version_updated_at DESC, version_occurred_at DESC, \
                            version_event_id DESC, id DESC LIMIT 1";

/// Number of a user's latest events among which the deletion of a membership is searched. A session
/// token is valid for a minute, and a deletion before that is of no interest.
const MAX_EVENTS: u16 = 500;

impl Store {
    /// Reads the relation of a user to an organization. One query is enough for a member.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn standing(
        &self,
        user_id: &str,
        organization_id: &str,
    ) -> Result<Standing, StoreError> {
        let (columns, table) = (memberships::columns(), memberships::TABLE);
        let sql = format!(
            "SELECT {columns}, \
                 (SELECT users.banned FROM users WHERE users.clerk_id = {table}.user_id) AS banned, \
                 (SELECT roles.permissions FROM roles WHERE roles.key = {table}.role \
                      AND roles.deleted_at IS NULL \
                  ORDER BY roles.version_updated_at DESC, roles.version_occurred_at DESC, \
                      roles.version_event_id DESC, roles.id DESC LIMIT 1) AS role_permissions \
             FROM {table} WHERE user_id = $1 AND organization_id = $2 AND deleted_at IS NULL \
                 AND {IS_VISIBLE} {NEWEST_FIRST}"
        );
        let mut connection = self.pool.read().await?;
        let query = connection.query(AssertSqlSafe(sql)).bind(user_id).bind(organization_id);
        if let Some(member) = self.reported(query.fetch_optional().await)? {
            return Ok(Standing::Member(Box::new(member)));
        }
        let sql = "SELECT (SELECT deleted_at FROM users WHERE clerk_id = $1) AS user_deleted_at, \
                   (SELECT banned FROM users WHERE clerk_id = $1) AS banned, \
                   (SELECT deleted_at FROM organizations WHERE id = $2) AS organization_deleted_at";
        let query = connection.query(sql).bind(user_id).bind(organization_id);
        Ok(Standing::NotMember(query.fetch_optional().await?.unwrap_or_default()))
    }

    /// Returns whether a user has a membership in an organization.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn is_member(
        &self,
        user_id: &str,
        organization_id: &str,
    ) -> Result<bool, StoreError> {
        let sql = format!(
            "SELECT 1 FROM organization_memberships WHERE user_id = $1 AND organization_id = $2 \
             AND deleted_at IS NULL AND {IS_VISIBLE} LIMIT 1"
        );
        let mut connection = self.pool.read().await?;
        let query = connection.query(AssertSqlSafe(sql)).bind(user_id).bind(organization_id);
        Ok(query.fetch_optional::<()>().await?.is_some())
    }

    /// Reads the membership of a user in the active organization of a session token.
    ///
    /// A deleted membership keeps only its ID. The event log still has the user and the
    /// organization of the deletion.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn active_membership(
        &self,
        user_id: &str,
        organization_id: &str,
    ) -> Result<ActiveMembership, StoreError> {
        let sql = format!(
            "SELECT role, version_updated_at FROM organization_memberships \
             WHERE user_id = $1 AND organization_id = $2 AND deleted_at IS NULL {NEWEST_FIRST}"
        );
        let mut connection = self.pool.read().await?;
        let query = connection.query(AssertSqlSafe(sql)).bind(user_id).bind(organization_id);
        if let Some(PresentRole { role, version_updated_at }) = query.fetch_optional().await? {
            return Ok(ActiveMembership::Present { role, updated_at: version_updated_at });
        }
        let sql = "SELECT (SELECT deleted_at FROM organizations WHERE id = $2) \
                       AS organization_deleted_at, \
                   (SELECT MAX(COALESCE(occurred_at, received_at)) FROM \
                       (SELECT occurred_at, received_at, organization_id, object_kind, operation \
                        FROM webhook_events WHERE subject = $1 ORDER BY seq DESC LIMIT $3) AS latest \
                    WHERE organization_id = $2 AND object_kind = 'membership' \
                        AND operation = 'deleted') AS membership_deleted_at";
        let query = connection.query(sql).bind(user_id).bind(organization_id);
        let ended: Option<EndedMembership> =
            query.bind(i64::from(MAX_EVENTS)).fetch_optional().await?;
        Ok(ActiveMembership::Absent {
            is_organization_deleted: ended
                .as_ref()
                .is_some_and(|it| it.organization_deleted_at.is_some()),
            membership_deleted_at: ended.and_then(|it| it.membership_deleted_at),
        })
    }
}

/// Role of a membership.
struct PresentRole {
    role: Option<String>,
    version_updated_at: Millis,
}

record!(PresentRole, "organization_memberships" { role, version_updated_at });

/// Times at which an organization and a membership in it were deleted.
struct EndedMembership {
    organization_deleted_at: Option<Millis>,
    membership_deleted_at: Option<Millis>,
}

record!(EndedMembership { organization_deleted_at, membership_deleted_at });

impl Record for MemberStanding {
    const TABLE: &'static str = memberships::TABLE;

    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            membership: MembershipView::read(row)?,
            is_banned: row.get::<Option<bool>>("banned")?.unwrap_or_default(),
            role_permissions: row.json("role_permissions")?,
        })
    }
}

impl Record for AbsentMember {
    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            is_user_deleted: row.get::<Option<Millis>>("user_deleted_at")?.is_some(),
            is_banned: row.get::<Option<bool>>("banned")?.unwrap_or_default(),
            is_organization_deleted: row
                .get::<Option<Millis>>("organization_deleted_at")?
                .is_some(),
        })
    }
}
