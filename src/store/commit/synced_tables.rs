//! Reads and writes the synced tables for a commit.

use std::collections::{BTreeMap, HashMap};

use super::{
    Tx,
    search_terms::{self, StoredTerms},
    statement,
};
use crate::{
    domain::{
        merge::{RowWrites, StoredState, UserUpsert},
        session::Session,
        user::{Account, Profile, User, UserLifecycle, Verification},
        user_field,
        version::Version,
    },
    store::{
        StoreError,
        driver::{DbError, Query, Record, Row, UndecodableValue},
        full_users,
        rows::{self, UserRow},
        unreadable_rows::collect_readable,
    },
};

/// Stored state of users and sessions.
pub(super) struct StoredRows {
    pub(super) state: StoredState,
    /// Search terms of the users.
    pub(super) terms: StoredTerms,
    /// Rows that cannot be read, and that the state lacks.
    pub(super) unreadable: Vec<UndecodableValue>,
}

/// Reads the stored state of users and sessions, and the search terms of the users. `partial` has
/// the newest versions of states that lack fields, by user ID.
pub(super) async fn read(
    tx: &mut Tx,
    user_ids: &[&str],
    session_ids: &[&str],
    partial: &BTreeMap<&str, &Version>,
) -> Result<StoredRows, StoreError> {
    let users = "SELECT clerk_id, deleted_at, search, version_updated_at, version_occurred_at, \
                 version_event_id, user_id AS partial_id FROM users \
                 LEFT JOIN partial_users ON user_id = clerk_id WHERE clerk_id IN {}";
    let mut unreadable = Vec::new();
    let users = statement::rows_by_keys(tx, users, user_ids).await?;
    let users: Vec<(String, UserLifecycle, Option<String>, Option<String>)> =
        collect_readable(&users, &mut unreadable)?;
    let sessions = format!("{} WHERE id IN {{}}", rows::SESSIONS.select());
    let sessions = statement::rows_by_keys(tx, &sessions, session_ids).await?;
    let sessions: Vec<Session> = collect_readable(&sessions, &mut unreadable)?;
    let by_id = |session: Session| (session.id.clone(), session);
    let (mut lifecycles, mut terms) = (HashMap::new(), StoredTerms::new());
    let full = users.iter().filter_map(|(id, lifecycle, _, partial_id)| {
        let newest = partial.get(&**id);
        let is_needed = partial_id.is_some() || newest.is_some_and(|it| lifecycle.loses_to(it));
        (is_needed && lifecycle.has_state()).then_some(&**id)
    });
    let full_users = full_users::read(tx, &full.collect::<Vec<_>>(), &mut unreadable).await?;
    for (id, lifecycle, search, _) in users {
        terms.extend(search.map(|joined| (id.clone(), joined)));
        lifecycles.insert(id, lifecycle);
    }
    let sessions = sessions.into_iter().map(by_id).collect();
    let state = StoredState { users: lifecycles, sessions, full_users };
    Ok(StoredRows { state, terms, unreadable })
}

/// Writes the result of a merge.
pub(super) async fn write(
    tx: &mut Tx,
    writes: &RowWrites<'_>,
    terms: &StoredTerms,
) -> Result<(), StoreError> {
    write_users(tx, writes, terms).await?;
    write_field_versions(tx, &writes.users).await?;
    write_stubs(tx, writes).await?;
    write_set(tx, &ACCOUNTS, &writes.users).await?;
    write_set(tx, &VERIFICATIONS, &writes.users).await?;
    rows::SESSIONS.upsert(tx, &writes.sessions, rows::bind_session).await?;
    let deleted: Vec<&str> = writes.tombstones.iter().map(|(id, _)| *id).collect();
    delete_owned(tx, &deleted).await.map(drop)
}

async fn write_users(
    tx: &mut Tx,
    writes: &RowWrites<'_>,
    terms: &StoredTerms,
) -> Result<(), StoreError> {
    let joined = writes.users.iter().map(|upsert| search_terms::joined(&upsert.user.profile));
    let joined: Vec<_> = joined.collect();
    let (empty_profile, zero_version) = (Profile::default(), Version::default());
    let upserts = writes.users.iter().zip(&joined);
    let upserts = upserts.map(|(UserUpsert { user, .. }, joined)| UserRow {
        id: &user.id,
        profile: &user.profile,
        deleted_at: None,
        search: joined.as_deref(),
        version: &user.version,
    });
    let tombstones = writes.tombstones.iter().map(|(id, deleted_at)| UserRow {
        id,
        profile: &empty_profile,
        deleted_at: Some(*deleted_at),
        search: None,
        version: &zero_version,
    });
    let rows: Vec<_> = upserts.chain(tombstones).collect();
    rows::USERS.upsert(tx, &rows, rows::bind_user).await?;
    search_terms::write(tx, writes, &joined, terms).await
}

