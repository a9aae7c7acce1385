//! Reading what changed, in the order of the commits.

use sqlx::AssertSqlSafe;

use super::{
    Store, StoreError,
    driver::{Record, Row},
};
use crate::domain::event::Decision;

/// That something of a user is not what it was. What it is now, a read tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
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
pub struct Changes {
    /// Behind which event it began.
    pub after: i64,
    /// How far it looked: most events change something, and not all.
    pub through: i64,
    /// In their order.
    pub items: Vec<Change>,
    /// There may be more.
    pub more: bool,
}

/// What is read of an event. A join would let the planner choose to walk through all users.
const LOOK: &str = "SELECT seq, decision, subject, object_id, \
                        (SELECT deleted_at FROM users WHERE clerk_id = subject) AS deleted_at \
                    FROM webhook_events";

impl Changes {
    /// What a look behind an event came to. `known`: up to where there is nothing else, if it was not
    /// cut short.
    fn of(after: i64, known: i64, events: Vec<(i64, Option<Change>)>, looks: u16) -> Self {
        let more = events.len() == usize::from(looks);
        let last = events.last().map_or(after, |(seq, _)| *seq);
        Self {
            after,
            through: if more { last } else { last.max(known) },
            items: events.into_iter().filter_map(|(_, change)| change).collect(),
            more,
        }
    }
}

impl Store {
    /// The changes behind an event, as far as a look at so many events goes.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn changes(&self, after: i64, looks: u16) -> Result<Changes, StoreError> {
        let sql = format!("{LOOK} WHERE seq > $1 ORDER BY seq LIMIT $2");
        let mut connection = self.pool.read().await?;
        let events = connection.query(AssertSqlSafe(sql)).bind(after).bind(i64::from(looks));
        Ok(Changes::of(after, after, events.fetch_all().await?, looks))
    }

    /// The same of one user: not a look at what is others'.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn changes_of(
        &self,
        user_id: &str,
        after: i64,
        looks: u16,
    ) -> Result<Changes, StoreError> {
        // First: what is committed later has a higher number.
        let newest = self.kept().await?.map_or(after, |(_, newest)| newest.max(after));
        let sql = format!("{LOOK} WHERE subject = $1 AND seq > $2 ORDER BY seq LIMIT $3");
        let mut connection = self.pool.read().await?;
        let events =
            connection.query(AssertSqlSafe(sql)).bind(user_id).bind(after).bind(i64::from(looks));
        Ok(Changes::of(after, newest, events.fetch_all().await?, looks))
    }

    /// The oldest and the newest event that are kept; none where there is no event.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn kept(&self) -> Result<Option<(i64, i64)>, StoreError> {
        let sql = "SELECT oldest, newest FROM \
                   (SELECT seq AS oldest FROM webhook_events WHERE seq > 0 \
                    ORDER BY seq LIMIT 1) AS first, \
                   (SELECT seq AS newest FROM webhook_events WHERE seq > 0 \
                    ORDER BY seq DESC LIMIT 1) AS last";
        let mut connection = self.pool.read().await?;
        connection.query(sql).fetch_optional().await
    }
}

impl Record for (i64, i64) {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok((row.get("oldest")?, row.get("newest")?))
    }
}

impl Record for (i64, Option<Change>) {
    fn read(row: &Row) -> Result<Self, StoreError> {
        let seq = row.get("seq")?;
        let subject: Option<String> = row.get("subject")?;
        let object_id: Option<String> = row.get("object_id")?;
        let applied = row.get::<String>("decision")? == Decision::Applied.as_str();
        let Some(user_id) = subject.filter(|_| applied) else { return Ok((seq, None)) };
        let deleted = row.get::<Option<i64>>("deleted_at")?.is_some();
        // An event of a user is about the user; any other is about a session.
        let session_id = object_id.filter(|id| *id != user_id);
        Ok((seq, Some(Change { seq, user_id, session_id, deleted })))
    }
}
