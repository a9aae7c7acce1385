//! Reads change entries from the event log, in commit order.

use sqlx::AssertSqlSafe;

use super::{
    Store, StoreError,
    driver::{DbError, Query, Record, Row},
};
use crate::{
    domain::{
        Millis,
        change_source::ChangeSource,
        decision::{Decision, Operation},
    },
    objects::{ChangeKind, EventType, Kind, Request},
};

/// Change of an object. Contains no values; read the object to get them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeEntry {
    /// Sequence number of the event, in commit order.
    pub seq: i64,
    /// ID of the event. Each entry has another one.
    pub event_id: String,
    /// Time of the event.
    pub at: Millis,
    /// Kind of the object.
    pub kind: ChangeKind,
    /// ID of the object.
    pub id: String,
    /// ID of the user, or of the user that the object belongs to.
    pub user_id: Option<String>,
    /// ID of the organization, or of the organization that the object belongs to.
    pub organization_id: Option<String>,
    /// Whether the object is deleted: by this change, or with its user or organization since.
    pub deleted: bool,
    /// Operation of this change.
    pub operation: Operation,
    /// Source of this change.
    pub source: ChangeSource,
    /// Whether endpoints get a message about it.
    pub is_pushed: bool,
}

/// Columns of a change. The last two are subqueries, because the planner can choose a scan of all
/// users for a join.
pub(super) const COLUMNS: &str = "seq, decision, id, type, subject, organization_id, object_kind, \
    object_id, operation, source, notify, occurred_at, received_at, \
    (SELECT deleted_at FROM users WHERE clerk_id = subject) AS user_deleted_at, \
    (SELECT organizations.deleted_at FROM organizations \
     WHERE organizations.id = webhook_events.organization_id) AS organization_deleted_at";

/// Filter of changes. An empty list matches every change.
#[derive(Clone, Debug, Default)]
pub struct ChangeFilter {
    /// Kinds of objects.
    pub kinds: Vec<ChangeKind>,
    /// Operations.
    pub operations: Vec<Operation>,
}

impl ChangeFilter {
    /// Returns whether a change matches.
    #[must_use]
    pub fn matches(&self, change: &ChangeEntry) -> bool {
        let Self { kinds, operations } = self;
        (kinds.is_empty() || kinds.contains(&change.kind))
            && (operations.is_empty() || operations.contains(&change.operation))
    }

    fn is_empty(&self) -> bool {
        self.kinds.is_empty() && self.operations.is_empty()
    }
}

/// Number of events that a page with a filter reads. Most of them can fail the filter, so that it is
/// more than the page has entries.
const FILTERED_EVENTS: u16 = 2_000;

/// Change entries of a range of the event log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeBatch {
    /// Sequence number after which the range begins.
    pub after: i64,
    /// Sequence number at which the range ends. Can be greater than that of the last entry,
    /// because not every event changes something.
    pub through: i64,
    /// Entries in commit order.
    pub items: Vec<ChangeEntry>,
    /// Whether more events may follow.
    pub has_more: bool,
}

