//! Counts events over time by their decision.
//!
//! The cost does not depend on the number of events. Rare decisions have an index, and their events
//! are counted up to a limit. Nearly all events are applied or stale, for which there is no index.
//! If there are too many events to read, a sample estimates these numbers. It is spread evenly over
//! the order of the commits.

use super::{
    Store, StoreError,
    driver::{Connection, DbError, Record, Row},
    events::{MAX_ARRIVAL_SKEW, first_seq_since},
};
use crate::domain::{Millis, decision::Decision, stored_decision::StoredDecision};

/// Maximum number of events in a sample.
const SAMPLE_SIZE: i64 = 4_096;

/// Number of events with one decision from which on they are not counted.
const COUNT_LIMIT: i64 = 2_048;

/// Consecutive steps of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    /// Start of the first step.
    pub first: Millis,
    /// Length of a step in milliseconds.
    pub length: Millis,
    /// Number of steps.
    pub count: u16,
}

/// Number of events for each decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DecisionCounts {
    known: [u64; Decision::ALL.len()],
    unknown: u64,
}

/// Numbers of received events over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionHistory {
    /// Numbers for each step.
    pub steps: Vec<DecisionCounts>,
    /// Decisions whose numbers are estimates from a sample.
    pub estimated: Vec<Decision>,
}

impl Steps {
    /// Returns the start of a step. For the number of steps, returns the end of the last one.
    #[must_use]
    pub fn start_of(&self, step: u16) -> Millis {
        self.first.saturating_add(self.length.saturating_mul(i64::from(step)))
    }

    /// Returns the index of the step that contains a time.
    fn index_at(&self, at: Millis) -> Option<usize> {
        let step = at.saturating_sub(self.first).div_euclid(self.length.max(1));
        usize::try_from(step).ok().filter(|step| *step < usize::from(self.count))
    }
}

impl DecisionCounts {
    /// Returns the number of events with a decision.
    #[must_use]
    pub fn of(&self, decision: Decision) -> u64 {
        self.known[decision as usize]
    }

    /// Returns the number of events with a decision that this version does not know.
    #[must_use]
    pub fn of_unknown(&self) -> u64 {
        self.unknown
    }

    /// Returns the number of all events.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.known.iter().sum::<u64>() + self.unknown
    }
}

/// Numbers of events received since a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecentEventCounts {
    /// Approximate number of events, computed from their sequence numbers. If `failed` reaches its
    /// limit, this is the number of events since the oldest counted failed one.
    pub all: u64,
    /// Number of failed events, at most 2048.
    pub failed: u64,
}

impl Store {
    /// Counts the events received since a time. The cost does not depend on their number.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn count_events_since(&self, at: Millis) -> Result<RecentEventCounts, StoreError> {
        let newest = self.newest_seq().await?;
        let mut connection = self.pool.read().await?;
        let from = first_seq_since(&mut connection, at).await?;
        let sql = "SELECT seq FROM webhook_events WHERE (decision, seq) >= ($1, $2) \
                   AND decision <= $1 AND decision NOT IN ('applied', 'stale') \
                   ORDER BY decision DESC, seq DESC LIMIT $3";
        let query = connection.query(sql).bind(Decision::Failed.as_str()).bind(from);
        let failed = query.bind(COUNT_LIMIT).rows().await?;
        let failed: Vec<i64> = failed.iter().map(|row| row.get("seq")).collect::<Result<_, _>>()?;
        let oldest = failed.last().filter(|_| i64::try_from(failed.len()) == Ok(COUNT_LIMIT));
        let all = newest - oldest.copied().unwrap_or(from) + 1;
        let all = u64::try_from(all).unwrap_or_default();
        Ok(RecentEventCounts { all, failed: failed.len() as u64 })
    }

    /// Counts the events received in each step by their decision.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn decisions(&self, steps: &Steps) -> Result<DecisionHistory, StoreError> {
        let mut connection = self.pool.read().await?;
        let (since, until) = (steps.first, steps.start_of(steps.count));
        let from = first_seq_since(&mut connection, since.saturating_sub(MAX_ARRIVAL_SKEW)).await?;
        let before =
            first_seq_since(&mut connection, until.saturating_add(MAX_ARRIVAL_SKEW)).await?;
        let stride = (before - from).max(0) / SAMPLE_SIZE + 1;
        let sample: Vec<ReceivedEvent> =
            self.readable(&sample(&mut connection, from, before, stride).await?)?;
        let empty = vec![DecisionCounts::default(); usize::from(steps.count)];
        let mut history = DecisionHistory { steps: empty, estimated: Vec::new() };
        for decision in Decision::ALL {
            if let Some(events) = read_all(&mut connection, decision, from, before).await? {
                history.add(steps, &self.readable(&events)?, 1);
                continue;
            }
            let is_same =
                |event: &&ReceivedEvent| event.decision.as_ref().is_some_and(|it| *it == decision);
            let events = sample.iter().filter(is_same);
            history.add(steps, events, stride.unsigned_abs());
            history.estimated.extend(Some(decision).filter(|_| stride > 1));
        }
        let is_unknown =
            |event: &&ReceivedEvent| matches!(event.decision, Some(StoredDecision::Unknown(_)));
        history.add(steps, sample.iter().filter(is_unknown), stride.unsigned_abs());
        Ok(history)
    }
}

