//! Groups the events that were not applied by their reason.

use std::collections::HashMap;

use super::{Store, StoreError, driver::record};
use crate::domain::{Millis, decision::Decision};

/// Maximum number of events that are grouped, the newest ones first.
const MAX_EVENTS: i64 = 2_048;

/// Events with the same decision and reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventGroup {
    /// Reason of the decision. `None` if none is stored.
    pub reason: Option<String>,
    /// Number of events.
    pub count: u64,
    /// Message ID of the newest event.
    pub newest_id: String,
    /// Time at which the newest event was received.
    pub newest_received_at: Millis,
    /// Time at which the oldest of the grouped events was received.
    pub oldest_received_at: Millis,
}

/// Groups of events, in the order of their newest event, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventGroups {
    /// Groups.
    pub groups: Vec<EventGroup>,
    /// Whether all events are grouped. Otherwise older ones exist, and the numbers are too low.
    pub is_complete: bool,
}

impl Store {
    /// Groups the newest events with a decision by reason. Events that are applied or stale have no
    /// reason, and are in no group.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn event_groups(&self, decision: Decision) -> Result<EventGroups, StoreError> {
        let sql = "SELECT id, reason, received_at FROM webhook_events \
                   WHERE (decision, seq) >= ($1, 0) AND decision <= $1 \
                   AND decision NOT IN ('applied', 'stale') \
                   ORDER BY decision DESC, seq DESC LIMIT $2";
        let mut connection = self.pool.read().await?;
        let query = connection.query(sql).bind(decision.as_str()).bind(MAX_EVENTS);
        let events: Vec<GroupedEvent> = query.fetch_all().await?;
        let is_complete = i64::try_from(events.len()).is_ok_and(|count| count < MAX_EVENTS);
        Ok(EventGroups { groups: group(events), is_complete })
    }
}

/// Event of a group.
struct GroupedEvent {
    id: String,
    reason: Option<String>,
    received_at: Millis,
}

record!(GroupedEvent { id, reason, received_at });

/// Groups events, of which the first is the newest.
fn group(events: Vec<GroupedEvent>) -> Vec<EventGroup> {
    let mut groups: Vec<EventGroup> = Vec::new();
    let mut known: HashMap<Option<String>, usize> = HashMap::new();
    for GroupedEvent { id, reason, received_at } in events {
        if let Some(index) = known.get(&reason) {
            groups[*index].count += 1;
            groups[*index].oldest_received_at = received_at;
            continue;
        }
        known.insert(reason.clone(), groups.len());
        groups.push(EventGroup {
            reason,
            count: 1,
            newest_id: id,
            newest_received_at: received_at,
            oldest_received_at: received_at,
        });
    }
    groups
}
