//! The projection's side of a commit: read and write.

use std::collections::{BTreeMap, HashMap};

use super::{
    Tx, statement,
    search_terms::{self, Stored},
};
use crate::{
    domain::{
        merge::{StoredState, UserUpsert, RowWrites},
        session::Session,
        user::{Account, Profile, User, UserLifecycle, Verification},
        version::Version,
    },
    store::{
        StoreError,
        driver::{Query, Record},
        rows::{self, Owned, UserRow},
    },
};

/// What is there of these users and sessions.
pub(super) async fn present(
    tx: &mut Tx,
    user_ids: &[&str],
    session_ids: &[&str],
) -> Result<(StoredState, Stored), StoreError> {
    let users = "SELECT clerk_id, deleted_at, search, version_updated_at, version_occurred_at, \
                 version_event_id FROM users WHERE clerk_id IN {}";
    let users: Vec<(String, UserLifecycle, Option<String>)> =
        statement::fetch_by_keys(tx, users, user_ids).await?;
    let sessions = format!("{} WHERE id IN {{}}", rows::SESSIONS.select());
    let sessions: Vec<Session> = statement::fetch_by_keys(tx, &sessions, session_ids).await?;
    let by_id = |session: Session| (session.id.clone(), session);
    let (mut heads, mut stored) = (HashMap::new(), Stored::new());
    for (id, head, search) in users {
        stored.extend(search.map(|search_terms| (id.clone(), search_terms)));
        heads.insert(id, head);
    }
    let sessions = sessions.into_iter().map(by_id).collect();
    Ok((StoredState { users: heads, sessions }, stored))
}

/// Writes what came out of the merge.
pub(super) async fn write(
    tx: &mut Tx,
    writes: &RowWrites<'_>,
    stored: &Stored,
) -> Result<(), StoreError> {
    write_users(tx, writes, stored).await?;
    write_stubs(tx, writes).await?;
    write_set(tx, &ACCOUNTS, &writes.users).await?;
    write_set(tx, &VERIFICATIONS, &writes.users).await?;
    rows::SESSIONS.upsert(tx, &writes.sessions, rows::bind_session).await?;
    let deleted: Vec<&str> = writes.tombstones.iter().map(|(id, _)| *id).collect();
    clear(tx, &deleted).await.map(drop)
}

async fn write_users(tx: &mut Tx, writes: &RowWrites<'_>, stored: &Stored) -> Result<(), StoreError> {
    let searches = writes.users.iter().map(|state| search_terms::of(&state.user.profile));
    let searches: Vec<_> = searches.collect();
    let (nothing, zero) = (Profile::default(), Version::default());
    let states = writes.users.iter().zip(&searches);
    let states = states.map(|(UserUpsert { user, .. }, search)| UserRow {
        id: &user.id,
        profile: &user.profile,
        deleted_at: None,
        search: search.as_deref(),
        version: &user.version,
    });
    let tombstones = writes.tombstones.iter().map(|(id, deleted_at)| UserRow {
        id,
        profile: &nothing,
        deleted_at: Some(*deleted_at),
        search: None,
        version: &zero,
    });
    let rows: Vec<_> = states.chain(tombstones).collect();
    rows::USERS.upsert(tx, &rows, rows::bind_user).await?;
    search_terms::write(tx, writes, &searches, stored).await
}

/// The users of whom nothing is known but a session.
async fn write_stubs(tx: &mut Tx, writes: &RowWrites<'_>) -> Result<(), StoreError> {
    let (into, conflict) = ("users (clerk_id)", "(clerk_id) DO NOTHING");
    statement::insert(tx, into, 1, conflict, &writes.stubs, |query, id| query.bind(*id)).await?;
    Ok(())
}

/// What goes with deleted users; how many rows it changed.
pub(super) async fn clear(tx: &mut Tx, user_ids: &[&str]) -> Result<u64, StoreError> {
    let mut changed = 0;
    for sql in [
        "DELETE FROM sessions WHERE user_id IN {}",
        "DELETE FROM accounts WHERE user_id IN {}",
        "DELETE FROM verifications WHERE user_id IN {}",
    ] {
        changed += statement::execute_by_keys(tx, sql, user_ids).await?;
    }
    Ok(changed)
}

/// A set of items that belongs to a user and is replaced as a whole.
struct OwnedSet<T: 'static> {
    rows: statement::Table,
    of: fn(&User) -> &BTreeMap<String, T>,
    id: fn(&T) -> &str,
    bind: for<'c> fn(Query<'c>, &(&User, &T)) -> Query<'c>,
}

const ACCOUNTS: OwnedSet<Account> = OwnedSet {
    rows: rows::ACCOUNTS,
    of: |user| &user.accounts,
    id: |account| &account.id,
    bind: rows::bind_account,
};

const VERIFICATIONS: OwnedSet<Verification> = OwnedSet {
    rows: rows::VERIFICATIONS,
    of: |user| &user.verifications,
    id: |verification| &verification.id,
    bind: rows::bind_verification,
};

/// Makes the sets of these users what their states say, and touches only the rows that differ:
/// most updates of a user change none, and what hangs on an account must not go with its rewriting.
async fn write_set<T: Record + PartialEq>(
    tx: &mut Tx,
    set: &OwnedSet<T>,
    states: &[UserUpsert<'_>],
) -> Result<(), StoreError> {
    let replaced = states.iter().filter(|state| state.replaces);
    let replaced: Vec<&str> = replaced.map(|state| &*state.user.id).collect();
    let table = set.rows.table;
    let sql = format!("{} WHERE user_id IN {{}}", set.rows.select());
    let rows: Vec<Owned<T>> = statement::fetch_by_keys(tx, &sql, &replaced).await?;
    let mut present: HashMap<(&str, &str), &T> = HashMap::with_capacity(rows.len());
    for row in &rows {
        present.insert((&row.user_id, (set.id)(&row.item)), &row.item);
    }
    let mut changed = Vec::new();
    for UserUpsert { user, .. } in states {
        for (id, item) in (set.of)(user) {
            if present.remove(&(&*user.id, &**id)) != Some(item) {
                changed.push((*user, item));
            }
        }
    }
    set.rows.upsert(tx, &changed, set.bind).await?;
    for (user_id, id) in present.into_keys() {
        let sql = format!("DELETE FROM {table} WHERE user_id = $1 AND id = $2");
        tx.query(sqlx::AssertSqlSafe(sql)).bind(user_id).bind(id).execute().await?;
    }
    Ok(())
}
