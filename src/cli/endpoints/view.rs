//! Endpoints and attempts as tables and as JSON.

use comfy_table::Table;
use serde_json::{Value, json};

use super::{AdminError, EndpointAdmin, StoredEndpoint, escape, format_time};
use crate::{
    cli::terminal,
    store::push::{messages::MessageCounts, progress::Attempt},
};

/// Returns an endpoint as JSON. Of its headers, only the names are shown.
pub(super) fn object(
    admin: &EndpointAdmin,
    endpoint: &StoredEndpoint,
) -> Result<Value, AdminError> {
    Ok(json!({
        "id": endpoint.id,
        "url": endpoint.url,
        "types": endpoint.types.split(' ').collect::<Vec<_>>(),
        "description": endpoint.description,
        "header_names": admin.header_names(endpoint)?,
        "rate": endpoint.rate,
        "status": if endpoint.disabled.is_some() { "disabled" } else { "enabled" },
        "disabled_reason": endpoint.disabled,
        "disabled_at": endpoint.disabled_at.map(format_time),
        "failing_since": endpoint.failing_since.map(format_time),
        "cursor": endpoint.position.to_string(),
        "created_at": format_time(endpoint.created_at),
        "updated_at": format_time(endpoint.updated_at),
    }))
}

/// Returns an attempt as JSON.
pub(in crate::cli) fn attempt_object(attempt: &Attempt) -> Value {
    json!({
        "cursor": attempt.seq.to_string(),
        "attempt": attempt.attempt,
        "at": format_time(attempt.at),
        "duration_ms": attempt.duration_ms,
        "status": attempt.status,
        "problem": attempt.problem,
    })
}

/// Returns a table of endpoints, with the numbers of their messages.
pub(super) fn endpoints_table(endpoints: &[StoredEndpoint], counts: &[MessageCounts]) -> Table {
    let header = ["ID", "STATUS", "TYPES", "WAITING", "FAILED", "URL"];
    let rows = endpoints.iter().zip(counts).map(|(endpoint, counts)| {
        [
            endpoint.id.clone(),
            status(endpoint),
            endpoint.types.clone(),
            counts.waiting.to_string(),
            counts.failed.to_string(),
            escape(&endpoint.url).into_owned(),
        ]
    });
    terminal::table(header, rows)
}

fn status(endpoint: &StoredEndpoint) -> String {
    match (&endpoint.disabled, endpoint.failing_since) {
        (Some(reason), _) => format!("disabled ({reason})"),
        (None, Some(since)) => format!("failing since {}", format_time(since)),
        (None, None) => "enabled".to_owned(),
    }
}

/// Returns a table of attempts.
pub(super) fn attempts_table(attempts: &[Attempt]) -> Table {
    let header = ["CURSOR", "ATTEMPT", "AT", "MS", "STATUS", "PROBLEM"];
    let rows = attempts.iter().map(|attempt| {
        [
            attempt.seq.to_string(),
            attempt.attempt.to_string(),
            format_time(attempt.at),
            attempt.duration_ms.to_string(),
            attempt.status.map(|status| status.to_string()).unwrap_or_default(),
            escape(attempt.problem.as_deref().unwrap_or_default()).into_owned(),
        ]
    });
    terminal::table(header, rows)
}
