//! Decodes verified deliveries, and objects from Clerk's Backend API, into events.
//!
//! Decoding does not fail. A body that cannot be decoded becomes an event with the decision
//! `failed`. It is not rejected, because Svix retries a rejected delivery for days and then
//! disables the endpoint.

pub mod api_object;
mod fault;
mod not_applied;
pub mod reprocessing;
mod session;
mod user;
mod value;

use std::sync::Arc;

use serde::Deserialize;

pub use self::fault::Fault;
use super::{
    inspect::Inspected,
    payload::{Contents, Envelope, HttpRequest},
    redact,
    signature::Verified,
};
use crate::domain::{
    Millis,
    event::{Change, Content, Decision, Event, Source},
    local_event,
};

/// A decoder with the rules of one deployment.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    /// The Clerk instance (`ins_…`) whose events are applied. If it is `None`, the events of all
    /// instances are applied.
    pub pinned_instance: Option<String>,
}

/// The columns of an event that are read from its envelope.
#[derive(Default)]
struct Labels {
    kind: Option<String>,
    instance_id: Option<String>,
    occurred_at: Option<Millis>,
}

/// The columns of an event that are read from its data.
struct Body {
    content: Content,
    subject: Option<String>,
    object_id: Option<String>,
    payload: String,
}

/// The parts of a message that are needed to decode its data.
struct Message<'a> {
    kind: &'a str,
    /// The message ID in versions. It is empty for data from Clerk's Backend API, so that a
    /// delivery of the same state wins.
    version_id: &'a str,
    occurred_at: Option<Millis>,
    http_request: Option<HttpRequest>,
}

/// A change, and the parts of its payload that must be redacted.
struct Decoded {
    change: Change,
    has_secrets: bool,
    embeds_other_user: bool,
}

impl From<Change> for Decoded {
    fn from(change: Change) -> Self {
        Self { change, has_secrets: false, embeds_other_user: false }
    }
}

impl Decoder {
    /// Decodes the event of a delivery.
    #[must_use]
    pub fn decode(&self, delivery: &Verified<'_>, received_at: Millis) -> Event {
        let (labels, body) = match read_envelope(delivery.body) {
            Ok(labels) => self.read(labels, delivery),
            Err(fault) => not_applied::envelope(&fault, delivery.body),
        };
        Event {
            id: delivery.id.to_owned(),
            kind: labels.kind,
            subject: body.subject,
            object_id: body.object_id,
            instance_id: labels.instance_id,
            payload: Some(body.payload),
            secret: Arc::clone(&delivery.secret),
            occurred_at: labels.occurred_at.or(Some(delivery.attempted_at)),
            received_at,
            source: Source::Delivery,
            content: body.content,
        }
    }

    fn read(&self, labels: Labels, delivery: &Verified<'_>) -> (Labels, Body) {
        let body = delivery.body;
        let kind = labels.kind.as_deref().unwrap_or_default();
        if let Some(reason) = self.quarantine(labels.instance_id.as_deref()) {
            return not_applied::event(labels, Decision::Quarantined, Some(reason), body);
        }
        let Some(synced) = Synced::of(kind) else {
            return not_applied::event(labels, Decision::Ignored, None, body);
        };
        let message = Message {
            kind,
            version_id: if local_event::is_fetched(kind) { "" } else { delivery.id },
            occurred_at: labels.occurred_at,
            http_request: None,
        };
        match read_delivery(synced, message, body) {
            Ok(decoded) => (labels, Body::applied(decoded, body)),
            Err(fault) => {
                not_applied::event(labels, Decision::Failed, Some(fault.to_string()), body)
            }
        }
    }

    /// Returns the reason for which an event of this instance is quarantined, if it is.
    fn quarantine(&self, instance_id: Option<&str>) -> Option<String> {
        let pinned = self.pinned_instance.as_deref()?;
        (instance_id != Some(pinned)).then(|| match instance_id {
            Some(other) => format!("from instance {other}; only {pinned} is accepted"),
            None => format!("names no instance; only {pinned} is accepted"),
        })
    }
}

impl Body {
    fn applied(decoded: Decoded, body: &str) -> Self {
        let Decoded { change, has_secrets, embeds_other_user } = decoded;
        let payload = if has_secrets || embeds_other_user {
            redact::decoded(body, Some(change.subject()).filter(|_| embeds_other_user))
        } else {
            body.to_owned()
        };
        Self {
            subject: Some(change.subject().to_owned()),
            object_id: Some(change.object_id().to_owned()),
            content: Content::Change(change),
            payload,
        }
    }
}

/// The kinds of data that are synced.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Synced {
    User,
    UserDeleted,
    Session,
}

impl Synced {
    fn of(kind: &str) -> Option<Self> {
        match kind {
            "user.created" | "user.updated" | local_event::USER_FETCHED => Some(Self::User),
            "user.deleted" | local_event::USER_MISSING => Some(Self::UserDeleted),
            "session.created"
            | "session.pending"
            | "session.ended"
            | "session.removed"
            | "session.revoked"
            | local_event::SESSION_FETCHED => Some(Self::Session),
            _ => None,
        }
    }
}

fn read_envelope(body: &str) -> Result<Labels, Fault> {
    let envelope: Envelope = fault::skim(body)?;
    let kind = value::id(envelope.kind, "type")?;
    if !redact::is_word(&kind) {
        return Err(Fault::Shape { path: "type".to_owned(), expected: "a name".to_owned() });
    }
    let instance_id = value::optional_id(envelope.instance_id, "instance_id")?;
    Ok(Labels {
        kind: Some(kind),
        instance_id: instance_id.filter(|id| redact::is_clerk_id(id)),
        occurred_at: value::instant(envelope.timestamp, "timestamp")?,
    })
}

fn read_delivery(synced: Synced, message: Message<'_>, body: &str) -> Result<Decoded, Fault> {
    match synced {
        Synced::User => message.decode(body, user::change),
        Synced::UserDeleted => message.decode(body, user::deletion),
        Synced::Session => message.decode(body, session::change),
    }
}

impl Message<'_> {
    /// Decodes a body. `change` converts its data.
    fn decode<T: for<'d> Deserialize<'d>>(
        mut self,
        body: &str,
        change: impl FnOnce(&Self, T) -> Result<Decoded, Fault>,
    ) -> Result<Decoded, Fault> {
        let Inspected { value: contents, has_secrets } = fault::read::<Contents<T>>(body, "")?;
        self.http_request = contents.event_attributes.and_then(|it| it.http_request);
        let data = contents.data.ok_or(Fault::Missing("data"))?;
        Ok(Decoded { has_secrets, ..change(&self, data)? })
    }
}

#[cfg(test)]
mod tests;
