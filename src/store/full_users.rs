//! Reads full users: with private metadata, accounts and verifications.

use std::collections::{HashMap, HashSet};

use super::{
    Store, StoreError,
    driver::{DbError, Record, Row, Tx, UndecodableValue},
    rows::{ACCOUNTS, Owned, USERS, VERIFICATIONS},
    statement::{self, Table},
    unreadable_rows::collect_readable,
};
use crate::domain::{
    Millis,
    user::{Account, Profile, User, UserLifecycle, Verification},
    user_field,
};

/// Number of users that one statement counts.
const USERS_PER_COUNT: i64 = 20_000;

/// A user's row with its accounts and verifications: a state, a stub, or a tombstone.
#[derive(Clone, Debug, PartialEq)]
pub struct FullUser {
    /// State of the user. A stub and a tombstone contain only the ID.
    pub user: User,
    /// Time of the deletion, if the user is deleted.
    pub deleted_at: Option<Millis>,
}

impl FullUser {
    /// Returns the part of the row that decides how it merges with another state.
    #[must_use]
    pub fn lifecycle(&self) -> UserLifecycle {
        match self.deleted_at {
            Some(deleted_at) => UserLifecycle::Tombstone { deleted_at },
            None => UserLifecycle::Live(self.user.version.clone()),
        }
    }
}

impl Store {
    /// Reads these users, each in one consistent state. Unknown IDs and users that cannot be read
    /// are omitted from the result. Metadata that cannot be read is null, so that it differs from
    /// Clerk's.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn full_users(&self, ids: &[&str]) -> Result<Vec<FullUser>, StoreError> {
        let mut connection = self.pool.read().await?;
        let (mut found, mut remaining) = (Vec::new(), ids.to_vec());
        while !remaining.is_empty() {
            let users =
                statement::read_by_keys(&mut connection, &full_users_sql(), &remaining).await?;
            let mut rows: Vec<FullUser> = self.readable(&users)?;
            let mut unreadable: HashSet<String> = HashSet::new();
            if rows.len() < users.len() {
                unreadable.extend(users.iter().filter_map(|row| row.get("clerk_id").ok()));
                let readable: HashSet<&str> = rows.iter().map(|row| &*row.user.id).collect();
                unreadable.retain(|id| !readable.contains(&**id));
            }
            let sql = |rows: &Table| format!("{} WHERE user_id IN {{}}", rows.select());
            let accounts =
                statement::read_by_keys(&mut connection, &sql(&ACCOUNTS), &remaining).await?;
            let verifications =
                statement::read_by_keys(&mut connection, &sql(&VERIFICATIONS), &remaining).await?;
            let (accounts, verifications) =
                (self.readable(&accounts)?, self.readable(&verifications)?);
            attach_sets(rows.iter_mut().map(|row| &mut row.user), accounts, verifications);
            // A user that changed between these queries is read again, because the accounts and
            // verifications can belong to another state.
            let sql = "SELECT clerk_id, deleted_at, search, version_updated_at, \
                       version_occurred_at, version_event_id FROM users WHERE clerk_id IN {}";
            let now = statement::read_by_keys(&mut connection, sql, &remaining).await?;
            let now: Vec<(String, UserLifecycle, Option<String>)> = self.readable(&now)?;
            let now: HashMap<&str, &UserLifecycle> =
                now.iter().map(|(id, lifecycle, _)| (&**id, lifecycle)).collect();
            rows.retain(|row| now.get(&*row.user.id) == Some(&&row.lifecycle()));
            let read: HashSet<&str> = rows.iter().map(|row| &*row.user.id).collect();
            remaining.retain(|id| {
                now.contains_key(id) && !read.contains(id) && !unreadable.contains(*id)
            });
            found.extend(rows);
        }
        Ok(found)
    }

    /// Reads a page of the IDs of users that are not deleted, including stubs.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn live_user_ids(&self, after: &str, limit: u16) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT clerk_id FROM users WHERE clerk_id > $1 AND deleted_at IS NULL \
                   ORDER BY clerk_id LIMIT $2";
        let mut connection = self.pool.read().await?;
        let ids = connection.query(sql).bind(after).bind(i64::from(limit)).rows().await?;
        Ok(ids.iter().map(|row| row.get("clerk_id")).collect::<Result<_, _>>()?)
    }

    /// Counts the users that are not deleted, including stubs. Counts in parts, because no
    /// statement of a reader may take long.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn count_live_users(&self) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(*) AS count, MAX(clerk_id) AS last FROM \
                   (SELECT clerk_id FROM users WHERE clerk_id > $1 AND deleted_at IS NULL \
                    ORDER BY clerk_id LIMIT $2) AS part";
        let (mut count, mut after) = (0, String::new());
        loop {
            let mut connection = self.pool.read().await?;
            let part = connection.query(sql).bind(&*after).bind(USERS_PER_COUNT).rows().await?;
            let Some(part) = part.first() else { return Ok(count) };
            count += part.get::<i64>("count")?.unsigned_abs();
            let Some(last) = part.get("last")? else { return Ok(count) };
            after = last;
        }
    }
}

