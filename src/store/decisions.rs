//! How many events came in over time, by what became of them.
//!
//! The work is the same however many there are. Decisions that have an index are counted, up to a number.
//! Nearly every event is applied or stale, and those have none: where they are too many to look at each, a
//! sample of all events, spread evenly over the order of the commits, stands for them.

use super::{
    Store, StoreError,
    driver::{Connection, DbError, Record, Row, UndecodableValue},
    events::{MAX_ARRIVAL_SKEW, first_seq_since},
};
use crate::domain::{Millis, event::Decision};

/// How many events a sample holds at the most.
const SAMPLE: i64 = 4_096;

/// How many events with one decision are counted one by one.
const COUNTED: i64 = 2_048;

/// Steps of time, one behind the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    /// When the first begins.
    pub first: Millis,
    /// How long each is.
    pub length: Millis,
    /// How many there are.
    pub count: u16,
}

/// How many events came in in a step, by their decisions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u64; Decision::ALL.len()]);

/// How many events came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionHistory {
    /// In each step.
    pub steps: Vec<Counts>,
    /// The decisions that are estimated from a sample.
    pub estimated: Vec<Decision>,
}

impl Steps {
    /// When a step begins; the one behind the last when they all are over.
    #[must_use]
    pub fn start_of(&self, step: u16) -> Millis {
        self.first.saturating_add(self.length.saturating_mul(i64::from(step)))
    }

    /// In which step something came in.
    fn of(&self, at: Millis) -> Option<usize> {
        let step = at.saturating_sub(self.first).div_euclid(self.length.max(1));
        usize::try_from(step).ok().filter(|step| *step < usize::from(self.count))
    }
}

impl Counts {
    /// How many had this decision.
    #[must_use]
    pub fn of(&self, decision: Decision) -> u64 {
        self.0[decision as usize]
    }

    /// How many there were.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }
}

/// How many events came in since a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecentEventCounts {
    /// About how many there are: they are not counted, but told by their numbers. Where more have failed
    /// than are counted, it is how many came in since the oldest of those that are.
    pub all: u64,
    /// How many of them have failed, up to some thousand.
    pub failed: u64,
}

impl Store {
    /// How many events came in since a time. It costs the same however many there are.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_events_since(&self, at: Millis) -> Result<RecentEventCounts, StoreError> {
        let newest = self.newest_seq().await?;
        let mut connection = self.pool.read().await?;
        let from = first_seq_since(&mut connection, at).await?;
        let sql = "SELECT seq FROM webhook_events WHERE (decision, seq) >= ($1, $2) \
                   AND decision <= $1 AND decision NOT IN ('applied', 'stale') \
                   ORDER BY decision DESC, seq DESC LIMIT $3";
        let query = connection.query(sql).bind(Decision::Failed.as_str()).bind(from);
        let failed = query.bind(COUNTED).rows().await?;
        let failed: Vec<i64> = failed.iter().map(|row| row.get("seq")).collect::<Result<_, _>>()?;
        let full = failed.last().filter(|_| i64::try_from(failed.len()) == Ok(COUNTED));
        let all = newest - full.copied().unwrap_or(from) + 1;
        Ok(RecentEventCounts { all: u64::try_from(all).unwrap_or_default(), failed: failed.len() as u64 })
    }

    /// How many events came in in each of some steps, by their decisions.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn decisions(&self, steps: &Steps) -> Result<DecisionHistory, StoreError> {
        let mut connection = self.pool.read().await?;
        let (since, until) = (steps.first, steps.start_of(steps.count));
        let from = first_seq_since(&mut connection, since.saturating_sub(MAX_ARRIVAL_SKEW)).await?;
        let before = first_seq_since(&mut connection, until.saturating_add(MAX_ARRIVAL_SKEW)).await?;
        let stride = (before - from).max(0) / SAMPLE + 1;
        let sample = sample(&mut connection, from, before, stride).await?;
        let empty = vec![Counts::default(); usize::from(steps.count)];
        let mut tally = DecisionHistory { steps: empty, estimated: Vec::new() };
        for decision in Decision::ALL {
            if let Some(all) = counted(&mut connection, decision, from, before).await? {
                tally.add(steps, &all, 1);
                continue;
            }
            let some = sample.iter().filter(|it| it.is(decision));
            tally.add(steps, some, stride.unsigned_abs());
            tally.estimated.extend(Some(decision).filter(|_| stride > 1));
        }
        Ok(tally)
    }
}

