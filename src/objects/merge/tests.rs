//! Verifies that the merge rules are commutative, associative and idempotent.
//!
//! Random sets of events, in random orders, with duplicates and in random batches, end in the same
//! synced tables as a direct evaluation of the merge rules over the whole set.

use std::collections::{BTreeMap, HashSet};

use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{
    Change, Decision, Merge, Session, StoredState, User, UserLifecycle, UserUpsert,
    partial_versions,
};
use crate::domain::{
    Millis,
    session::{SessionState, SignIn},
    user::{Account, Profile, Verification},
    user_field::{CREDENTIAL, UserField},
    version::Version,
};

/// In-memory database that applies [`super::RowWrites`] as the store does.
#[derive(Clone, Debug, Default, PartialEq)]
struct SyncedTables {
    users: BTreeMap<String, User>,
    tombstones: BTreeMap<String, Millis>,
    sessions: BTreeMap<String, Session>,
}

impl SyncedTables {
    fn commit(&mut self, batch: &[&Change]) -> Vec<Decision> {
        let mut merge = Merge::new(self.stored(batch));
        let decisions = batch.iter().map(|change| merge.apply(change)).collect();
        let writes = merge.into_writes();
        for UserUpsert { user, replaces, replaces_partial } in writes.users {
            let replaced = self.users.insert(user.id.clone(), user.into_owned());
            assert_eq!(replaced.is_some(), replaces);
            assert_eq!(replaced.is_some_and(|it| !it.is_whole()), replaces_partial);
        }
        for session in writes.sessions {
            self.sessions.insert(session.id.clone(), session);
        }
        for (id, deleted_at) in writes.tombstones {
            self.users.remove(id);
            self.sessions.retain(|_, session| session.state.user_id != id);
            self.tombstones.insert(id.to_owned(), deleted_at);
        }
        decisions
    }

    fn stored(&self, batch: &[&Change]) -> StoredState {
        let live = self
            .users
            .iter()
            .map(|(id, user)| (id.clone(), UserLifecycle::Live(user.version.clone())));
        let deleted = self
            .tombstones
            .iter()
            .map(|(id, &deleted_at)| (id.clone(), UserLifecycle::Tombstone { deleted_at }));
        let sessions = self.sessions.clone().into_iter().collect();
        // Only the states that the store reads.
        let partial = partial_versions(batch.iter().copied());
        let full = self.users.iter().filter(|(id, user)| {
            !user.is_whole() || partial.get(&***id).is_some_and(|it| **it > user.version)
        });
        let full_users = full.map(|(id, user)| (id.clone(), user.clone())).collect();
        StoredState { users: live.chain(deleted).collect(), sessions, full_users }
    }

    /// Evaluates the merge rules one by one over the whole set. It merges nothing and compares at
    /// most two keys at a time.
    fn expected(changes: &[Change]) -> Self {
        let mut expected = Self::default();
        for change in changes {
            if let Change::UserDeleted { user_id, at } = change {
                let earliest = expected.tombstones.entry(user_id.clone()).or_insert(*at);
                *earliest = (*earliest).min(*at);
            }
        }
        let is_live = |id: &str| !expected.tombstones.contains_key(id);
        for change in changes.iter().filter(|change| is_live(change.subject())) {
            if let Some(User { id, .. }) = change.user_state()
                && !expected.users.contains_key(id)
            {
                expected.users.insert(id.clone(), expected_user(changes, id));
            }
            if let Some(id) = change.session_id().filter(|id| !expected.sessions.contains_key(*id))
            {
                expected.sessions.insert(id.to_owned(), expected_session(changes, id));
            }
        }
        expected
    }
}

/// Returns the state whose fields are each from the newest state that has the field.
fn expected_user(changes: &[Change], id: &str) -> User {
    let states = || changes.iter().filter_map(Change::user_state).filter(|user| user.id == id);
    let newest = states().max_by_key(|user| &user.version).expect("at least one state");
    let mut expected =
        User { id: id.to_owned(), version: newest.version.clone(), ..User::default() };
    for field in UserField::ALL {
        let having = states().filter(|user| !user.field_versions.contains_key(&field));
        let newest = having.max_by_key(|user| &user.version);
        let version = newest.map(|user| user.version.clone()).unwrap_or_default();
        if let Some(newest) = newest {
            field.copy(newest, &mut expected);
        }
        if version != expected.version {
            expected.field_versions.insert(field, version);
        }
    }
    expected
}

