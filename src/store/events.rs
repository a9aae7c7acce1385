//! Reads the event log.

use sqlx::AssertSqlSafe;

use super::{
    PageRequest, Store, StoreError,
    bounded_scan::{self, ScanPage},
    driver::{Connection, DbError, Record, Row, UndecodableValue, record},
};
use crate::domain::{Millis, event::Decision};

/// A stored event.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredEvent {
    /// Sequence number, in commit order.
    pub seq: i64,
    /// Message ID (`svix-id`).
    pub id: String,
    /// Event type, such as `user.created`. `None` if the body has none.
    pub kind: Option<String>,
    /// ID of the user the event is about.
    pub subject: Option<String>,
    /// ID of the object the event is about (`data.id`).
    pub object_id: Option<String>,
    /// ID of the Clerk instance that sent the event.
    pub instance_id: Option<String>,
    /// Outcome of the event.
    pub decision: Decision,
    /// Reason if the event was not applied.
    pub reason: Option<String>,
    /// Label of the signing secret that matched.
    pub secret: Option<String>,
    /// Time at which the event happened.
    pub occurred_at: Option<Millis>,
    /// Time at which the service received the event.
    pub received_at: Millis,
    /// Redacted body. `None` in lists, and after the payload was purged or the user deleted.
    pub payload: Option<String>,
    /// Dismissal, if an operator dismissed the event. It is kept if the event is applied later.
    pub dismissal: Option<StoredDismissal>,
}

/// Dismissal of a stored event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDismissal {
    /// Decision before the dismissal.
    pub decision: String,
    /// Name of the API key, or of the user of the command line.
    pub by: String,
    /// Time of the dismissal.
    pub at: Millis,
}

/// Filter of a list of events. `None` matches every event.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    /// Outcome of the events.
    pub decision: Option<Decision>,
    /// ID of the user the events are about.
    pub subject: Option<String>,
    /// Event type.
    pub kind: Option<String>,
    /// Exclusive lower limit of the time of receipt.
    pub received_after: Option<Millis>,
    /// Exclusive upper limit of the time of receipt.
    pub received_before: Option<Millis>,
}

/// Columns of an event except its payload.
const COLUMNS: &str = "seq, id, type, subject, object_id, instance_id, decision, reason, secret, \
    occurred_at, received_at, dismissed_decision, dismissed_by, dismissed_at";

/// A stored event that is delivered again.
pub(super) struct ExistingEvent {
    pub(super) id: String,
    pub(super) decision: Decision,
}

impl Store {
    /// Reads an event with its payload.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn event(&self, id: &str) -> Result<Option<StoredEvent>, StoreError> {
        let mut connection = self.pool.read().await?;
        let sql = format!("SELECT {COLUMNS}, payload FROM webhook_events WHERE id = $1");
        Ok(connection.query(AssertSqlSafe(sql)).bind(id).fetch_optional().await?)
    }

    /// Reads a page of events with a decision that is not final, oldest first, with their
    /// payloads.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn unresolved_events(
        &self,
        decision: Decision,
        page: &PageRequest<i64>,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, payload FROM webhook_events WHERE (decision, seq) > ($1, $2) \
             AND decision <= $1 AND decision NOT IN ('applied', 'stale') \
             ORDER BY decision, seq LIMIT $3"
        );
        let mut connection = self.pool.read().await?;
        let after = page.after.unwrap_or_default();
        let query = connection.query(AssertSqlSafe(sql)).bind(decision.as_str()).bind(after);
        Ok(query.bind(i64::from(page.limit)).fetch_all().await?)
    }

    /// Reads a page of events, newest first, without their payloads.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn events(
        &self,
        filter: &EventFilter,
        page: &PageRequest<i64>,
    ) -> Result<ScanPage<StoredEvent, i64>, StoreError> {
        let mut connection = self.pool.read().await?;
        let (mut from, mut before) = (1, page.after.unwrap_or(i64::MAX));
        if let Some(since) = filter.received_after {
            from = first_seq_since(&mut connection, since.saturating_sub(MAX_ARRIVAL_SKEW)).await?;
        }
        if let Some(until) = filter.received_before {
            let end =
                first_seq_since(&mut connection, until.saturating_add(MAX_ARRIVAL_SKEW)).await?;
            before = before.min(end);
        }
        let mut through = None;
        if filter.needs_scan() {
            let end = "SELECT seq FROM webhook_events WHERE seq < $1 ORDER BY seq DESC \
                       LIMIT 1 OFFSET $2";
            through = bounded_scan::scan_end(
                connection.query(end).bind(before),
                "seq",
                bounded_scan::MAX_ROWS,
            )
            .await?;
            through = through.filter(|through| *through > from);
            from = through.unwrap_or(from);
        }
        let (sql, values) = filter.statement(from, before, page.limit);
        let mut query = connection.query(AssertSqlSafe(sql));
        for value in values {
            query = match value {
                Value::Number(number) => query.bind(number),
                Value::Text(text) => query.bind(text),
            };
        }
        let items = query.fetch_all().await?;
        Ok(ScanPage { items, through })
    }
}

/// Maximum time, in milliseconds, by which an event was received later than an event with a greater
/// sequence number. Equals the time for which a signature is valid.
pub(super) const MAX_ARRIVAL_SKEW: Millis = 10 * 60 * 1000;