impl DecisionHistory {
    /// Adds what came in, each of which stands for some.
    fn add<'a>(
        &mut self,
        steps: &Steps,
        came_in: impl IntoIterator<Item = &'a Arrival>,
        each: u64,
    ) {
        for Arrival(decision, at) in came_in {
            if let (Some(decision), Some(step)) = (decision, steps.of(*at)) {
                self.steps[step].0[*decision as usize] += each;
            }
        }
    }
}

/// One event out of each `stride` of those from one on and before another; some numbers are no event's.
async fn sample(
    connection: &mut Connection,
    from: i64,
    before: i64,
    stride: i64,
) -> Result<Vec<Arrival>, StoreError> {
    // Which one of its stride goes round by the golden ratio (40503 / 65536): what comes every so many
    // events is then neither missed nor found alone. Each is looked up on its own: of a join, a planner could
    // make a walk through all of them.
    let sql = "WITH RECURSIVE strides (n, seq) AS (SELECT CAST(0 AS BIGINT), CAST($1 AS BIGINT) \
                   UNION ALL SELECT n + 1, seq + $2 FROM strides WHERE seq + $2 < $3), \
               sample (seq) AS (SELECT seq + n * 40503 % 65536 * $2 / 65536 FROM strides) \
               SELECT (SELECT decision FROM webhook_events WHERE webhook_events.seq = sample.seq) \
                          AS decision, \
                      (SELECT received_at FROM webhook_events WHERE webhook_events.seq = sample.seq) \
                          AS received_at \
               FROM sample";
    Ok(connection.query(sql).bind(from).bind(stride).bind(before).fetch_all().await?)
}

/// Those with a decision that has an index; none where they are too many to count.
async fn counted(
    connection: &mut Connection,
    decision: Decision,
    from: i64,
    before: i64,
) -> Result<Option<Vec<Arrival>>, StoreError> {
    if matches!(decision, Decision::Applied | Decision::Stale) {
        return Ok(None);
    }
    let sql = "SELECT decision, received_at FROM webhook_events \
               WHERE (decision, seq) >= ($1, $2) AND (decision, seq) < ($1, $3) \
               AND decision NOT IN ('applied', 'stale') \
               ORDER BY decision DESC, seq DESC LIMIT $4";
    let query = connection.query(sql).bind(decision.as_str()).bind(from).bind(before);
    let found: Vec<Arrival> = query.bind(COUNTED).fetch_all().await?;
    Ok(Some(found).filter(|found| i64::try_from(found.len()).is_ok_and(|it| it < COUNTED)))
}

/// What became of an event, and when it came in; nothing where there is none.
struct Arrival(Option<Decision>, Millis);

impl Arrival {
    fn is(&self, decision: Decision) -> bool {
        self.0 == Some(decision)
    }
}

impl Record for Arrival {
    fn read(row: &Row) -> Result<Self, DbError> {
        let name: Option<String> = row.get("decision")?;
        let received_at: Option<Millis> = row.get("received_at")?;
        let unknown = |_| UndecodableValue {
            table: "webhook_events",
            column: "decision",
            row: format!("received at {received_at:?}"),
        };
        let decision = name.as_deref().map(str::parse::<Decision>).transpose().map_err(unknown)?;
        Ok(Self(decision, received_at.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, Decision, Steps};

    #[test]
    fn a_time_is_in_one_step_or_in_none() {
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
            assert_eq!(steps.of(at), step, "{at}");
        }
        assert_eq!((steps.start_of(0), steps.start_of(3)), (1_000, 1_300));
    }

    /// They are numbered as they stand in their list.
    #[test]
    fn every_decision_has_a_count_of_its_own() {
        for (place, decision) in Decision::ALL.into_iter().enumerate() {
            let mut counts = Counts::default();
            counts.0[place] = 7;
            let mut others = Decision::ALL.into_iter().filter(|it| *it != decision);
            assert_eq!(counts.of(decision), 7);
            assert!(others.all(|other| counts.of(other) == 0));
        }
    }
}
