//! Reading the kept events.

use sqlx::AssertSqlSafe;

use super::{
    Page, Store, StoreError,
    driver::{Query, Record, Row},
    stretch::{self, Found},
};
use crate::domain::{Millis, event::Decision};

/// An event as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredEvent {
    /// Its place in the order of the commits.
    pub seq: i64,
    /// The `svix-id`.
    pub id: String,
    /// `user.created`, …; none where the body did not say.
    pub kind: Option<String>,
    /// The user whom it is about.
    pub subject: Option<String>,
    /// `data.id`.
    pub object_id: Option<String>,
    /// The Clerk instance that sent it.
    pub instance_id: Option<String>,
    /// What became of it.
    pub decision: Decision,
    /// Why, where it was not taken in.
    pub reason: Option<String>,
    /// The label of the signing secret that matched.
    pub secret: Option<String>,
    /// When it happened.
    pub occurred_at: Option<Millis>,
    /// When it came in.
    pub received_at: Millis,
    /// The redacted body; none in lists, and after its user was deleted.
    pub payload: Option<String>,
}

/// Which events a list holds; what is none does not narrow it.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    /// What became of them.
    pub decision: Option<Decision>,
    /// The user whom they are about.
    pub subject: Option<String>,
}

/// What is there of an event that comes again.
pub(super) struct SeenEvent {
    pub(super) id: String,
    pub(super) decision: Decision,
}

impl Store {
    /// One event, with its payload.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn event(&self, id: &str) -> Result<Option<StoredEvent>, StoreError> {
        let mut connection = self.pool.read().await?;
        connection
            .query("SELECT * FROM webhook_events WHERE id = $1")
            .bind(id)
            .fetch_optional()
            .await
    }

    /// A page of events, the newest first, without their payloads.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn events(
        &self,
        filter: &EventFilter,
        page: &Page<i64>,
    ) -> Result<Found<StoredEvent, i64>, StoreError> {
        let mut connection = self.pool.read().await?;
        let before = page.after.unwrap_or(i64::MAX);
        let mut numbers = vec![i64::from(page.limit), before];
        let mut texts: Vec<&str> = filter.decision.map(Decision::as_str).into_iter().collect();
        let mut through = None;
        let (conditions, order) = match (filter.decision, &filter.subject) {
            (None, None) => ("seq < $2", "seq DESC"),
            (None, Some(subject)) => {
                texts.push(subject);
                ("seq < $2 AND subject = $3", "seq DESC")
            }
            (Some(_), Some(subject)) => {
                texts.push(subject);
                ("seq < $2 AND decision = $3 AND subject = $4", "seq DESC")
            }
            // Nearly every event is applied or stale: no index holds these.
            (Some(Decision::Applied | Decision::Stale), None) => {
                let end = "SELECT seq FROM webhook_events WHERE seq < $1 \
                           ORDER BY seq DESC LIMIT 1 OFFSET $2";
                through = stretch::end(connection.query(end).bind(before), "seq").await?;
                numbers.push(through.unwrap_or(0));
                ("seq < $2 AND seq >= $3 AND decision = $4", "seq DESC")
            }
            // In the order of their index: in that of `seq` alone, a planner that takes them to be
            // many looks for them among all others. The last condition is the index's own.
            (Some(_), None) => (
                "(decision, seq) < ($3, $2) AND decision >= $3 \
                 AND decision NOT IN ('applied', 'stale')",
                "decision DESC, seq DESC",
            ),
        };
        let sql = format!(
            "SELECT seq, id, type, subject, object_id, instance_id, decision, reason, secret, \
             occurred_at, received_at, NULL AS payload FROM webhook_events \
             WHERE {conditions} ORDER BY {order} LIMIT $1",
        );
        let query = numbers.into_iter().fold(connection.query(AssertSqlSafe(sql)), Query::bind);
        let items = texts.into_iter().fold(query, Query::bind).fetch_all().await?;
        Ok(Found { items, through })
    }
}

fn decision(row: &Row, id: &str) -> Result<Decision, StoreError> {
    let name: String = row.get("decision")?;
    let unknown = |_| StoreError::Inconsistent {
        table: "webhook_events",
        column: "decision",
        row: id.to_owned(),
    };
    name.parse().map_err(unknown)
}

impl Record for SeenEvent {
    fn read(row: &Row) -> Result<Self, StoreError> {
        let id: String = row.get("id")?;
        let decision = decision(row, &id)?;
        Ok(Self { id, decision })
    }
}

impl Record for StoredEvent {
    fn read(row: &Row) -> Result<Self, StoreError> {
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
        })
    }
}
