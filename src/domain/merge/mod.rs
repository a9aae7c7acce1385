//! Merge of a batch of events into the stored users and sessions.
//!
//! Any order, duplication and batching of the same events ends in the same synced tables, because
//! each step is one of the commutative, associative and idempotent merges of
//! [`user`](super::user) and [`session`](super::session).

use std::collections::{BTreeMap, HashMap};

use super::{
    Millis,
    event::{Change, Decision},
    session::Session,
    user::{MergeOutcome, User, UserLifecycle},
};

/// Stored users and sessions that a batch of events refers to. An id that is missing has no row.
#[derive(Debug, Default)]
pub struct StoredState {
    /// Stored users by id.
    pub users: HashMap<String, UserLifecycle>,
    /// Stored sessions by id.
    pub sessions: HashMap<String, Session>,
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
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UserUpsert<'a> {
    /// State to write.
    pub user: &'a User,
    /// True if the database holds an older state, whose accounts and verifications must be removed.
    pub replaces: bool,
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
    write: Option<UserWrite<'a>>,
}

#[derive(Debug)]
enum UserWrite<'a> {
    State(&'a User),
    Tombstone(Millis),
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
            match entry.write {
                None if !entry.has_row => writes.stubs.push(id),
                Some(UserWrite::State(user)) => {
                    writes.users.push(UserUpsert { user, replaces: entry.has_state });
                }
                Some(UserWrite::Tombstone(deleted_at)) => writes.tombstones.push((id, deleted_at)),
                None => {}
            }
        }
        writes
    }

    fn merge_user(&mut self, user: &'a User) -> MergeOutcome {
        let entry = self.user(&user.id);
        let outcome = entry.lifecycle.merge_state(&user.version);
        if outcome == MergeOutcome::Changed {
            entry.write = Some(UserWrite::State(user));
        }
        outcome
    }

    fn delete_user(&mut self, user_id: &'a str, at: Millis) -> MergeOutcome {
        let entry = self.user(user_id);
        let outcome = entry.lifecycle.merge_deletion(at);
        if outcome == MergeOutcome::Changed {
            entry.write = Some(UserWrite::Tombstone(at));
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
        let stored = &mut self.stored.users;
        self.users.entry(id).or_insert_with(|| {
            let (lifecycle, has_row) = match stored.remove(id) {
                Some(lifecycle) => (lifecycle, true),
                None => (UserLifecycle::default(), false),
            };
            let has_state = lifecycle != UserLifecycle::default();
            UserEntry { lifecycle, has_row, has_state, write: None }
        })
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
