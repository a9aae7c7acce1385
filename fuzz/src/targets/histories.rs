//! Histories. An input has one body per line. Every order, duplication and batching of the events
//! ends in the same synced tables.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use meetvo::{
    clerk::{decode::Decoder, signature::Verified},
    domain::{
        event::{Change, Content, Decision},
        merge::{self, Merge, StoredState, UserUpsert},
        session::Session,
        user::{User, UserLifecycle},
    },
};

use super::{NOW, oracle};

/// Maximum number of events. More events would make each input slower.
const MAX_EVENTS: usize = 16;

/// In-memory database that applies writes as the real one does.
#[derive(Clone, Debug, Default, PartialEq)]
struct SyncedTables {
    users: BTreeMap<String, User>,
    stubs: BTreeSet<String>,
    tombstones: BTreeMap<String, i64>,
    sessions: BTreeMap<String, Session>,
}

/// Checks one input. The [module](super) describes its format.
pub fn check(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let lines = text.lines().take(MAX_EVENTS).enumerate();
    let changes: Vec<Change> = lines.filter_map(|(at, body)| change(at, body)).collect();
    if changes.is_empty() || is_session_shared_with_deleted_user(&changes) {
        return;
    }
    let in_order: Vec<&Change> = changes.iter().collect();
    let reversed: Vec<&Change> = in_order.iter().rev().copied().collect();
    let doubled = [&*in_order, &*reversed].concat();
    let rotated = [&in_order[in_order.len() / 2..], &in_order[..in_order.len() / 2]].concat();

    let expected = apply_one_by_one(&in_order);
    for (changes, size) in
        [(&reversed, 1), (&reversed, MAX_EVENTS), (&in_order, 3), (&doubled, 5), (&rotated, 2)]
    {
        let mut tables = SyncedTables::default();
        changes.chunks(size).for_each(|batch| drop(tables.commit(batch)));
        assert_eq!(tables, expected, "batches of {size}: {changes:#?}");
    }
    let mut repeated = expected.clone();
    let decisions = repeated.commit(&reversed);
    assert_eq!(repeated, expected, "a repetition changes nothing");
    assert!(!decisions.contains(&Decision::Applied), "{decisions:?}");
}

fn change(at: usize, body: &str) -> Option<Change> {
    // The byte order of the IDs differs from the order of the lines, and mixes cases as `svix-id`s
    // do.
    let id = format!("msg_{}{at}", if at.is_multiple_of(3) { 'z' } else { 'A' });
    let secret = Arc::from("new");
    let event =
        Decoder::default().decode(&Verified { id: &id, attempted_at: NOW, body, secret }, NOW);
    oracle::assert_storable(&event, body);
    match event.content {
        Content::Change(change) => Some(change),
        Content::NotApplied { .. } => None,
    }
}

/// Returns whether two users claim the same session and one of them is deleted. In Clerk, a session
/// belongs to one user forever, and the merge rules rely on it.
fn is_session_shared_with_deleted_user(changes: &[Change]) -> bool {
    let mut owners = BTreeMap::new();
    let claimed = changes.iter().filter_map(|it| it.session_id().map(|id| (id, it.subject())));
    let deleted: BTreeSet<_> = changes
        .iter()
        .filter(|change| matches!(change, Change::UserDeleted { .. }))
        .map(Change::subject)
        .collect();
    claimed.into_iter().any(|(id, owner)| {
        let first = *owners.entry(id).or_insert(owner);
        first != owner && [first, owner].iter().any(|owner| deleted.contains(owner))
    })
}

/// Applies the changes one by one and returns the result. Checks that `applied` means that
/// something changed.
fn apply_one_by_one(changes: &[&Change]) -> SyncedTables {
    let mut tables = SyncedTables::default();
    for change in changes {
        let before = tables.clone();
        let decision = tables.commit(&[change])[0];
        let mut without_new_stubs = tables.clone();
        without_new_stubs.stubs.clone_from(&before.stubs);
        assert_eq!(
            decision == Decision::Applied,
            without_new_stubs != before,
            "{decision}: {change:#?}"
        );
        let is_deleted = before.tombstones.contains_key(change.subject());
        let deletes = matches!(change, Change::UserDeleted { .. });
        assert_eq!(decision == Decision::Tombstoned, is_deleted && !deletes, "{change:#?}");
    }
    for (id, session) in &tables.sessions {
        assert!(!tables.tombstones.contains_key(&session.state.user_id), "{id}");
    }
    tables
}

impl SyncedTables {
    fn commit(&mut self, batch: &[&Change]) -> Vec<Decision> {
        let mut merge = Merge::new(self.stored_state(batch));
        let decisions = batch.iter().map(|change| merge.apply(change)).collect();
        let writes = merge.into_writes();
        self.stubs.extend(writes.stubs.into_iter().map(str::to_owned));
        for UserUpsert { user, replaces, replaces_partial } in writes.users {
            self.stubs.remove(&user.id);
            let replaced = self.users.insert(user.id.clone(), user.into_owned());
            assert_eq!(replaced.is_some(), replaces);
            assert_eq!(replaced.is_some_and(|it| !it.is_whole()), replaces_partial);
        }
        for session in writes.sessions {
            self.sessions.insert(session.id.clone(), session);
        }
        for (id, deleted_at) in writes.tombstones {
            self.stubs.remove(id);
            self.users.remove(id);
            self.sessions.retain(|_, session| session.state.user_id != id);
            self.tombstones.insert(id.to_owned(), deleted_at);
        }
        decisions
    }

    fn stored_state(&self, batch: &[&Change]) -> StoredState {
        let live = self.users.iter().map(|(id, it)| (id, UserLifecycle::Live(it.version.clone())));
        let stubs = self.stubs.iter().map(|id| (id, UserLifecycle::default()));
        let deleted = self
            .tombstones
            .iter()
            .map(|(id, &deleted_at)| (id, UserLifecycle::Tombstone { deleted_at }));
        let users = live
            .chain(stubs)
            .chain(deleted)
            .map(|(id, lifecycle)| (id.clone(), lifecycle))
            .collect();
        let partial = merge::partial_versions(batch.iter().copied());
        let full_users = self.users.iter().filter(|(id, user)| {
            !user.is_whole() || partial.get(&***id).is_some_and(|it| **it > user.version)
        });
        let full_users = full_users.map(|(id, user)| (id.clone(), user.clone())).collect();
        let sessions = self.sessions.clone().into_iter().collect();
        StoredState { users, sessions, full_users }
    }
}
