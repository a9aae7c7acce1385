//! Decodes stored events again, by the current rules.

use std::sync::Arc;

use super::Decoder;
use crate::{
    clerk::signature::Verified,
    domain::{Millis, decision::Decision, secrets},
    objects::{
        event::{Change, Content, Event, Source},
        message_fields,
    },
};

/// An event from the event log.
#[derive(Clone, Copy, Debug)]
pub struct LoggedEvent<'a> {
    /// The ID of the event.
    pub id: &'a str,
    /// The redacted body. `None` if it was purged.
    pub payload: Option<&'a str>,
    /// The decision on the event.
    pub decision: Decision,
    /// The label of the signing secret that matched.
    pub secret: Option<&'a str>,
    /// The time of the event.
    pub occurred_at: Option<Millis>,
    /// The time at which the event was received.
    pub received_at: Millis,
}

/// Reasons for which a stored event cannot be decoded again. An operator can resend it from Clerk's
/// dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IncompletePayload {
    /// The payload was purged.
    #[error("the payload is no longer stored")]
    Purged,
    /// Parts of the payload that the event needs were redacted.
    #[error("the parts that were redacted before the payload was stored cannot be restored")]
    Redacted,
}

impl Decoder {
    /// Decodes a stored event again.
    ///
    /// # Errors
    /// Returns an error if the event asks for a change, but its payload is incomplete. A partial
    /// state must not overwrite a complete one.
    pub fn decode_logged(
        &self,
        logged: &LoggedEvent<'_>,
        now: Millis,
    ) -> Result<Event, IncompletePayload> {
        let body = logged.payload.ok_or(IncompletePayload::Purged)?;
        let verified = Verified {
            id: logged.id,
            attempted_at: logged.occurred_at.unwrap_or(logged.received_at),
            body,
            secret: Arc::from(logged.secret.unwrap_or_default()),
        };
        let event = Event { source: Source::EventLog, ..self.decode(&verified, now) };
        match &event.content {
            Content::Change(change) if !is_complete(change, &event, logged.decision, body) => {
                Err(IncompletePayload::Redacted)
            }
            _ => Ok(event),
        }
    }
}

/// Returns whether a payload contains all that a change needs.
fn is_complete(change: &Change, event: &Event, decision: Decision, body: &str) -> bool {
    match (change, decision) {
        // Of a type that was not synced, only IDs, statuses and times are stored. A deletion needs
        // no more.
        (Change::Deletion(_), _) => true,
        (_, Decision::Ignored) => false,
        // The same holds for an invitation that was not applied, whose address is not stored.
        (_, decision) if !decision.is_final() && is_addressed(change) => false,
        // A dismissed event may have failed.
        (_, Decision::Failed | Decision::Dismissed) => {
            let fields = message_fields(event.kind.as_deref().unwrap_or_default());
            secrets::is_complete(body, fields)
        }
        _ => true,
    }
}

fn is_addressed(change: &Change) -> bool {
    change.kind().object_type().personal_data.is_addressed()
}
