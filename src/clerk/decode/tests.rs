//! Verified deliveries in, events out: what each shape that Clerk ever sent is read as, and that
//! no body, however wrong, does more than fail for itself.

mod accounts;
mod again;
mod contacts;
mod envelope;
mod failures;
mod fetched;
mod instances;
mod owners;
mod sessions;
mod users;

use std::sync::Arc;

use serde_json::{Value, json};

use super::Decoder;
use crate::{
    clerk::signature::Verified,
    domain::{
        Millis,
        event::{Change, Content, Decision, Event},
        session::Session,
        user::User,
    },
};

/// The envelope's time of [`message`].
const OCCURRED: Millis = 1_786_527_000_123;
/// The time of the delivery, `svix-timestamp`.
const ATTEMPTED: Millis = 1_786_527_060_000;
/// The time at which the delivery came in.
const RECEIVED: Millis = 1_786_527_061_000;
/// The last instant that RFC 3339 can write.
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

/// A whole envelope around some data.
fn message(kind: &str, data: &Value) -> Value {
    json!({
        "type": kind, "object": "event", "timestamp": OCCURRED, "instance_id": "ins_1",
        "event_attributes": { "http_request": { "client_ip": "192.0.2.7", "user_agent": "UA" } },
        "data": data,
    })
}

/// `base` with the fields of `more`.
fn with(mut base: Value, more: &Value) -> Value {
    let fields = more.as_object().unwrap().clone();
    base.as_object_mut().unwrap().extend(fields);
    base
}

/// What `user.updated` with these fields, and an id, is read as.
fn user(fields: &Value) -> User {
    let data = with(json!({ "id": "user_1", "updated_at": OCCURRED - 20 }), fields);
    user_of(decode(&message("user.updated", &data).to_string()))
}

fn user_of(event: Event) -> User {
    match event.content {
        Content::Change(Change::User(user)) => *user,
        other => panic!("not a user: {other:?}"),
    }
}

/// What a session event with these fields, and its ids, is read as.
fn session(kind: &str, fields: &Value) -> (Session, Option<User>) {
    let base = json!({ "id": "sess_1", "user_id": "user_1", "updated_at": OCCURRED - 20 });
    session_of(decode(&message(kind, &with(base, fields)).to_string()))
}

fn session_of(event: Event) -> (Session, Option<User>) {
    match event.content {
        Content::Change(Change::Session { session, user }) => (*session, user.map(|user| *user)),
        other => panic!("not a session: {other:?}"),
    }
}

/// Why an event is `failed`.
fn reason(event: &Event) -> &str {
    match &event.content {
        Content::Aside { decision: Decision::Failed, reason: Some(reason) } => reason,
        other => panic!("not failed: {other:?}"),
    }
}

/// The payload that is kept, parsed.
fn kept(event: &Event) -> Value {
    serde_json::from_str(event.payload.as_deref().unwrap()).unwrap()
}
