//! A verified delivery → the event it carries.
//!
//! Nothing here fails: a body that is not understood becomes an event that says so, because it is
//! signed, and refusing it would only make Svix send it again and in the end switch us off.

pub mod again;
mod fault;
pub mod fetched;
mod session;
mod user;
mod value;

use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

pub use self::fault::Fault;
use super::{
    inspect::inspect,
    payload::{DeletedObject, Envelope, EventAttributes},
    redact,
    signature::Verified,
};
use crate::domain::{
    Millis,
    event::{Change, Content, Decision, Event, Source},
};

/// Decodes deliveries, under the rules of one deployment.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    /// The Clerk instance (`ins_…`) whose events are taken; every instance's where it is none.
    pub pinned_instance: Option<String>,
}

/// The parts of a message that are known before its data is read.
struct Message<'a> {
    id: &'a str,
    kind: &'a str,
    occurred_at: Option<Millis>,
    attributes: Option<EventAttributes>,
    data: Option<&'a RawValue>,
}

/// What an event says of itself, besides what it asks for.
#[derive(Default)]
struct Labels {
    kind: Option<String>,
    object_id: Option<String>,
    instance_id: Option<String>,
    occurred_at: Option<Millis>,
}

impl Decoder {
    /// Reads the event that a delivery carries.
    #[must_use]
    pub fn decode(&self, delivery: &Verified<'_>, received_at: Millis) -> Event {
        let (mut labels, content, mut payload) = self.read(delivery);
        if let Content::Change(change) = &content {
            labels.object_id = Some(change.object_id().to_owned());
        }
        let subject = match &content {
            Content::Change(change) => Some(change.subject().to_owned()),
            Content::Aside { .. } => subject_of_unapplied(&labels, delivery.body, &payload),
        };
        let synced = labels.kind.as_deref().and_then(Synced::of);
        // Of a type that is not synced, only what is plainly an id may stay, and so of what is found with
        // nobody: it would not go with anybody.
        let goes_with_its_user = synced.is_some() && subject.is_some();
        let stays = |id: &String| goes_with_its_user || redact::is_clerk_id(id);
        labels.object_id = labels.object_id.filter(stays);
        if let Some(synced) = synced {
            payload = findable(synced, &content, payload, subject.as_deref());
        }
        Event {
            id: delivery.id.to_owned(),
            subject,
            kind: labels.kind,
            object_id: labels.object_id,
            instance_id: labels.instance_id,
            payload: Some(payload),
            secret: Arc::clone(&delivery.secret),
            occurred_at: labels.occurred_at.or(Some(delivery.attempted_at)),
            received_at,
            source: Source::Delivery,
            content,
        }
    }

    fn read(&self, delivery: &Verified<'_>) -> (Labels, Content, String) {
        let body = delivery.body;
        let inspection = match inspect(body) {
            Ok(inspection) => inspection,
            Err(error) => {
                let content = failed(&Fault::not_json(&error));
                return (Labels::default(), content, redact::unreadable(body));
            }
        };
        let (mut labels, envelope) = match read_envelope(body) {
            Ok(read) => read,
            Err(fault) => {
                let labels = loose_labels(body);
                let synced = Synced::of(labels.kind.as_deref().unwrap_or_default());
                return (labels, failed(&fault), kept_of_failed(synced, body));
            }
        };
        let kind = labels.kind.as_deref().unwrap_or_default();
        let synced = Synced::of(kind);
        let content = if let Some(reason) = self.quarantine(labels.instance_id.as_deref()) {
            aside(Decision::Quarantined, Some(reason))
        } else if let Some(synced) = synced {
            match read_change(synced, delivery.id, &labels, &envelope) {
                Ok(change) => Content::Change(change),
                Err(fault) => {
                    labels.object_id = envelope.data.and_then(object_id);
                    return (labels, failed(&fault), redact::failed(body));
                }
            }
        } else {
            aside(Decision::Ignored, None)
        };
        if matches!(content, Content::Aside { .. }) {
            labels.object_id = envelope.data.and_then(object_id);
        }
        let payload = match synced {
            None => redact::unsynced(body),
            Some(_) if inspection.holds_secrets => redact::synced(body),
            Some(_) => body.to_owned(),
        };
        (labels, content, payload)
    }

    /// Why an event of this instance is not taken, where it is not.
    fn quarantine(&self, instance_id: Option<&str>) -> Option<String> {
        let pinned = self.pinned_instance.as_deref()?;
        (instance_id != Some(pinned)).then(|| match instance_id {
            Some(other) => format!("of the instance {other}; only {pinned} is taken here"),
            None => format!("names no instance; only {pinned} is taken here"),
        })
    }
}

/// The types that are synced.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Synced {
    User,
    UserDeleted,
    Session,
}

impl Synced {
    fn of(kind: &str) -> Option<Self> {
        match kind {
            "user.created" | "user.updated" | fetched::USER => Some(Self::User),
            "user.deleted" | fetched::NO_USER => Some(Self::UserDeleted),
            "session.created"
            | "session.pending"
            | "session.ended"
            | "session.removed"
            | "session.revoked"
            | fetched::SESSION => Some(Self::Session),
            _ => None,
        }
    }
}