/// Returns approximately the first sequence number received at a time or later, by binary search.
/// The order of `seq` is that of `received_at` with small deviations, and an index on `received_at`
/// would make commits more expensive.
pub(super) async fn first_seq_since(
    connection: &mut Connection,
    at: Millis,
) -> Result<i64, StoreError> {
    let newest = "SELECT seq, received_at FROM webhook_events WHERE seq >= 1 \
                  ORDER BY seq DESC LIMIT 1";
    let newest: Option<Arrival> = connection.query(newest).fetch_optional().await?;
    let (mut low, mut high) = (0, newest.map_or(0, |it| it.seq) + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let next = "SELECT seq, received_at FROM webhook_events WHERE seq >= $1 \
                    ORDER BY seq LIMIT 1";
        let next: Option<Arrival> = connection.query(next).bind(middle).fetch_optional().await?;
        match next {
            Some(next) if next.received_at < at => low = next.seq + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

/// Time of receipt of an event.
struct Arrival {
    seq: i64,
    received_at: Millis,
}

record!(Arrival { seq, received_at });

/// A parameter of a statement.
enum Value<'a> {
    Number(i64),
    Text(&'a str),
}

impl EventFilter {
    /// Returns whether no index serves the filter. Nearly every event is applied or stale, so these
    /// decisions are not indexed, and neither are types.
    fn needs_scan(&self) -> bool {
        let common = matches!(self.decision, Some(Decision::Applied | Decision::Stale));
        self.subject.is_none() && (common || self.kind.is_some())
    }

    /// Returns the SQL text and parameters for the events with `from <= seq < before`.
    fn statement(&self, from: i64, before: i64, limit: u16) -> (String, Vec<Value<'_>>) {
        let mut values = vec![Value::Number(i64::from(limit))];
        let mut placeholder = |value| {
            values.push(value);
            format!("${}", values.len())
        };
        let mut conditions = Vec::new();
        let mut order = "seq DESC";
        match self.decision.map(Decision::as_str) {
            // Sorted in the order of the partial index. If sorted by `seq` alone, a planner that
            // overestimates the number of matches scans all events. The last condition is that of
            // the index.
            Some(decision) if self.subject.is_none() && !self.needs_scan() => {
                let (decision, before) =
                    (placeholder(Value::Text(decision)), placeholder(Value::Number(before)));
                let from = placeholder(Value::Number(from));
                order = "decision DESC, seq DESC";
                conditions.push(format!(
                    "(decision, seq) < ({decision}, {before}) \
                     AND (decision, seq) >= ({decision}, {from}) \
                     AND decision NOT IN ('applied', 'stale')"
                ));
            }
            decision => {
                conditions.push(format!("seq < {}", placeholder(Value::Number(before))));
                conditions.push(format!("seq >= {}", placeholder(Value::Number(from))));
                let decision =
                    decision.map(|it| format!("decision = {}", placeholder(Value::Text(it))));
                conditions.extend(decision);
            }
        }
        for (column, text) in [("subject", &self.subject), ("type", &self.kind)] {
            let text = text.as_ref().map(|text| placeholder(Value::Text(text)));
            conditions.extend(text.map(|placeholder| format!("{column} = {placeholder}")));
        }
        for (sign, at) in [(">", self.received_after), ("<", self.received_before)] {
            let at = at.map(|at| placeholder(Value::Number(at)));
            conditions.extend(at.map(|placeholder| format!("received_at {sign} {placeholder}")));
        }
        let conditions = conditions.join(" AND ");
        let sql = format!(
            "SELECT {COLUMNS}, NULL AS payload FROM webhook_events WHERE {conditions} \
             ORDER BY {order} LIMIT $1"
        );
        (sql, values)
    }
}

fn decision(row: &Row, id: &str) -> Result<Decision, DbError> {
    let name: String = row.get("decision")?;
    let (table, column) = ("webhook_events", "decision");
    let unknown = |_| UndecodableValue { table, column, row: id.to_owned() };
    Ok(name.parse().map_err(unknown)?)
}

fn dismissal(row: &Row) -> Result<Option<StoredDismissal>, DbError> {
    let decision: Option<String> = row.get("dismissed_decision")?;
    let by: Option<String> = row.get("dismissed_by")?;
    let at: Option<Millis> = row.get("dismissed_at")?;
    Ok(at.map(|at| StoredDismissal {
        decision: decision.unwrap_or_default(),
        by: by.unwrap_or_default(),
        at,
    }))
}

impl Record for ExistingEvent {
    fn read(row: &Row) -> Result<Self, DbError> {
        let id: String = row.get("id")?;
        let decision = decision(row, &id)?;
        Ok(Self { id, decision })
    }
}

impl Record for StoredEvent {
    fn read(row: &Row) -> Result<Self, DbError> {
        let id: String = row.get("id")?;
        let decision = decision(row, &id)?;
        Ok(Self {
            id,
            decision,
            seq: row.get("seq")?,
            kind: row.get("type")?,
            subject: row.get("subject")?,
            object_id: row.get("object_id")?,
            instance_id: row.get("instance_id")?,
            reason: row.get("reason")?,
            secret: row.get("secret")?,
            occurred_at: row.get("occurred_at")?,
            received_at: row.get("received_at")?,
            payload: row.get("payload")?,
            dismissal: dismissal(row)?,
        })
    }
}
