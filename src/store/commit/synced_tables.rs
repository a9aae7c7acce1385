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
        driver::{Query, Record},
        full_users,
        rows::{self, Owned, UserRow},
    },
};

/// Reads the stored state of users and sessions, and the search terms of the users. `partial` has
/// the newest versions of states that lack fields, by user ID.
pub(super) async fn read(
    tx: &mut Tx,
    user_ids: &[&str],
    session_ids: &[&str],
    partial: &BTreeMap<&str, &Version>,
) -> Result<(StoredState, StoredTerms), StoreError> {
    let users = "SELECT clerk_id, deleted_at, search, version_updated_at, version_occurred_at, \
                 version_event_id, user_id AS partial_id FROM users \
                 LEFT JOIN partial_users ON user_id = clerk_id WHERE clerk_id IN {}";
    let users: Vec<(String, UserLifecycle, Option<String>, Option<String>)> =
        statement::fetch_by_keys(tx, users, user_ids).await?;
    let sessions = format!("{} WHERE id IN {{}}", rows::SESSIONS.select());
    let sessions: Vec<Session> = statement::fetch_by_keys(tx, &sessions, session_ids).await?;
    let by_id = |session: Session| (session.id.clone(), session);
    let (mut lifecycles, mut terms) = (HashMap::new(), StoredTerms::new());
    let full = users.iter().filter_map(|(id, lifecycle, _, partial_id)| {
        let newest = partial.get(&**id);
        let is_needed = partial_id.is_some() || newest.is_some_and(|it| lifecycle.loses_to(it));
        (is_needed && lifecycle.has_state()).then_some(&**id)
    });
    let full_users = full_users::read(tx, &full.collect::<Vec<_>>()).await?;
    for (id, lifecycle, search, _) in users {
        terms.extend(search.map(|joined| (id.clone(), joined)));
        lifecycles.insert(id, lifecycle);
    }
    let sessions = sessions.into_iter().map(by_id).collect();
    Ok((StoredState { users: lifecycles, sessions, full_users }, terms))
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
    id: fn(&T) -> &str,
    bind: for<'c> fn(Query<'c>, &(&User, &T)) -> Query<'c>,
}

const ACCOUNTS: OwnedSet<Account> = OwnedSet {
    table: rows::ACCOUNTS,
    items: |user| &user.accounts,
    id: |account| &account.id,
    bind: rows::bind_account,
};

const VERIFICATIONS: OwnedSet<Verification> = OwnedSet {
    table: rows::VERIFICATIONS,
    items: |user| &user.verifications,
    id: |verification| &verification.id,
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
    let rows: Vec<Owned<T>> = statement::fetch_by_keys(tx, &sql, &replaced).await?;
    let mut stored: HashMap<(&str, &str), &T> = HashMap::with_capacity(rows.len());
    for row in &rows {
        stored.insert((&row.user_id, (set.id)(&row.item)), &row.item);
    }
    let mut changed = Vec::new();
    for UserUpsert { user, .. } in upserts {
        for (id, item) in (set.items)(user) {
            if stored.remove(&(&*user.id, &**id)) != Some(item) {
                changed.push((&**user, item));
            }
        }
    }
    set.table.upsert(tx, &changed, set.bind).await?;
    for (user_id, id) in stored.into_keys() {
        let sql = format!("DELETE FROM {} WHERE user_id = $1 AND id = $2", set.table.name);
        tx.query(sqlx::AssertSqlSafe(sql)).bind(user_id).bind(id).execute().await?;
    }
    Ok(())
}