fn expected_session(changes: &[Change], id: &str) -> Session {
    let states = || {
        changes.iter().filter_map(|change| match change {
            Change::Session { session, .. } if session.id == id => Some(session),
            _ => None,
        })
    };
    let newest = |terminal: bool| {
        states()
            .map(|session| &session.state)
            .filter(|state| state.is_terminal() == terminal)
            .max_by_key(|state| state.version.clone())
    };
    Session {
        id: id.to_owned(),
        state: newest(true).or_else(|| newest(false)).expect("at least one event").clone(),
        sign_in: states()
            .filter_map(|session| session.sign_in.clone())
            .min_by_key(|sign_in| sign_in.version.clone()),
    }
}

/// Generates changes from few ids and few instants, so that version ties, reordered states and
/// states after a deletion are common.
fn changes() -> impl Strategy<Value = Vec<Change>> {
    let seed = (0..10_u8, 0..3_u8, 0..3_u8, option::of(0..4_i64), option::of(0..4_i64));
    let statuses = select(vec!["active", "active", "pending", "ended", "revoked", "suspended"]);
    vec((seed, statuses, any::<[bool; 3]>(), any::<u8>()), 1..24).prop_map(|seeds| {
        seeds.into_iter().enumerate().map(|(index, seed)| change(index, seed)).collect()
    })
}

type Seed = (u8, u8, u8, Option<Millis>, Option<Millis>);

fn change(
    index: usize,
    ((kind, user, session, updated_at, occurred_at), status, flags, lacking): (
        Seed,
        &str,
        [bool; 3],
        u8,
    ),
) -> Change {
    let [has_sign_in, embedded, complete] = flags;
    // The byte order of the ids differs from the order of creation. It mixes cases, as Svix does.
    let event = format!("msg_{}{index}", if index.is_multiple_of(3) { 'z' } else { 'A' });
    let version = Version::complete(updated_at, occurred_at, &event);
    let user_id = format!("user_{user}");
    // Half of the states are whole.
    let lacking = if lacking < 128 { 0 } else { lacking };
    let state = |version: Version| User { version, ..state(&user_id, &event, lacking) };
    match kind {
        0 => Change::UserDeleted { user_id, at: occurred_at.unwrap_or_default() },
        1..5 => Change::User(Box::new(state(version))),
        _ => Change::Session {
            user: embedded.then(|| {
                Box::new(state(match complete {
                    true => version.clone(),
                    false => Version::incomplete(occurred_at, &event),
                }))
            }),
            session: Box::new(Session {
                // The owner of a session never changes.
                id: format!("sess_{user}_{session}"),
                sign_in: has_sign_in.then(|| SignIn {
                    ip_address: Some(event.clone()),
                    user_agent: None,
                    version: version.clone(),
                }),
                state: SessionState {
                    user_id: user_id.clone(),
                    status: status.to_owned(),
                    client_id: Some(event.clone()),
                    version,
                    ..SessionState::default()
                },
            }),
        },
    }
}

/// Returns a state of which every value is the ID of the event. Each bit of `lacking` stands for a
/// field that the state lacks.
fn state(user_id: &str, event: &str, lacking: u8) -> User {
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
        (
            id.clone(),
            Verification { id, kind: kind.into(), status: text(), ..Verification::default() },
        )
    };
    let whole = User {
        id: user_id.to_owned(),
        profile,
        accounts: [account(CREDENTIAL), account(&format!("eac_{event}"))].into(),
        verifications: [
            verification("email", format!("idn_{event}")),
            verification("email", "idn_1".to_owned()),
            verification("external_account", format!("eac_{event}")),
        ]
        .into(),
        ..User::default()
    };
    let mut state = User { id: user_id.to_owned(), ..User::default() };
    let bits = [
        UserField::FirstName,
        UserField::Username,
        UserField::Email,
        UserField::PrivateMetadata,
        UserField::Password,
        UserField::EmailAddresses,
        UserField::ExternalAccounts,
    ];
    for field in UserField::ALL {
        let bit = bits.iter().position(|it| *it == field).filter(|bit| lacking & (1 << bit) != 0);
        match bit {
            Some(_) => drop(state.field_versions.insert(field, Version::default())),
            None => field.copy(&whole, &mut state),
        }
    }
    state
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

