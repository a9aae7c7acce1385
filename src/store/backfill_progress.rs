//! How far a crawl of what Clerk has got, so that one that was interrupted goes on.

use super::{
    Store, StoreError,
    driver::{DbError, Record, Row},
};
use crate::domain::Millis;

/// Stands between the ids of a cursor. No id holds one.
const SEPARATOR: &str = "\n";

/// A crawl that has not come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackfillProgress {
    /// Behind whom it goes on; where the first is gone, the next. Empty at the beginning.
    pub cursor: Vec<String>,
    /// How many users it has come by.
    pub users: u64,
    /// When it began.
    pub begun_at: Millis,
}

impl Store {
    /// The crawl of this name that was interrupted, if one was.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn backfill_progress(&self, name: &str) -> Result<Option<BackfillProgress>, StoreError> {
        let sql = "SELECT cursor, users, begun_at FROM crawls WHERE name = $1";
        Ok(self.pool.read().await?.query(sql).bind(name).fetch_optional().await?)
    }

    /// Keeps how far a crawl has got.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn save_backfill_progress(&self, name: &str, crawl: &BackfillProgress) -> Result<(), StoreError> {
        let sql = "INSERT INTO crawls (name, cursor, users, begun_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor, \
                   users = excluded.users, begun_at = excluded.begun_at";
        let users = i64::try_from(crawl.users).unwrap_or(i64::MAX);
        let cursor = crawl.cursor.join(SEPARATOR);
        self.execute(sql, |query| query.bind(name).bind(cursor).bind(users).bind(crawl.begun_at))
            .await
            .map(drop)
    }

    /// Forgets a crawl: it has come to its end, or is to begin anew.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delete_backfill_progress(&self, name: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM crawls WHERE name = $1";
        self.execute(sql, |query| query.bind(name)).await.map(drop)
    }
}

impl Record for BackfillProgress {
    fn read(row: &Row) -> Result<Self, DbError> {
        let cursor: String = row.get("cursor")?;
        let users: i64 = row.get("users")?;
        Ok(Self {
            cursor: cursor
                .split(SEPARATOR)
                .filter(|id| !id.is_empty())
                .map(str::to_owned)
                .collect(),
            users: users.unsigned_abs(),
            begun_at: row.get("begun_at")?,
        })
    }
}
