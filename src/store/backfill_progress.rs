//! Progress of interrupted backfills, from which the next run resumes.

use super::{
    Store, StoreError,
    driver::{DbError, Record, Row},
};
use crate::domain::Millis;

/// Separator of the IDs in a cursor. No ID contains it.
const SEPARATOR: &str = "\n";

/// Progress of an unfinished backfill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackfillProgress {
    /// IDs of users after which the backfill resumes. If Clerk no longer has the first user, the
    /// next one applies. Empty at the beginning.
    pub cursor: Vec<String>,
    /// Number of users imported.
    pub users: u64,
    /// Start of the backfill.
    pub begun_at: Millis,
}

impl Store {
    /// Reads the progress of the unfinished backfill of this name, if any.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn backfill_progress(
        &self,
        name: &str,
    ) -> Result<Option<BackfillProgress>, StoreError> {
        let sql = "SELECT cursor, users, begun_at FROM crawls WHERE name = $1";
        Ok(self.pool.read().await?.query(sql).bind(name).fetch_optional().await?)
    }

    /// Stores the progress of a backfill.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn save_backfill_progress(
        &self,
        name: &str,
        progress: &BackfillProgress,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO crawls (name, cursor, users, begun_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor, \
                   users = excluded.users, begun_at = excluded.begun_at";
        let users = i64::try_from(progress.users).unwrap_or(i64::MAX);
        let cursor = progress.cursor.join(SEPARATOR);
        self.execute(sql, |query| query.bind(name).bind(cursor).bind(users).bind(progress.begun_at))
            .await
            .map(drop)
    }

    /// Deletes the progress of a backfill that has finished or starts from the beginning.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
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
