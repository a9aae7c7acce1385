//! Merge of a batch of events into the stored users and sessions.
//!
//! Any order, duplication and batching of the same events ends in the same synced tables, because
//! each step is one of the commutative, associative and idempotent merges of
//! [`user`](super::user) and [`session`](super::session).

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use super::{
    Millis,
    event::{Change, Decision},
    session::Session,
    user::{MergeOutcome, User, UserLifecycle},
    version::Version,
};

/// Stored users and sessions that a batch of events refers to. An id that is missing has no row.
#[derive(Debug, Default)]
pub struct StoredState {
    /// Stored users by id.
    pub users: HashMap<String, UserLifecycle>,
    /// Stored sessions by id.
    pub sessions: HashMap<String, Session>,
    /// Complete stored states of the users whose stored state is not whole, and of those whose
    /// stored state loses to one of [`partial_versions`].
    pub full_users: HashMap<String, User>,
}

/// Returns the greatest version of the states that lack fields, by user id. If such a state is
/// newer than the stored one, the stored one keeps these fields.
pub fn partial_versions<'a>(
    changes: impl IntoIterator<Item = &'a Change>,
) -> BTreeMap<&'a str, &'a Version> {
    let mut versions = BTreeMap::new();
    for user in changes.into_iter().filter_map(Change::user_state).filter(|it| !it.is_whole()) {
        let newest = versions.entry(&*user.id).or_insert(&user.version);
        *newest = (*newest).max(&user.version);
    }
    versions
}

/// Rows to write so that the database holds the merged state. They are sorted by key, because
/// writers that lock rows in the same order cannot deadlock.
#[derive(Debug, Default, PartialEq)]
pub struct RowWrites<'a> {
    /// User states to insert or replace, with their accounts and verifications.
    pub users: Vec<UserUpsert<'a>>,
    /// Ids of users without a row that are only known as the owner of a session.
    pub stubs: Vec<&'a str>,
    /// Users to replace by a tombstone, with the time of their deletion.
    pub tombstones: Vec<(&'a str, Millis)>,
    /// Sessions to insert or replace.
    pub sessions: Vec<Session>,
}

/// User state to insert or replace.
#[derive(Clone, Debug, PartialEq)]
pub struct UserUpsert<'a> {
    /// State to write: that of a change, or the merge of several.
    pub user: Cow<'a, User>,
    /// True if the database holds an older state, whose accounts and verifications must be removed.
    pub replaces: bool,
    /// True if the database holds a state that is not whole.
    pub replaces_partial: bool,
}

/// Merge of a batch of changes in progress.
#[derive(Debug, Default)]
pub struct Merge<'a> {
    stored: StoredState,
    users: BTreeMap<&'a str, UserEntry<'a>>,
    sessions: BTreeMap<&'a str, SessionEntry>,
}

#[derive(Debug, Default)]
struct UserEntry<'a> {
    lifecycle: UserLifecycle,
    has_row: bool,
    has_state: bool,
    /// Stored state, if it was read completely.
    stored: Option<User>,
    /// State to write, if it changed.
    write: Option<Cow<'a, User>>,
    /// Tombstone to write, if it changed. It takes the place of a state.
    tombstone: Option<Millis>,
}

#[derive(Debug, Default)]
struct SessionEntry {
    session: Option<Session>,
    changed: bool,
}

impl<'a> Merge<'a> {
    /// Starts a merge into the stored state.
    #[must_use]
    pub fn new(stored: StoredState) -> Self {
        Self { stored, ..Self::default() }
    }

    /// Merges one change and returns its decision.
    pub fn apply(&mut self, change: &'a Change) -> Decision {
        match change {
            Change::User(user) => decision(self.merge_user(user)),
            Change::UserDeleted { user_id, at } => decision(self.delete_user(user_id, *at)),
            Change::Session { session, user } => {
                if self.user(&session.state.user_id).lifecycle.is_tombstone() {
                    return Decision::Tombstoned;
                }
                let embedded = user.as_deref().map(|user| self.merge_user(user));
                match self.merge_session(session) || embedded == Some(MergeOutcome::Changed) {
                    true => Decision::Applied,
                    false => Decision::Stale,
                }
            }
        }
    }

