//! Decodes objects from Clerk's Backend API into events, which are merged like deliveries.
//!
//! The version of such a state is `(updated_at, 0, '')`. The ID of the event consists of the
//! object's ID and `updated_at`, so that a state that is fetched again is the same event.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{json, value::RawValue};

use super::{Body, Decoded, Fault, Labels, Message, fault, not_applied, session, user};
use crate::domain::{
    Millis,
    event::{Change, Content, Decision, Event, Source},
    local_event::{self, SESSION_FETCHED, USER_FETCHED, USER_MISSING},
};

/// Returns the event with the state of a user.
#[must_use]
pub fn user(object: &RawValue, now: Millis) -> Event {
    decode(USER_FETCHED, object, user::change, now)
}

/// Returns the event with the state of a session.
#[must_use]
pub fn session(object: &RawValue, now: Millis) -> Event {
    decode(SESSION_FETCHED, object, session::change, now)
}

/// Returns the event that deletes a user whom Clerk no longer has.
#[must_use]
pub fn missing_user(id: &str, now: Millis) -> Event {
    let data = json!({ "id": id, "deleted": true });
    let payload = json!({ "type": USER_MISSING, "timestamp": now, "data": data });
    let deletion = Change::UserDeleted { user_id: id.to_owned(), at: now };
    event(USER_MISSING, Body::applied(deletion.into(), &payload.to_string()), now)
}

/// The stored payload. The object is decoded inside it, so that one pass also proves that the
/// payload, which is nested one level deeper than the object, can be read back.
#[derive(Deserialize)]
struct Payload<T> {
    data: T,
}

fn decode<T: for<'d> Deserialize<'d>>(
    kind: &'static str,
    object: &RawValue,
    change: impl FnOnce(&Message<'_>, T) -> Result<Decoded, Fault>,
    now: Millis,
) -> Event {
    let message = Message { kind, version_id: "", occurred_at: None, http_request: None };
    let payload = format!(r#"{{"type":"{kind}","data":{object}}}"#);
    let decoded = fault::read::<Payload<T>>(&payload, "").and_then(|payload| {
        let decoded = change(&message, payload.value.data)?;
        Ok(Decoded { has_secrets: payload.has_secrets, ..decoded })
    });
    let body = match decoded {
        Ok(decoded) => Body::applied(decoded, &payload),
        Err(fault) => {
            let labels = Labels { kind: Some(kind.to_owned()), ..Labels::default() };
            not_applied::event(labels, Decision::Failed, Some(fault.to_string()), &payload).1
        }
    };
    event(kind, body, now)
}

fn event(kind: &'static str, body: Body, now: Millis) -> Event {
    let object_id = body.object_id.as_deref().unwrap_or_default();
    let id = match &body.content {
        Content::Change(Change::User(user)) => {
            local_event::id(kind, &format!("{object_id}:{}", user.version.updated_at))
        }
        Content::Change(Change::Session { session, .. }) => {
            local_event::id(kind, &format!("{object_id}:{}", session.state.version.updated_at))
        }
        // If the object cannot be decoded, each fetch repeats the event until it can.
        Content::Change(Change::UserDeleted { .. }) | Content::NotApplied { .. } => {
            local_event::id(kind, object_id)
        }
    };
    Event {
        id,
        kind: Some(kind.to_owned()),
        subject: body.subject,
        object_id: body.object_id,
        instance_id: None,
        payload: Some(body.payload),
        secret: Arc::from(""),
        occurred_at: Some(now),
        received_at: now,
        source: Source::BackendApi,
        content: body.content,
    }
}
