//! The earlier values of the fields that a change changed.
//!
//! They are derived from the payloads of two events in the log, so that nothing more is stored. If
//! one of them is not complete any more, the earlier values are not known.

use serde_json::{Map, Value};

use super::Shapes;
use crate::{
    domain::decision::Decision,
    objects::{
        AnyState,
        decode::{Decoder, reprocessing::LoggedEvent},
        event::{Change, Content},
    },
    store::{events::StoredEvent, push::changes::EventPair},
};

/// Returns the earlier values of the changed fields, or none if they are not known.
pub(super) fn values(shapes: Shapes, pair: &EventPair, id: &str) -> Option<Map<String, Value>> {
    let object = |event: &StoredEvent| {
        let state = state(event)?;
        let is_whole = state.id() == id && state.is_whole();
        // One time for both, because the status of a session can depend on it.
        is_whole.then(|| (shapes.object)(state, None, pair.after.received_at))
    };
    let (before, after) = (object(&pair.before)?, object(&pair.after)?);
    let (Value::Object(before), Value::Object(after)) = (before, after) else { return None };
    let changed = |(name, value): &(String, Value)| after.get(name) != Some(value);
    Some(before.into_iter().filter(changed).collect())
}

/// Returns the state in the payload of an applied event.
fn state(event: &StoredEvent) -> Option<AnyState> {
    let logged = LoggedEvent {
        id: &event.id,
        payload: event.payload.as_deref(),
        decision: Decision::Applied,
        secret: event.secret.as_deref(),
        occurred_at: event.occurred_at,
        received_at: event.received_at,
    };
    let decoded = Decoder::default().decode_logged(&logged, event.received_at).ok()?;
    match decoded.content {
        Content::Change(Change::State { state, .. }) => Some(state),
        Content::Change(Change::Deletion(_)) | Content::NotApplied { .. } => None,
    }
}
