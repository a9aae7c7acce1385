//! The changes of messages, with the payloads before and after.

use sqlx::AssertSqlSafe;

use crate::{
    domain::decision::Operation,
    objects::Kind,
    store::{
        Store, StoreError,
        changes::{self, ChangeEntry},
        events::{COLUMNS, StoredEvent},
        object_events::OBJECT_COLUMN,
        statement,
    },
};

/// Number of earlier events about a user or an object that are searched for the state before a
/// change.
const SEARCHED: i64 = 200;

/// Events with the state of an object before and after a change.
#[derive(Clone, Debug, PartialEq)]
pub struct EventPair {
    /// The last earlier event that changed the object.
    pub before: StoredEvent,
    /// The event of the change.
    pub after: StoredEvent,
}

impl Store {
    /// Reads the changes with these numbers. Those that are no longer in the log are left out.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn changes_by_seq(&self, seqs: &[i64]) -> Result<Vec<ChangeEntry>, StoreError> {
        let sql = format!("SELECT {} FROM webhook_events WHERE seq IN {{}}", changes::COLUMNS);
        let mut connection = self.pool.read().await?;
        let rows = statement::read_by_numbers(&mut connection, &sql, seqs).await?;
        let changes: Vec<Option<ChangeEntry>> = self.readable(&rows)?;
        Ok(changes.into_iter().flatten().collect())
    }

    /// Reads the changes of the events with these IDs, in the order of the commits. An event that
    /// changed nothing is left out.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn changes_of_events(&self, ids: &[&str]) -> Result<Vec<ChangeEntry>, StoreError> {
        let sql = format!("SELECT {} FROM webhook_events WHERE id IN {{}}", changes::COLUMNS);
        let mut connection = self.pool.read().await?;
        let rows = statement::read_by_keys(&mut connection, &sql, ids).await?;
        let changes: Vec<Option<ChangeEntry>> = self.readable(&rows)?;
        let mut changes: Vec<ChangeEntry> = changes.into_iter().flatten().collect();
        changes.sort_by_key(|change| change.seq);
        Ok(changes)
    }

    /// Reads the events with the states before and after an update, if both have payloads.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn event_pair(&self, change: &ChangeEntry) -> Result<Option<EventPair>, StoreError> {
        if change.operation != Operation::Updated {
            return Ok(None);
        }
        let mut connection = self.pool.read().await?;
        let sql = format!("SELECT {COLUMNS}, payload FROM webhook_events WHERE seq = $1");
        let query = connection.query(AssertSqlSafe(sql)).bind(change.seq);
        let after: Option<StoredEvent> = self.reported(query.fetch_optional().await)?;
        let Some(after) = after.filter(|it| it.payload.is_some()) else { return Ok(None) };
        let (label, id) = match (change.kind, &change.user_id) {
            (Kind::User | Kind::Session, Some(user_id)) => ("subject", user_id),
            _ => (OBJECT_COLUMN, &change.id),
        };
        let sql = format!(
            "SELECT {COLUMNS}, payload FROM (SELECT {COLUMNS}, operation, payload \
             FROM webhook_events WHERE {label} = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3) \
             AS earlier WHERE object_id = $4 AND operation IS NOT NULL \
             ORDER BY seq DESC LIMIT 1"
        );
        let query = connection.query(AssertSqlSafe(sql)).bind(&**id).bind(change.seq);
        let query = query.bind(SEARCHED).bind(&*change.id);
        let before: Option<StoredEvent> = self.reported(query.fetch_optional().await)?;
        // Without its payload, the state before is not known: an older event does not have it.
        let before = before.filter(|it| it.payload.is_some());
        Ok(before.map(|before| EventPair { before, after }))
    }
}
