//! Decodes verified deliveries, and objects from Clerk's Backend API, into events.
//!
//! Decoding does not fail. A body that cannot be decoded becomes an event with the decision
//! `failed`. It is not rejected, because Svix retries a rejected delivery for days and then
//! disables the endpoint.

pub mod api_object;
mod field_reader;
mod not_applied;
pub mod reprocessing;

use std::sync::Arc;

pub(super) use self::field_reader::FieldReader;
use super::{
    AnyState, EventType, Kind, ObjectData, Request, State,
    event::{Change, Content, Deletion, Event, Source},
    object_type::PersonalData,
};
pub use crate::clerk::{Fault, Fields};
use crate::{
    clerk::{FieldFaults, redact, signature::Verified, value},
    domain::{
        Millis,
        decision::Decision,
        json::{self, Json},
        local_event, secrets,
        version::Version,
    },
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
struct Envelope {
    kind: Option<String>,
    instance_id: Option<String>,
    occurred_at: Option<Millis>,
}

/// The columns of an event that are read from its data.
struct Body {
    content: Content,
    labels: Labels,
    object_id: Option<String>,
    payload: String,
}

/// The IDs of the user and the organization that an event is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// The ID of the user.
    pub user_id: Option<String>,
    /// The ID of the organization.
    pub organization_id: Option<String>,
}

impl Labels {
    /// Returns the usable ID at a path in data.
    #[must_use]
    pub fn id(data: &Json<'_>, path: &[&str]) -> Option<String> {
        let found = path.iter().try_fold(data, |json, field| json.get(field))?;
        value::text(found.as_text()?).filter(|id| value::fits_id(id))
    }
}

/// The parts of a message that are needed to decode its data.
#[derive(Debug)]
pub struct Message<'m> {
    /// The type of the event.
    pub event_type: &'m str,
    /// The message ID in versions. It is empty for data from Clerk's Backend API, so that a
    /// delivery of the same state wins.
    version_id: &'m str,
    occurred_at: Option<Millis>,
    /// The HTTP request that caused the event. It is the end user's, or that of a server on behalf
    /// of an administrator.
    pub http_request: Option<Fields<'m>>,
}

impl Message<'_> {
    /// Returns the time of the message, in Unix milliseconds. For an object that keeps no time of
    /// its changes, this is the time at which it was fetched.
    #[must_use]
    pub fn occurred_at(&self) -> Option<Millis> {
        self.occurred_at
    }

    /// Returns the version of the object in the data. The Backend API returns complete objects.
    #[must_use]
    pub fn version(&self, updated_at: Option<Millis>, is_complete: bool) -> Version {
        match is_complete || local_event::is_fetched(self.event_type) {
            true => Version::complete(updated_at, self.occurred_at, self.version_id),
            false => Version::incomplete(self.occurred_at, self.version_id),
        }
    }

    /// Returns the version of an embedded object. Deliveries may contain only a part of it, and such
    /// a state must lose to every complete one.
    #[must_use]
    pub fn embedded_version(&self, updated_at: Option<Millis>, is_complete: bool) -> Version {
        match updated_at {
            Some(_) if is_complete => {
                Version::complete(updated_at, self.occurred_at, self.version_id)
            }
            _ => Version::incomplete(self.occurred_at, self.version_id),
        }
    }
}

/// The decoded data of a message with a state.
#[derive(Debug)]
pub struct Decoded {
    /// The state of the object.
    pub state: AnyState,
    /// The states of objects that the data embeds.
    pub embedded: Vec<AnyState>,
    /// A field with the data of a user whom the event is not about. Its personal data is not stored.
    pub other_user: Option<&'static str>,
}