impl Record for FullUser {
    const TABLE: &'static str = USERS.name;

    fn read(row: &Row) -> Result<Self, DbError> {
        let profile = Profile {
            public_metadata: row.json_or_null("public_metadata")?,
            private_metadata: row.json_or_null("private_metadata")?,
            unsafe_metadata: row.json_or_null("unsafe_metadata")?,
            ..row.profile_without_metadata()?
        };
        let (id, version) = (row.get("clerk_id")?, row.version()?);
        let field_versions = row.get::<Option<String>>("field_versions")?;
        let field_versions = user_field::from_text(field_versions.as_deref());
        let user = User { id, profile, version, field_versions, ..User::default() };
        Ok(Self { user, deleted_at: row.get("deleted_at")? })
    }
}

/// Returns the SQL that reads full users by their IDs, without accounts and verifications.
fn full_users_sql() -> String {
    format!(
        "SELECT {}, field_versions FROM users \
         LEFT JOIN partial_users ON user_id = clerk_id WHERE clerk_id IN {{}}",
        USERS.columns.join(", "),
    )
}

/// State of a user whose metadata can all be read, without accounts and verifications.
struct ReadableState(User);

impl Record for ReadableState {
    const TABLE: &'static str = USERS.name;

    fn read(row: &Row) -> Result<Self, DbError> {
        let FullUser { user, deleted_at: _ } = FullUser::read(row)?;
        let private_metadata = row.json("private_metadata")?;
        let profile = Profile { private_metadata, ..row.profile()? };
        Ok(Self(User { profile, ..user }))
    }
}

/// Reads the states of these users in a transaction, by ID. Collects the values that cannot be read,
/// and leaves out their users.
pub(super) async fn read(
    tx: &mut Tx,
    ids: &[&str],
    unreadable: &mut Vec<UndecodableValue>,
) -> Result<HashMap<String, User>, StoreError> {
    let rows = statement::rows_by_keys(tx, &full_users_sql(), ids).await?;
    let rows: Vec<ReadableState> = collect_readable(&rows, unreadable)?;
    let mut users: Vec<User> = rows.into_iter().map(|ReadableState(user)| user).collect();
    let sql = |table: &Table| format!("{} WHERE user_id IN {{}}", table.select());
    let accounts = statement::rows_by_keys(tx, &sql(&ACCOUNTS), ids).await?;
    let accounts = collect_readable(&accounts, unreadable)?;
    let verifications = statement::rows_by_keys(tx, &sql(&VERIFICATIONS), ids).await?;
    let verifications = collect_readable(&verifications, unreadable)?;
    attach_sets(&mut users, accounts, verifications);
    Ok(users.into_iter().map(|user| (user.id.clone(), user)).collect())
}

/// Adds accounts and verifications to their users.
pub(super) fn attach_sets<'a>(
    users: impl IntoIterator<Item = &'a mut User>,
    accounts: Vec<Owned<Account>>,
    verifications: Vec<Owned<Verification>>,
) {
    let mut users: HashMap<String, &mut User> =
        users.into_iter().map(|user| (user.id.clone(), user)).collect();
    for Owned { user_id, item } in accounts {
        if let Some(user) = users.get_mut(&user_id) {
            user.accounts.insert(item.id.clone(), item);
        }
    }
    for Owned { user_id, item } in verifications {
        if let Some(user) = users.get_mut(&user_id) {
            user.verifications.insert(item.id.clone(), item);
        }
    }
}
