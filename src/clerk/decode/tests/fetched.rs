//! What was fetched: under a name of its own, so that it is told once of each state.

use serde_json::{Value, json, value::RawValue};

use super::{OCCURRED, RECEIVED, decode, reason};
use crate::{
    clerk::decode::fetched,
    domain::event::{Change, Event, Source},
};

fn raw(answer: &Value) -> Box<RawValue> {
    serde_json::value::to_raw_value(answer).unwrap()
}

fn change(event: &Event) -> &Change {
    event.content.change().unwrap()
}

#[test]
fn each_state_has_one_name_and_loses_to_the_message_that_tells_it() {
    let answer = raw(&json!({ "id": "user_1", "updated_at": OCCURRED }));
    let user = fetched::user(&answer, RECEIVED);
    assert_eq!(
        (user.id, user.source),
        (format!("meetvo.user.fetched:user_1:{OCCURRED}"), Source::Fetched)
    );
    let answer =
        json!({ "id": "sess_1", "user_id": "user_1", "status": "active", "updated_at": OCCURRED });
    let session = fetched::session(&raw(&answer), RECEIVED);
    let Change::Session { session: state, .. } = change(&session) else { panic!("{session:?}") };
    assert_eq!(state.state.version.event_id, "");
    assert_eq!(
        (session.id, session.source),
        (format!("meetvo.session.fetched:sess_1:{OCCURRED}"), Source::Fetched)
    );
    let gone = fetched::no_user("user_1", RECEIVED);
    let Change::UserDeleted { .. } = change(&gone) else { panic!("{gone:?}") };
    assert_eq!((&*gone.id, gone.source), ("meetvo.user.missing:user_1", Source::Fetched));
}

/// What is kept of it has an id, which is no message's.
#[test]
fn read_again_from_what_is_kept_it_is_the_same_version() {
    let data = json!({ "id": "user_1", "updated_at": OCCURRED });
    let event = decode(&json!({ "type": fetched::USER, "data": data }).to_string());
    let Change::User(user) = change(&event) else { panic!("{event:?}") };
    assert_eq!((user.version.updated_at, &*user.version.event_id), (OCCURRED, ""));
}

#[test]
fn what_is_not_understood_has_one_name_until_it_is() {
    let event = fetched::user(&raw(&json!({ "id": "user_1", "email_addresses": 7 })), RECEIVED);
    assert_eq!((&*event.id, event.source), ("meetvo.user.fetched:user_1", Source::Fetched));
    assert!(reason(&event).starts_with("data.email_addresses"), "{}", reason(&event));
}