#[test]
fn early_deletion_tombstones_later_states() {
    let user = || User {
        id: "user_1".into(),
        version: Version::complete(Some(9), Some(9), "b"),
        ..User::default()
    };
    let deleted = Change::UserDeleted { user_id: "user_1".into(), at: 5 };
    let late = Change::User(Box::new(user()));
    let state = SessionState { user_id: "user_1".into(), ..SessionState::default() };
    let session = Session { id: "sess_1".into(), state, ..Session::default() };
    let session = Change::Session { session: Box::new(session), user: Some(Box::new(user())) };

    let mut tables = SyncedTables::default();
    let decisions = tables.commit(&[&deleted, &late, &session]);

    assert_eq!(decisions, [Decision::Applied, Decision::Tombstoned, Decision::Tombstoned]);
    assert_eq!(tables.tombstones, [("user_1".to_owned(), 5)].into());
    assert!(tables.users.is_empty() && tables.sessions.is_empty());
}

#[test]
fn deletion_is_visible_before_it_is_written() {
    let live = ("user_1".to_owned(), UserLifecycle::default());
    let deleted = ("user_2".to_owned(), UserLifecycle::Tombstone { deleted_at: 1 });
    let stored = StoredState { users: [live, deleted].into(), ..StoredState::default() };
    let mut merge = Merge::new(stored);
    let deleted =
        |merge: &Merge<'_>| ["user_1", "user_2", "user_3"].map(|id| merge.is_tombstone(id));
    assert_eq!(deleted(&merge), [false, true, false]);
    let deletions = ["user_1", "user_2", "user_3"]
        .map(|id| Change::UserDeleted { user_id: id.to_owned(), at: 5 });
    assert_eq!(merge.apply(&deletions[0]), Decision::Applied);
    assert_eq!(deleted(&merge), [true, true, false]);
    assert_eq!(merge.apply(&deletions[1]), Decision::Stale);
    assert_eq!(merge.apply(&deletions[2]), Decision::Applied);
    assert_eq!(deleted(&merge), [true; 3]);
}

#[test]
fn session_of_unknown_user_writes_stub() {
    let changes = [session("sess_1", "user_1"), session("sess_2", "user_2")];
    let stored = [("user_1".to_owned(), UserLifecycle::default())];
    let mut merge = Merge::new(StoredState { users: stored.into(), ..StoredState::default() });
    for change in &changes {
        assert_eq!(merge.apply(change), Decision::Applied);
    }
    let writes = merge.into_writes();
    assert_eq!(writes.stubs, ["user_2"], "user_1 already has a row");
    assert_eq!(writes.sessions.len(), 2);
    assert!(writes.users.is_empty() && writes.tombstones.is_empty());
}

#[test]
fn later_deletion_in_batch_drops_session() {
    let deleted = Change::UserDeleted { user_id: "user_1".into(), at: 5 };
    let changes = [session("sess_1", "user_1"), session("sess_2", "user_2"), deleted];
    let mut merge = Merge::new(StoredState::default());
    let decisions = changes.each_ref().map(|change| merge.apply(change));
    assert_eq!(decisions, [Decision::Applied; 3]);
    let writes = merge.into_writes();
    let written: Vec<_> = writes.sessions.iter().map(|session| &*session.id).collect();
    assert_eq!((written, writes.tombstones), (vec!["sess_2"], vec![("user_1", 5)]));
}

fn session(id: &str, user_id: &str) -> Change {
    let state = SessionState { user_id: user_id.into(), ..SessionState::default() };
    let session = Session { id: id.into(), state, ..Session::default() };
    Change::Session { session: Box::new(session), user: None }
}
