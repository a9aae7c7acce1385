//! The events that are stored but not applied: ignored, quarantined and failed ones.

use super::{Body, Envelope, Fault, Labels, Redacted, data_labels};
use crate::{
    clerk::redact,
    domain::{decision::Decision, json::Json, secrets},
    objects::{EventType, event::Content, object_type::PersonalData},
};

/// Reads and redacts an event whose envelope was decoded. The event gets its user and organization,
/// so that it is found and purged with them. If the payload would not be found, only the allowed
/// part of the body is stored.
pub(super) fn event(
    event_type: Option<EventType>,
    decision: Decision,
    reason: Option<String>,
    mut message: Redacted<'_>,
) -> Body {
    let object_id = message.json.get("data").and_then(|data| Labels::id(data, &["id"]));
    let content = Content::NotApplied { decision, reason };
    let Some(event_type) = event_type else {
        let allowed = redact::allowed(&message.json);
        return Body {
            content,
            labels: Labels {
                user_id: redact::named_user(&allowed),
                organization_id: redact::named_organization(&allowed),
            },
            object_id: object_id.filter(|id| redact::is_clerk_id(id)),
            payload: allowed.to_string(),
        };
    };
    let labels = data_labels(event_type, &message.json);
    if decision == Decision::Failed {
        message.is_changed |= secrets::redact_possible(&mut message.json, event_type.fields);
    }
    let is_found = match event_type.kind.object_type().personal_data {
        PersonalData::Labeled => labels != Labels::default(),
        PersonalData::Addressed(_) => false,
        PersonalData::None => true,
    };
    if !is_found {
        return Body {
            content,
            labels,
            object_id: object_id.filter(|id| redact::is_clerk_id(id)),
            payload: redact::allowed(&message.json).to_string(),
        };
    }
    if let Some(owner) = &labels.user_id {
        message.is_changed |= redact::redact_other_user(&mut message.json, "user", owner);
    }
    Body { content, labels, object_id, payload: message.into_payload() }
}

/// Reads an event whose envelope cannot be decoded.
pub(super) fn envelope(fault: &Fault, json: Json<'_>, body: &str) -> (Envelope, Body) {
    let envelope = Envelope {
        kind: Labels::id(&json, &["type"]).filter(|kind| redact::is_word(kind)),
        instance_id: Labels::id(&json, &["instance_id"]).filter(|id| redact::is_clerk_id(id)),
        occurred_at: None,
    };
    let event_type = envelope.kind.as_deref().and_then(EventType::of);
    let message = Redacted::new(json, body, event_type);
    let body = event(event_type, Decision::Failed, Some(fault.to_string()), message);
    (envelope, body)
}

/// Describes a body that is not JSON.
pub(super) fn unreadable(error: &serde_json::Error, body: &str) -> Body {
    let reason = Some(Fault::not_json(error).to_string());
    Body {
        content: Content::NotApplied { decision: Decision::Failed, reason },
        labels: Labels::default(),
        object_id: None,
        payload: redact::unreadable(body),
    }
}
