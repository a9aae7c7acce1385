//! Histories. An input has one body per line. Every order, duplication and batching of the events
//! ends in the same synced tables.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use meetvo::{
    clerk::signature::Verified,
    domain::decision::Decision,
    objects::{
        AnyState, Kind,
        decode::Decoder,
        event::{Change, Content},
        lifecycle::Lifecycle,
        merge::{self, Merge, StateWrite, StoredObject, StoredObjects},
    },
};

use super::{NOW, oracle};

/// Maximum number of events. More events would make each input slower.
const MAX_EVENTS: usize = 16;

type Key = (Kind, String);

/// In-memory database that applies writes as the real one does.
#[derive(Clone, Debug, Default, PartialEq)]
struct SyncedTables {
    states: BTreeMap<Key, AnyState>,
    stubs: BTreeSet<Key>,
    tombstones: BTreeMap<Key, i64>,
}

/// Checks one input. The [module](super) describes its format.
pub fn check(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let lines = text.lines().take(MAX_EVENTS).enumerate();
    let changes: Vec<Change> = lines.filter_map(|(at, body)| change(at, body)).collect();
    if changes.is_empty() || is_shared_with_deleted_owner(&changes) {
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

/// Returns whether two owners claim the same object and one of them is deleted. In Clerk, an object
/// belongs to one owner forever, and the merge rules rely on it.
fn is_shared_with_deleted_owner(changes: &[Change]) -> bool {
    let deletions = changes.iter().filter_map(Change::deletion);
    let deleted: BTreeSet<_> = deletions.map(|it| (it.kind, &*it.id)).collect();
    let mut owners = BTreeMap::new();
    changes.iter().flat_map(Change::states).any(|state| {
        let claimed: Vec<_> = state.owners().collect();
        let first = owners.entry((state.kind(), state.id())).or_insert_with(|| claimed.clone());
        *first != claimed && first.iter().chain(&claimed).any(|owner| deleted.contains(owner))
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
        let is_deleted =
            |(kind, id): (Kind, &str)| before.tombstones.contains_key(&(kind, id.to_owned()));
        if let Change::State { state, .. } = change {
            let is_dead = is_deleted((state.kind(), state.id()))
                || state.owners().into_iter().any(is_deleted);
            let is_embedded_live = decision == Decision::Applied;
            assert!(
                !is_dead || decision == Decision::Tombstoned || is_embedded_live,
                "{change:#?}"
            );
            assert!(is_dead || decision != Decision::Tombstoned, "{change:#?}");
        }
    }
    for ((kind, id), state) in &tables.states {
        for (owner, owner_id) in state.owners() {
            let is_deleted = tables.tombstones.contains_key(&(owner, owner_id.to_owned()));
            assert!(!is_deleted, "{kind} {id}");
        }
    }
    tables
}

impl SyncedTables {
    fn commit(&mut self, batch: &[&Change]) -> Vec<Decision> {
        let mut merge = Merge::new(self.stored(batch));
        let decisions = batch.iter().map(|change| merge.apply(change).decision).collect();
        let writes = merge.into_writes();
        self.stubs.extend(writes.stubs.into_iter().map(|(kind, id)| (kind, id.to_owned())));
        for StateWrite { state, replaces } in writes.states {
            let key = (state.kind(), state.id().to_owned());
            self.stubs.remove(&key);
            assert_eq!(self.states.insert(key, state.into_owned()).is_some(), replaces);
        }
        for (kind, id, deleted_at) in writes.tombstones {
            let key = (kind, id.to_owned());
            self.stubs.remove(&key);
            self.states.remove(&key);
            self.states.retain(|_, state| !state.owners().any(|owner| owner == (kind, id)));
            self.tombstones.insert(key, deleted_at);
        }
        decisions
    }

    fn stored(&self, batch: &[&Change]) -> StoredObjects {
        let mut stored = StoredObjects::default();
        for (kind, id) in &self.stubs {
            stored.insert(*kind, id.clone(), StoredObject::default());
        }
        for ((kind, id), &deleted_at) in &self.tombstones {
            let lifecycle = Lifecycle::Tombstone { deleted_at };
            stored.insert(*kind, id.clone(), StoredObject { lifecycle, state: None });
        }
        let partial = merge::partial_versions(batch.iter().copied());
        for ((kind, id), state) in &self.states {
            let is_needed = !kind.object_type().table.versions_first
                || !state.is_whole()
                || partial.get(&(*kind, &**id)).is_some_and(|it| *it > state.version());
            let lifecycle = Lifecycle::Live(state.version().clone());
            let state = is_needed.then(|| state.clone());
            stored.insert(*kind, id.clone(), StoredObject { lifecycle, state });
        }
        stored
    }
}
