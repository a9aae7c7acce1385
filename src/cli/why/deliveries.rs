//! Messages about the change of an event.

use serde_json::{Value, json};

use super::{escape, format_time};
use crate::store::{Store, StoreError, push::progress::Attempt};

/// Attempts to deliver the message about a change to one endpoint.
pub(super) struct Deliveries {
    endpoint_id: String,
    url: String,
    /// Attempts, the oldest first. There is at least one.
    attempts: Vec<Attempt>,
}

/// Reads the attempts to deliver the messages about a change.
pub(super) async fn read(store: &Store, seq: i64) -> Result<Vec<Deliveries>, StoreError> {
    let mut found = Vec::new();
    for endpoint in store.push_endpoints().await? {
        let attempts = store.push_attempts_of(&endpoint.id, seq).await?;
        if !attempts.is_empty() {
            let (endpoint_id, url) = (endpoint.id, endpoint.url);
            found.push(Deliveries { endpoint_id, url, attempts });
        }
    }
    Ok(found)
}

/// Describes the messages. The text is empty if there are none.
pub(super) fn text(deliveries: &[Deliveries]) -> String {
    let lines = deliveries.iter().map(|it| {
        let last = it.attempts.last().map(|last| {
            let (at, attempt) = (format_time(last.at), last.attempt);
            match &last.problem {
                None => format!("delivered at {at} by attempt {attempt}"),
                Some(problem) => format!("attempt {attempt} at {at}: {}", escape(problem)),
            }
        });
        format!("  {} ({}): {}\n", it.endpoint_id, escape(&it.url), last.unwrap_or_default())
    });
    let lines: String = lines.collect();
    if lines.is_empty() { lines } else { format!("\nPushed to:\n{lines}") }
}

/// Returns the messages as JSON.
pub(super) fn object(deliveries: &[Deliveries]) -> Value {
    let objects = deliveries.iter().map(|it| {
        let attempts = it.attempts.iter().map(|attempt| {
            json!({
                "attempt": attempt.attempt,
                "at": format_time(attempt.at),
                "duration_ms": attempt.duration_ms,
                "status": attempt.status,
                "problem": attempt.problem,
            })
        });
        let delivered = it.attempts.iter().any(|attempt| attempt.problem.is_none());
        json!({
            "endpoint_id": it.endpoint_id,
            "url": it.url,
            "delivered": delivered,
            "attempts": attempts.collect::<Value>(),
        })
    });
    objects.collect()
}
