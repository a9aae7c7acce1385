//! Reads the events about one object.

use sqlx::AssertSqlSafe;

use super::{
    Store, StoreError,
    driver::Query,
    events::{COLUMNS, StoredEvent},
};

/// Column with the ID of the object, with the condition of its index. The events about users and
/// sessions, most of all events, are found by the user.
pub(super) const OBJECT_COLUMN: &str =
    "(subject IS NULL OR organization_id IS NOT NULL) AND object_id";

/// The object whose events are read.
#[derive(Clone, Copy, Debug)]
pub enum EventsOf<'a> {
    /// A user, and all that belongs to the user.
    User(&'a str),
    /// An organization, and all that belongs to it.
    Organization(&'a str),
    /// An object that belongs to an organization, or to nothing.
    Object(&'a str),
    /// An object that belongs to a user only, such as a session.
    UsersObject {
        /// ID of the user.
        user_id: &'a str,
        /// ID of the object.
        id: &'a str,
    },
}

impl Store {
    /// Reads the latest events about an object, the newest first, without their payloads. Events that
    /// cannot be read are left out.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn events_of(
        &self,
        object: EventsOf<'_>,
        limit: u16,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let condition = match object {
            EventsOf::User(_) => "subject = $2",
            EventsOf::Organization(_) => "organization_id = $2",
            EventsOf::Object(_) => &format!("{OBJECT_COLUMN} = $2"),
            EventsOf::UsersObject { .. } => "subject = $2 AND object_id = $3",
        };
        let sql = format!(
            "SELECT {COLUMNS}, NULL AS payload FROM webhook_events WHERE {condition} AND seq > 0 \
             ORDER BY seq DESC LIMIT $1"
        );
        let mut connection = self.pool.read().await?;
        let query = connection.query(AssertSqlSafe(sql)).bind(i64::from(limit));
        let rows = bind_ids(query, object).rows().await?;
        self.readable(&rows)
    }
}

fn bind_ids<'c>(query: Query<'c>, object: EventsOf<'_>) -> Query<'c> {
    match object {
        EventsOf::User(id) | EventsOf::Organization(id) | EventsOf::Object(id) => query.bind(id),
        EventsOf::UsersObject { user_id, id } => query.bind(user_id).bind(id),
    }
}
