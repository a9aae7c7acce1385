//! Lists users in the order of their creation.
//!
//! The key of a page is the time of the creation with the ID. An index has all users in this order.
//! A user whose time of creation is unknown is not listed, like stubs and tombstones.

use std::{fmt, str::FromStr};

use sqlx::AssertSqlSafe;

use super::{
    PageRequest, Store, StoreError,
    bounded_scan::{MAX_ROWS, ScanPage},
    conditions::Conditions,
    driver::{Connection, DbError, Record, Row},
    users::{COLUMNS, Order, UserFilter, UserView},
};
use crate::domain::Millis;

/// Direction of a list of users in the order of their creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreationOrder {
    /// The oldest user comes first.
    Ascending,
    /// The newest user comes first.
    Descending,
}

/// Position of a user in the order of creation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CreationKey {
    /// Time of the creation.
    pub created_at: Millis,
    /// ID of the user.
    pub id: String,
}

impl CreationKey {
    /// Returns the position of a user.
    #[must_use]
    pub fn of(user: &UserView) -> Self {
        let created_at = user.profile.created_at.unwrap_or_default();
        Self { created_at, id: user.id.clone() }
    }
}

impl fmt::Display for CreationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.created_at, self.id)
    }
}

/// A text that is no position in the order of creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidKey;

impl FromStr for CreationKey {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (created_at, id) = text.split_once('.').ok_or(InvalidKey)?;
        Ok(Self { created_at: created_at.parse().map_err(|_| InvalidKey)?, id: id.to_owned() })
    }
}

impl Record for CreationKey {
    const TABLE: &'static str = "users";

    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self { id: row.get("clerk_id")?, created_at: row.get("created_at")? })
    }
}

impl CreationOrder {
    /// Returns the operators that compare a key with the start and the end of a range.
    fn operators(self) -> (&'static str, &'static str) {
        match self {
            Self::Ascending => (">", "<"),
            Self::Descending => ("<", ">"),
        }
    }

    fn keyword(self) -> &'static str {
        match self {
            Self::Ascending => "ASC",
            Self::Descending => "DESC",
        }
    }

    /// Returns the start of a page and the end of the list, both exclusive.
    fn range(self, filter: &UserFilter, after: Option<&CreationKey>) -> (CreationKey, Millis) {
        let [earliest, latest] = [
            filter.created.after.unwrap_or(Millis::MIN),
            filter.created.before.unwrap_or(Millis::MAX),
        ];
        // No ID is empty, and none is greater than the last character.
        let key = |created_at, id: &str| CreationKey { created_at, id: id.to_owned() };
        let after = after.cloned();
        match self {
            Self::Ascending => {
                let start = key(earliest, "\u{10ffff}");
                (after.map_or(start.clone(), |after| after.max(start)), latest)
            }
            Self::Descending => {
                let start = key(latest, "");
                (after.map_or(start.clone(), |after| after.min(start)), earliest)
            }
        }
    }
}

impl Store {
    /// Reads a page of users in the order of their creation.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn users_by_creation(
        &self,
        filter: &UserFilter,
        order: CreationOrder,
        page: &PageRequest<CreationKey>,
    ) -> Result<ScanPage<UserView, CreationKey>, StoreError> {
        let (start, end) = order.range(filter, page.after.as_ref());
        let Some(owners) = self.email_owners(filter).await? else {
            return Ok(ScanPage { items: Vec::new(), through: None });
        };
        let others = filter.conditions(&owners, Order::Creation);
        // The addition keeps the planner from a scan in this order for the few users that another
        // index finds.
        let created_at = if filter.is_lookup() { "created_at + 0" } else { "created_at" };
        let (after, before) = order.operators();
        let mut all = Conditions::default();
        let key = format!("({created_at}, clerk_id) {after} (?, ?)");
        all.add_values(key, [start.created_at.into(), (&start.id).into()]);
        all.add(format!("{created_at} {before} ?"), [end]);
        let mut connection = self.pool.read().await?;
        let mut through = None;
        if !others.is_empty() && !filter.is_lookup() {
            through = scan_end(&mut connection, &all, order).await?;
        }
        if let Some(through) = &through {
            let key = format!("({created_at}, clerk_id) {before}= (?, ?)");
            all.add_values(key, [through.created_at.into(), (&through.id).into()]);
        }
        all.append(others);
        let (condition, limit) = all.sql();
        let sql = format!(
            "SELECT {COLUMNS} FROM users WHERE {condition} \
             ORDER BY {created_at} {order}, clerk_id {order} LIMIT ${limit}",
            order = order.keyword(),
        );
        let query = all.bind(connection.query(AssertSqlSafe(sql)));
        let rows = query.bind(i64::from(page.limit)).rows().await?;
        drop(all);
        let items: Vec<UserView> = self.readable(&rows)?;
        // A page that is short because of unreadable rows continues after the last one.
        let is_short = rows.len() == usize::from(page.limit) && items.len() < rows.len();
        let last = rows.last().filter(|_| is_short).map(Row::read).transpose()?;
        Ok(ScanPage { items, through: last.or(through) })
    }
}

/// Returns the last key of a scan of the users in a range, or `None` if the range ends before.
async fn scan_end(
    connection: &mut Connection,
    range: &Conditions<'_>,
    order: CreationOrder,
) -> Result<Option<CreationKey>, StoreError> {
    let (condition, offset) = range.sql();
    let order = order.keyword();
    let sql = format!(
        "SELECT clerk_id, created_at FROM users WHERE {condition} \
         ORDER BY created_at {order}, clerk_id {order} LIMIT 1 OFFSET ${offset}"
    );
    let query = range.bind(connection.query(AssertSqlSafe(sql)));
    Ok(query.bind(MAX_ROWS - 1).fetch_optional().await?)
}

#[cfg(test)]
mod tests {
    use super::{CreationKey, InvalidKey};

    #[test]
    fn key_round_trips_as_text() {
        for id in ["user_1", "a.b", ""] {
            let key = CreationKey { created_at: -5, id: id.to_owned() };
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        for text in ["", "user_1", "x.user_1", ".user_1"] {
            assert_eq!(text.parse::<CreationKey>(), Err(InvalidKey), "{text}");
        }
    }
}
