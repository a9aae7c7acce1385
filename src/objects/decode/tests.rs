//! Tests of decoding: every shape that Clerk has sent, and bodies that cannot be decoded.

mod accounts;
mod api_object;
mod contacts;
mod envelope;
mod failures;
mod faults;
mod instances;
mod organizations;
mod owners;
mod partial;
mod reprocessing;
mod secrets;
mod sessions;
mod users;

use std::sync::Arc;

use serde_json::{Value, json};

use super::Decoder;
use crate::{
    clerk::signature::Verified,
    domain::{Millis, decision::Decision},
    objects::{
        AnyState, Kind,
        event::{Change, Content, Deletion, Event},
        session::Session,
        user::User,
    },
};

/// The time in the envelope of [`message`].
const OCCURRED: Millis = 1_786_527_000_123;
/// The time of the attempt, from `svix-timestamp`.
const ATTEMPTED: Millis = 1_786_527_060_000;
/// The time at which the delivery was received.
const RECEIVED: Millis = 1_786_527_061_000;
/// The last time that RFC 3339 can represent.
const LAST: Millis = 253_402_300_799_999;

fn decode(body: &str) -> Event {
    decode_by(&Decoder::default(), body)
}

fn decode_by(decoder: &Decoder, body: &str) -> Event {
    let secret = Arc::from("default");
    let delivery = Verified { id: "msg_1", attempted_at: ATTEMPTED, body, secret };
    let event = decoder.decode(&delivery, RECEIVED);
    assert_eq!((&*event.id, &*event.secret), ("msg_1", "default"));
    assert_eq!(event.received_at, RECEIVED);
    event
}

/// Returns a complete envelope with this data.
fn message(kind: &str, data: &Value) -> Value {
    json!({
        "type": kind, "object": "event", "timestamp": OCCURRED, "instance_id": "ins_1",
        "event_attributes": { "http_request": { "client_ip": "192.0.2.7", "user_agent": "UA" } },
        "data": data,
    })
}

/// Returns `base` with the fields of `more`.
fn with(mut base: Value, more: &Value) -> Value {
    let fields = more.as_object().unwrap().clone();
    base.as_object_mut().unwrap().extend(fields);
    base
}

/// Returns the fields that Clerk sends with each complete user, without values.
fn lists() -> Value {
    json!({
        "email_addresses": [], "phone_numbers": [], "external_accounts": [], "public_metadata": {},
    })
}

/// Decodes a `user.updated` event of a complete user with these fields and an ID.
fn user(fields: &Value) -> User {
    let base = with(lists(), &json!({ "id": "user_1", "updated_at": OCCURRED - 20 }));
    let data = with(base, fields);
    user_of(decode(&message("user.updated", &data).to_string()))
}

fn user_of(event: Event) -> User {
    match event.content {
        Content::Change(Change::State { state: AnyState::User(user), .. }) => *user,
        other => panic!("not a user: {other:?}"),
    }
}

/// Decodes a session event with these fields and its IDs.
fn session(kind: &str, fields: &Value) -> (Session, Option<User>) {
    let base = json!({ "id": "sess_1", "user_id": "user_1", "updated_at": OCCURRED - 20 });
    session_of(decode(&message(kind, &with(base, fields)).to_string()))
}

fn session_of(event: Event) -> (Session, Option<User>) {
    match event.content {
        Content::Change(Change::State { state: AnyState::Session(session), embedded }) => {
            let user = embedded.into_iter().next().map(|embedded| match embedded {
                AnyState::User(user) => *user,
                other => panic!("not a user: {other:?}"),
            });
            (*session, user)
        }
        other => panic!("not a session: {other:?}"),
    }
}

/// Returns the change of an event that deletes a user.
fn deletion(id: &str, at: Millis) -> Change {
    Change::Deletion(Deletion::new(Kind::User, id, at))
}

/// Returns the reason of a failed event.
fn reason(event: &Event) -> &str {
    match &event.content {
        Content::NotApplied { decision: Decision::Failed, reason: Some(reason) } => reason,
        other => panic!("not failed: {other:?}"),
    }
}

/// Returns the stored payload as JSON.
fn payload(event: &Event) -> Value {
    serde_json::from_str(event.payload.as_deref().unwrap()).unwrap()
}
