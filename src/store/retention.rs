//! Purges expired data: the payloads of events first, and later the events.
//!
//! The time at which events are received grows with `seq`. Exceptions are the minutes for which a
//! signature is valid, and events written by a clock that was fast. Expired data is therefore at
//! the beginning of the table. A [`Sweep`] reads from there by the primary key and remembers its
//! position, so that commits need not maintain an index for it.

use super::{
    Store, StoreError,
    driver::{Query, record},
    events::MAX_ARRIVAL_SKEW,
};
use crate::domain::Millis;
use sqlx::AssertSqlSafe;

/// Maximum number of events that a step reads.
const READ_LIMIT: u16 = 512;

/// Maximum number of events that a step changes. Other writers wait for a step, and with this limit
/// it takes only milliseconds.
const CHANGE_LIMIT: i64 = 64;

/// Maximum size of the payloads that a step deletes, in bytes. A single payload can be larger.
const BYTE_LIMIT: i64 = 512 * 1024;

/// Kind of data that a sweep purges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpiredData {
    /// Payloads of events. The event and its decision stay.
    Payloads,
    /// Whole events. The newest event stays, so that a reader whose cursor is older can detect that
    /// events were deleted.
    Events,
}

/// Position of a purge that proceeds from the oldest event to the newest.
#[derive(Debug)]
pub struct Sweep {
    data: ExpiredData,
    /// Number of the last event that needs no more work.
    through: i64,
}

/// Result of one step of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SweepStep {
    /// Number of events changed or deleted.
    pub changed: i64,
    /// Whether no expired data is left.
    pub done: bool,
}

impl Sweep {
    /// Creates a sweep that starts at the oldest event.
    #[must_use]
    pub fn new(data: ExpiredData) -> Self {
        Self { data, through: 0 }
    }
}

impl Store {
    /// Purges some of the data received before `before`. Several processes can sweep one database:
    /// a step skips rows that another transaction has locked, and a later step purges them.
    ///
    /// # Errors
    /// Returns an error if the database does not answer. The step can be repeated.
    pub async fn sweep(&self, sweep: &mut Sweep, before: Millis) -> Result<SweepStep, StoreError> {
        self.within_commit_timeout(self.step(sweep, before)).await
    }

    async fn step(&self, sweep: &mut Sweep, before: Millis) -> Result<SweepStep, StoreError> {
        let events = self.read_sizes(sweep.through).await?;
        let plan = Plan::new(&events, sweep, before);
        if plan.due > 0 {
            let parameters = [sweep.through, plan.through, plan.due];
            let done = self
                .pool
                .execute_standalone(self.purge_statement(sweep.data), |query| {
                    parameters.into_iter().fold(query, Query::bind)
                })
                .await;
            match done.map_err(StoreError::from) {
                Ok(changed) if changed == plan.due.cast_unsigned() => {}
                // Another transaction has locked or purged one of these events.
                Ok(_) | Err(StoreError::Conflict) => {
                    return Ok(SweepStep { changed: 0, done: false });
                }
                Err(failure) => return Err(failure),
            }
        }
        sweep.through = plan.through;
        Ok(SweepStep { changed: plan.due, done: plan.is_last })
    }

    /// Reads the next events with the sizes of their payloads, but not the payloads.
    async fn read_sizes(&self, after: i64) -> Result<Vec<EventSize>, StoreError> {
        let sql = "SELECT seq, received_at, CAST(OCTET_LENGTH(payload) AS BIGINT) AS size \
                   FROM webhook_events WHERE seq > $1 ORDER BY seq LIMIT $2";
        let mut connection = self.pool.reserved().await?;
        Ok(connection.query(sql).bind(after).bind(i64::from(READ_LIMIT)).fetch_all().await?)
    }

    /// Returns a statement that purges all due events in a range, or none. A sweep thus never
    /// passes an event that is due, and deletes events in their order.
    fn purge_statement(&self, data: ExpiredData) -> AssertSqlSafe<String> {
        let dialect = self.pool.dialect();
        let (due, change) = match data {
            ExpiredData::Payloads => {
                let rewrite_row = dialect.rewrite_row;
                let change = format!("UPDATE webhook_events SET payload = NULL{rewrite_row}");
                ("AND payload IS NOT NULL", change)
            }
            ExpiredData::Events => ("", "DELETE FROM webhook_events".to_owned()),
        };
        let skip_locked = dialect.skip_locked;
        let range = "seq > $1 AND seq <= $2";
        AssertSqlSafe(format!(
            "WITH due AS (SELECT seq FROM webhook_events WHERE {range} {due} {skip_locked}) \
             {change} WHERE {range} AND seq IN (SELECT seq FROM due) \
             AND (SELECT COUNT(*) FROM due) = $3"
        ))
    }
}

/// An event with the size of its payload.
struct EventSize {
    seq: i64,
    received_at: Millis,
    /// Size of the payload in bytes.
    size: Option<i64>,
}

record!(EventSize { seq, received_at, size });

/// Plan for one step of a sweep.
struct Plan {
    /// Number of the last event in the step.
    through: i64,
    /// Number of events to change.
    due: i64,
    /// Whether no expired data is left after the step.
    is_last: bool,
}

impl Plan {
    fn new(events: &[EventSize], sweep: &Sweep, before: Millis) -> Self {
        let is_last = events.len() < usize::from(READ_LIMIT);
        let mut plan = Self { through: sweep.through, due: 0, is_last };
        let candidates = match sweep.data {
            ExpiredData::Payloads => events,
            // The last event may be the newest in the table.
            ExpiredData::Events => events.split_last().map_or(events, |(_, others)| others),
        };
        let last_expired = candidates.iter().rposition(|event| event.received_at < before);
        let mut bytes = 0;
        for (index, event) in candidates.iter().enumerate() {
            // An event that is far newer than a later one was written by a clock that was fast.
            let is_wrong = event.received_at >= before.saturating_add(MAX_ARRIVAL_SKEW)
                && last_expired.is_some_and(|last| index < last);
            if event.received_at >= before && !is_wrong {
                return Self { is_last: true, ..plan };
            }
            if event.size.is_some() || sweep.data == ExpiredData::Events {
                bytes += event.size.unwrap_or_default();
                if plan.due == CHANGE_LIMIT || (plan.due > 0 && bytes > BYTE_LIMIT) {
                    return Self { is_last: false, ..plan };
                }
                plan.due += 1;
            }
            plan.through = event.seq;
        }
        plan
    }
}
