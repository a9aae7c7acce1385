//! Decodes objects from Clerk's Backend API into events, which are merged like deliveries.
//!
//! The version of such a state is `(updated_at, 0, '')`. The ID of the event consists of the
//! object's ID and `updated_at`, so that a state that is fetched again is the same event.

use std::sync::Arc;

use serde_json::{json, value::RawValue};

use super::{Body, FieldFaults, Redacted, Synced, not_applied, read_message};
use crate::domain::{
    Millis,
    event::{Change, Content, Decision, Event, Source},
    json,
    local_event::{self, SESSION_FETCHED, USER_FETCHED, USER_MISSING},
};

/// Returns the event with the state of a user.
#[must_use]
pub fn user(object: &RawValue, now: Millis) -> Event {
    decode(USER_FETCHED, Synced::User, object, now)
}

/// Returns the event with the state of a session.
#[must_use]
pub fn session(object: &RawValue, now: Millis) -> Event {
    decode(SESSION_FETCHED, Synced::Session, object, now)
}

/// Returns the event that deletes a user whom Clerk no longer has.
#[must_use]
pub fn missing_user(id: &str, now: Millis) -> Event {
    let data = json!({ "id": id, "deleted": true });
    let payload = json!({ "type": USER_MISSING, "timestamp": now, "data": data });
    let deletion = Change::UserDeleted { user_id: id.to_owned(), at: now };
    let body = Body {
        content: Content::Change(deletion),
        subject: Some(id.to_owned()),
        object_id: Some(id.to_owned()),
        payload: payload.to_string(),
    };
    event(USER_MISSING, body, FieldFaults::default(), now)
}

/// Decodes an object inside the payload that is stored.
fn decode(kind: &'static str, synced: Synced, object: &RawValue, now: Millis) -> Event {
    let payload = format!(r#"{{"type":"{kind}","data":{object}}}"#);
    let faults = FieldFaults::default();
    let body = match json::parse(&payload) {
        Ok(json) => {
            let message = Redacted::new(json, &payload, kind);
            match read_message(synced, (kind, "", None), &message.json, &faults) {
                Ok(decoded) => Body::applied(decoded, message),
                Err(fault) => {
                    let reason = Some(fault.to_string());
                    not_applied::event(kind, Decision::Failed, reason, message)
                }
            }
        }
        Err(error) => not_applied::unreadable(&error, &payload),
    };
    event(kind, body, faults, now)
}

fn event(kind: &'static str, body: Body, faults: FieldFaults, now: Millis) -> Event {
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
        field_faults: faults.into_names(),
    }
}
