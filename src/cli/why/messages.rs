//! Messages about an event to the operator's endpoints.

use serde_json::{Value, json};

use super::{escape, format_time};
use crate::{
    cli::endpoints::attempt_object,
    push::event_messages::{EventMessage, MessageStatus},
};

/// Describes the messages. The text is empty if there are none.
pub(super) fn text(messages: &[EventMessage]) -> String {
    let lines = messages.iter().map(|it| {
        let (id, url) = (&it.endpoint_id, escape(&it.url));
        format!("  {id} ({url}): {} {}\n", it.message_type, outcome(it))
    });
    let lines: String = lines.collect();
    if lines.is_empty() { lines } else { format!("\nPushed to:\n{lines}") }
}

/// Describes what has become of a message.
fn outcome(message: &EventMessage) -> String {
    let last = message.attempts.last();
    let (attempt, at) = last.map(|last| (last.attempt, format_time(last.at))).unwrap_or_default();
    let problem = last.and_then(|last| last.problem.as_deref()).map(escape).unwrap_or_default();
    match message.status {
        MessageStatus::Waiting => "waits to be sent".to_owned(),
        MessageStatus::Disabled => "waits until the endpoint is enabled".to_owned(),
        MessageStatus::Delivered => format!("delivered at {at} by attempt {attempt}"),
        MessageStatus::Failed => format!("failed for good at {at}: {problem}"),
        MessageStatus::Retrying => {
            let next = message.next_attempt_at.map(format_time).unwrap_or_default();
            format!("failed at {at}: {problem}; the next attempt is at {next}")
        }
    }
}

/// Returns the messages as JSON.
pub(super) fn objects(messages: &[EventMessage]) -> Value {
    let objects = messages.iter().map(|it| {
        json!({
            "endpoint_id": it.endpoint_id,
            "url": it.url,
            "cursor": it.seq.to_string(),
            "type": it.message_type,
            "status": it.status.as_str(),
            "next_attempt_at": it.next_attempt_at.map(format_time),
            "attempts": it.attempts.iter().map(attempt_object).collect::<Value>(),
        })
    });
    objects.collect()
}
