//! Verifies that the merge rules are commutative, associative and idempotent.
//!
//! Random sets of events, in random orders, with duplicates and in random batches, end in the same
//! synced tables as a direct evaluation of the merge rules over the whole set.

mod changes;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use proptest::{collection::vec, prelude::*, sample::select};

use self::changes::changes;
use super::{
    AnyState, Change, Decision, Deletion, Kind, Lifecycle, Merge, StateWrite, StoredObject,
    StoredObjects, partial_versions,
};
use crate::{
    domain::{Millis, version::Version},
    objects::{
        ObjectData, State,
        membership::MembershipData,
        organization::OrganizationData,
        session::{Session, SessionData, SessionDetails},
        user::User,
    },
};

type Key = (Kind, String);

/// In-memory database that applies [`super::RowWrites`] as the store does. Stubs have no state.
#[derive(Clone, Debug, Default, PartialEq)]
struct SyncedTables {
    states: BTreeMap<Key, AnyState>,
    tombstones: BTreeMap<Key, Millis>,
}

impl SyncedTables {
    fn commit(&mut self, batch: &[&Change]) -> Vec<Decision> {
        let mut merge = Merge::new(self.stored(batch));
        let decisions = batch.iter().map(|change| merge.apply(change).decision).collect();
        let writes = merge.into_writes();
        for StateWrite { state, replaces } in writes.states {
            let key = (state.kind(), state.id().to_owned());
            assert_eq!(self.states.insert(key, state.into_owned()).is_some(), replaces);
        }
        for (kind, id, deleted_at) in writes.tombstones {
            self.states.remove(&(kind, id.to_owned()));
            self.states.retain(|_, state| !state.owners().any(|owner| owner == (kind, id)));
            self.tombstones.insert((kind, id.to_owned()), deleted_at);
        }
        decisions
    }

