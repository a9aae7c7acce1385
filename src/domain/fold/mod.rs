//! A run of events folded into what the database holds: the merge law at work.
//!
//! Any order, any duplication and any batching of the same events ends in the same projection,
//! because each step is one of the joins of [`user`](super::user) and [`session`](super::session).

use std::collections::{BTreeMap, HashMap};

use super::{
    Millis,
    event::{Change, Decision},
    session::Session,
    user::{Joined, User, UserHead},
};

/// What the database holds of the users and sessions that a run of events is about. What is not
/// listed is not there.
#[derive(Debug, Default)]
pub struct Present {
    /// By user id.
    pub users: HashMap<String, UserHead>,
    /// By session id.
    pub sessions: HashMap<String, Session>,
}

/// The rows to write so that the database holds the result. In the order of their keys: writers
/// that lock rows in one order do not deadlock.
#[derive(Debug, Default, PartialEq)]
pub struct Writes<'a> {
    /// States to insert, accounts and verifications included.
    pub users: Vec<UserState<'a>>,
    /// Users of whom nothing is known but a session, and who are not there yet.
    pub stubs: Vec<&'a str>,
    /// Users of whom only the tombstone stays, with the time of their deletion.
    pub tombstones: Vec<(&'a str, Millis)>,
    /// Sessions to insert or replace.
    pub sessions: Vec<Session>,
}

/// The state of a user to write.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UserState<'a> {
    /// The state.
    pub user: &'a User,
    /// Whether the database holds an older one, whose accounts and verifications it replaces.
    pub replaces: bool,
}

/// The fold under way.
#[derive(Debug, Default)]
pub struct Fold<'a> {
    present: Present,
    users: BTreeMap<&'a str, UserSlot<'a>>,
    sessions: BTreeMap<&'a str, SessionSlot>,
}

#[derive(Debug, Default)]
struct UserSlot<'a> {
    head: UserHead,
    is_there: bool,
    has_state: bool,
    write: Option<UserWrite<'a>>,
}

#[derive(Debug)]
enum UserWrite<'a> {
    State(&'a User),
    Tombstone(Millis),
}

#[derive(Debug, Default)]
struct SessionSlot {
    session: Option<Session>,
    changed: bool,
}

impl<'a> Fold<'a> {
    /// Starts from what the database holds.
    #[must_use]
    pub fn over(present: Present) -> Self {
        Self { present, ..Self::default() }
    }

    /// Folds in one change, and tells what became of it.
    pub fn apply(&mut self, change: &'a Change) -> Decision {
        match change {
            Change::User(user) => decision(self.join_user(user)),
            Change::UserDeleted { user_id, at } => decision(self.delete_user(user_id, *at)),
            Change::Session { session, user } => {
                if self.user(&session.state.user_id).head.is_tombstone() {
                    return Decision::Tombstoned;
                }
                let embedded = user.as_deref().map(|user| self.join_user(user));
                match self.join_session(session) || embedded == Some(Joined::Changed) {
                    true => Decision::Applied,
                    false => Decision::Stale,
                }
            }
        }
    }

    /// Whether, as far as the fold has come, this user is deleted.
    #[must_use]
    pub fn is_tombstone(&self, user_id: &str) -> bool {
        let slot = self.users.get(user_id).map(|slot| &slot.head);
        slot.or_else(|| self.present.users.get(user_id)).is_some_and(UserHead::is_tombstone)
    }

    /// The rows to write.
    #[must_use]
    pub fn into_writes(self) -> Writes<'a> {
        let mut writes = Writes::default();
        for slot in self.sessions.into_values().filter(|slot| slot.changed) {
            // Sessions of a user who was deleted later in the run go with the user.
            let kept = |session: &Session| {
                let owner = self.users.get(session.state.user_id.as_str());
                !owner.is_some_and(|owner| owner.head.is_tombstone())
            };
            writes.sessions.extend(slot.session.filter(kept));
        }
        for (id, slot) in self.users {
            match slot.write {
                None if !slot.is_there => writes.stubs.push(id),
                Some(UserWrite::State(user)) => {
                    writes.users.push(UserState { user, replaces: slot.has_state });
                }
                Some(UserWrite::Tombstone(deleted_at)) => writes.tombstones.push((id, deleted_at)),
                None => {}
            }
        }
        writes
    }

    fn join_user(&mut self, user: &'a User) -> Joined {
        let slot = self.user(&user.id);
        let joined = slot.head.join_state(&user.version);
        if joined == Joined::Changed {
            slot.write = Some(UserWrite::State(user));
        }
        joined
    }

    fn delete_user(&mut self, user_id: &'a str, at: Millis) -> Joined {
        let slot = self.user(user_id);
        let joined = slot.head.join_deletion(at);
        if joined == Joined::Changed {
            slot.write = Some(UserWrite::Tombstone(at));
        }
        joined
    }

    fn join_session(&mut self, incoming: &'a Session) -> bool {
        let present = &mut self.present.sessions;
        let slot = self.sessions.entry(&incoming.id).or_insert_with(|| SessionSlot {
            session: present.remove(&incoming.id),
            changed: false,
        });
        let changed = match &mut slot.session {
            Some(session) => session.join(incoming),
            none => {
                *none = Some(incoming.clone());
                true
            }
        };
        slot.changed |= changed;
        changed
    }

    fn user(&mut self, id: &'a str) -> &mut UserSlot<'a> {
        let present = &mut self.present.users;
        self.users.entry(id).or_insert_with(|| {
            let (head, is_there) = match present.remove(id) {
                Some(head) => (head, true),
                None => (UserHead::default(), false),
            };
            UserSlot { has_state: head != UserHead::default(), is_there, head, write: None }
        })
    }
}

fn decision(joined: Joined) -> Decision {
    match joined {
        Joined::Changed => Decision::Applied,
        Joined::Unchanged => Decision::Stale,
        Joined::Tombstoned => Decision::Tombstoned,
    }
}

#[cfg(test)]
mod tests;
