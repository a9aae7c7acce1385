//! Finds and counts the data stored about a person, and removes deleted data from the files.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::AssertSqlSafe;

pub use super::driver::VacuumOutcome;
use super::{
    Store, StoreError,
    driver::{DbError, Record, Row},
    keyed,
    object_events::OBJECT_COLUMN,
    stored_objects::is_live,
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

/// Counts of the data stored about objects that are found by an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressedDataCounts {
    /// Numbers of the objects that are not deleted, by table.
    pub rows: BTreeMap<&'static str, i64>,
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

    /// Adds the data about objects that are found by an address of the user.
    pub fn add(&mut self, addressed: &AddressedDataCounts) {
        for (table, rows) in &addressed.rows {
            *self.rows.entry(table).or_default() += rows;
        }
        self.payloads += addressed.payloads;
    }
}

impl AddressedDataCounts {
    /// Returns whether only tombstones and events without payloads are left.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.payloads == 0 && self.rows.values().all(|rows| *rows == 0)
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
    /// Counts the data stored about a user, except for the objects that are found by an address.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn user_data_counts(&self, user_id: &str) -> Result<UserDataCounts, StoreError> {
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
        Ok(counts)
    }

    /// Counts the data stored about objects that were found by an address, except for the events
    /// about one user.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn addressed_data_counts(
        &self,
        objects: &[(Kind, String)],
        except_user: Option<&str>,
    ) -> Result<AddressedDataCounts, StoreError> {
        let mut counts = AddressedDataCounts::default();
        let mut connection = self.pool.read().await?;
        for (kind, _) in addressed_kinds() {
            let table = &kind.object_type().table;
            let (id, is_live) = (table.id, is_live(kind));
            let sql = format!("SELECT {id} FROM {} WHERE {id} IN {{}}{is_live}", table.name);
            let ids: Vec<&str> =
                objects.iter().filter(|it| it.0 == kind).map(|it| &*it.1).collect();
            let rows = keyed::read(&mut connection, &sql, &ids).await?.len();
            counts.rows.insert(table.name, i64::try_from(rows).unwrap_or(i64::MAX));
        }
        let ids: Vec<&str> = objects.iter().map(|(_, id)| &**id).collect();
        let sql = format!(
            "SELECT subject FROM webhook_events WHERE payload IS NOT NULL AND {OBJECT_COLUMN} IN {{}}"
        );
        for row in keyed::read(&mut connection, &sql, &ids).await? {
            let subject: Option<String> = row.get("subject")?;
            counts.payloads +=
                i64::from(except_user.is_none() || subject.as_deref() != except_user);
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
    ) -> Result<BTreeSet<(Kind, String)>, StoreError> {
        let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
        let mut connection = self.pool.read().await?;
        let mut found = BTreeSet::new();
        for (kind, column) in addressed_kinds() {
            let table = &kind.object_type().table;
            // The second condition is that of the index.
            let sql = format!(
                "SELECT {} FROM {} WHERE lower({column}) IN {{}} AND {column} IS NOT NULL",
                table.id, table.name
            );
            for row in keyed::read(&mut connection, &sql, &addresses).await? {
                found.insert((kind, row.get(table.id)?));
            }
        }
        Ok(found)
    }

    /// Returns the objects with an address that the events about a user name, such as an invitation
    /// that the user accepted. They are found also if the addresses of the user are deleted.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn addressed_objects_of_user(
        &self,
        user_id: &str,
    ) -> Result<BTreeSet<(Kind, String)>, StoreError> {
        let sql = "SELECT DISTINCT object_id FROM webhook_events WHERE subject = $1 \
                   AND object_kind = $2 AND object_id IS NOT NULL";
        let mut connection = self.pool.read().await?;
        let mut found = BTreeSet::new();
        for (kind, _) in addressed_kinds() {
            for row in connection.query(sql).bind(user_id).bind(kind.name()).rows().await? {
                found.insert((kind, row.get("object_id")?));
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
