//! Merge of a batch of events into the stored objects.
//!
//! Any order, duplication and batching of the same events ends in the same synced tables, because
//! each step is one of the commutative, associative and idempotent merges of
//! [`state`](super::state) and [`lifecycle`](super::lifecycle), and because an object goes with its
//! owners whenever they are deleted.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet},
};

use super::{
    AnyState, Kind,
    event::{Change, Deletion},
    lifecycle::{Lifecycle, MergeOutcome},
};
use crate::domain::{
    Millis,
    decision::{Decision, Operation},
    version::Version,
};

/// Stored objects that a batch of events refers to, by ID. An object that is missing has no row.
#[derive(Debug, Default)]
pub struct StoredObjects(BTreeMap<Kind, HashMap<String, StoredObject>>);

/// A stored object.
#[derive(Debug, Default)]
pub struct StoredObject {
    /// Version of the state, or the tombstone.
    pub lifecycle: Lifecycle,
    /// Complete state, if it was read. It is needed if the stored state is not whole, or loses to one
    /// of [`partial_versions`].
    pub state: Option<AnyState>,
}

impl StoredObjects {
    /// Adds an object.
    pub fn insert(&mut self, kind: Kind, id: String, object: StoredObject) {
        self.0.entry(kind).or_default().insert(id, object);
    }

    /// Returns the complete states that were read. Stubs and tombstones have none, and name no
    /// owner.
    pub fn states(&self) -> impl Iterator<Item = &AnyState> {
        let objects = self.0.values().flat_map(HashMap::values);
        objects.filter(|it| it.lifecycle.has_state()).filter_map(|it| it.state.as_ref())
    }

    fn is_tombstone(&self, (kind, id): (Kind, &str)) -> bool {
        let stored = self.0.get(&kind).and_then(|objects| objects.get(id));
        stored.is_some_and(|object| object.lifecycle.is_tombstone())
    }

    fn take(&mut self, (kind, id): (Kind, &str)) -> Option<StoredObject> {
        self.0.get_mut(&kind)?.remove(id)
    }
}

/// Returns the greatest version of the states that lack fields, by the ID of the object. If such a
/// state is newer than the stored one, the stored one keeps these fields.
pub fn partial_versions<'a>(
    changes: impl IntoIterator<Item = &'a Change>,
) -> BTreeMap<(Kind, &'a str), &'a Version> {
    let mut versions = BTreeMap::new();
    let states = changes.into_iter().flat_map(Change::states);
    for state in states.filter(|state| !state.is_whole()) {
        let key = (state.kind(), state.id());
        let newest = versions.entry(key).or_insert(state.version());
        *newest = (*newest).max(state.version());
    }
    versions
}

/// Rows to write so that the database holds the merged states. They are sorted by kind and ID,
/// because writers that lock rows in the same order cannot deadlock.
#[derive(Debug, Default, PartialEq)]
pub struct RowWrites<'a> {
    /// States to insert or replace, with their items.
    pub states: Vec<StateWrite<'a>>,
    /// Objects without a row that are only known as the owner of another one.
    pub stubs: Vec<(Kind, &'a str)>,
    /// Objects to replace by a tombstone, with the time of their deletion.
    pub tombstones: Vec<(Kind, &'a str, Millis)>,
}

/// State to insert or replace.
#[derive(Clone, Debug, PartialEq)]
pub struct StateWrite<'a> {
    /// State to write: that of a change, or the merge of several.
    pub state: Cow<'a, AnyState>,
    /// True if the database holds an older state, whose items must be removed.
    pub replaces: bool,
}

/// Result of merging a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged<'a> {
    /// The decision on the event.
    pub decision: Decision,
    /// Operation on the object, if the change changed it.
    pub operation: Option<Operation>,
    /// The embedded objects that changed, and what the change did to each.
    pub embedded: Vec<(&'a AnyState, Operation)>,
}

/// Merge of a batch of changes in progress.
#[derive(Debug, Default)]
pub struct Merge<'a> {
    stored: StoredObjects,
    entries: BTreeMap<(Kind, &'a str), Entry<'a>>,
}

#[derive(Debug, Default)]
struct Entry<'a> {
    lifecycle: Lifecycle,
    has_row: bool,
    has_state: bool,
    /// Stored state, if it was read completely.
    stored: Option<AnyState>,
    /// State to write, if it changed.
    write: Option<Cow<'a, AnyState>>,
    /// Tombstone to write, if it changed. It takes the place of a state.
    tombstone: Option<Millis>,
}

impl<'a> Merge<'a> {
    /// Starts a merge into the stored objects.
    #[must_use]
    pub fn new(stored: StoredObjects) -> Self {
        Self { stored, entries: BTreeMap::new() }
    }

