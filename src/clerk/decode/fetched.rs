//! What the Backend API answered → an event, which goes the way of a delivery, under the same law.
//!
//! Its version is `(updated_at, 0, '')`. Its id is made of what it is about and of when that changed last,
//! so that the same state fetched again is the same event.

use std::sync::Arc;

use serde_json::{json, value::RawValue};

use super::Decoder;
use crate::{
    clerk::signature::Verified,
    domain::{
        Millis,
        event::{Change, Content, Event, Source},
    },
};

/// The type of an event with the state of a user that was fetched.
pub const USER: &str = "meetvo.user.fetched";

/// The type of an event with the state of a session that was fetched.
pub const SESSION: &str = "meetvo.session.fetched";

/// The type of an event that tells that Clerk has no such user any more.
pub const NO_USER: &str = "meetvo.user.missing";

/// Whether events of this type were fetched.
pub(super) fn is_fetched(kind: &str) -> bool {
    matches!(kind, USER | SESSION | NO_USER)
}

/// A state of a user.
#[must_use]
pub fn user(answer: &RawValue, now: Millis) -> Event {
    event(USER, &format!(r#"{{"type":"{USER}","data":{answer}}}"#), now)
}

/// A state of a session.
#[must_use]
pub fn session(answer: &RawValue, now: Millis) -> Event {
    event(SESSION, &format!(r#"{{"type":"{SESSION}","data":{answer}}}"#), now)
}

/// The end of a user of whom Clerk said now that there is none.
#[must_use]
pub fn no_user(id: &str, now: Millis) -> Event {
    let body = json!({ "type": NO_USER, "timestamp": now, "data": { "id": id, "deleted": true } });
    event(NO_USER, &body.to_string(), now)
}

fn event(kind: &str, body: &str, now: Millis) -> Event {
    let verified = Verified { id: "", attempted_at: now, body, secret: Arc::from("") };
    let event = Decoder::default().decode(&verified, now);
    let object = event.object_id.as_deref().unwrap_or_default();
    let id = match &event.content {
        Content::Change(Change::User(user)) => {
            format!("{kind}:{object}:{}", user.version.updated_at)
        }
        Content::Change(Change::Session { session, .. }) => {
            format!("{kind}:{object}:{}", session.state.version.updated_at)
        }
        // One that is not understood comes again with each fetch, until it is.
        Content::Change(Change::UserDeleted { .. }) | Content::Aside { .. } => {
            format!("{kind}:{object}")
        }
    };
    Event { id, source: Source::Fetched, ..event }
}
