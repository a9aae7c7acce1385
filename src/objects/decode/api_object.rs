//! Decodes objects from Clerk's Backend API into events, which are merged like deliveries.
//!
//! The version of such a state is `(updated_at, 0, '')`. The ID of the event consists of the
//! object's ID and `updated_at`, so that a state that is fetched again is the same event. Of an
//! object without `updated_at`, the time of the fetch counts.

use std::sync::Arc;

use serde_json::{json, value::RawValue};

use super::{Body, FieldFaults, Labels, Redacted, not_applied};
use crate::{
    domain::{
        Millis,
        change_source::ChangeSource,
        json,
        local_event::{self, Action},
    },
    objects::{
        EventType, Kind, Request,
        api_access::ApiAccess,
        event::{Change, Content, Deletion, Event, Source},
    },
};

/// Returns the event with the state of an object, fetched for the reason `source`.
#[must_use]
pub fn fetched(kind: Kind, object: &RawValue, source: ChangeSource, now: Millis) -> Event {
    let name = local_event::event_type(kind.name(), Action::Fetched);
    let has_no_time = kind.object_type().api.as_ref().is_some_and(ApiAccess::has_no_time);
    let occurred_at = has_no_time.then_some(now);
    let time = occurred_at.map(|at| format!(r#""timestamp":{at},"#)).unwrap_or_default();
    let payload = format!(r#"{{"type":"{name}",{time}"data":{object}}}"#);
    let faults = FieldFaults::default();
    let event_type = EventType::new(kind, Request::Store);
    let body = match json::parse(&payload) {
        Ok(json) => {
            let message = Redacted::new(json, &payload, Some(event_type));
            Body::read(event_type, (&name, "", occurred_at), message, &faults)
        }
        Err(error) => not_applied::unreadable(&error, &payload),
    };
    event(name, body, faults, (source, now))
}

/// Returns the event that deletes an object that Clerk no longer has.
#[must_use]
pub fn missing(kind: Kind, id: &str, labels: Labels, now: Millis) -> Event {
    let name = local_event::event_type(kind.name(), Action::Missing);
    let data = json!({ "id": id, "deleted": true });
    let payload = json!({ "type": name, "timestamp": now, "data": data });
    let own = Deletion::new(kind, id, now);
    let deletion = Deletion {
        user_id: own.user_id.or(labels.user_id),
        organization_id: own.organization_id.or(labels.organization_id),
        ..Deletion::new(kind, id, now)
    };
    let labels = Labels {
        user_id: deletion.user_id.clone(),
        organization_id: deletion.organization_id.clone(),
    };
    let body = Body {
        content: Content::Change(Change::Deletion(deletion)),
        labels,
        object_id: Some(id.to_owned()),
        payload: payload.to_string(),
    };
    event(name, body, FieldFaults::default(), (ChangeSource::Repair, now))
}

fn event(
    name: String,
    body: Body,
    faults: FieldFaults,
    (source, now): (ChangeSource, Millis),
) -> Event {
    let object_id = body.object_id.as_deref().unwrap_or_default();
    let id = match &body.content {
        Content::Change(Change::State { state, .. }) => {
            local_event::id(&name, &format!("{object_id}:{}", state.version().updated_at))
        }
        // If the object cannot be decoded, each fetch repeats the event until it can.
        Content::Change(Change::Deletion(_)) | Content::NotApplied { .. } => {
            local_event::id(&name, object_id)
        }
    };
    Event {
        id,
        kind: Some(name),
        subject: body.labels.user_id,
        organization_id: body.labels.organization_id,
        object_id: body.object_id,
        instance_id: None,
        payload: Some(body.payload),
        secret: Arc::from(""),
        occurred_at: Some(now),
        received_at: now,
        source: Source::BackendApi(source),
        content: body.content,
        field_faults: faults.into_names(),
    }
}