    fn stored(&self, batch: &[&Change]) -> StoredObjects {
        let mut stored = StoredObjects::default();
        for ((kind, id), &deleted_at) in &self.tombstones {
            let lifecycle = Lifecycle::Tombstone { deleted_at };
            stored.insert(*kind, id.clone(), StoredObject { lifecycle, state: None });
        }
        // Only the states that the store reads.
        let partial = partial_versions(batch.iter().copied());
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

    /// Evaluates the merge rules one by one over the whole set. It merges nothing and compares at
    /// most two keys at a time.
    fn expected(changes: &[Change]) -> Self {
        let mut expected = Self::default();
        for deletion in changes.iter().filter_map(Change::deletion) {
            let key = (deletion.kind, deletion.id.clone());
            let earliest = expected.tombstones.entry(key).or_insert(deletion.at);
            *earliest = (*earliest).min(deletion.at);
        }
        let is_live =
            |kind: Kind, id: &str| !expected.tombstones.contains_key(&(kind, id.to_owned()));
        let states: Vec<&AnyState> = changes.iter().flat_map(Change::states).collect();
        let ids: BTreeSet<(Kind, &str)> = states.iter().map(|it| (it.kind(), it.id())).collect();
        for (kind, id) in ids.into_iter().filter(|(kind, id)| is_live(*kind, id)) {
            let states = states.iter().filter(|it| (it.kind(), it.id()) == (kind, id));
            let states: Vec<&AnyState> = states.copied().collect();
            if states[0].owners().all(|(kind, id)| is_live(kind, id)) {
                expected.states.insert((kind, id.to_owned()), expected_state(&states));
            }
        }
        expected
    }
}

/// Returns the state of an object of which these states are known.
fn expected_state(states: &[&AnyState]) -> AnyState {
    macro_rules! of_kind {
        ($($kind:ident),+) => {
            match states[0] {
                $(AnyState::$kind(_) => newest_fields(&states.iter().map(|state| match state {
                    AnyState::$kind(state) => &**state,
                    other => panic!("another kind: {other:?}"),
                }).collect::<Vec<_>>()).into(),)+
                other => panic!("not generated: {other:?}"),
            }
        };
    }
    let mut expected = of_kind!(User, Session, Organization, Membership, Invitation);
    if let AnyState::Session(session) = &mut expected {
        let sign_ins = states.iter().filter_map(|state| match state {
            AnyState::Session(session) => session.data.sign_in.clone(),
            _ => None,
        });
        session.data.sign_in = sign_ins.min_by_key(|sign_in| sign_in.version.clone());
    }
    expected
}

/// Returns the state whose fields are each from the newest state that has the field.
fn newest_fields<T: ObjectData>(states: &[&State<T>]) -> State<T> {
    let newest = states.iter().max_by_key(|state| &state.version).expect("at least one state");
    let mut expected: State<T> =
        State { id: newest.id.clone(), version: newest.version.clone(), ..State::default() };
    for field in T::fields() {
        let having = states.iter().filter(|state| !state.field_versions.contains_key(field));
        let newest = having.max_by_key(|state| &state.version);
        let version = newest.map(|state| state.version.clone()).unwrap_or_default();
        if let Some(newest) = newest {
            expected.data.copy_field(field, &newest.data);
        }
        if version != expected.version {
            expected.field_versions.insert(field, version);
        }
    }
    expected
}

/// Generates a set of events, an arrival order with some duplicates, and the sizes of the batches.
fn deliveries() -> impl Strategy<Value = (Vec<Change>, Vec<usize>, Vec<usize>)> {
    changes().prop_flat_map(|changes| {
        let unique = (0..changes.len()).collect::<Vec<_>>();
        let duplicates = vec(select(unique.clone()), 0..8);
        let order = duplicates
            .prop_map(move |duplicates| [unique.clone(), duplicates].concat())
            .prop_shuffle();
        (Just(changes), order, vec(1..6_usize, 40))
    })
}

fn deliver(changes: &[Change], order: &[usize], sizes: &[usize]) -> SyncedTables {
    let mut tables = SyncedTables::default();
    let mut rest = order;
    for size in sizes {
        let (batch, later) = rest.split_at((*size).min(rest.len()));
        tables.commit(&batch.iter().map(|&index| &changes[index]).collect::<Vec<_>>());
        rest = later;
    }
    assert!(rest.is_empty(), "the batch sizes cover every delivery");
    tables
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_delivery_order_reaches_same_tables((changes, order, sizes) in deliveries()) {
        prop_assert_eq!(deliver(&changes, &order, &sizes), SyncedTables::expected(&changes));
    }

    #[test]
    fn duplicates_change_nothing((changes, order, sizes) in deliveries()) {
        let mut tables = deliver(&changes, &order, &sizes);
        let before = tables.clone();
        let decisions = tables.commit(&changes.iter().collect::<Vec<_>>());
        prop_assert_eq!(tables, before);
        prop_assert!(!decisions.contains(&Decision::Applied), "{:?}", decisions);
    }

    #[test]
    fn batched_decisions_equal_single_decisions((changes, order, sizes) in deliveries()) {
        let mut seen = HashSet::new();
        let unique: Vec<_> = order.into_iter().filter(|index| seen.insert(*index)).collect();
        let mut batched = SyncedTables::default();
        let mut single = SyncedTables::default();
        let mut rest = unique.as_slice();
        for size in sizes {
            let (batch, later) = rest.split_at(size.min(rest.len()));
            let batch: Vec<_> = batch.iter().map(|&index| &changes[index]).collect();
            let one_by_one: Vec<_> =
                batch.iter().flat_map(|change| single.commit(&[change])).collect();
            prop_assert_eq!(batched.commit(&batch), one_by_one);
            rest = later;
        }
    }

    #[test]
    fn applied_means_tables_changed((changes, order, _) in deliveries()) {
        let mut tables = SyncedTables::default();
        for index in order {
            let before = tables.clone();
            let decision = tables.commit(&[&changes[index]])[0];
            prop_assert_eq!(decision == Decision::Applied, tables != before);
        }
    }
}

fn deletion(kind: Kind, id: &str) -> Change {
    Change::Deletion(Deletion::new(kind, id, 5))
}

fn session(id: &str, user_id: &str) -> Change {
    let details = SessionDetails { user_id: user_id.into(), ..SessionDetails::default() };
    let version = Version::complete(Some(9), Some(9), "b");
    let data = SessionData { details, sign_in: None };
    AnyState::from(Session { id: id.into(), data, version, ..Session::default() }).into()
}

fn membership(id: &str, organization_id: &str, user_id: &str) -> AnyState {
    let data = MembershipData {
        organization_id: organization_id.into(),
        user_id: user_id.into(),
        ..MembershipData::default()
    };
    let version = Version::complete(Some(9), Some(9), "b");
    State { id: id.into(), data, version, ..State::default() }.into()
}

#[test]
fn early_deletion_tombstones_later_states() {
    let version = Version::complete(Some(9), Some(9), "b");
    let user = User { id: "user_1".into(), version, ..User::default() };
    let changes = [
        deletion(Kind::User, "user_1"),
        AnyState::from(user).into(),
        session("sess_1", "user_1"),
        membership("orgmem_1", "org_1", "user_1").into(),
    ];
    let mut tables = SyncedTables::default();
    let decisions = tables.commit(&changes.iter().collect::<Vec<_>>());
    assert_eq!(decisions[0], Decision::Applied);
    assert_eq!(decisions[1..], [Decision::Tombstoned; 3]);
    assert_eq!(tables.tombstones, [((Kind::User, "user_1".to_owned()), 5)].into());
    assert!(tables.states.is_empty());
}

#[test]
fn deletion_is_visible_before_it_is_written() {
    let mut stored = StoredObjects::default();
    stored.insert(Kind::User, "user_1".to_owned(), StoredObject::default());
    let lifecycle = Lifecycle::Tombstone { deleted_at: 1 };
    stored.insert(Kind::User, "user_2".to_owned(), StoredObject { lifecycle, state: None });
    let mut merge = Merge::new(stored);
    let ids = ["user_1", "user_2", "user_3"];
    let deleted = |merge: &Merge<'_>| ids.map(|id| merge.is_tombstone((Kind::User, id)));
    assert_eq!(deleted(&merge), [false, true, false]);
    let deletions = ids.map(|id| deletion(Kind::User, id));
    assert_eq!(merge.apply(&deletions[0]).decision, Decision::Applied);
    assert_eq!(deleted(&merge), [true, true, false]);
    assert_eq!(merge.apply(&deletions[1]).decision, Decision::Stale);
    assert_eq!(merge.apply(&deletions[2]).decision, Decision::Applied);
    assert_eq!(deleted(&merge), [true; 3]);
}

#[test]
fn objects_of_unknown_owners_write_stubs() {
    let changes = [
        session("sess_1", "user_1"),
        session("sess_2", "user_2"),
        membership("orgmem_1", "org_1", "user_3").into(),
    ];
    let mut stored = StoredObjects::default();
    stored.insert(Kind::User, "user_1".to_owned(), StoredObject::default());
    let mut merge = Merge::new(stored);
    for change in &changes {
        assert_eq!(merge.apply(change).decision, Decision::Applied);
    }
    let writes = merge.into_writes();
    let stubs = [(Kind::User, "user_2"), (Kind::User, "user_3"), (Kind::Organization, "org_1")];
    assert_eq!(writes.stubs, stubs, "user_1 already has a row");
    assert_eq!(writes.states.len(), 3);
    assert!(writes.tombstones.is_empty());
}

#[test]
fn later_deletion_in_batch_drops_owned_objects() {
    let changes = [
        session("sess_1", "user_1"),
        session("sess_2", "user_2"),
        membership("orgmem_1", "org_1", "user_2").into(),
        deletion(Kind::User, "user_1"),
        deletion(Kind::Organization, "org_1"),
    ];
    let mut merge = Merge::new(StoredObjects::default());
    let decisions = changes.each_ref().map(|change| merge.apply(change).decision);
    assert_eq!(decisions, [Decision::Applied; 5]);
    let writes = merge.into_writes();
    let written: Vec<_> = writes.states.iter().map(|write| write.state.id()).collect();
    let tombstones = vec![(Kind::User, "user_1", 5), (Kind::Organization, "org_1", 5)];
    assert_eq!((written, writes.tombstones), (vec!["sess_2"], tombstones));
}

/// A tombstone has no owner that a commit must lock.
#[test]
fn only_states_have_owners() {
    let mut stored = StoredObjects::default();
    for (id, lifecycle) in [
        ("orgmem_1", Lifecycle::Live(Version::complete(Some(9), Some(9), "b"))),
        ("orgmem_2", Lifecycle::Tombstone { deleted_at: 1 }),
    ] {
        let state = Some(membership(id, "org_1", "user_1"));
        stored.insert(Kind::Membership, id.to_owned(), StoredObject { lifecycle, state });
    }
    assert_eq!(stored.states().map(AnyState::id).collect::<Vec<_>>(), ["orgmem_1"]);
}

/// The organization of a membership exists, although the user has left Clerk.
#[test]
fn embedded_object_of_tombstoned_state_is_merged() {
    let version = Version::incomplete(Some(9), "b");
    let data = OrganizationData { name: Some("Acme".into()), ..OrganizationData::default() };
    let embedded = AnyState::from(State { id: "org_1".into(), data, version, ..State::default() });
    let state = membership("orgmem_1", "org_1", "user_1");
    let changes =
        [deletion(Kind::User, "user_1"), Change::State { state, embedded: vec![embedded.clone()] }];
    let mut tables = SyncedTables::default();
    for decision in [Decision::Applied, Decision::Tombstoned] {
        assert_eq!(tables.commit(&[&changes[0], &changes[1]])[1], decision);
        let states = tables.states.values().collect::<Vec<_>>();
        assert_eq!(states, [&embedded]);
    }
}
