//! The events that are stored but not applied: ignored, quarantined and failed ones.

use super::{Body, Fault, Labels, Redacted, Synced, value};
use crate::{
    clerk::redact,
    domain::{
        clerk_object::ClerkObject,
        event::{Content, Decision},
        json::Json,
        secrets,
    },
};

/// Reads and redacts an event whose envelope was decoded. The event gets its user as the subject,
/// so that it is found and purged with the user. Without a subject, only the allowed part of the
/// body is stored.
pub(super) fn event(
    kind: &str,
    decision: Decision,
    reason: Option<String>,
    mut message: Redacted<'_>,
) -> Body {
    let object_id = id(message.json.get("data"), "id");
    let content = Content::NotApplied { decision, reason };
    let Some(synced) = Synced::of(kind) else {
        let allowed = redact::allowed(&message.json);
        return Body {
            content,
            subject: redact::named_user(&allowed),
            object_id: object_id.filter(|id| redact::is_clerk_id(id)),
            payload: allowed.to_string(),
        };
    };
    let data = message.json.get("data");
    let subject = match synced {
        Synced::User | Synced::UserDeleted => object_id.clone(),
        // A session without an owner may still contain the user that it embeds.
        Synced::Session => {
            id(data, "user_id").or_else(|| id(data.and_then(|it| it.get("user")), "id"))
        }
    };
    if decision == Decision::Failed {
        let object = ClerkObject::message(kind);
        message.is_changed |= secrets::redact_possible(&mut message.json, object);
    }
    let Some(owner) = subject else {
        return Body {
            content,
            subject: None,
            object_id: object_id.filter(|id| redact::is_clerk_id(id)),
            payload: redact::allowed(&message.json).to_string(),
        };
    };
    if synced == Synced::Session {
        message.is_changed |= redact::redact_other_user(&mut message.json, &owner);
    }
    Body { content, subject: Some(owner), object_id, payload: message.into_payload() }
}

/// Reads an event whose envelope cannot be decoded.
pub(super) fn envelope(fault: &Fault, json: Json<'_>, body: &str) -> (Labels, Body) {
    let labels = Labels {
        kind: id(Some(&json), "type").filter(|kind| redact::is_word(kind)),
        instance_id: id(Some(&json), "instance_id").filter(|id| redact::is_clerk_id(id)),
        occurred_at: None,
    };
    let kind = labels.kind.as_deref().unwrap_or_default();
    let message = Redacted::new(json, body, kind);
    let body = event(kind, Decision::Failed, Some(fault.to_string()), message);
    (labels, body)
}

/// Describes a body that is not JSON.
pub(super) fn unreadable(error: &serde_json::Error, body: &str) -> Body {
    let reason = Some(Fault::not_json(error).to_string());
    Body {
        content: Content::NotApplied { decision: Decision::Failed, reason },
        subject: None,
        object_id: None,
        payload: redact::unreadable(body),
    }
}

/// Returns the ID in a field of an object, if it is a usable one.
fn id(json: Option<&Json<'_>>, field: &str) -> Option<String> {
    let id = json?.get(field)?.as_text()?;
    value::text(id).filter(|id| value::fits_id(id))
}
