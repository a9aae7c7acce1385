//! What is too old goes: payloads first, and whole events later.
//!
//! Events come in at times that grow with `seq`, give or take the minutes for which a signature is
//! good, and but for what a clock that was ahead has written. So what is too old stands at the
//! beginning: a [`Sweep`] walks from there by the primary key, and remembers how far it came. No
//! commit has to keep an index up for it.

use sqlx::AssertSqlSafe;
use tokio::time::timeout;

use super::{
    Store, StoreError,
    driver::{Query, record},
    events::MAX_ARRIVAL_SKEW,
};
use crate::domain::Millis;

/// How many events a step looks at.
const LOOKS: u16 = 512;

/// How many of them it changes, at the most: those who wait for it wait for milliseconds.
const CHANGES: i64 = 64;

/// How many bytes of payloads it lets go, unless a single one is larger.
const BYTES: i64 = 512 * 1024;

/// What goes when it is too old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpiredData {
    /// The payload; what became of the event stays.
    Payloads,
    /// The event, with everything that is known of it. The newest stays: by it, who has not read
    /// for long can tell that others are gone.
    Events,
}

/// A walk over the events, from the oldest on.
#[derive(Debug)]
pub struct Sweep {
    what: ExpiredData,
    /// Up to here all is done.
    through: i64,
}

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SweepStep {
    /// How many events it changed.
    pub changed: i64,
    /// Nothing more is too old.
    pub done: bool,
}

impl Sweep {
    /// A walk that has not begun.
    #[must_use]
    pub fn new(what: ExpiredData) -> Self {
        Self { what, through: 0 }
    }
}

impl Store {
    /// Takes a step: lets go a little of what came in before an instant. Several processes may sweep
    /// one database: what another transaction holds is left for later.
    ///
    /// # Errors
    /// When the database does not answer. The step can be taken again.
    pub async fn sweep(&self, sweep: &mut Sweep, before: Millis) -> Result<SweepStep, StoreError> {
        let limit = self.commit_timeout;
        timeout(limit, self.step(sweep, before)).await.unwrap_or(Err(StoreError::Timeout(limit)))
    }

    async fn step(&self, sweep: &mut Sweep, before: Millis) -> Result<SweepStep, StoreError> {
        let events = self.look(sweep.through).await?;
        let step = Step::over(&events, sweep, before);
        if step.due > 0 {
            let parameters = [sweep.through, step.through, step.due];
            let done = self
                .pool
                .execute_standalone(self.statement(sweep.what), |query| {
                    parameters.into_iter().fold(query, Query::bind)
                })
                .await;
            match done.map_err(StoreError::from) {
                Ok(changed) if changed == step.due.cast_unsigned() => {}
                // Others hold one of these events, or were faster.
                Ok(_) | Err(StoreError::Conflict) => return Ok(SweepStep { changed: 0, done: false }),
                Err(failure) => return Err(failure),
            }
        }
        sweep.through = step.through;
        Ok(SweepStep { changed: step.due, done: step.last })
    }

    /// The next events, without the weight of their payloads.
    async fn look(&self, after: i64) -> Result<Vec<Seen>, StoreError> {
        let sql = "SELECT seq, received_at, CAST(OCTET_LENGTH(payload) AS BIGINT) AS size \
                   FROM webhook_events WHERE seq > $1 ORDER BY seq LIMIT $2";
        let mut connection = self.pool.read().await?;
        Ok(connection.query(sql).bind(after).bind(i64::from(LOOKS)).fetch_all().await?)
    }

    /// Changes all that is due in a range, or nothing: what a sweep left behind it is done, and
    /// events go in their order.
    fn statement(&self, what: ExpiredData) -> AssertSqlSafe<String> {
        let dialect = self.pool.dialect();
        let (due, change) = match what {
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

/// An event that a sweep comes by.
struct Seen {
    seq: i64,
    received_at: Millis,
    /// Of its payload, in bytes.
    size: Option<i64>,
}

record!(Seen { seq, received_at, size });

/// What is to be done next.
struct Step {
    /// The last event that belongs to it.
    through: i64,
    /// How many of them are to be changed.
    due: i64,
    /// Nothing is too old behind it.
    last: bool,
}

impl Step {
    fn over(events: &[Seen], sweep: &Sweep, before: Millis) -> Self {
        let last = events.len() < usize::from(LOOKS);
        let mut step = Self { through: sweep.through, due: 0, last };
        let candidates = match sweep.what {
            ExpiredData::Payloads => events,
            // The last of them may be the newest of all.
            ExpiredData::Events => events.split_last().map_or(events, |(_, others)| others),
        };
        let last_old = candidates.iter().rposition(|event| event.received_at < before);
        let mut bytes = 0;
        for (at, event) in candidates.iter().enumerate() {
            // One that is far ahead of another behind it was written by a clock that was ahead.
            let is_wrong = event.received_at >= before.saturating_add(MAX_ARRIVAL_SKEW)
                && last_old.is_some_and(|last| at < last);
            if event.received_at >= before && !is_wrong {
                return Self { last: true, ..step };
            }
            if event.size.is_some() || sweep.what == ExpiredData::Events {
                bytes += event.size.unwrap_or_default();
                if step.due == CHANGES || (step.due > 0 && bytes > BYTES) {
                    return Self { last: false, ..step };
                }
                step.due += 1;
            }
            step.through = event.seq;
        }
        step
    }
}
