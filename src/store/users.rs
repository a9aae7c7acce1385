//! Reads users for the API.

use sqlx::AssertSqlSafe;

use super::{
    PageRequest, Store, StoreError,
    bounded_scan::ScanPage,
    conditions::Conditions,
    driver::{DbError, Record, Row},
    object_list::{IS_VISIBLE, ObjectList},
};
use crate::{domain::Millis, objects::user::Profile};

/// A user without `private_metadata`, which is not read from the database.
#[derive(Clone, Debug, PartialEq)]
pub struct UserView {
    /// Clerk's user ID.
    pub id: String,
    /// Profile, in which `private_metadata` is always `None`.
    pub profile: Profile,
}

/// Filter of a list of users. `None` matches every user.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// Any of these IDs. An empty list matches every user.
    pub ids: Vec<String>,
    /// Email address in any case, of which the user is the owner.
    pub email: Option<String>,
    /// Username.
    pub username: Option<String>,
    /// ID in the customer's system.
    pub external_id: Option<String>,
    /// Exclusive lower limit of the time of the last change.
    pub updated_after: Option<Millis>,
}

impl UserFilter {
    /// Returns whether no index finds the users. Any number of rows in a row can then fail the
    /// filter, or be stubs and tombstones.
    fn needs_scan(&self) -> bool {
        let Self { ids, email, username, external_id, updated_after: _ } = self;
        ids.is_empty() && [email, username, external_id].into_iter().all(Option::is_none)
    }
}

/// SQL condition that the user owns an address, with the address in lower case as its parameter.
const OWNS_EMAIL: &str = "clerk_id = (SELECT clerk_id FROM email_owners WHERE email = ?)";

const COLUMNS: &str = "clerk_id, external_id, username, first_name, last_name, email, \
    email_verified, phone_number, image, banned, locked, password_enabled, two_factor_enabled, \
    public_metadata, unsafe_metadata, last_sign_in_at, last_active_at, created_at, updated_at";

impl Store {
    /// Reads a user. Returns none for stubs and deleted users.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn user(&self, id: &str) -> Result<Option<UserView>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM users WHERE clerk_id = $1 AND {IS_VISIBLE}");
        let mut connection = self.pool.read().await?;
        let query = connection.query(AssertSqlSafe(sql)).bind(id);
        self.reported(query.fetch_optional().await)
    }

    /// Returns whether a user exists, also as a stub. Deleted users do not exist.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn user_exists(&self, id: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM users WHERE clerk_id = $1 AND deleted_at IS NULL";
        let mut connection = self.pool.read().await?;
        Ok(connection.query(sql).bind(id).fetch_optional::<()>().await?.is_some())
    }

    /// Reads a page of users, by ID.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn users(
        &self,
        filter: &UserFilter,
        page: &PageRequest,
    ) -> Result<ScanPage<UserView>, StoreError> {
        let email = filter.email.as_deref().map(str::to_ascii_lowercase);
        let mut conditions = Conditions::default();
        if let Some(email) = &email {
            conditions.add(OWNS_EMAIL, [email]);
        }
        if let Some(username) = &filter.username {
            conditions.add("username = ?", [username]);
        }
        if let Some(external_id) = &filter.external_id {
            conditions.add("external_id = ?", [external_id]);
        }
        conditions.add_any_of("clerk_id", &filter.ids);
        if let Some(updated_after) = filter.updated_after {
            conditions.add("updated_at > ?", [updated_after]);
        }
        let needs_scan = filter.needs_scan();
        let list =
            ObjectList { table: "users", key: "clerk_id", owner: None, conditions, needs_scan };
        self.object_page(COLUMNS, list, page).await
    }
}

impl Record for UserView {
    const TABLE: &'static str = "users";

    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self { id: row.get("clerk_id")?, profile: row.read()? })
    }
}
