//! A history: bodies, one a line. However they come, the end is the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use meetvo::{
    clerk::{decode::Decoder, signature::Verified},
    domain::{
        event::{Change, Content, Decision},
        merge::{Merge, StoredState, UserUpsert},
        session::Session,
        user::{User, UserLifecycle},
    },
};

use super::{NOW, oracle};

/// As many as make a history: more would only be slower.
const MOST: usize = 16;

/// A database of two maps, which takes writes as the real one does.
#[derive(Clone, Debug, Default, PartialEq)]
struct Projection {
    users: BTreeMap<String, User>,
    stubs: BTreeSet<String>,
    tombstones: BTreeMap<String, i64>,
    sessions: BTreeMap<String, Session>,
}

/// See [the table](super).
pub fn check(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let lines = text.lines().take(MOST).enumerate();
    let changes: Vec<Change> = lines.filter_map(|(at, body)| change(at, body)).collect();
    if changes.is_empty() || is_of_two_who_part(&changes) {
        return;
    }
    let order: Vec<&Change> = changes.iter().collect();
    let reverse: Vec<&Change> = order.iter().rev().copied().collect();
    let twice = [&*order, &*reverse].concat();
    let middle = [&order[order.len() / 2..], &order[..order.len() / 2]].concat();

    let expected = one_by_one(&order);
    for (changes, size) in [(&reverse, 1), (&reverse, MOST), (&order, 3), (&twice, 5), (&middle, 2)]
    {
        let mut projection = Projection::default();
        changes.chunks(size).for_each(|batch| drop(projection.commit(batch)));
        assert_eq!(projection, expected, "in batches of {size}: {changes:#?}");
    }
    let mut again = expected.clone();
    let decisions = again.commit(&reverse);
    assert_eq!(again, expected, "a repetition changes nothing");
    assert!(!decisions.contains(&Decision::Applied), "{decisions:?}");
}

fn change(at: usize, body: &str) -> Option<Change> {
    // Byte order of the ids is not the order of the lines, and mixes cases as svix-ids do.
    let id = format!("msg_{}{at}", if at.is_multiple_of(3) { 'z' } else { 'A' });
    let secret = Arc::from("new");
    let event =
        Decoder::default().decode(&Verified { id: &id, attempted_at: NOW, body, secret }, NOW);
    oracle::can_be_kept(&event, body);
    match event.content {
        Content::Change(change) => Some(change),
        Content::NotApplied { .. } => None,
    }
}

/// Whether a session is claimed by two users of whom one is deleted: Clerk's sessions are of one user
/// for ever, and the law builds on that.
fn is_of_two_who_part(changes: &[Change]) -> bool {
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

/// The end of it, and on the way that `applied` says whether anything changed.
fn one_by_one(changes: &[&Change]) -> Projection {
    let mut projection = Projection::default();
    for change in changes {
        let before = projection.clone();
        let decision = projection.commit(&[change])[0];
        let mut stubless = projection.clone();
        stubless.stubs.clone_from(&before.stubs);
        assert_eq!(decision == Decision::Applied, stubless != before, "{decision}: {change:#?}");
        let is_dead = before.tombstones.contains_key(change.subject());
        let deletes = matches!(change, Change::UserDeleted { .. });
        assert_eq!(decision == Decision::Tombstoned, is_dead && !deletes, "{change:#?}");
    }
    for (id, session) in &projection.sessions {
        assert!(!projection.tombstones.contains_key(&session.state.user_id), "{id}");
    }
    projection
}

impl Projection {
    fn commit(&mut self, batch: &[&Change]) -> Vec<Decision> {
        let mut merge = Merge::new(self.present());
        let decisions = batch.iter().map(|change| merge.apply(change)).collect();
        let writes = merge.into_writes();
        self.stubs.extend(writes.stubs.into_iter().map(str::to_owned));
        for UserUpsert { user, replaces } in writes.users {
            self.stubs.remove(&user.id);
            let replaced = self.users.insert(user.id.clone(), user.clone());
            assert_eq!(replaced.is_some(), replaces);
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

    fn present(&self) -> StoredState {
        let live = self.users.iter().map(|(id, it)| (id, UserLifecycle::Live(it.version.clone())));
        let stubs = self.stubs.iter().map(|id| (id, UserLifecycle::default()));
        let dead = self
            .tombstones
            .iter()
            .map(|(id, &deleted_at)| (id, UserLifecycle::Tombstone { deleted_at }));
        let users = live.chain(stubs).chain(dead).map(|(id, head)| (id.clone(), head)).collect();
        StoredState { users, sessions: self.sessions.clone().into_iter().collect() }
    }
}