    /// Merges one change.
    pub fn apply(&mut self, change: &'a Change) -> Merged<'a> {
        match change {
            Change::Deletion(deletion) => self.delete(deletion),
            Change::State { state, embedded } => {
                let (outcome, operation) = self.merge_state(state);
                // An embedded object may exist although the other one is deleted.
                let merge = |embedded| Some((embedded, self.merge_state(embedded).1?));
                let embedded: Vec<_> = embedded.iter().filter_map(merge).collect();
                let decision = match outcome {
                    _ if !embedded.is_empty() => Decision::Applied,
                    MergeOutcome::Changed => Decision::Applied,
                    MergeOutcome::Unchanged => Decision::Stale,
                    MergeOutcome::Tombstoned => Decision::Tombstoned,
                };
                Merged { decision, operation, embedded }
            }
        }
    }

    /// Returns true if the object is deleted, in the stored state or by a change merged so far.
    #[must_use]
    pub fn is_tombstone(&self, object: (Kind, &str)) -> bool {
        match self.entries.get(&object) {
            Some(entry) => entry.lifecycle.is_tombstone(),
            None => self.stored.is_tombstone(object),
        }
    }

    /// Returns the merged state of an object, if the object exists and its state was read or merged.
    #[must_use]
    pub fn state<'s>(&'s self, object: (Kind, &'s str)) -> Option<&'s AnyState> {
        let entry = self.entries.get(&object)?;
        if entry.lifecycle.is_tombstone() {
            return None;
        }
        entry.write.as_deref().or(entry.stored.as_ref())
    }

    /// Ends the merge and returns the rows to write.
    #[must_use]
    pub fn into_writes(self) -> RowWrites<'a> {
        let mut writes = RowWrites::default();
        let mut states = Vec::new();
        let mut deleted = HashSet::new();
        for ((kind, id), entry) in self.entries {
            if entry.lifecycle.is_tombstone() {
                deleted.insert((kind, id));
            }
            if let Some(deleted_at) = entry.tombstone {
                writes.tombstones.push((kind, id, deleted_at));
            } else if let Some(state) = entry.write {
                states.push(StateWrite { state, replaces: entry.has_state });
            } else if !entry.has_row && kind.owned().next().is_some() {
                writes.stubs.push((kind, id));
            }
        }
        // A deletion later in the batch also removes what belongs to the object.
        let is_live =
            |write: &StateWrite<'_>| !write.state.owners().any(|owner| deleted.contains(&owner));
        writes.states = states.into_iter().filter(is_live).collect();
        writes
    }

    /// Merges a state, and returns what that did to the object.
    fn merge_state(&mut self, state: &'a AnyState) -> (MergeOutcome, Option<Operation>) {
        let mut has_live_owners = true;
        for owner in state.owners() {
            has_live_owners &= !self.entry(owner).lifecycle.is_tombstone();
        }
        if !has_live_owners {
            return (MergeOutcome::Tombstoned, None);
        }
        let entry = self.entry((state.kind(), state.id()));
        let existed = entry.lifecycle.has_state();
        let outcome = entry.merge(state);
        let operation = match outcome {
            MergeOutcome::Changed if existed => Some(Operation::Updated),
            MergeOutcome::Changed => Some(Operation::Created),
            MergeOutcome::Unchanged | MergeOutcome::Tombstoned => None,
        };
        (outcome, operation)
    }

    fn delete(&mut self, deletion: &'a Deletion) -> Merged<'a> {
        let entry = self.entry((deletion.kind, &deletion.id));
        let was_deleted = entry.lifecycle.is_tombstone();
        let outcome = entry.lifecycle.merge_deletion(deletion.at);
        if outcome == MergeOutcome::Changed {
            entry.tombstone = Some(deletion.at);
            entry.write = None;
        }
        let (decision, operation) = match outcome {
            // An earlier deletion corrects the time of the tombstone. The object is deleted only once.
            MergeOutcome::Changed if was_deleted => (Decision::Applied, None),
            MergeOutcome::Changed => (Decision::Applied, Some(Operation::Deleted)),
            MergeOutcome::Unchanged | MergeOutcome::Tombstoned => (Decision::Stale, None),
        };
        Merged { decision, operation, embedded: Vec::new() }
    }

    fn entry(&mut self, object: (Kind, &'a str)) -> &mut Entry<'a> {
        let stored = &mut self.stored;
        self.entries.entry(object).or_insert_with(|| {
            let (object, has_row) = match stored.take(object) {
                Some(object) => (object, true),
                None => (StoredObject::default(), false),
            };
            let StoredObject { lifecycle, state } = object;
            let has_state = lifecycle.has_state();
            let stored = state.filter(|_| has_state);
            Entry { lifecycle, has_row, has_state, stored, write: None, tombstone: None }
        })
    }
}

impl<'a> Entry<'a> {
    /// Merges a state field by field if the current state was read, because one of them lacks fields
    /// or has parts that do not follow the version. Otherwise one state wins as a whole, for which
    /// the versions suffice.
    fn merge(&mut self, incoming: &'a AnyState) -> MergeOutcome {
        if self.lifecycle.is_tombstone() {
            return MergeOutcome::Tombstoned;
        }
        let current = self.write.as_deref().or(self.stored.as_ref());
        if current.is_some_and(|it| !(it.is_atomic() && incoming.is_atomic())) {
            return self.merge_fields(incoming);
        }
        let outcome = self.lifecycle.merge_state(incoming.version());
        if outcome == MergeOutcome::Changed {
            self.write = Some(Cow::Borrowed(incoming));
        }
        outcome
    }

    /// Merges a state into the current one field by field.
    fn merge_fields(&mut self, incoming: &AnyState) -> MergeOutcome {
        if let Some(write) = &mut self.write {
            if !write.to_mut().merge(incoming) {
                return MergeOutcome::Unchanged;
            }
        } else {
            // A stored state that stays as it is must not be written.
            let Some(mut stored) = self.stored.take() else { return MergeOutcome::Unchanged };
            if !stored.merge(incoming) {
                self.stored = Some(stored);
                return MergeOutcome::Unchanged;
            }
            self.write = Some(Cow::Owned(stored));
        }
        if let Some(write) = &self.write {
            self.lifecycle = Lifecycle::Live(write.version().clone());
        }
        MergeOutcome::Changed
    }
}

#[cfg(test)]
mod tests;
