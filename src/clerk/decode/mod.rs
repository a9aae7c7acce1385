//! Decodes verified deliveries, and objects from Clerk's Backend API, into events.
//!
//! Decoding does not fail. A body that cannot be decoded becomes an event with the decision
//! `failed`. It is not rejected, because Svix retries a rejected delivery for days and then
//! disables the endpoint.

pub mod api_object;
mod fault;
mod fields;
mod not_applied;
pub mod reprocessing;
mod session;
mod user;
mod value;

use std::sync::Arc;

pub use self::fault::Fault;
use self::fields::{FieldFaults, Fields};
use super::{redact, signature::Verified};
use crate::domain::{
    Millis,
    clerk_object::ClerkObject,
    event::{Change, Content, Decision, Event, Source},
    json::{self, Json},
    local_event, secrets,
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
struct Message<'m> {
    kind: &'m str,
    /// The message ID in versions. It is empty for data from Clerk's Backend API, so that a
    /// delivery of the same state wins.
    version_id: &'m str,
    occurred_at: Option<Millis>,
    /// The HTTP request that caused the event. It is the end user's, or that of a server on behalf
    /// of an administrator.
    http_request: Option<Fields<'m>>,
}

/// A change, and whether its payload has data of a user who is not its subject.
struct Decoded {
    change: Change,
    embeds_other_user: bool,
}

impl From<Change> for Decoded {
    fn from(change: Change) -> Self {
        Self { change, embeds_other_user: false }
    }
}

/// A message without its secrets. It is decoded from what is stored of it, so that it decodes to
/// the same change later.
struct Redacted<'a> {
    json: Json<'a>,
    /// The text of the message as it was received.
    text: &'a str,
    /// Whether the message differs from the text.
    is_changed: bool,
}

impl<'a> Redacted<'a> {
    fn new(mut json: Json<'a>, text: &'a str, kind: &str) -> Self {
        // Of other types, only the allowed part is stored.
        let is_synced = Synced::of(kind).is_some();
        let is_changed = is_synced
            && (secrets::redact(&mut json, ClerkObject::message(kind)) | json.has_unusable());
        Self { json, text, is_changed }
    }

    /// Returns the payload to store.
    fn into_payload(self) -> String {
        if self.is_changed { self.json.to_string() } else { self.text.to_owned() }
    }
}

impl Decoder {
    /// Decodes the event of a delivery.
    #[must_use]
    pub fn decode(&self, delivery: &Verified<'_>, received_at: Millis) -> Event {
        let faults = FieldFaults::default();
        let (labels, body) = match json::parse(delivery.body) {
            Ok(json) => match read_envelope(&json, &faults) {
                Ok(labels) => self.read(labels, json, delivery, &faults),
                Err(fault) => not_applied::envelope(&fault, json, delivery.body),
            },
            Err(error) => (Labels::default(), not_applied::unreadable(&error, delivery.body)),
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
            field_faults: faults.into_names(),
        }
    }

    fn read<'a>(
        &self,
        labels: Labels,
        json: Json<'a>,
        delivery: &Verified<'a>,
        faults: &FieldFaults,
    ) -> (Labels, Body) {
        let kind = labels.kind.as_deref().unwrap_or_default();
        let synced = Synced::of(kind);
        let message = Redacted::new(json, delivery.body, kind);
        let version_id = if local_event::is_fetched(kind) { "" } else { delivery.id };
        let body = match (self.quarantine(labels.instance_id.as_deref()), synced) {
            (Some(reason), _) => {
                not_applied::event(kind, Decision::Quarantined, Some(reason), message)
            }
            (None, None) => not_applied::event(kind, Decision::Ignored, None, message),
            (None, Some(synced)) => {
                let context = (kind, version_id, labels.occurred_at);
                match read_message(synced, context, &message.json, faults) {
                    Ok(decoded) => Body::applied(decoded, message),
                    Err(fault) => {
                        let reason = Some(fault.to_string());
                        not_applied::event(kind, Decision::Failed, reason, message)
                    }
                }
            }
        };
        (labels, body)
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
    fn applied(decoded: Decoded, mut message: Redacted<'_>) -> Self {
        let Decoded { change, embeds_other_user } = decoded;
        if embeds_other_user {
            message.is_changed |= redact::redact_other_user(&mut message.json, change.subject());
        }
        Self {
            subject: Some(change.subject().to_owned()),
            object_id: Some(change.object_id().to_owned()),
            content: Content::Change(change),
            payload: message.into_payload(),
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

fn read_envelope(json: &Json<'_>, faults: &FieldFaults) -> Result<Labels, Fault> {
    let envelope = match json {
        Json::Object(_) => Fields::required(Some(json), "the body", faults)?,
        other => {
            let (path, expected, found) = ("the body", "an object", other.describe());
            return Err(Fault::Shape { path, expected, found });
        }
    };
    let kind = envelope.required_id("type", "type")?;
    if !redact::is_word(&kind) {
        return Err(Fault::NotAName);
    }
    let instance_id = envelope.item_id("instance_id");
    Ok(Labels {
        kind: Some(kind),
        instance_id: instance_id.filter(|id| redact::is_clerk_id(id)),
        occurred_at: envelope.ordering_time("timestamp", "timestamp")?,
    })
}

/// Decodes a message with this type, message ID in versions, and time.
fn read_message(
    synced: Synced,
    (kind, version_id, occurred_at): (&str, &str, Option<Millis>),
    json: &Json<'_>,
    faults: &FieldFaults,
) -> Result<Decoded, Fault> {
    let envelope = Fields::required(Some(json), "the body", faults)?;
    let attributes = envelope.object("event_attributes");
    let http_request = attributes.and_then(|it| it.object("http_request"));
    let message = Message { kind, version_id, occurred_at, http_request };
    let data = Fields::required(json.get("data"), "data", faults)?;
    match synced {
        Synced::User => user::change(&message, &data),
        Synced::UserDeleted => user::deletion(&message, &data),
        Synced::Session => session::change(&message, &data),
    }
}

#[cfg(test)]
mod tests;
