//! Reads users for the API.

use sqlx::AssertSqlSafe;

use super::{
    PageRequest, Store, StoreError, TimeRange,
    bounded_scan::ScanPage,
    conditions::Conditions,
    driver::{DbError, Record, Row},
    object_list::{IS_VISIBLE, MAX_ID, ObjectList},
};
use crate::objects::user::Profile;

/// A user without `private_metadata`, which is not read from the database.
#[derive(Clone, Debug, PartialEq)]
pub struct UserView {
    /// Clerk's user ID.
    pub id: String,
    /// Profile, in which `private_metadata` is always `None`.
    pub profile: Profile,
    /// Email addresses and phone numbers, by ID.
    pub identifiers: Vec<Identifier>,
}

/// Email address or phone number of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// Clerk's ID of the address or number.
    pub id: String,
    /// `email` or `phone`.
    pub kind: String,
    /// The address or number.
    pub value: String,
    /// Whether it is verified.
    pub is_verified: bool,
}

/// Filter of a list of users. `None` and an empty list match every user.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// Any of these IDs.
    pub ids: Vec<String>,
    /// Any of these email addresses in any case, of which the user is the owner.
    pub emails: Vec<String>,
    /// Username.
    pub username: Option<String>,
    /// Any of these IDs in the customer's system.
    pub external_ids: Vec<String>,
    /// Any of these primary phone numbers.
    pub phones: Vec<String>,
    /// Whether the user is banned.
    pub banned: Option<bool>,
    /// Time of the creation.
    pub created: TimeRange,
    /// Time of the last change.
    pub updated: TimeRange,
}

impl UserFilter {
    /// Returns whether an index finds the users, and they are few.
    pub(super) fn is_lookup(&self) -> bool {
        let Self { ids, emails, username, external_ids, phones, .. } = self;
        username.is_some()
            || [ids, emails, external_ids, phones].into_iter().any(|values| !values.is_empty())
    }

    /// Returns whether no index finds the users in the order of their IDs. Any number of rows in a
    /// row can then fail the filter, or be stubs and tombstones.
    fn needs_scan(&self) -> bool {
        let is_limited = self.created.is_limited() || self.updated.is_limited();
        !self.is_lookup() && (is_limited || self.banned != Some(true))
    }

    /// Returns the conditions, except for the time of the creation. `owners` are the IDs of the
    /// users who own the email addresses.
    pub(super) fn conditions<'a>(&'a self, owners: &'a [String], order: Order) -> Conditions<'a> {
        let mut conditions = Conditions::default();
        conditions.add_any_of("clerk_id", owners);
        if let Some(username) = &self.username {
            conditions.add("username = ?", [username]);
        }
        conditions.add_any_of("external_id", &self.external_ids);
        conditions.add_any_of("phone_number", &self.phones);
        conditions.add_any_of("clerk_id", &self.ids);
        match self.banned {
            Some(true) if !self.is_lookup() && !self.needs_scan() && order == Order::Id => {
                conditions.add("banned = TRUE AND clerk_id < ?", [MAX_ID]);
            }
            // The index of the banned users has another order.
            Some(true) => conditions.add("COALESCE(banned, FALSE)", [""; 0]),
            Some(false) => conditions.add("banned IS NOT TRUE", [""; 0]),
            None => {}
        }
        conditions.add_range("updated_at", self.updated);
        conditions
    }
}

/// Order of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Id,
    Creation,
}

/// Columns of a user. The last has the email addresses and phone numbers, in one statement with the
/// user, so that both are of one state. Its separators occur in no address.
pub(super) const COLUMNS: &str = "clerk_id, external_id, username, first_name, last_name, email, \
    email_verified, phone_number, image, banned, locked, password_enabled, two_factor_enabled, \
    public_metadata, unsafe_metadata, last_sign_in_at, last_active_at, created_at, updated_at, \
    (SELECT string_agg(kind || '\u{1f}' || id || '\u{1f}' || COALESCE(status, '') || '\u{1f}' || \
        identifier, '\u{1e}' ORDER BY id) \
     FROM verifications WHERE user_id = clerk_id AND kind IN ('email', 'phone')) AS identifiers";

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

    /// Returns the IDs of the users who own the email addresses of a filter, or `None` if no user
    /// owns one of them. Reads each owner with a statement of its own: for a list of addresses, the
    /// planner can choose to read all users.
    pub(super) async fn email_owners(
        &self,
        filter: &UserFilter,
    ) -> Result<Option<Vec<String>>, StoreError> {
        let sql = "SELECT clerk_id FROM email_owners WHERE email = $1";
        let mut owners = Vec::new();
        if filter.emails.is_empty() {
            return Ok(Some(owners));
        }
        let mut connection = self.pool.read().await?;
        for email in &filter.emails {
            let rows = connection.query(sql).bind(email.to_ascii_lowercase()).rows().await?;
            for row in rows {
                owners.push(row.get("clerk_id")?);
            }
        }
        Ok(Some(owners).filter(|owners| !owners.is_empty()))
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
        let Some(owners) = self.email_owners(filter).await? else {
            return Ok(ScanPage { items: Vec::new(), through: None });
        };
        let mut conditions = filter.conditions(&owners, Order::Id);
        conditions.add_range("created_at", filter.created);
        let needs_scan = filter.needs_scan();
        let list =
            ObjectList { table: "users", key: "clerk_id", owner: None, conditions, needs_scan };
        self.object_page(COLUMNS, list, page).await
    }
}

impl Record for UserView {
    const TABLE: &'static str = "users";

    fn read(row: &Row) -> Result<Self, DbError> {
        let identifiers = row.get::<Option<String>>("identifiers")?;
        let identifiers = identifiers.iter().flat_map(|it| it.split('\u{1e}'));
        Ok(Self {
            id: row.get("clerk_id")?,
            profile: row.read()?,
            identifiers: identifiers.filter_map(Identifier::parse).collect(),
        })
    }
}

impl Identifier {
    /// Reads an address or a number from the column of [`COLUMNS`].
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('\u{1f}').map(str::to_owned);
        let (kind, id, status, value) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Some(Self { id, kind, value, is_verified: status == "verified" })
    }
}
