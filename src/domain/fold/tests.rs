//! The law, tested as a law: random sets of events, in random orders, with duplicates, cut into
//! random batches, always end in the one projection that a plain reading of the rules gives.

use std::collections::{BTreeMap, HashSet};

use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{Change, Decision, Fold, Present, Session, User, UserHead, UserState};
use crate::domain::{
    Millis,
    session::{SessionState, SignIn},
    user::{Account, Profile},
    version::Version,
};

/// A database of two maps, which takes [`super::Writes`] as the real one does.
#[derive(Clone, Debug, Default, PartialEq)]
struct Projection {
    users: BTreeMap<String, User>,
    tombstones: BTreeMap<String, Millis>,
    sessions: BTreeMap<String, Session>,
}

impl Projection {
    fn commit(&mut self, batch: &[&Change]) -> Vec<Decision> {
        let mut fold = Fold::over(self.present());
        let decisions = batch.iter().map(|change| fold.apply(change)).collect();
        let writes = fold.into_writes();
        for UserState { user, replaces } in writes.users {
            let replaced = self.users.insert(user.id.clone(), user.clone());
            assert_eq!(replaced.is_some(), replaces);
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

    fn present(&self) -> Present {
        let live =
            self.users.iter().map(|(id, user)| (id.clone(), UserHead::Live(user.version.clone())));
        let dead = self
            .tombstones
            .iter()
            .map(|(id, &deleted_at)| (id.clone(), UserHead::Tombstone { deleted_at }));
        let sessions = self.sessions.clone().into_iter().collect();
        Present { users: live.chain(dead).collect(), sessions }
    }

    /// The rules read out one by one over the whole set: nothing here folds, joins or compares
    /// more than two keys at a time.
    fn by_the_rules(changes: &[Change]) -> Self {
        let mut expected = Self::default();
        for change in changes {
            if let Change::UserDeleted { user_id, at } = change {
                let least = expected.tombstones.entry(user_id.clone()).or_insert(*at);
                *least = (*least).min(*at);
            }
        }
        let alive = |id: &str| !expected.tombstones.contains_key(id);
        for change in changes.iter().filter(|change| alive(change.subject())) {
            let user = match change {
                Change::User(user) => Some(user),
                Change::Session { user, .. } => user.as_ref(),
                Change::UserDeleted { .. } => None,
            };
            if let Some(user) = user {
                let kept =
                    expected.users.entry(user.id.clone()).or_insert_with(|| (**user).clone());
                if user.version > kept.version {
                    *kept = (**user).clone();
                }
            }
            if let Some(id) = change.session_id().filter(|id| !expected.sessions.contains_key(*id))
            {
                expected.sessions.insert(id.to_owned(), session_by_the_rules(changes, id));
            }
        }
        expected
    }
}

fn session_by_the_rules(changes: &[Change], id: &str) -> Session {
    let told = || {
        changes.iter().filter_map(|change| match change {
            Change::Session { session, .. } if session.id == id => Some(session),
            _ => None,
        })
    };
    let last = |over: bool| {
        told()
            .map(|session| &session.state)
            .filter(|state| state.is_terminal() == over)
            .max_by_key(|state| state.version.clone())
    };
    Session {
        id: id.to_owned(),
        state: last(true).or_else(|| last(false)).expect("at least one event").clone(),
        sign_in: told()
            .filter_map(|session| session.sign_in.clone())
            .min_by_key(|sign_in| sign_in.version.clone()),
    }
}

/// Few ids and few instants, so that ties, crossings and revivals are common.
fn changes() -> impl Strategy<Value = Vec<Change>> {
    let seed = (0..10_u8, 0..3_u8, 0..3_u8, option::of(0..4_i64), option::of(0..4_i64));
    let statuses = select(vec!["active", "active", "pending", "ended", "revoked", "suspended"]);
    vec((seed, statuses, any::<[bool; 3]>()), 1..24).prop_map(|seeds| {
        seeds.into_iter().enumerate().map(|(at, seed)| change(at, seed)).collect()
    })
}

type Seed = (u8, u8, u8, Option<Millis>, Option<Millis>);

fn change(
    at: usize,
    ((kind, user, session, updated_at, occurred_at), status, [told, embedded, complete]): (
        Seed,
        &str,
        [bool; 3],
    ),
) -> Change {
    // Byte order of the ids is not the order of creation, and mixes cases as svix-ids do.
    let event = format!("msg_{}{at}", if at.is_multiple_of(3) { 'z' } else { 'A' });
    let version = Version::of(updated_at, occurred_at, &event);
    let user_id = format!("user_{user}");
    let state = |version: Version| User {
        profile: Profile { first_name: Some(event.clone()), ..Profile::default() },
        accounts: [(event.clone(), Account { id: event.clone(), ..Account::default() })].into(),
        version,
        id: user_id.clone(),
        ..User::default()
    };
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
                // A session belongs to one user for ever.
                id: format!("sess_{user}_{session}"),
                sign_in: told.then(|| SignIn {
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

/// A set of events, an order with some of them twice, and the sizes of the batches.
fn deliveries() -> impl Strategy<Value = (Vec<Change>, Vec<usize>, Vec<usize>)> {
    changes().prop_flat_map(|changes| {
        let once = (0..changes.len()).collect::<Vec<_>>();
        let again = vec(select(once.clone()), 0..8);
        let order = again.prop_map(move |again| [once.clone(), again].concat()).prop_shuffle();
        (Just(changes), order, vec(1..6_usize, 40))
    })
}

fn deliver(changes: &[Change], order: &[usize], sizes: &[usize]) -> Projection {
    let mut projection = Projection::default();
    let mut rest = order;
    for size in sizes {
        let (batch, later) = rest.split_at((*size).min(rest.len()));
        projection.commit(&batch.iter().map(|&at| &changes[at]).collect::<Vec<_>>());
        rest = later;
    }
    assert!(rest.is_empty(), "the sizes cover every delivery");
    projection
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_order_any_duplication_any_batching((changes, order, sizes) in deliveries()) {
        prop_assert_eq!(deliver(&changes, &order, &sizes), Projection::by_the_rules(&changes));
    }

    #[test]
    fn a_repetition_changes_nothing((changes, order, sizes) in deliveries()) {
        let mut projection = deliver(&changes, &order, &sizes);
        let before = projection.clone();
        let decisions = projection.commit(&changes.iter().collect::<Vec<_>>());
        prop_assert_eq!(projection, before);
        prop_assert!(!decisions.contains(&Decision::Applied), "{:?}", decisions);
    }

    #[test]
    fn a_batch_decides_as_if_the_events_had_come_one_by_one((changes, order, sizes) in deliveries()) {
        let mut seen = HashSet::new();
        let once: Vec<_> = order.into_iter().filter(|at| seen.insert(*at)).collect();
        let mut batched = Projection::default();
        let mut single = Projection::default();
        let mut rest = once.as_slice();
        for size in sizes {
            let (batch, later) = rest.split_at(size.min(rest.len()));
            let batch: Vec<_> = batch.iter().map(|&at| &changes[at]).collect();
            let one_by_one: Vec<_> =
                batch.iter().flat_map(|change| single.commit(&[change])).collect();
            prop_assert_eq!(batched.commit(&batch), one_by_one);
            rest = later;
        }
    }

    #[test]
    fn applied_says_that_the_projection_changed((changes, order, _) in deliveries()) {
        let mut projection = Projection::default();
        for at in order {
            let before = projection.clone();
            let decision = projection.commit(&[&changes[at]])[0];
            prop_assert_eq!(decision == Decision::Applied, projection != before);
        }
    }
}

#[test]
fn a_deletion_that_comes_first_keeps_everything_else_out() {
    let user = || User {
        id: "user_1".into(),
        version: Version::of(Some(9), Some(9), "b"),
        ..User::default()
    };
    let deleted = Change::UserDeleted { user_id: "user_1".into(), at: 5 };
    let late = Change::User(Box::new(user()));
    let state = SessionState { user_id: "user_1".into(), ..SessionState::default() };
    let session = Session { id: "sess_1".into(), state, ..Session::default() };
    let session = Change::Session { session: Box::new(session), user: Some(Box::new(user())) };

    let mut projection = Projection::default();
    let decisions = projection.commit(&[&deleted, &late, &session]);

    assert_eq!(decisions, [Decision::Applied, Decision::Tombstoned, Decision::Tombstoned]);
    assert_eq!(projection.tombstones, [("user_1".to_owned(), 5)].into());
    assert!(projection.users.is_empty() && projection.sessions.is_empty());
}

#[test]
fn a_deletion_is_known_before_it_is_written() {
    let live = ("user_1".to_owned(), UserHead::default());
    let dead = ("user_2".to_owned(), UserHead::Tombstone { deleted_at: 1 });
    let present = Present { users: [live, dead].into(), ..Present::default() };
    let mut fold = Fold::over(present);
    let dead = |fold: &Fold<'_>| ["user_1", "user_2", "user_3"].map(|id| fold.is_tombstone(id));
    assert_eq!(dead(&fold), [false, true, false]);
    let deletions = ["user_1", "user_2", "user_3"]
        .map(|id| Change::UserDeleted { user_id: id.to_owned(), at: 5 });
    assert_eq!(fold.apply(&deletions[0]), Decision::Applied);
    assert_eq!(dead(&fold), [true, true, false]);
    assert_eq!(fold.apply(&deletions[1]), Decision::Stale);
    assert_eq!(fold.apply(&deletions[2]), Decision::Applied);
    assert_eq!(dead(&fold), [true; 3]);
}

#[test]
fn a_user_of_whom_only_a_session_is_known_is_written_once_as_a_stub() {
    let changes = [session("sess_1", "user_1"), session("sess_2", "user_2")];
    let stub_there = [("user_1".to_owned(), UserHead::default())];
    let mut fold = Fold::over(Present { users: stub_there.into(), ..Present::default() });
    for change in &changes {
        assert_eq!(fold.apply(change), Decision::Applied);
    }
    let writes = fold.into_writes();
    assert_eq!(writes.stubs, ["user_2"], "the other has its row");
    assert_eq!(writes.sessions.len(), 2);
    assert!(writes.users.is_empty() && writes.tombstones.is_empty());
}

#[test]
fn a_session_goes_with_its_user_before_it_is_written() {
    let deleted = Change::UserDeleted { user_id: "user_1".into(), at: 5 };
    let changes = [session("sess_1", "user_1"), session("sess_2", "user_2"), deleted];
    let mut fold = Fold::over(Present::default());
    let decisions = changes.each_ref().map(|change| fold.apply(change));
    assert_eq!(decisions, [Decision::Applied; 3]);
    let writes = fold.into_writes();
    let written: Vec<_> = writes.sessions.iter().map(|session| &*session.id).collect();
    assert_eq!((written, writes.tombstones), (vec!["sess_2"], vec![("user_1", 5)]));
}

fn session(id: &str, user_id: &str) -> Change {
    let state = SessionState { user_id: user_id.into(), ..SessionState::default() };
    let session = Session { id: id.into(), state, ..Session::default() };
    Change::Session { session: Box::new(session), user: None }
}
