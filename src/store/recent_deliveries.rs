//! Reads the newest deliveries, to detect that none of them changes the stored data.

use super::{Store, StoreError, driver::record};
use crate::domain::{
    Millis, local_event,
    unsynced::{RecentDeliveries, RecentDelivery},
};

/// Maximum number of events that are read.
const MAX_EVENTS: i64 = 128;

impl Store {
    /// Reads the newest deliveries that were received since a time. Events of the service itself,
    /// objects fetched from Clerk and the probe of `meetvo doctor` are left out.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn recent_deliveries(&self, since: Millis) -> Result<RecentDeliveries, StoreError> {
        let newest = self.newest_seq().await?;
        let sql = "SELECT type AS kind, decision, instance_id, secret, received_at FROM webhook_events \
                   WHERE seq > $1 AND seq <= $2 ORDER BY seq DESC";
        let mut connection = self.pool.read().await?;
        let query = connection.query(sql).bind(newest - MAX_EVENTS).bind(newest);
        let events: Vec<RecentEvent> = query.fetch_all().await?;
        let is_complete =
            newest <= MAX_EVENTS || events.iter().any(|event| event.received_at < since);
        let deliveries = events.into_iter().filter(|event| {
            let is_local = event.kind.as_deref().is_some_and(local_event::is_local);
            event.secret.is_some() && !is_local && event.received_at >= since
        });
        // A decision of a newer version is unknown, and does not count.
        let newest_first = deliveries.filter_map(|event| {
            let decision = event.decision.parse().ok()?;
            Some(RecentDelivery { kind: event.kind, instance_id: event.instance_id, decision })
        });
        Ok(RecentDeliveries { newest_first: newest_first.collect(), is_complete })
    }
}

/// Event as it is stored.
struct RecentEvent {
    kind: Option<String>,
    decision: String,
    instance_id: Option<String>,
    secret: Option<String>,
    received_at: Millis,
}

record!(RecentEvent { kind, decision, instance_id, secret, received_at });
