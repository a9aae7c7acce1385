//! Reads users for the API.

use sqlx::AssertSqlSafe;

use super::{
    PageRequest, Store, StoreError,
    bounded_scan::{self, ScanPage},
    driver::{DbError, Record, Row},
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

/// SQL condition that excludes stubs and tombstones, which have the version (0, 0, '').
const IS_VISIBLE: &str = "(version_updated_at, version_occurred_at, version_event_id) > (0, 0, '')";

/// SQL condition that the user owns an address, with the address in lower case as its parameter.
const OWNS_EMAIL: &str = "clerk_id = (SELECT clerk_id FROM email_owners WHERE email = ?)";

/// Text that is greater than every ID.
const MAX_ID: &str = "\u{10ffff}";

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
        let mut connection = self.pool.read().await?;
        let after = page.after.as_deref().unwrap_or_default();
        let email = filter.email.as_deref().map(str::to_ascii_lowercase);
        let mut conditions = Conditions { sql: vec![IS_VISIBLE.to_owned()], texts: Vec::new() };
        conditions.add("clerk_id > ?", [after]);
        let mut through = None;
        if filter.needs_scan() {
            let end = "SELECT clerk_id FROM users WHERE clerk_id > $1 \
                       ORDER BY clerk_id LIMIT 1 OFFSET $2";
            through = bounded_scan::scan_end(
                connection.query(end).bind(after),
                "clerk_id",
                bounded_scan::MAX_ROWS,
            )
            .await?;
            conditions.add("clerk_id <= ?", [through.as_deref().unwrap_or(MAX_ID)]);
        }
        if let Some(email) = &email {
            conditions.add(OWNS_EMAIL, [email]);
        }
        if let Some(username) = &filter.username {
            conditions.add("username = ?", [username]);
        }
        if let Some(external_id) = &filter.external_id {
            conditions.add("external_id = ?", [external_id]);
        }
        if !filter.ids.is_empty() {
            let placeholders = vec!["?"; filter.ids.len()].join(", ");
            conditions.add(&format!("clerk_id IN ({placeholders})"), &filter.ids);
        }
        let Conditions { mut sql, texts } = conditions;
        let last = texts.len();
        if filter.updated_after.is_some() {
            sql.push(format!("updated_at > ${}", last + 2));
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM users WHERE {} ORDER BY clerk_id LIMIT ${}",
            sql.join(" AND "),
            last + 1,
        );
        let mut query = connection.query(AssertSqlSafe(sql));
        for text in texts {
            query = query.bind(text);
        }
        query = query.bind(i64::from(page.limit));
        if let Some(updated_after) = filter.updated_after {
            query = query.bind(updated_after);
        }
        self.readable_page(&query.rows().await?, page.limit, "clerk_id", through)
    }
}

/// Conditions of a statement, with their text parameters.
struct Conditions<'t> {
    sql: Vec<String>,
    texts: Vec<&'t str>,
}

impl<'t> Conditions<'t> {
    /// Adds a condition with one `?` for each of its parameters.
    fn add<T: AsRef<str> + ?Sized + 't>(
        &mut self,
        condition: &str,
        texts: impl IntoIterator<Item = &'t T>,
    ) {
        let mut texts = texts.into_iter();
        let mut parts = condition.split('?');
        let mut sql = parts.next().unwrap_or_default().to_owned();
        for (part, text) in parts.zip(&mut texts) {
            self.texts.push(text.as_ref());
            sql = format!("{sql}${}{part}", self.texts.len());
        }
        self.sql.push(sql);
    }
}

impl Record for UserView {
    const TABLE: &'static str = "users";

    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self { id: row.get("clerk_id")?, profile: row.read()? })
    }
}