/// Writes the versions of the fields of users whose states are not whole.
async fn write_field_versions(tx: &mut Tx, upserts: &[UserUpsert<'_>]) -> Result<(), StoreError> {
    let versions = |upsert: &UserUpsert<'_>| user_field::to_text(&upsert.user.field_versions);
    let partial: Vec<_> =
        upserts.iter().filter_map(|it| Some((&*it.user.id, versions(it)?))).collect();
    let conflict = "(user_id) DO UPDATE SET field_versions = excluded.field_versions";
    let into = "partial_users (user_id, field_versions)";
    statement::insert(tx, into, 2, conflict, &partial, |query, (id, versions)| {
        query.bind(*id).bind(versions.as_str())
    })
    .await?;
    let whole = upserts.iter().filter(|it| it.replaces_partial && it.user.is_whole());
    let whole: Vec<&str> = whole.map(|it| &*it.user.id).collect();
    statement::execute_by_keys(tx, "DELETE FROM partial_users WHERE user_id IN {}", &whole).await?;
    Ok(())
}

/// Inserts a stub for each user that only a session refers to.
async fn write_stubs(tx: &mut Tx, writes: &RowWrites<'_>) -> Result<(), StoreError> {
    let (into, conflict) = ("users (clerk_id)", "(clerk_id) DO NOTHING");
    statement::insert(tx, into, 1, conflict, &writes.stubs, |query, id| query.bind(*id)).await?;
    Ok(())
}

/// Deletes everything that belongs to deleted users. Returns the number of deleted rows.
pub(super) async fn delete_owned(tx: &mut Tx, user_ids: &[&str]) -> Result<u64, StoreError> {
    let mut deleted = 0;
    for sql in [
        "DELETE FROM sessions WHERE user_id IN {}",
        "DELETE FROM accounts WHERE user_id IN {}",
        "DELETE FROM verifications WHERE user_id IN {}",
        "DELETE FROM partial_users WHERE user_id IN {}",
    ] {
        deleted += statement::execute_by_keys(tx, sql, user_ids).await?;
    }
    Ok(deleted)
}

/// Kind of items that belong to a user. All items of a user are replaced together.
struct OwnedSet<T: 'static> {
    table: statement::Table,
    items: fn(&User) -> &BTreeMap<String, T>,
    bind: for<'c> fn(Query<'c>, &(&User, &T)) -> Query<'c>,
}

const ACCOUNTS: OwnedSet<Account> =
    OwnedSet { table: rows::ACCOUNTS, items: |user| &user.accounts, bind: rows::bind_account };

const VERIFICATIONS: OwnedSet<Verification> = OwnedSet {
    table: rows::VERIFICATIONS,
    items: |user| &user.verifications,
    bind: rows::bind_verification,
};

/// Writes the items of users, and deletes the items that are not in their states. Touches only the
/// rows that differ: most updates of a user change no item, and the deletion of an account also
/// deletes its token.
async fn write_set<T: Record + PartialEq>(
    tx: &mut Tx,
    set: &OwnedSet<T>,
    upserts: &[UserUpsert<'_>],
) -> Result<(), StoreError> {
    let replaced = upserts.iter().filter(|upsert| upsert.replaces);
    let replaced: Vec<&str> = replaced.map(|upsert| &*upsert.user.id).collect();
    let sql = format!("{} WHERE user_id IN {{}}", set.table.select());
    let rows = statement::rows_by_keys(tx, &sql, &replaced).await?;
    let rows = rows.iter().map(stored_item).collect::<Result<Vec<_>, _>>()?;
    let mut stored: HashMap<(&str, &str), Option<&T>> = HashMap::with_capacity(rows.len());
    for ((user_id, id), item) in &rows {
        stored.insert((user_id, id), item.as_ref());
    }
    let mut changed = Vec::new();
    for UserUpsert { user, .. } in upserts {
        for (id, item) in (set.items)(user) {
            if stored.remove(&(&*user.id, &**id)) != Some(Some(item)) {
                changed.push((&**user, item));
            }
        }
    }
    set.table.upsert(tx, &changed, set.bind).await?;
    let mut removed: Vec<_> = stored.into_keys().collect();
    // Transactions that lock rows in the same order cannot deadlock.
    removed.sort_unstable();
    let sql = statement::delete_by_keys(set.table.name, ["user_id", "id"]);
    statement::execute_by_rows(tx, &sql, 2, &removed, |query, (user_id, id)| {
        query.bind(*user_id).bind(*id)
    })
    .await?;
    Ok(())
}

/// Key of an item: the IDs of its user and its own.
type ItemKey = (String, String);

/// Returns the key of a stored item, and the item. An item that cannot be read is none: the new
/// state of the user replaces it.
fn stored_item<T: Record>(row: &Row) -> Result<(ItemKey, Option<T>), StoreError> {
    let key = (row.get("user_id")?, row.get("id")?);
    match row.read() {
        Ok(item) => Ok((key, Some(item))),
        Err(DbError::UndecodableValue(_)) => Ok((key, None)),
        Err(error) => Err(error.into()),
    }
}
