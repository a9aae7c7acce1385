//! Reads the event log.

use sqlx::AssertSqlSafe;

use super::{
    PageRequest, Store, StoreError,
    bounded_scan::{self, ScanPage},
    conditions::{Value, bind},
    driver::{Connection, DbError, Record, Row, record},
};
use crate::domain::{Millis, decision::Decision, stored_decision::StoredDecision};

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
    /// ID of the organization the event is about.
    pub organization_id: Option<String>,
    /// ID of the object the event is about (`data.id`).
    pub object_id: Option<String>,
    /// ID of the Clerk instance that sent the event.
    pub instance_id: Option<String>,
    /// Outcome of the event.
    pub decision: StoredDecision,
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
    /// ID of the organization the events are about.
    pub organization_id: Option<String>,
    /// ID of the object the events are about.
    pub object_id: Option<String>,
    /// Event type.
    pub kind: Option<String>,
    /// Exclusive lower limit of the time of receipt.
    pub received_after: Option<Millis>,
    /// Exclusive upper limit of the time of receipt.
    pub received_before: Option<Millis>,
}

/// Name of the table, for errors and logs.
const TABLE: &str = "webhook_events";

/// Columns of an event except its payload.
pub(super) const COLUMNS: &str = "seq, id, type, subject, organization_id, object_id, instance_id, decision, \
    reason, secret, occurred_at, received_at, dismissed_decision, dismissed_by, dismissed_at";

/// A stored event that is delivered again.
pub(super) struct ExistingEvent {
    pub(super) id: String,
    pub(super) decision: StoredDecision,
}

impl Store {
    /// Reads an event with its payload.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn event(&self, id: &str) -> Result<Option<StoredEvent>, StoreError> {
        let mut connection = self.pool.read().await?;
        let sql = format!("SELECT {COLUMNS}, payload FROM webhook_events WHERE id = $1");
        let query = connection.query(AssertSqlSafe(sql)).bind(id);
        self.reported(query.fetch_optional().await)
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
    ) -> Result<ScanPage<StoredEvent, i64>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, payload FROM webhook_events WHERE (decision, seq) > ($1, $2) \
             AND decision <= $1 AND decision NOT IN ('applied', 'stale') \
             ORDER BY decision, seq LIMIT $3"
        );
        let mut connection = self.pool.read().await?;
        let after = page.after.unwrap_or_default();
        let query = connection.query(AssertSqlSafe(sql)).bind(decision.as_str()).bind(after);
        let rows = query.bind(i64::from(page.limit)).rows().await?;
        let is_full = rows.len() == usize::from(page.limit);
        let last = rows.last().filter(|_| is_full).map(|row| row.get("seq")).transpose()?;
        Ok(ScanPage { items: self.readable(&rows)?, through: last })
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
        let index = filter.index(&mut connection).await?;
        let mut through = None;
        if filter.needs_scan(index) {
            let (sql, values) = scan_end(index, from, before);
            let query = bind(connection.query(AssertSqlSafe(sql)), &values);
            through = bounded_scan::scan_end(query, "seq", bounded_scan::MAX_ROWS).await?;
            from = through.unwrap_or(from);
        }
        let (sql, values) = filter.statement(index, from, before, page.limit);
        let rows = bind(connection.query(AssertSqlSafe(sql)), &values).rows().await?;
        self.readable_page(&rows, page.limit, "seq", through)
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

