//! Users whole, as they are stored: with what is never shown, and with what hangs on them.

use std::collections::{HashMap, HashSet};

use super::{
    Store, StoreError,
    driver::{DbError, Record, Row},
    rows::{ACCOUNTS, Owned, USERS, VERIFICATIONS},
    statement::{self, Table},
};
use crate::domain::{
    Millis,
    user::{Account, Profile, User, UserLifecycle, Verification},
};

/// How many users are counted by one statement.
const USERS_PER_COUNT: i64 = 20_000;

/// A user's row: a state, a stub, or what stays of a deleted one.
#[derive(Clone, Debug, PartialEq)]
pub struct FullUser {
    /// The state; empty but for the id where there is none.
    pub user: User,
    /// The user is deleted, since then.
    pub deleted_at: Option<Millis>,
}

impl FullUser {
    /// What decides how it joins with another state.
    #[must_use]
    pub fn lifecycle(&self) -> UserLifecycle {
        match self.deleted_at {
            Some(deleted_at) => UserLifecycle::Tombstone { deleted_at },
            None => UserLifecycle::Live(self.user.version.clone()),
        }
    }
}

impl Store {
    /// What is stored of these users, each as it was at one instant. Whom it does not know it leaves out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn full_users(&self, ids: &[&str]) -> Result<Vec<FullUser>, StoreError> {
        let mut connection = self.pool.read().await?;
        let (mut found, mut open) = (Vec::new(), ids.to_vec());
        while !open.is_empty() {
            let sql = format!("{} WHERE clerk_id IN {{}}", USERS.select());
            let mut rows: Vec<FullUser> =
                statement::read_by_keys(&mut connection, &sql, &open).await?;
            let sql = |rows: &Table| format!("{} WHERE user_id IN {{}}", rows.select());
            let accounts = statement::read_by_keys(&mut connection, &sql(&ACCOUNTS), &open).await?;
            let verifications =
                statement::read_by_keys(&mut connection, &sql(&VERIFICATIONS), &open).await?;
            attach_sets(rows.iter_mut().map(|row| &mut row.user), accounts, verifications);
            // Whoever changed between these is read again: the sets may be of another state.
            let sql = "SELECT clerk_id, deleted_at, search, version_updated_at, \
                       version_occurred_at, version_event_id FROM users WHERE clerk_id IN {}";
            let now: Vec<(String, UserLifecycle, Option<String>)> =
                statement::read_by_keys(&mut connection, sql, &open).await?;
            let now: HashMap<&str, &UserLifecycle> =
                now.iter().map(|(id, lifecycle, _)| (&**id, lifecycle)).collect();
            rows.retain(|row| now.get(&*row.user.id) == Some(&&row.lifecycle()));
            let read: HashSet<&str> = rows.iter().map(|row| &*row.user.id).collect();
            open.retain(|id| now.contains_key(id) && !read.contains(id));
            found.extend(rows);
        }
        Ok(found)
    }

    /// A page of the ids of everybody who is not deleted, be it a stub.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn live_user_ids(&self, after: &str, limit: u16) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT clerk_id FROM users WHERE clerk_id > $1 AND deleted_at IS NULL \
                   ORDER BY clerk_id LIMIT $2";
        let mut connection = self.pool.read().await?;
        let ids = connection.query(sql).bind(after).bind(i64::from(limit)).rows().await?;
        Ok(ids.iter().map(|row| row.get("clerk_id")).collect::<Result<_, _>>()?)
    }

    /// How many they are. Counted part by part: no statement of a reader may take long.
    ///
    /// # Errors
    /// When the database does not answer.
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
    fn read(row: &Row) -> Result<Self, DbError> {
        let private_metadata = row.json("private_metadata")?;
        let profile = Profile { private_metadata, ..row.profile()? };
        let (id, version) = (row.get("clerk_id")?, row.version()?);
        let user = User { id, profile, version, ..User::default() };
        Ok(Self { user, deleted_at: row.get("deleted_at")? })
    }
}

/// Gives users what is theirs.
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
