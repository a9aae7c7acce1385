//! An event that is kept → the same event as it is understood now.

use std::sync::Arc;

use super::Decoder;
use crate::{
    clerk::{redact, signature::Verified},
    domain::{
        Millis,
        event::{Change, Content, Decision, Event, Source},
    },
};

/// What is kept of an event that asked for nothing so far.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'a> {
    /// The `svix-id`.
    pub id: &'a str,
    /// The body, as far as it was kept.
    pub payload: Option<&'a str>,
    /// `ignored`, `quarantined` or `failed`.
    pub decision: Decision,
    /// The label of the secret that matched.
    pub secret: Option<&'a str>,
    /// When it happened.
    pub occurred_at: Option<Millis>,
    /// When it came in.
    pub received_at: Millis,
}

/// Why an event that is kept cannot be read again. Clerk's dashboard can send it once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// Nothing is there to read.
    #[error("its payload is no longer kept")]
    Payload,
    /// What it would bring is not all there.
    #[error("what was cut from it before it was kept cannot be restored")]
    Parts,
}

impl Decoder {
    /// Reads an event again, from what is kept of it.
    ///
    /// # Errors
    /// When what it asks for now is not all there: half a state would overwrite a whole one.
    pub fn decode_again(&self, kept: &Kept<'_>, now: Millis) -> Result<Event, Lost> {
        let body = kept.payload.ok_or(Lost::Payload)?;
        let verified = Verified {
            id: kept.id,
            attempted_at: kept.occurred_at.unwrap_or(kept.received_at),
            body,
            secret: Arc::from(kept.secret.unwrap_or_default()),
        };
        let event = Event { source: Source::Kept, ..self.decode(&verified, now) };
        match &event.content {
            Content::Change(change) if !is_whole(change, kept.decision, body) => Err(Lost::Parts),
            _ => Ok(event),
        }
    }
}

/// Whether nothing is missing of what a change brings.
fn is_whole(change: &Change, decision: Decision, body: &str) -> bool {
    match (change, decision) {
        // Of a type that was not synced only ids, statuses and times were kept: enough for an end.
        (Change::UserDeleted { .. }, _) => true,
        (_, Decision::Ignored) => false,
        (_, Decision::Failed) => redact::is_whole(body),
        _ => true,
    }
}
