//! The events that are stored but not applied: ignored, quarantined and failed ones.

use serde_json::Value;

use super::{Body, Fault, Labels, Synced, value};
use crate::{
    clerk::redact,
    domain::{
        event::{Content, Decision},
        secrets,
    },
};

/// Reads an event whose envelope was decoded.
pub(super) fn event(
    labels: Labels,
    decision: Decision,
    reason: Option<String>,
    body: &str,
) -> (Labels, Body) {
    match serde_json::from_str(body) {
        Ok(json) => {
            let body = read(&labels, decision, reason, json, body);
            (labels, body)
        }
        Err(error) => unreadable(&error, body),
    }
}

/// Reads an event whose envelope cannot be decoded.
pub(super) fn envelope(fault: &Fault, body: &str) -> (Labels, Body) {
    match serde_json::from_str(body) {
        Ok(json) => {
            let labels = Labels {
                kind: id(&json, "/type").filter(|kind| redact::is_word(kind)),
                instance_id: id(&json, "/instance_id").filter(|id| redact::is_clerk_id(id)),
                occurred_at: None,
            };
            let body = read(&labels, Decision::Failed, Some(fault.to_string()), json, body);
            (labels, body)
        }
        Err(error) => unreadable(&error, body),
    }
}

fn unreadable(error: &serde_json::Error, body: &str) -> (Labels, Body) {
    let reason = Some(Fault::not_json(error).to_string());
    let body = Body {
        content: Content::NotApplied { decision: Decision::Failed, reason },
        subject: None,
        object_id: None,
        payload: redact::unreadable(body),
    };
    (Labels::default(), body)
}

/// Reads and redacts a body. The event gets its user as the subject, so that it is found and purged
/// with the user. Without a subject, only the allowed part of the body is stored.
fn read(
    labels: &Labels,
    decision: Decision,
    reason: Option<String>,
    mut json: Value,
    body: &str,
) -> Body {
    let synced = labels.kind.as_deref().and_then(Synced::of);
    let object_id = id(&json, "/data/id");
    let content = Content::NotApplied { decision, reason };
    let Some(synced) = synced else {
        let allowed = redact::allowed(&json);
        return Body {
            content,
            subject: redact::named_user(&allowed),
            object_id: object_id.filter(|id| redact::is_clerk_id(id)),
            payload: allowed.to_string(),
        };
    };
    let subject = match synced {
        Synced::User | Synced::UserDeleted => object_id.clone(),
        // A session without an owner may still contain the user that it embeds.
        Synced::Session => id(&json, "/data/user_id").or_else(|| id(&json, "/data/user/id")),
    };
    let mut is_redacted = match decision {
        Decision::Failed => {
            secrets::redact_possible(&mut json);
            true
        }
        _ => secrets::redact(&mut json),
    };
    let Some(owner) = subject else {
        return Body {
            content,
            subject: None,
            object_id: object_id.filter(|id| redact::is_clerk_id(id)),
            payload: redact::allowed(&json).to_string(),
        };
    };
    if synced == Synced::Session {
        is_redacted |= redact::redact_other_user(&mut json, &owner);
    }
    let payload = if is_redacted { json.to_string() } else { body.to_owned() };
    Body { content, subject: Some(owner), object_id, payload }
}

/// Returns the ID at a JSON pointer, if it is a usable one.
fn id(json: &Value, pointer: &str) -> Option<String> {
    let id = json.pointer(pointer)?.as_str()?.to_owned();
    value::optional_id(Some(id), "").ok().flatten()
}