    /// Returns true if the user is deleted, in the stored state or by a change merged so far.
    #[must_use]
    pub fn is_tombstone(&self, user_id: &str) -> bool {
        let merged = self.users.get(user_id).map(|entry| &entry.lifecycle);
        merged.or_else(|| self.stored.users.get(user_id)).is_some_and(UserLifecycle::is_tombstone)
    }

    /// Ends the merge and returns the rows to write.
    #[must_use]
    pub fn into_writes(self) -> RowWrites<'a> {
        let mut writes = RowWrites::default();
        for entry in self.sessions.into_values().filter(|entry| entry.changed) {
            // A deletion later in the batch also removes the user's sessions.
            let owner_is_live = |session: &Session| {
                let owner = self.users.get(session.state.user_id.as_str());
                !owner.is_some_and(|owner| owner.lifecycle.is_tombstone())
            };
            writes.sessions.extend(entry.session.filter(owner_is_live));
        }
        for (id, entry) in self.users {
            if let Some(deleted_at) = entry.tombstone {
                writes.tombstones.push((id, deleted_at));
            } else if let Some(user) = entry.write {
                let replaces_partial = entry.stored.is_some_and(|it| !it.is_whole());
                let replaces = entry.has_state;
                writes.users.push(UserUpsert { user, replaces, replaces_partial });
            } else if !entry.has_row {
                writes.stubs.push(id);
            }
        }
        writes
    }

    fn merge_user(&mut self, user: &'a User) -> MergeOutcome {
        let entry = self.user(&user.id);
        if let Some(outcome) = entry.merge_fields(user) {
            return outcome;
        }
        let outcome = entry.lifecycle.merge_state(&user.version);
        if outcome == MergeOutcome::Changed {
            entry.write = Some(Cow::Borrowed(user));
        }
        outcome
    }

    fn delete_user(&mut self, user_id: &'a str, at: Millis) -> MergeOutcome {
        let entry = self.user(user_id);
        let outcome = entry.lifecycle.merge_deletion(at);
        if outcome == MergeOutcome::Changed {
            entry.tombstone = Some(at);
        }
        outcome
    }

    fn merge_session(&mut self, incoming: &'a Session) -> bool {
        let stored = &mut self.stored.sessions;
        let entry = self.sessions.entry(&incoming.id).or_insert_with(|| SessionEntry {
            session: stored.remove(&incoming.id),
            changed: false,
        });
        let changed = match &mut entry.session {
            Some(session) => session.merge(incoming),
            none => {
                *none = Some(incoming.clone());
                true
            }
        };
        entry.changed |= changed;
        changed
    }

    fn user(&mut self, id: &'a str) -> &mut UserEntry<'a> {
        let StoredState { users: stored, full_users, .. } = &mut self.stored;
        self.users.entry(id).or_insert_with(|| {
            let (lifecycle, has_row) = match stored.remove(id) {
                Some(lifecycle) => (lifecycle, true),
                None => (UserLifecycle::default(), false),
            };
            let has_state = lifecycle != UserLifecycle::default();
            let stored = full_users.remove(id).filter(|_| has_state);
            UserEntry { lifecycle, has_row, has_state, stored, write: None, tombstone: None }
        })
    }
}

impl UserEntry<'_> {
    /// Merges a state field by field, if it or the current state lacks fields. Otherwise, and if no
    /// state is known, returns `None`: one state then wins as a whole, for which the versions
    /// suffice.
    fn merge_fields(&mut self, incoming: &User) -> Option<MergeOutcome> {
        if self.lifecycle.is_tombstone() {
            return None;
        }
        let current = self.write.as_deref().or(self.stored.as_ref())?;
        if current.is_whole() && incoming.is_whole() {
            return None;
        }
        let mut merged = current.clone();
        if !merged.merge(incoming) {
            return Some(MergeOutcome::Unchanged);
        }
        self.lifecycle = UserLifecycle::Live(merged.version.clone());
        self.write = Some(Cow::Owned(merged));
        Some(MergeOutcome::Changed)
    }
}

fn decision(outcome: MergeOutcome) -> Decision {
    match outcome {
        MergeOutcome::Changed => Decision::Applied,
        MergeOutcome::Unchanged => Decision::Stale,
        MergeOutcome::Tombstoned => Decision::Tombstoned,
    }
}

#[cfg(test)]
mod tests;