fn read_envelope(body: &str) -> Result<(Labels, Envelope<'_>), Fault> {
    let mut envelope: Envelope<'_> = fault::understood(body, "")?;
    let kind = value::id(envelope.kind.take(), "type")?;
    if !redact::is_word(&kind) {
        return Err(Fault::Shape { path: "type".to_owned(), expected: "a name".to_owned() });
    }
    let instance_id = value::optional_id(envelope.instance_id.take(), "instance_id")?;
    let labels = Labels {
        kind: Some(kind),
        instance_id: instance_id.filter(|id| redact::is_clerk_id(id)),
        occurred_at: value::instant(envelope.timestamp, "timestamp")?,
        object_id: None,
    };
    Ok((labels, envelope))
}

fn read_change(
    synced: Synced,
    id: &str,
    labels: &Labels,
    envelope: &Envelope<'_>,
) -> Result<Change, Fault> {
    let attributes = envelope
        .event_attributes
        .map(|raw| fault::understood::<Option<EventAttributes>>(raw.get(), "event_attributes"));
    let kind = labels.kind.as_deref().unwrap_or_default();
    let message = Message {
        // What was fetched is of no message: it loses to one that tells the same state.
        id: if fetched::is_fetched(kind) { "" } else { id },
        kind,
        occurred_at: labels.occurred_at,
        attributes: attributes.transpose()?.flatten(),
        data: envelope.data,
    };
    match synced {
        Synced::User => {
            let user = user::state(message.data()?, message.occurred_at, message.id)?;
            Ok(Change::User(Box::new(user)))
        }
        Synced::UserDeleted => {
            let deleted: DeletedObject = message.data()?;
            let user_id = value::id(deleted.id, "data.id")?;
            Ok(Change::UserDeleted { user_id, at: message.occurred_at.unwrap_or_default() })
        }
        Synced::Session => session::change(&message),
    }
}

impl Message<'_> {
    fn data<T: for<'d> Deserialize<'d>>(&self) -> Result<T, Fault> {
        let data = self.data.ok_or(Fault::Missing("data"))?;
        fault::understood(data.get(), "data")
    }
}

fn aside(decision: Decision, reason: Option<String>) -> Content {
    Content::Aside { decision, reason }
}

fn failed(fault: &Fault) -> Content {
    aside(Decision::Failed, Some(fault.to_string()))
}

/// The id of a `data` that is not otherwise read. Of two the last counts, as in what is kept of it.
fn object_id(data: &RawValue) -> Option<String> {
    let mut data: serde_json::Value = serde_json::from_str(data.get()).ok()?;
    loose_id(data.get_mut("id").map(serde_json::Value::take))
}

/// An id where there is a usable one: for the columns of an event that is only kept.
fn loose_id(id: Option<serde_json::Value>) -> Option<String> {
    let id = id?.as_str()?.to_owned();
    value::optional_id(Some(id), "").ok().flatten()
}

/// What is kept of an event that failed. One that does not say of which type it is may be of any.
fn kept_of_failed(synced: Option<Synced>, body: &str) -> String {
    if synced.is_some() { redact::failed(body) } else { redact::unsynced(body) }
}

/// What can be said of an event whose envelope is not understood.
fn loose_labels(body: &str) -> Labels {
    let mut value: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let mut take =
        |pointer: &str| loose_id(value.pointer_mut(pointer).map(serde_json::Value::take));
    Labels {
        kind: take("/type").filter(|kind| redact::is_word(kind)),
        object_id: take("/data/id"),
        instance_id: take("/instance_id").filter(|id| redact::is_clerk_id(id)),
        occurred_at: None,
    }
}

/// Makes sure that what is kept of a user is found with the user, and goes with the user: a payload
/// holds nothing of anybody but its subject.
fn findable(synced: Synced, content: &Content, payload: String, subject: Option<&str>) -> String {
    let Some(owner) = subject else { return redact::unsynced(&payload) };
    // Whoever a session was read with is its owner.
    let owners = matches!(content, Content::Change(Change::Session { user: Some(_), .. }));
    match synced {
        Synced::Session if !owners => redact::without_stranger(&payload, owner).unwrap_or(payload),
        _ => payload,
    }
}

/// The user whom an event is about that asks for nothing: so that it is found with the user, and
/// emptied with the user.
fn subject_of_unapplied(labels: &Labels, body: &str, kept: &str) -> Option<String> {
    match labels.kind.as_deref().and_then(Synced::of) {
        None => redact::named_user(kept),
        Some(Synced::User | Synced::UserDeleted) => labels.object_id.clone(),
        // From the bare JSON: the envelope may be what was not understood.
        Some(Synced::Session) => {
            let mut value: serde_json::Value = serde_json::from_str(body).ok()?;
            let mut take = |place| loose_id(value.pointer_mut(place).map(serde_json::Value::take));
            // Without an owner, it may still hold the user whom it embeds.
            take("/data/user_id").or_else(|| take("/data/user/id"))
        }
    }
}

#[cfg(test)]
mod tests;