impl DecisionHistory {
    /// Adds events, each of which counts `weight` times.
    fn add<'a>(
        &mut self,
        steps: &Steps,
        events: impl IntoIterator<Item = &'a ReceivedEvent>,
        weight: u64,
    ) {
        for ReceivedEvent { decision, received_at } in events {
            if let (Some(decision), Some(step)) = (decision, steps.index_at(*received_at)) {
                let counts = &mut self.steps[step];
                match decision {
                    StoredDecision::Known(decision) => counts.known[*decision as usize] += weight,
                    StoredDecision::Unknown(_) => counts.unknown += weight,
                }
            }
        }
    }
}

/// Reads one event out of each `stride` numbers in the range from `from` to before `before`. The
/// result has an empty entry for a number without an event.
async fn sample(
    connection: &mut Connection,
    from: i64,
    before: i64,
    stride: i64,
) -> Result<Vec<Row>, StoreError> {
    // The position within the stride advances by the golden ratio (40503 / 65536). Events that come
    // at a regular distance are then neither all missed nor all taken. Each event is looked up by a
    // subquery, because a planner could execute a join as a scan of all events.
    let sql = "WITH RECURSIVE strides (n, seq) AS (SELECT CAST(0 AS BIGINT), CAST($1 AS BIGINT) \
                   UNION ALL SELECT n + 1, seq + $2 FROM strides WHERE seq + $2 < $3), \
               sample (seq) AS (SELECT seq + n * 40503 % 65536 * $2 / 65536 FROM strides) \
               SELECT seq, (SELECT decision FROM webhook_events WHERE webhook_events.seq = sample.seq) \
                          AS decision, \
                      (SELECT received_at FROM webhook_events \
                          WHERE webhook_events.seq = sample.seq) AS received_at \
               FROM sample";
    Ok(connection.query(sql).bind(from).bind(stride).bind(before).rows().await?)
}

/// Reads every event with a decision in the range from `from` to before `before`. Returns none if
/// the decision has no index, or there are too many events.
async fn read_all(
    connection: &mut Connection,
    decision: Decision,
    from: i64,
    before: i64,
) -> Result<Option<Vec<Row>>, StoreError> {
    if matches!(decision, Decision::Applied | Decision::Stale) {
        return Ok(None);
    }
    let sql = "SELECT seq, decision, received_at FROM webhook_events \
               WHERE (decision, seq) >= ($1, $2) AND (decision, seq) < ($1, $3) \
               AND decision NOT IN ('applied', 'stale') \
               ORDER BY decision DESC, seq DESC LIMIT $4";
    let query = connection.query(sql).bind(decision.as_str()).bind(from).bind(before);
    let found = query.bind(COUNT_LIMIT).rows().await?;
    Ok(Some(found).filter(|found| i64::try_from(found.len()).is_ok_and(|it| it < COUNT_LIMIT)))
}

/// Decision and time of an event. Without a decision, the event does not exist.
struct ReceivedEvent {
    decision: Option<StoredDecision>,
    received_at: Millis,
}

impl Record for ReceivedEvent {
    const TABLE: &'static str = "webhook_events";

    fn read(row: &Row) -> Result<Self, DbError> {
        let name: Option<String> = row.get("decision")?;
        let received_at: Option<Millis> = row.get("received_at")?;
        Ok(Self {
            decision: name.map(StoredDecision::from),
            received_at: received_at.unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Decision, DecisionCounts, Steps};

    #[test]
    fn time_is_in_at_most_one_step() {
        let steps = Steps { first: 1_000, length: 100, count: 3 };
        let expected = [
            (999, None),
            (1_000, Some(0)),
            (1_099, Some(0)),
            (1_100, Some(1)),
            (1_299, Some(2)),
            (1_300, None),
            (i64::MIN, None),
            (i64::MAX, None),
        ];
        for (at, step) in expected {
            assert_eq!(steps.index_at(at), step, "{at}");
        }
        assert_eq!((steps.start_of(0), steps.start_of(3)), (1_000, 1_300));
    }

    /// The discriminant of a decision is its position in [`Decision::ALL`].
    #[test]
    fn every_decision_has_its_own_count() {
        for (index, decision) in Decision::ALL.into_iter().enumerate() {
            let mut counts = DecisionCounts::default();
            counts.known[index] = 7;
            let mut others = Decision::ALL.into_iter().filter(|it| *it != decision);
            assert_eq!(counts.of(decision), 7);
            assert!(others.all(|other| counts.of(other) == 0));
        }
    }
}
