//! Reading what changed, in the order of the commits.

use sqlx::AssertSqlSafe;

use super::{
    Store, StoreError,
    driver::{DbError, Query, Record, Row},
};
use crate::domain::event::Decision;

/// That something of a user is not what it was. What it is now, a read tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeEntry {
    /// Its place in the order of the commits.
    pub seq: i64,
    /// Whose it is.
    pub user_id: String,
    /// The session that changed; none where it was the user.
    pub session_id: Option<String>,
    /// The user is deleted by now, with everything that was theirs.
    pub deleted: bool,
}

/// What a look at the changes came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeBatch {
    /// Behind which event it began.
    pub after: i64,
    /// How far it looked: most events change something, and not all.
    pub through: i64,
    /// In their order.
    pub items: Vec<ChangeEntry>,
    /// There may be has_more.
    pub has_more: bool,
}

impl Store {
    /// What changed behind an event, of one user or of anybody, as far as a look at so many events of
    /// theirs goes.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn changes(
        &self,
        user_id: Option<&str>,
        after: i64,
        max_events: u16,
    ) -> Result<ChangeBatch, StoreError> {
        let (whose, known) = match user_id {
            None => ("", after),
            // First: what is committed later has a higher number. Up to here the rest is others'.
            Some(_) => ("subject = $3 AND ", self.newest_seq().await?.max(after)),
        };
        // A join would let the planner choose to walk through all users.
        let sql = format!(
            "SELECT seq, decision, subject, object_id, \
                 (SELECT deleted_at FROM users WHERE clerk_id = subject) AS deleted_at \
             FROM webhook_events WHERE {whose}seq > $1 ORDER BY seq LIMIT $2"
        );
        let mut connection = self.pool.read().await?;
        let query = connection.query(AssertSqlSafe(sql)).bind(after).bind(i64::from(max_events));
        let query = user_id.into_iter().fold(query, Query::bind);
        let events: Vec<(i64, Option<ChangeEntry>)> = query.fetch_all().await?;
        let has_more = events.len() == usize::from(max_events);
        let last = events.last().map_or(after, |(seq, _)| *seq);
        Ok(ChangeBatch {
            after,
            through: if has_more { last } else { last.max(known) },
            items: events.into_iter().filter_map(|(_, change)| change).collect(),
            has_more,
        })
    }

    /// The number of the newest_seq event; 0 where there is none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn newest_seq(&self) -> Result<i64, StoreError> {
        Ok(self.seq_range().await?.map_or(0, |(_, newest_seq)| newest_seq))
    }

    /// Whether an event is known here, with everything behind it. Events have numbers from 1 on; 0 is the
    /// beginning, wherever that is.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn can_resume_after(&self, after: i64) -> Result<bool, StoreError> {
        let is_kept = |(oldest, newest_seq): (i64, i64)| (oldest..=newest_seq).contains(&after);
        Ok(after == 0 || self.seq_range().await?.is_some_and(is_kept))
    }

    /// The oldest and the newest_seq event that are seq_range; none where there is no event.
    async fn seq_range(&self) -> Result<Option<(i64, i64)>, StoreError> {
        let sql = "SELECT oldest, newest_seq FROM \
                   (SELECT seq AS oldest FROM webhook_events WHERE seq > 0 \
                    ORDER BY seq LIMIT 1) AS first, \
                   (SELECT seq AS newest_seq FROM webhook_events WHERE seq > 0 \
                    ORDER BY seq DESC LIMIT 1) AS last";
        let mut connection = self.pool.read().await?;
        Ok(connection.query(sql).fetch_optional().await?)
    }
}

impl Record for (i64, i64) {
    fn read(row: &Row) -> Result<Self, DbError> {
        Ok((row.get("oldest")?, row.get("newest_seq")?))
    }
}

impl Record for (i64, Option<ChangeEntry>) {
    fn read(row: &Row) -> Result<Self, DbError> {
        let seq = row.get("seq")?;
        let subject: Option<String> = row.get("subject")?;
        let object_id: Option<String> = row.get("object_id")?;
        let applied = row.get::<String>("decision")? == Decision::Applied.as_str();
        let Some(user_id) = subject.filter(|_| applied) else { return Ok((seq, None)) };
        let deleted = row.get::<Option<i64>>("deleted_at")?.is_some();
        // An event of a user is about the user; any other is about a session.
        let session_id = object_id.filter(|id| *id != user_id);
        Ok((seq, Some(ChangeEntry { seq, user_id, session_id, deleted })))
    }
}
