//! Counts users, organizations and memberships.
//!
//! A total reads a narrow index. It is kept for a time that is proportional to the time that it took,
//! so that counting uses at most one percent of a connection, whatever the size of the table. A count
//! with a filter reads a limited number of rows.

use std::time::Duration;

use sqlx::AssertSqlSafe;
use tokio::{sync::Mutex, time::Instant};

use super::{
    Store, StoreError, TimeRange,
    conditions::{Conditions, numbered},
    driver::record,
    memberships::{IS_NEWEST, MembershipFilter},
    object_list::{IS_VISIBLE, MAX_ID},
};
use crate::domain::Millis;

/// Maximum number of rows that a count with a filter reads.
pub const MAX_COUNTED: i64 = 10_000;

/// Maximum age of a total.
const MAX_AGE: Duration = Duration::from_secs(30);

/// Ratio of the age of a total to the time that it took.
const AGE_RATIO: u32 = 100;

/// Number of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The number, or a lower limit of it.
    pub count: u64,
    /// Whether it is the number.
    pub is_exact: bool,
}

/// Filter of a count of users. `None` matches every user.
#[derive(Clone, Copy, Debug, Default)]
pub struct UserCountFilter {
    /// Whether the user is banned.
    pub banned: Option<bool>,
    /// Time of the creation.
    pub created: TimeRange,
}

/// Totals that were counted recently.
#[derive(Debug, Default)]
pub(super) struct Totals {
    users: Mutex<Option<Total>>,
    organizations: Mutex<Option<Total>>,
    memberships: Mutex<Option<Total>>,
}

/// A total, and the time until which it is used.
#[derive(Clone, Copy, Debug)]
struct Total {
    count: Count,
    until: Instant,
}

/// Total of a table whose rows have a time of creation. Stubs and tombstones have none. Of the rows
/// without one, a small index has those that are not deleted.
fn total_sql(table: &str) -> String {
    format!(
        "SELECT (SELECT COUNT(*) FROM {table} WHERE created_at IS NOT NULL) \
         + (SELECT COUNT(*) FROM {table} WHERE created_at IS NULL AND deleted_at IS NULL \
            AND {IS_VISIBLE}) AS count"
    )
}

/// Total of the memberships: a user has one membership in each organization.
const MEMBERSHIPS_SQL: &str = "SELECT COUNT(*) AS count FROM \
    (SELECT DISTINCT organization_id, user_id FROM organization_memberships \
     WHERE deleted_at IS NULL) AS pairs";

