//! Verifies that the merge rules are commutative, associative and idempotent.
//!
//! Random sets of events, in random orders, with duplicates and in random batches, end in the same
//! synced tables as a direct evaluation of the merge rules over the whole set.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{
    AnyState, Change, Decision, Deletion, Kind, Lifecycle, Merge, StateWrite, StoredObject,
    StoredObjects, partial_versions,
};
use crate::{
    domain::{Millis, version::Version},
    objects::{
        ObjectData, State,
        invitation::InvitationData,
        membership::MembershipData,
        organization::OrganizationData,
        session::{Session, SessionData, SessionDetails, SignIn, is_terminal},
        user::{Account, Profile, User, UserData, Verification, fields::CREDENTIAL},
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
            self.states.retain(|_, state| !state.owners().contains(&(kind, id)));
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
            if states[0].owners().into_iter().all(|(kind, id)| is_live(kind, id)) {
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
                $(AnyState::$kind(_) => newest_fields(states.iter().map(|state| match state {
                    AnyState::$kind(state) => &**state,
                    other => panic!("another kind: {other:?}"),
                }).collect()).into(),)+
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
fn newest_fields<T: ObjectData>(states: Vec<&State<T>>) -> State<T> {
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

/// Generates changes from few IDs and few instants, so that version ties, reordered states and
/// states after a deletion are common.
fn changes() -> impl Strategy<Value = Vec<Change>> {
    vec(seed(), 1..24).prop_map(|seeds| {
        seeds.into_iter().enumerate().map(|(index, seed)| seed.change(index)).collect()
    })
}

#[derive(Clone, Debug)]
struct Seed {
    kind: u8,
    /// Numbers of the user, the organization and the object itself.
    ids: [u8; 3],
    updated_at: Option<Millis>,
    occurred_at: Option<Millis>,
    session_status: &'static str,
    invitation_status: &'static str,
    embeds: bool,
    is_complete: bool,
    has_sign_in: bool,
    /// Each bit stands for a field that the state lacks.
    lacking: u8,
}

fn seed() -> impl Strategy<Value = Seed> {
    let ids = (0..3_u8, 0..2_u8, 0..2_u8).prop_map(|(user, org, own)| [user, org, own]);
    let session = select(vec!["active", "active", "pending", "ended", "revoked", "suspended"]);
    let invitation = select(vec!["pending", "pending", "accepted", "revoked", "new"]);
    let times = (option::of(0..4_i64), option::of(0..4_i64));
    (0..17_u8, ids, times, session, invitation, any::<[bool; 3]>(), any::<u8>()).prop_map(
        |(kind, ids, (updated_at, occurred_at), session, invitation, flags, lacking)| Seed {
            kind,
            ids,
            updated_at,
            occurred_at,
            session_status: session,
            invitation_status: invitation,
            embeds: flags[0],
            is_complete: flags[1],
            has_sign_in: flags[2],
            // Half of the states are whole.
            lacking: if lacking < 128 { 0 } else { lacking },
        },
    )
}

impl Seed {
    fn change(&self, index: usize) -> Change {
        // The byte order of the IDs differs from the order of creation. It mixes cases, as Svix
        // does.
        let event = format!("msg_{}{index}", if index.is_multiple_of(3) { 'z' } else { 'A' });
        let version = Version::complete(self.updated_at, self.occurred_at, &event);
        let [user, organization, own] = self.ids;
        let user_id = format!("user_{user}");
        let organization_id = format!("org_{organization}");
        // The owners of an object never change.
        let membership_id = format!("orgmem_{organization}_{user}_{own}");
        let at = self.occurred_at.unwrap_or_default();
        let delete = |kind, id: &str| Change::Deletion(Deletion::new(kind, id, at));
        let embedded_version = match self.is_complete {
            true => version.clone(),
            false => Version::incomplete(self.occurred_at, &event),
        };
        match self.kind {
            0 => delete(Kind::User, &user_id),
            1 => delete(Kind::Organization, &organization_id),
            2 => delete(Kind::Membership, &membership_id),
            3..6 => AnyState::from(self.user(&user_id, &event, version)).into(),
            6..9 => AnyState::from(self.organization(&organization_id, &event, version)).into(),
            9..13 => {
                let embedded = self.user(&user_id, &event, embedded_version);
                let session = self.session(&user_id, &event, version);
                let embedded = self.embeds.then(|| embedded.into());
                Change::State { state: session.into(), embedded }
            }
            13..16 => {
                let embedded = self.organization(&organization_id, &event, embedded_version);
                let whole = MembershipData {
                    organization_id,
                    user_id,
                    role: Some(event.clone()),
                    private_metadata: Some(event.into()),
                    ..MembershipData::default()
                };
                let bits = ["role", "private_metadata"];
                let membership = self.lacking(&membership_id, &whole, &bits, version);
                let embedded = self.embeds.then(|| embedded.into());
                Change::State { state: membership.into(), embedded }
            }
            _ => {
                let status = self.invitation_status;
                let is_final = matches!(status, "accepted" | "revoked");
                let id = format!("orginv_{organization}_{own}");
                let whole = InvitationData {
                    organization_id,
                    status: Some(status.to_owned()),
                    email: Some(event),
                    ..InvitationData::default()
                };
                let version = version.with_final_status(is_final);
                AnyState::from(self.lacking(&id, &whole, &["email"], version)).into()
            }
        }
    }

    /// Returns a state that lacks those of the fields whose bit is set.
    fn lacking<T: ObjectData>(
        &self,
        id: &str,
        whole: &T,
        bits: &[&str],
        version: Version,
    ) -> State<T> {
        let mut state: State<T> = State { id: id.to_owned(), version, ..State::default() };
        for field in T::fields() {
            let bit = bits.iter().position(|it| *it == field);
            match bit.filter(|bit| self.lacking & (1 << bit) != 0) {
                Some(_) => drop(state.field_versions.insert(field, Version::default())),
                None => state.data.copy_field(field, whole),
            }
        }
        state
    }

    fn organization(&self, id: &str, event: &str, version: Version) -> State<OrganizationData> {
        let whole = OrganizationData {
            name: Some(event.to_owned()),
            slug: Some(event.to_owned()),
            private_metadata: Some(event.into()),
            ..OrganizationData::default()
        };
        self.lacking(id, &whole, &["name", "slug", "private_metadata"], version)
    }

    fn session(&self, user_id: &str, event: &str, version: Version) -> Session {
        let sign_in = self.has_sign_in.then(|| SignIn {
            ip_address: Some(event.to_owned()),
            user_agent: None,
            version: version.clone(),
        });
        let details = SessionDetails {
            user_id: user_id.to_owned(),
            status: self.session_status.to_owned(),
            client_id: Some(event.to_owned()),
            ..SessionDetails::default()
        };
        let version = version.with_final_status(is_terminal(&details.status));
        let whole = SessionData { details, sign_in: None };
        let id = format!("sess_{user_id}_{}", self.ids[2]);
        let mut session = self.lacking(&id, &whole, &["client_id"], version);
        session.data.sign_in = sign_in;
        session
    }

    /// Returns a user of whom every value is the ID of the event.
    fn user(&self, user_id: &str, event: &str, version: Version) -> User {
        let text = || Some(event.to_owned());
        let profile = Profile {
            first_name: text(),
            username: text(),
            email: text(),
            private_metadata: Some(event.into()),
            ..Profile::default()
        };
        let account = |id: &str| (id.to_owned(), Account { scope: text(), ..Account::default() });
        let verification = |kind: &'static str, id: String| {
            let status = text();
            let item = Verification {
                id: id.clone(),
                kind: kind.into(),
                status,
                ..Verification::default()
            };
            (id, item)
        };
        let whole = UserData {
            profile,
            accounts: [account(CREDENTIAL), account(&format!("eac_{event}"))].into(),
            verifications: [
                verification("email", format!("idn_{event}")),
                verification("email", "idn_1".to_owned()),
                verification("external_account", format!("eac_{event}")),
            ]
            .into(),
        };
        let bits = [
            "first_name",
            "username",
            "email",
            "private_metadata",
            "password_enabled",
            "email_addresses",
            "external_accounts",
        ];
        self.lacking(user_id, &whole, &bits, version)
    }
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
        [deletion(Kind::User, "user_1"), Change::State { state, embedded: Some(embedded.clone()) }];
    let mut tables = SyncedTables::default();
    for decision in [Decision::Applied, Decision::Tombstoned] {
        assert_eq!(tables.commit(&[&changes[0], &changes[1]])[1], decision);
        let states = tables.states.values().collect::<Vec<_>>();
        assert_eq!(states, [&embedded]);
    }
}
