use super::{MAX_UNRECORDED, Outbox, WaitingMessage};
use crate::{
    domain::{change_source::ChangeSource, decision::Operation},
    objects::Kind,
    store::changes::ChangeEntry,
};

const USER_1: u64 = 1;
const USER_2: u64 = 2;

fn change(seq: i64) -> ChangeEntry {
    ChangeEntry {
        seq,
        event_id: format!("msg_{seq}"),
        at: seq,
        kind: Kind::User.into(),
        id: "user_1".to_owned(),
        user_id: Some("user_1".to_owned()),
        organization_id: None,
        deleted: false,
        operation: Operation::Updated,
        source: ChangeSource::Webhook,
        is_pushed: true,
    }
}

/// Returns an outbox with messages about these objects, numbered from 1.
pub(in crate::push) fn outbox(objects: &[u64]) -> Outbox {
    let mut outbox = Outbox::default();
    for (seq, object) in (1..).zip(objects) {
        outbox.add(*object, change(seq));
    }
    outbox
}

fn take_all(outbox: &mut Outbox, now: i64) -> Vec<i64> {
    std::iter::from_fn(|| outbox.take_due(now)).map(|(seq, _)| seq).collect()
}

#[test]
fn one_message_per_object_is_in_flight() {
    let mut outbox = outbox(&[USER_1, USER_1, USER_2, USER_1]);
    assert_eq!(take_all(&mut outbox, 0), [1, 3]);
    assert!(!outbox.remove(1));
    assert_eq!(take_all(&mut outbox, 0), [2]);
    assert!(!outbox.remove(3) && !outbox.remove(2));
    assert_eq!(take_all(&mut outbox, 0), [4]);
}

#[test]
fn later_message_waits_for_retried_one() {
    let mut outbox = outbox(&[USER_1, USER_1]);
    assert_eq!(take_all(&mut outbox, 0), [1]);
    let row = outbox.retry(1, 500).unwrap();
    assert_eq!((row.attempts, row.next_attempt_at), (1, 500));
    assert_eq!(outbox.next_due(), Some(500));
    assert!(take_all(&mut outbox, 499).is_empty());
    assert_eq!(take_all(&mut outbox, 500), [1]);
    assert_eq!(outbox.attempt(1), 2);
    assert!(outbox.remove(1), "the message has a row");
    assert_eq!(take_all(&mut outbox, 500), [2]);
}

#[test]
fn position_passes_only_recorded_and_delivered_messages() {
    let mut outbox = outbox(&[USER_1, USER_2, USER_1, USER_2]);
    assert_eq!(outbox.position(9), 0);
    take_all(&mut outbox, 0);
    outbox.remove(2);
    assert_eq!(outbox.position(9), 0);
    outbox.retry(1, 500);
    assert_eq!(outbox.position(9), 2);
    // The third waits for the first, which has a row. The fourth can be sent.
    let blocked = outbox.record_blocked();
    assert_eq!(blocked, [WaitingMessage { seq: 3, attempts: 0, next_attempt_at: 0 }]);
    assert_eq!(outbox.position(9), 3);
    take_all(&mut outbox, 0);
    outbox.remove(4);
    assert_eq!(outbox.position(9), 9);
}

#[test]
fn recorded_messages_keep_order_of_their_object() {
    let mut outbox = Outbox::default();
    for (seq, next_attempt_at) in [(5, 100), (3, 900), (4, 200)] {
        outbox.add_recorded(USER_1, WaitingMessage { seq, attempts: 1, next_attempt_at });
    }
    outbox.add(USER_1, change(6));
    assert_eq!(outbox.next_due(), Some(900));
    for seq in [3, 4, 5, 6] {
        assert_eq!(take_all(&mut outbox, 900), [seq]);
        outbox.remove(seq);
    }
}

#[test]
fn message_is_added_once() {
    let mut outbox = Outbox::default();
    outbox.add_recorded(USER_1, WaitingMessage { seq: 1, attempts: 3, next_attempt_at: 0 });
    outbox.add(USER_1, change(1));
    assert_eq!((outbox.attempt(1), outbox.position(1)), (4, 1));
    assert_eq!(take_all(&mut outbox, 0), [1]);
    outbox.put_back(1);
    assert_eq!(take_all(&mut outbox, 0), [1]);
}

#[test]
fn reading_stops_at_the_limit() {
    let objects: Vec<u64> = (0..MAX_UNRECORDED as u64).collect();
    let mut outbox = outbox(&objects);
    assert!(!outbox.has_room());
    take_all(&mut outbox, 0);
    outbox.remove(7);
    assert!(outbox.has_room());
}