/// The index whose order a list of events follows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Index<'a> {
    Subject(&'a str),
    Organization(&'a str),
    /// An object that no event about a user is about.
    Object(&'a str),
    /// A decision that few events have.
    Decision(&'static str),
    Seq,
}

/// Statement that returns a row if an object belongs to no user. The index on the object has only the
/// events without a user. They are all of the object's events, if the object is of such a kind.
const BELONGS_TO_NO_USER: &str = "SELECT 1 FROM webhook_events \
    WHERE subject IS NULL AND object_id = $1 \
    AND object_kind IN ('organization', 'domain', 'role', 'permission') LIMIT 1";

impl<'a> Index<'a> {
    /// Returns the condition for the events with `from <= seq < before` in the order of the index,
    /// and that order.
    fn range(self, values: &mut Vec<Value<'a>>, from: i64, before: i64) -> (String, &'static str) {
        let mut placeholder = |value| {
            values.push(value);
            format!("${}", values.len())
        };
        let (before, from) = (placeholder(Value::Number(before)), placeholder(Value::Number(from)));
        let range = format!("seq < {before} AND seq >= {from}");
        let mut of = |id| placeholder(Value::Text(id));
        let condition = match self {
            // Sorted in the order of the partial index. If sorted by `seq` alone, a planner that
            // overestimates the number of matches scans all events. The last condition is that of
            // the index.
            Self::Decision(decision) => {
                let decision = of(decision);
                let condition = format!(
                    "(decision, seq) < ({decision}, {before}) \
                     AND (decision, seq) >= ({decision}, {from}) \
                     AND decision NOT IN ('applied', 'stale')"
                );
                return (condition, "decision DESC, seq DESC");
            }
            Self::Subject(subject) => format!("subject = {} AND {range}", of(subject)),
            Self::Organization(id) => format!("organization_id = {} AND {range}", of(id)),
            Self::Object(id) => format!("subject IS NULL AND object_id = {} AND {range}", of(id)),
            Self::Seq => range,
        };
        (condition, "seq DESC")
    }
}

/// Returns the SQL text for the end of a bounded scan, and the parameters before the offset.
fn scan_end(index: Index<'_>, from: i64, before: i64) -> (String, Vec<Value<'_>>) {
    let mut values = Vec::new();
    let (range, order) = index.range(&mut values, from, before);
    let offset = values.len() + 1;
    let sql = format!(
        "SELECT seq FROM webhook_events WHERE {range} ORDER BY {order} LIMIT 1 OFFSET ${offset}"
    );
    (sql, values)
}

impl EventFilter {
    /// Returns the index that serves the filter best. Nearly every event is applied or stale, so
    /// these decisions are not indexed, and neither are types.
    async fn index(&self, connection: &mut Connection) -> Result<Index<'_>, StoreError> {
        if let Some(subject) = &self.subject {
            return Ok(Index::Subject(subject));
        }
        if let Some(id) = &self.object_id {
            let query = connection.query(BELONGS_TO_NO_USER).bind(&**id);
            if query.fetch_optional::<()>().await?.is_some() {
                return Ok(Index::Object(id));
            }
        }
        if let Some(id) = &self.organization_id {
            return Ok(Index::Organization(id));
        }
        Ok(match self.decision {
            Some(Decision::Applied | Decision::Stale) | None => Index::Seq,
            Some(decision) => Index::Decision(decision.as_str()),
        })
    }

    /// Returns the conditions that the index does not serve.
    fn conditions(&self, index: Index<'_>) -> Vec<(&'static str, Value<'_>)> {
        let Self { decision, subject: _, organization_id, object_id, kind, .. } = self;
        let decision = decision.filter(|_| !matches!(index, Index::Decision(_)));
        let organization = organization_id.as_deref();
        let organization = organization.filter(|_| !matches!(index, Index::Organization(_)));
        let object = object_id.as_deref().filter(|_| !matches!(index, Index::Object(_)));
        let conditions = [
            ("decision =", decision.map(|it| Value::Text(it.as_str()))),
            ("organization_id =", organization.map(Value::Text)),
            ("object_id =", object.map(Value::Text)),
            ("type =", kind.as_deref().map(Value::Text)),
            ("received_at >", self.received_after.map(Value::Number)),
            ("received_at <", self.received_before.map(Value::Number)),
        ];
        conditions.into_iter().filter_map(|(sql, value)| Some((sql, value?))).collect()
    }

    /// Returns whether the filter has a condition that the index does not serve, so that any number
    /// of events in a row can fail it.
    fn needs_scan(&self, index: Index<'_>) -> bool {
        !self.conditions(index).is_empty()
    }

    /// Returns the SQL text and parameters for the events with `from <= seq < before`.
    fn statement<'f>(
        &'f self,
        index: Index<'f>,
        from: i64,
        before: i64,
        limit: u16,
    ) -> (String, Vec<Value<'f>>) {
        let mut values = vec![Value::Number(i64::from(limit))];
        let (range, order) = index.range(&mut values, from, before);
        let mut conditions = vec![range];
        for (comparison, value) in self.conditions(index) {
            values.push(value);
            conditions.push(format!("{comparison} ${}", values.len()));
        }
        let conditions = conditions.join(" AND ");
        let sql = format!(
            "SELECT {COLUMNS}, NULL AS payload FROM webhook_events WHERE {conditions} \
             ORDER BY {order} LIMIT $1"
        );
        (sql, values)
    }
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
    const TABLE: &'static str = TABLE;

    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self { id: row.get("id")?, decision: row.get::<String>("decision")?.into() })
    }
}

impl Record for StoredEvent {
    const TABLE: &'static str = TABLE;

    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            seq: row.get("seq")?,
            id: row.get("id")?,
            decision: row.get::<String>("decision")?.into(),
            kind: row.get("type")?,
            subject: row.get("subject")?,
            organization_id: row.get("organization_id")?,
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
