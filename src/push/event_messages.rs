//! The messages about one event, with their attempts.

use super::types::{MessageTypes, message_type};
use crate::{
    domain::Millis,
    store::{
        Store, StoreError,
        changes::ChangeEntry,
        push::{endpoints::StoredEndpoint, messages::StoredMessage, progress::Attempt},
    },
};

/// Message about a change of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventMessage {
    /// ID of the endpoint.
    pub endpoint_id: String,
    /// URL of the endpoint.
    pub url: String,
    /// Number of the change.
    pub seq: i64,
    /// Type, such as `user.created`.
    pub message_type: String,
    /// Status.
    pub status: MessageStatus,
    /// Time of the next attempt, if a failed attempt will be repeated.
    pub next_attempt_at: Option<Millis>,
    /// Attempts, the oldest first.
    pub attempts: Vec<Attempt>,
}

/// Status of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageStatus {
    /// Not sent yet.
    Waiting,
    /// Sent when the endpoint is enabled.
    Disabled,
    /// Sent without success, and will be sent again.
    Retrying,
    /// Accepted by the endpoint.
    Delivered,
    /// In the dead letter, after the last attempt.
    Failed,
}

impl MessageStatus {
    /// Returns the name in the API and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Disabled => "disabled",
            Self::Retrying => "retrying",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

/// Reads the messages about the changes of an event, in the order of the changes. They include the
/// changes of objects that the event embeds, a change of a payer's plan, and a change by
/// reprocessing the event.
///
/// # Errors
/// Returns an error if the database does not answer.
pub async fn of_event(store: &Store, event_id: &str) -> Result<Vec<EventMessage>, StoreError> {
    let changes = store.changes_of_event(event_id).await?;
    let mut messages = Vec::new();
    if changes.is_empty() {
        return Ok(messages);
    }
    let endpoints = store.push_endpoints().await?;
    for change in &changes {
        for endpoint in &endpoints {
            messages.extend(read(store, endpoint, change).await?);
        }
    }
    Ok(messages)
}

/// Reads the message about a change for an endpoint, if there is one.
async fn read(
    store: &Store,
    endpoint: &StoredEndpoint,
    change: &ChangeEntry,
) -> Result<Option<EventMessage>, StoreError> {
    let mut attempts = store.push_attempts_of(&endpoint.id, change.seq).await?;
    // Senders can write between the reads. Both are of the same state if the attempts stay the same.
    let stored = loop {
        let stored = store.push_message(&endpoint.id, change.seq).await?;
        let later = store.push_attempts_of(&endpoint.id, change.seq).await?;
        if later == attempts {
            break stored;
        }
        attempts = later;
    };
    let Some(status) = status(endpoint, change, stored.as_ref(), attempts.last()) else {
        return Ok(None);
    };
    let is_retried = status == MessageStatus::Retrying;
    let next_attempt_at = stored.and_then(|it| it.next_attempt_at).filter(|_| is_retried);
    Ok(Some(EventMessage {
        endpoint_id: endpoint.id.clone(),
        url: endpoint.url.clone(),
        seq: change.seq,
        message_type: message_type(change.kind, change.operation),
        status,
        next_attempt_at,
        attempts,
    }))
}

/// Returns the status of a message; none if the endpoint gets no message about the change.
fn status(
    endpoint: &StoredEndpoint,
    change: &ChangeEntry,
    stored: Option<&StoredMessage>,
    last: Option<&Attempt>,
) -> Option<MessageStatus> {
    let unsent = match endpoint.disabled {
        Some(_) => MessageStatus::Disabled,
        None => MessageStatus::Waiting,
    };
    match (stored, last) {
        (Some(stored), _) if stored.failed_at.is_some() => Some(MessageStatus::Failed),
        (Some(_), _) if endpoint.disabled.is_some() => Some(unsent),
        (Some(stored), _) if stored.attempts > 0 => Some(MessageStatus::Retrying),
        (Some(_), _) => Some(unsent),
        (None, Some(last)) if last.problem.is_none() => Some(MessageStatus::Delivered),
        // A sender writes the attempt and the row in one transaction. Without the row, the message
        // is no longer sent.
        (None, Some(_)) => Some(MessageStatus::Failed),
        (None, None) => {
            let types = MessageTypes::parse(endpoint.types.split(' ')).ok()?;
            let is_ahead = endpoint.position < change.seq;
            let is_sent =
                is_ahead && change.is_pushed && types.include(change.kind, change.operation);
            is_sent.then_some(unsent)
        }
    }
}