impl<T> From<State<T>> for Decoded
where
    AnyState: From<State<T>>,
    T: ObjectData,
{
    fn from(state: State<T>) -> Self {
        Self { state: state.into(), embedded: Vec::new(), other_user: None }
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
    fn new(mut json: Json<'a>, text: &'a str, event_type: Option<EventType>) -> Self {
        // Of other types, only the allowed part is stored.
        let is_changed = event_type
            .is_some_and(|it| secrets::redact(&mut json, it.fields) | json.has_unusable());
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
        let (envelope, body) = match json::parse(delivery.body) {
            Ok(json) => match read_envelope(&json, &faults) {
                Ok(envelope) => self.read(envelope, json, delivery, &faults),
                Err(fault) => not_applied::envelope(&fault, json, delivery.body),
            },
            Err(error) => (Envelope::default(), not_applied::unreadable(&error, delivery.body)),
        };
        Event {
            id: delivery.id.to_owned(),
            kind: envelope.kind,
            subject: body.labels.user_id,
            organization_id: body.labels.organization_id,
            object_id: body.object_id,
            instance_id: envelope.instance_id,
            payload: Some(body.payload),
            secret: Arc::clone(&delivery.secret),
            occurred_at: envelope.occurred_at.or(Some(delivery.attempted_at)),
            received_at,
            source: Source::Delivery,
            content: body.content,
            field_faults: faults.into_names(),
        }
    }

    fn read<'a>(
        &self,
        envelope: Envelope,
        json: Json<'a>,
        delivery: &Verified<'a>,
        faults: &FieldFaults,
    ) -> (Envelope, Body) {
        let kind = envelope.kind.as_deref().unwrap_or_default();
        let event_type = EventType::of(kind);
        let message = Redacted::new(json, delivery.body, event_type);
        let version_id = if local_event::is_fetched(kind) { "" } else { delivery.id };
        let body = match (self.quarantine(envelope.instance_id.as_deref()), event_type) {
            (Some(reason), _) => {
                not_applied::event(event_type, Decision::Quarantined, Some(reason), message)
            }
            (None, None) => not_applied::event(None, Decision::Ignored, None, message),
            (None, Some(event_type)) => {
                let context = (kind, version_id, envelope.occurred_at);
                Body::read(event_type, context, message, faults)
            }
        };
        (envelope, body)
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
    fn applied(
        change: Change,
        other_user: Option<&'static str>,
        mut message: Redacted<'_>,
    ) -> Self {
        if let Some(field) = other_user {
            let owner = change.user_id().unwrap_or_default();
            message.is_changed |= redact::redact_other_user(&mut message.json, field, owner);
        }
        let labels = Labels {
            user_id: change.user_id().map(str::to_owned),
            organization_id: change.organization_id().map(str::to_owned),
        };
        let personal_data = change.kind().object_type().personal_data;
        // A deletion can name neither, and needs no more than the ID. That of a membership is a
        // whole object, which names both unless it is malformed.
        let is_found = personal_data != PersonalData::Labeled
            || labels != Labels::default()
            || change.kind() == Kind::Membership;
        let payload = match is_found {
            true => message.into_payload(),
            false => unlabeled_payload(&message.json),
        };
        Self {
            labels,
            object_id: Some(change.object_id().to_owned()),
            content: Content::Change(change),
            payload,
        }
    }

    /// Decodes a message of a synced type. One that cannot be decoded becomes a failed event.
    fn read(
        event_type: EventType,
        context: (&str, &str, Option<Millis>),
        message: Redacted<'_>,
        faults: &FieldFaults,
    ) -> Self {
        match read_message(event_type, context, &message.json, faults) {
            Ok((change, other_user)) => Self::applied(change, other_user, message),
            Err(fault) => {
                let reason = Some(fault.to_string());
                not_applied::event(Some(event_type), Decision::Failed, reason, message)
            }
        }
    }
}

fn read_envelope(json: &Json<'_>, faults: &FieldFaults) -> Result<Envelope, Fault> {
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
    Ok(Envelope {
        kind: Some(kind),
        instance_id: instance_id.filter(|id| redact::is_clerk_id(id)),
        occurred_at: envelope.ordering_time("timestamp", "timestamp")?,
    })
}

/// Decodes a message with this type, message ID in versions, and time. Also returns the field with
/// the data of another user.
fn read_message(
    event_type: EventType,
    (name, version_id, occurred_at): (&str, &str, Option<Millis>),
    json: &Json<'_>,
    faults: &FieldFaults,
) -> Result<(Change, Option<&'static str>), Fault> {
    let envelope = Fields::required(Some(json), "the body", faults)?;
    let data = Fields::required(json.get("data"), "data", faults)?;
    let EventType { kind, request, .. } = event_type;
    if request == Request::Delete {
        let id = data.required_id("id", "data.id")?;
        let Labels { user_id, organization_id } = data_labels(event_type, json);
        let at = occurred_at.unwrap_or_default();
        let deletion = Deletion { kind, id, at, user_id, organization_id };
        return Ok((Change::Deletion(deletion), None));
    }
    let attributes = envelope.object("event_attributes");
    let http_request = attributes.and_then(|it| it.object("http_request"));
    let message = Message { event_type: name, version_id, occurred_at, http_request };
    let Decoded { state, embedded, other_user } = (kind.object_type().decode)(&message, &data)?;
    Ok((Change::State { state, embedded }, other_user))
}

/// Returns the allowed part of a message, with its time in the form in which it was sent, so that it
/// decodes to the same time.
fn unlabeled_payload(json: &Json<'_>) -> String {
    let mut allowed = redact::allowed(json);
    let time = json.get("timestamp").map(Json::to_string);
    let time = time.and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
    if let (Some(entries), Some(time)) = (allowed.as_object_mut(), time) {
        entries.insert("timestamp".to_owned(), time);
    }
    allowed.to_string()
}

/// Returns the IDs of the user and the organization that the data of a message names.
fn data_labels(event_type: EventType, json: &Json<'_>) -> Labels {
    let labels = event_type.kind.object_type().labels;
    json.get("data").map(labels).unwrap_or_default()
}

#[cfg(test)]
mod tests;
