//! Waits for the messages about the events to the operator's endpoints, and shows them.

use std::time::Duration;

use comfy_table::Table;
use serde::Deserialize;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::Delivery;
use crate::cli::{
    api::{ApiClient, ApiError},
    terminal::{self, escape},
};

/// Time for all messages to be sent once. It is longer than an attempt can take by default.
const LIMIT: Duration = Duration::from_mins(1);

/// Pause between two requests for the messages about an event.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Message, as the API returns it.
#[derive(Deserialize)]
struct Message {
    r#type: String,
    url: String,
    status: String,
    next_attempt_at: Option<String>,
    attempts: Vec<Attempt>,
}

/// Attempt, as the API returns it.
#[derive(Deserialize)]
struct Attempt {
    duration_ms: i64,
    status: Option<i64>,
    problem: Option<String>,
}

/// Adds its messages to each event, after the first attempt to send each of them. Messages that
/// have not been sent after [`LIMIT`] are added as they are.
pub(super) async fn wait(client: &ApiClient, deliveries: &mut [Delivery]) -> Result<(), ApiError> {
    let deadline = Instant::now() + LIMIT;
    for delivery in deliveries {
        let path = format!("events/{}/messages", delivery.event.id);
        loop {
            let mut found = client.get(&path, &[]).await?;
            let messages = found["data"].take();
            let waits = of(&messages).any(|message| message.status == "waiting");
            delivery.messages = Some(messages);
            if !waits || deadline <= Instant::now() {
                break;
            }
            sleep(POLL_INTERVAL).await;
        }
    }
    Ok(())
}

/// Returns the number of messages, and of those that were not delivered. A disabled endpoint does
/// not count.
pub(super) fn count(deliveries: &[Delivery]) -> (usize, usize) {
    let all: Vec<Message> = all(deliveries).collect();
    let undelivered = all.iter().filter(|it| !matches!(&*it.status, "delivered" | "disabled"));
    (all.len(), undelivered.count())
}

/// Returns a table of the messages.
pub(super) fn table(deliveries: &[Delivery]) -> Table {
    let rows = all(deliveries).map(|message| {
        let outcome = message.outcome();
        [message.r#type, message.url, message.status, outcome]
    });
    terminal::table(["message", "endpoint", "status", "attempt"], rows)
}

impl Message {
    /// Describes the last attempt.
    fn outcome(&self) -> String {
        let Some(last) = self.attempts.last() else { return String::new() };
        let status = last.status.map(|status| format!("{status} ")).unwrap_or_default();
        let problem = last.problem.as_deref().map(|it| format!(": {}", escape(it)));
        let next = self.next_attempt_at.as_deref().map(|at| format!("; next at {}", escape(at)));
        let (problem, next) = (problem.unwrap_or_default(), next.unwrap_or_default());
        format!("{status}in {} ms{problem}{next}", last.duration_ms)
    }
}

fn all(deliveries: &[Delivery]) -> impl Iterator<Item = Message> {
    deliveries.iter().filter_map(|delivery| delivery.messages.as_ref()).flat_map(of)
}

/// Returns the messages of a response. Those of another form are left out.
fn of(messages: &Value) -> impl Iterator<Item = Message> {
    let messages = messages.as_array().map(Vec::as_slice).unwrap_or_default();
    messages.iter().filter_map(|message| Message::deserialize(message).ok())
}