impl Store {
    /// Counts the users. Without a filter, the result can be some seconds old.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn count_users(&self, filter: &UserCountFilter) -> Result<Count, StoreError> {
        let UserCountFilter { banned, created } = *filter;
        if banned.is_none() && created.after.or(created.before).is_none() {
            return self.total(&self.totals.users, total_sql("users")).await;
        }
        let (mut range, mut matches) = (Conditions::default(), Conditions::default());
        if banned == Some(true) {
            range.add("banned = TRUE AND clerk_id > ? AND clerk_id < ?", ["", MAX_ID]);
            matches.add_range("created_at", created);
        } else {
            range.add("created_at > ?", [created.after.unwrap_or(Millis::MIN)]);
            range.add("created_at < ?", [created.before.unwrap_or(Millis::MAX)]);
            if banned.is_some() {
                matches.add("banned IS NOT TRUE", [""; 0]);
            }
        }
        let order = if banned == Some(true) { "clerk_id" } else { "created_at" };
        let counted = Counted { table: "users", columns: "banned, created_at", order, key: "1" };
        self.bounded_count(counted, range, matches).await
    }

    /// Counts the organizations. The result can be some seconds old.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn count_organizations(&self) -> Result<Count, StoreError> {
        self.total(&self.totals.organizations, total_sql("organizations")).await
    }

    /// Counts the memberships, one for each user and organization. Without a filter, the result can
    /// be some seconds old. A filter by role needs another one.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn count_memberships(&self, filter: &MembershipFilter) -> Result<Count, StoreError> {
        let MembershipFilter { organization_id, user_id, role } = filter;
        let mut range = Conditions::default();
        for (column, id) in [("organization_id", organization_id), ("user_id", user_id)] {
            if let Some(id) = id {
                range.add(format!("{column} = ?"), [id]);
            }
        }
        if range.is_empty() {
            return self.total(&self.totals.memberships, MEMBERSHIPS_SQL.to_owned()).await;
        }
        range.add("deleted_at IS NULL", [""; 0]);
        let mut matches = Conditions::default();
        if let Some(role) = role {
            matches.add("role = ?", [role]);
            // The rows of the range have another name than the table.
            let table = "= organization_memberships.";
            matches.add(IS_NEWEST.replace(table, "= counted."), [""; 0]);
        }
        // The other half of the pair: an index has the memberships in this order.
        let other = if organization_id.is_some() { "user_id" } else { "organization_id" };
        let counted = Counted {
            table: "organization_memberships",
            columns: if role.is_some() { "id, organization_id, user_id, role" } else { other },
            order: other,
            key: &format!("DISTINCT {other}"),
        };
        self.bounded_count(counted, range, matches).await
    }

    /// Returns a total, which is counted again if it is too old. Concurrent callers wait for one
    /// count.
    async fn total(&self, total: &Mutex<Option<Total>>, sql: String) -> Result<Count, StoreError> {
        let mut total = total.lock().await;
        let start = Instant::now();
        if let Some(Total { count, until }) = *total
            && start < until
        {
            return Ok(count);
        }
        let mut connection = self.pool.read().await?;
        let RowCount { count } = connection.query(AssertSqlSafe(sql)).fetch_one().await?;
        let count = Count { count: count.unsigned_abs(), is_exact: true };
        let end = Instant::now();
        let age = (end - start).saturating_mul(AGE_RATIO).min(MAX_AGE);
        *total = Some(Total { count, until: end + age });
        Ok(count)
    }

    /// Counts the rows of a range that match. Reads a limited number of rows.
    async fn bounded_count(
        &self,
        counted: Counted<'_>,
        range: Conditions<'_>,
        matches: Conditions<'_>,
    ) -> Result<Count, StoreError> {
        let Counted { table, columns, order, key } = counted;
        let limit = MAX_COUNTED + 1;
        let aggregate = match matches.is_empty() {
            true => format!("COUNT({key})"),
            false => format!("COUNT(CASE WHEN {} THEN 1 END)", matches.text()),
        };
        // The order makes the planner read the rows by an index, and no more than the limit.
        let (sql, _) = numbered(&format!(
            "SELECT COUNT(*) AS scanned, {aggregate} AS matched \
             FROM (SELECT {columns} FROM {table} WHERE {} ORDER BY {order} LIMIT {limit}) AS counted",
            range.text()
        ));
        // The parameters are in the order of the text.
        let mut all = matches;
        all.append(range);
        let mut connection = self.pool.read().await?;
        let query = all.bind(connection.query(AssertSqlSafe(sql)));
        let RangeCount { scanned, matched: count } = query.fetch_one().await?;
        drop(all);
        Ok(Count { count: count.unsigned_abs(), is_exact: scanned <= MAX_COUNTED })
    }
}

/// Rows to count.
struct Counted<'a> {
    table: &'static str,
    /// Columns that the conditions and the key read.
    columns: &'a str,
    /// Column by which an index has the rows of the range.
    order: &'a str,
    /// Expression that is counted without further conditions.
    key: &'a str,
}

struct RowCount {
    count: i64,
}

record!(RowCount { count });

/// Numbers of the rows that were read, and of those that match.
struct RangeCount {
    scanned: i64,
    matched: i64,
}

record!(RangeCount { scanned, matched });