impl Store {
    /// Reads a page of the changes that match a filter. Returns at most `limit` changes.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn filtered_changes(
        &self,
        user_id: Option<&str>,
        after: i64,
        limit: u16,
        filter: &ChangeFilter,
    ) -> Result<ChangeBatch, StoreError> {
        if filter.is_empty() {
            return self.changes(user_id, after, limit).await;
        }
        let mut batch = self.changes(user_id, after, FILTERED_EVENTS).await?;
        batch.items.retain(|change| filter.matches(change));
        if batch.items.len() > usize::from(limit) {
            batch.items.truncate(usize::from(limit));
            batch.through = batch.items.last().map_or(batch.through, |last| last.seq);
            batch.has_more = true;
        }
        Ok(batch)
    }

    /// Reads the changes after a sequence number, of one user or of all. Reads at most `max_events`
    /// events.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn changes(
        &self,
        user_id: Option<&str>,
        after: i64,
        max_events: u16,
    ) -> Result<ChangeBatch, StoreError> {
        let (user_condition, known) = match user_id {
            None => ("", after),
            // The newest number is read first, because later commits have higher numbers. Up to
            // this number, all other events belong to other users.
            Some(_) => ("subject = $3 AND ", self.newest_seq().await?.max(after)),
        };
        let sql = format!(
            "SELECT {COLUMNS} \
             FROM webhook_events WHERE {user_condition}seq > $1 ORDER BY seq LIMIT $2"
        );
        let mut connection = self.pool.read().await?;
        let query = connection.query(AssertSqlSafe(sql)).bind(after).bind(i64::from(max_events));
        let query = user_id.into_iter().fold(query, Query::bind);
        let rows = query.rows().await?;
        let has_more = rows.len() == usize::from(max_events);
        let last = rows.last().map_or(Ok(after), |row| row.get("seq"))?;
        let items: Vec<Option<ChangeEntry>> = self.readable(&rows)?;
        Ok(ChangeBatch {
            after,
            through: if has_more { last } else { last.max(known) },
            items: items.into_iter().flatten().collect(),
            has_more,
        })
    }

    /// Returns the sequence number of the newest event, or 0 if there is no event.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn newest_seq(&self) -> Result<i64, StoreError> {
        Ok(self.seq_range().await?.map_or(0, |(_, newest)| newest))
    }

    /// Returns whether a reader that knows every event up to `after` can resume there without a
    /// gap. Sequence numbers begin at 1; 0 is the beginning of the log, even if the first events
    /// have expired.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn can_resume_after(&self, after: i64) -> Result<bool, StoreError> {
        let contains = |(oldest, newest): (i64, i64)| (oldest..=newest).contains(&after);
        Ok(after == 0 || self.seq_range().await?.is_some_and(contains))
    }

    /// Returns the sequence numbers of the oldest and the newest event. Returns none if there is no
    /// event.
    async fn seq_range(&self) -> Result<Option<(i64, i64)>, StoreError> {
        let sql = "SELECT oldest, newest FROM \
                   (SELECT seq AS oldest FROM webhook_events WHERE seq > 0 \
                    ORDER BY seq LIMIT 1) AS first, \
                   (SELECT seq AS newest FROM webhook_events WHERE seq > 0 \
                    ORDER BY seq DESC LIMIT 1) AS last";
        let mut connection = self.pool.read().await?;
        Ok(connection.query(sql).fetch_optional().await?)
    }
}

impl Record for (i64, i64) {
    fn read(row: &Row) -> Result<Self, DbError> {
        Ok((row.get("oldest")?, row.get("newest")?))
    }
}

impl Record for Option<ChangeEntry> {
    const TABLE: &'static str = "webhook_events";

    fn read(row: &Row) -> Result<Self, DbError> {
        if row.get::<String>("decision")? != Decision::Applied.as_str() {
            return Ok(None);
        }
        let (user_id, object_id): (Option<String>, Option<String>) =
            (row.get("subject")?, row.get("object_id")?);
        let kind = row.get::<Option<String>>("object_kind")?;
        // The event changed only the object that it embeds, which has an entry of its own.
        if kind.is_some() && row.get::<Option<String>>("operation")?.is_none() {
            return Ok(None);
        }
        let (kind, id) = match (kind.as_deref().and_then(ChangeKind::named), object_id, &user_id) {
            (Some(kind), Some(id), _) => (kind, id),
            // An event that was stored before its kind was. The object of a user event is the user.
            // The object of every other event is a session.
            (None, Some(id), Some(user_id)) if id != *user_id => (Kind::Session.into(), id),
            (None, _, Some(user_id)) => (Kind::User.into(), user_id.clone()),
            _ => return Ok(None),
        };
        let event_type = row.get::<Option<String>>("type")?.unwrap_or_default();
        let operation = row.get::<Option<String>>("operation")?;
        let operation = operation.as_deref().and_then(Operation::named);
        let operation = operation.unwrap_or_else(|| operation_of_type(&event_type));
        let source = row.get::<Option<String>>("source")?;
        let source = source.as_deref().and_then(ChangeSource::named);
        let source = source.unwrap_or_else(|| ChangeSource::of_event_type(&event_type));
        let deleted = operation == Operation::Deleted
            || row.get::<Option<i64>>("user_deleted_at")?.is_some()
            || row.get::<Option<i64>>("organization_deleted_at")?.is_some();
        let received_at: Millis = row.get("received_at")?;
        Ok(Some(ChangeEntry {
            seq: row.get("seq")?,
            event_id: row.get("id")?,
            at: row.get::<Option<Millis>>("occurred_at")?.unwrap_or(received_at),
            kind,
            id,
            user_id,
            organization_id: row.get("organization_id")?,
            deleted,
            operation,
            source,
            is_pushed: source.is_pushed() || row.get::<Option<bool>>("notify")? == Some(true),
        }))
    }
}

/// Returns the operation of an event that was stored before its operation was. It is never
/// `created`: an earlier event of the object can have created it.
fn operation_of_type(event_type: &str) -> Operation {
    match EventType::of(event_type) {
        Some(EventType { request: Request::Delete, .. }) => Operation::Deleted,
        _ => Operation::Updated,
    }
}
