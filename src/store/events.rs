//! Reading the kept events.

use sqlx::AssertSqlSafe;

use super::{
    Page, Store, StoreError,
    driver::{Query, Record, Row},
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
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let mut conditions = vec!["seq < $1".to_owned()];
        let mut texts: Vec<&str> = Vec::new();
        if let Some(decision) = filter.decision {
            texts.push(decision.as_str());
            conditions.push(format!("decision = ${}", texts.len() + 2));
            if !matches!(decision, Decision::Applied | Decision::Stale) {
                // Says to the planners that the index holds all there is.
                conditions.push("decision NOT IN ('applied', 'stale')".to_owned());
            }
        }
        if let Some(subject) = &filter.subject {
            texts.push(subject);
            conditions.push(format!("subject = ${}", texts.len() + 2));
        }
        let sql = format!(
            "SELECT seq, id, type, subject, object_id, instance_id, decision, reason, secret, \
             occurred_at, received_at, NULL AS payload FROM webhook_events \
             WHERE {} ORDER BY seq DESC LIMIT $2",
            conditions.join(" AND "),
        );
        let before = page.after.unwrap_or(i64::MAX);
        let mut connection = self.pool.read().await?;
        let query = connection.query(AssertSqlSafe(sql)).bind(before).bind(i64::from(page.limit));
        texts.into_iter().fold(query, Query::bind).fetch_all().await
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
