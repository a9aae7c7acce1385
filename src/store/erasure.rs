//! Counts the data stored about a user, and removes deleted data from the files.

use std::collections::BTreeMap;

use sqlx::AssertSqlSafe;

pub use super::driver::VacuumOutcome;
use super::{
    Store, StoreError,
    driver::{DbError, Record, Row},
    statement,
};
use crate::{
    domain::Millis,
    objects::{Kind, object_type::PersonalData},
};

/// Returns the tables that can contain data about a user.
#[must_use]
pub fn tables() -> Vec<&'static str> {
    let synced = Kind::ALL.into_iter().flat_map(|kind| {
        let table = &kind.object_type().table;
        let terms = table.terms.map(|(name, _)| name);
        let items = table.items.iter().map(|items| items.name);
        [table.name].into_iter().chain(terms).chain(items)
    });
    synced.chain(["account_tokens", "webhook_events"]).collect()
}

/// Counts of the data stored about a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserDataCounts {
    /// Whether `users` has a row for the user, which can be a tombstone or a stub.
    pub user: bool,
    /// Time of the deletion, if the row is a tombstone.
    pub deleted_at: Option<Millis>,
    /// Numbers of the rows that belong to the user, by table.
    pub rows: BTreeMap<&'static str, i64>,
    /// Number of events.
    pub events: i64,
    /// Number of events with a payload.
    pub payloads: i64,
}

impl UserDataCounts {
    /// Returns whether the database has a row or an event of the user.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.user || self.events > 0
    }

    /// Returns whether only the tombstone and events without payloads are left.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.deleted_at.is_some() && self.payloads == 0 && self.rows.values().all(|rows| *rows == 0)
    }
}

/// Returns the tables with rows that belong to a user, and the column with the user's ID.
fn owned_tables() -> impl Iterator<Item = (&'static str, &'static str)> {
    let objects = Kind::User.owned().map(|(kind, column)| (kind.object_type().table.name, column));
    let items = Kind::User.object_type().table.items.iter().map(|items| (items.name, items.owner));
    objects.chain(items)
}

/// Returns the kinds of objects that are found by an address, with its column.
fn addressed_kinds() -> impl Iterator<Item = (Kind, &'static str)> {
    Kind::ALL.into_iter().filter_map(|kind| match kind.object_type().personal_data {
        PersonalData::Addressed(column) => Some((kind, column)),
        PersonalData::Labeled | PersonalData::None => None,
    })
}

impl Store {
    /// Counts the data stored about a user. `addresses` are the email addresses by which objects
    /// about the user are found, in lower case.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn user_data_counts(
        &self,
        user_id: &str,
        addresses: &[String],
    ) -> Result<UserDataCounts, StoreError> {
        let sql = "SELECT (SELECT COUNT(*) FROM users WHERE clerk_id = $1) AS users, \
                   (SELECT deleted_at FROM users WHERE clerk_id = $1) AS deleted_at, \
                   COUNT(*) AS events, COUNT(payload) AS payloads \
                   FROM webhook_events WHERE subject = $1";
        let mut connection = self.pool.read().await?;
        let mut counts: UserDataCounts = connection.query(sql).bind(user_id).fetch_one().await?;
        for (table, column) in owned_tables() {
            let sql = format!("SELECT COUNT(*) AS count FROM {table} WHERE {column} = $1");
            let rows = connection.query(AssertSqlSafe(sql)).bind(user_id).rows().await?;
            counts.rows.insert(table, rows.first().map_or(Ok(0), |row| row.get("count"))?);
        }
        drop(connection);
        for (kind, _) in self.addressed_objects(addresses).await? {
            *counts.rows.entry(kind.object_type().table.name).or_default() += 1;
        }
        Ok(counts)
    }

    /// Returns the email addresses of a user in lower case, also those that are not verified.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn email_addresses(&self, user_id: &str) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT lower(email) AS address FROM users \
                   WHERE clerk_id = $1 AND email IS NOT NULL \
                   UNION SELECT lower(identifier) FROM verifications \
                   WHERE user_id = $1 AND kind = 'email' AND identifier IS NOT NULL";
        let mut connection = self.pool.read().await?;
        let rows = connection.query(sql).bind(user_id).rows().await?;
        Ok(rows.iter().map(|row| row.get("address")).collect::<Result<_, _>>()?)
    }

    /// Returns the objects about these addresses, which are in lower case: invitations and the like.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn addressed_objects(
        &self,
        addresses: &[String],
    ) -> Result<Vec<(Kind, String)>, StoreError> {
        let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
        let mut connection = self.pool.read().await?;
        let mut found = Vec::new();
        for (kind, column) in addressed_kinds() {
            let table = &kind.object_type().table;
            let sql =
                format!("SELECT {} FROM {} WHERE lower({column}) IN {{}}", table.id, table.name);
            for row in statement::read_by_keys(&mut connection, &sql, &addresses).await? {
                found.push((kind, row.get(table.id)?));
            }
        }
        Ok(found)
    }

    /// Removes deleted data from the free space of the files. Has no timeout. SQLite rewrites the
    /// file and blocks other writes. PostgreSQL vacuums the tables while others use them.
    ///
    /// # Errors
    /// Returns an error if the database does not answer, or has too little free space.
    pub async fn vacuum(&self) -> Result<VacuumOutcome, StoreError> {
        Ok(self.pool.vacuum(&tables()).await?)
    }
}

impl Record for UserDataCounts {
    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            user: row.get::<i64>("users")? > 0,
            deleted_at: row.get("deleted_at")?,
            rows: BTreeMap::new(),
            events: row.get("events")?,
            payloads: row.get("payloads")?,
        })
    }
}
